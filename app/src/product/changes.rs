//! What differs between two states of a product.

use super::body::Body;
use super::model::Fields;
use serde_json::{Map, Value, json};

/// The fields that differ, each with its old and its new value as `[old, new]`, the way histories and previews show
/// them; `null` stands for a product that was not there.
pub type Changes = Map<String, Value>;

impl Fields {
    /// What leads from `old` to `new`; `None` stands for a product that is not there.
    pub fn changes(old: Option<&Self>, new: Option<&Self>) -> Changes {
        let (old, new) = (old.map(Self::values), new.map(Self::values));
        let mut changes = Map::new();
        for (place, name) in Body::FIELDS.into_iter().enumerate() {
            let of = |values: &Option<[Value; 7]>| values.as_ref().map_or(Value::Null, |v| v[place].clone());
            let (before, after) = (of(&old), of(&new));
            if before != after {
                changes.insert(name.to_owned(), json!([before, after]));
            }
        }
        changes
    }

    fn values(&self) -> [Value; 7] {
        [
            json!(self.sku),
            json!(self.name),
            json!(self.description),
            json!(self.price.to_string()),
            json!(self.stock),
            json!(self.category),
            json!(self.status.name()),
        ]
    }
}
