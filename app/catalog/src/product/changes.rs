//! The difference between two states of a product.

use super::field::Field;
use super::model::Fields;
use serde_json::{Map, Value, json};

/// The fields that differ, each with its old and its new value as `[old, new]`, the way histories and previews show
/// them; `null` stands for a product that was not there.
pub type Changes = Map<String, Value>;

impl Fields {
    /// The fields that differ between `old` and `new`; `None` stands for a product that is not there.
    pub fn changes(old: Option<&Self>, new: Option<&Self>) -> Changes {
        let value = |fields: Option<&Self>, field| fields.map_or(Value::Null, |fields| fields.value(field));
        let mut changes = Map::new();
        for field in Field::ALL {
            let (before, after) = (value(old, field), value(new, field));
            if before != after {
                changes.insert(field.name().to_owned(), json!([before, after]));
            }
        }
        changes
    }

    pub(super) fn value(&self, field: Field) -> Value {
        match field {
            Field::Sku => json!(self.sku),
            Field::Name => json!(self.name),
            Field::Description => json!(self.description),
            Field::Price => json!(self.price.to_string()),
            Field::Stock => json!(self.stock),
            Field::Category => json!(self.category),
            Field::Status => json!(self.status.name()),
            Field::Image => json!(self.image),
        }
    }
}
