//! The way back from a recorded change, without taking back what others did since.

use super::changes::Changes;
use super::field::Field;
use super::model::{Fields, Product};
use serde_json::Value;

/// The step that takes a change back.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The product gets these fields.
    Restore(Fields),
    /// The product, which was deleted, is created again with these fields.
    Recreate(Fields),
    /// The product, which was created, is deleted.
    Remove,
    /// The product stays as it is.
    Nothing,
}

/// The way back from one change of one product.
#[derive(Clone, Debug, PartialEq)]
pub struct WayBack {
    /// The step.
    pub step: Step,
    /// True when the change is taken back wholly; others have changed the product since otherwise.
    pub whole: bool,
}

/// The way back from `changes`, which made `version`, given the product as it is. A field goes back to its old value
/// where it still has the new one.
pub fn way_back(changes: &Changes, version: i64, current: Option<&Product>) -> WayBack {
    let pair = |field: Field| {
        let pair = changes.get(field.name())?.as_array()?;
        Some((pair.first()?, pair.get(1)?))
    };
    let (created, deleted) = match pair(Field::Name) {
        Some((old, new)) => (old.is_null(), new.is_null()),
        None => (false, false),
    };
    let nothing = |whole| WayBack {
        step: Step::Nothing,
        whole,
    };
    match current {
        Some(current) if created && current.version == version => WayBack {
            step: Step::Remove,
            whole: true,
        },
        None if created => nothing(true),
        None if deleted => {
            let mut fields = Fields::blank();
            for field in Field::ALL {
                if let Some((old, _)) = pair(field) {
                    fields.set(field, old);
                }
            }
            WayBack {
                step: Step::Recreate(fields),
                whole: true,
            }
        }
        Some(current) if !created && !deleted => {
            let mut fields = current.fields();
            let mut whole = true;
            for field in Field::ALL {
                let Some((old, new)) = pair(field) else { continue };
                if current.fields().value(field) == *new {
                    fields.set(field, old);
                } else {
                    whole &= current.fields().value(field) == *old;
                }
            }
            WayBack {
                step: Step::Restore(fields),
                whole,
            }
        }
        _ => nothing(false),
    }
}

impl Fields {
    /// The fields of a product of which nothing is known.
    fn blank() -> Self {
        Self {
            sku: String::new(),
            name: String::new(),
            description: String::new(),
            price: rust_decimal::Decimal::ZERO,
            stock: 0,
            category: None,
            status: super::model::Status::Archived,
            image: None,
        }
    }

    /// Sets a field to a value of the history.
    fn set(&mut self, field: Field, value: &Value) {
        let text = || value.as_str().unwrap_or_default().to_owned();
        match field {
            Field::Sku => self.sku = text(),
            Field::Name => self.name = text(),
            Field::Description => self.description = text(),
            Field::Price => self.price = text().parse().unwrap_or_default(),
            Field::Stock => {
                self.stock = value
                    .as_i64()
                    .and_then(|stock| i32::try_from(stock).ok())
                    .unwrap_or_default();
            }
            Field::Category => self.category = value.as_str().map(str::to_owned),
            Field::Status => self.status = super::model::Status::named(&text()).unwrap_or(self.status),
            Field::Image => self.image = value.as_str().map(str::to_owned),
        }
    }
}
