//! The JSON bodies of the writing calls. A body is read field by field, so that every error of it is reported at
//! once and a number keeps the digits it was written with.

use super::check;
use super::input::{FieldError, FieldErrors, Input, Object, shown};
use super::model::{Fields, Status};
use rust_decimal::Decimal;

/// What a program may send back because it got it; it is not written.
const READ_ONLY: [&str; 4] = ["id", "version", "created_at", "updated_at"];

/// The fields that a body (or a CSV row) holds. A field that is `None` was left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// Stock-keeping unit.
    pub sku: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Price.
    pub price: Option<Decimal>,
    /// Stock.
    pub stock: Option<i32>,
    /// Category; `Some(None)` takes it away.
    pub category: Option<Option<String>>,
    /// Status.
    pub status: Option<Status>,
}

impl Body {
    /// The names of the writable fields, in the order of the CSV header.
    pub const FIELDS: [&'static str; 7] = [
        "sku",
        "name",
        "description",
        "price",
        "stock",
        "category",
        "status",
    ];

    /// Reads the fields of a JSON object.
    ///
    /// # Errors
    /// Every field that does not fit or is not known.
    pub fn read(object: &Object) -> Result<Self, FieldErrors> {
        let mut body = Self::default();
        let mut errors = FieldErrors::default();
        for (field, raw) in object {
            body.set(field, &Input::json(raw), &mut errors);
        }
        errors.or(body)
    }

    /// Sets one field, or notes why not.
    pub fn set(&mut self, field: &str, input: &Input<'_>, errors: &mut FieldErrors) {
        match field {
            "sku" => self.sku = errors.take(field, check::sku(input)),
            "name" => self.name = errors.take(field, check::name(input)),
            "description" => self.description = errors.take(field, check::description(input)),
            "price" => self.price = errors.take(field, check::price(input)),
            "stock" => self.stock = errors.take(field, check::stock(input)),
            "category" => self.category = errors.take(field, check::category(input)),
            "status" => self.status = errors.take(field, check::status(input)),
            _ if READ_ONLY.contains(&field) => {}
            _ => {
                errors.take::<()>(
                    &shown(field),
                    Err(FieldError::new("unknown_field", "is not a field of a product")),
                );
            }
        }
    }

    /// Holds the body against the fields that must be there.
    ///
    /// # Errors
    /// Each of `names` that is missing.
    pub fn require(&self, names: &[&str]) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        for name in names {
            let there = match *name {
                "sku" => self.sku.is_some(),
                "name" => self.name.is_some(),
                "description" => self.description.is_some(),
                "price" => self.price.is_some(),
                "stock" => self.stock.is_some(),
                "category" => self.category.is_some(),
                "status" => self.status.is_some(),
                _ => false,
            };
            if !there {
                errors.take::<()>(name, Err(FieldError::required()));
            }
        }
        errors.or(())
    }

    /// A new product: without a SKU it gets a random one, without a stock none, without a status it is active.
    ///
    /// # Errors
    /// The name or the price that is missing.
    pub fn create(self) -> Result<Fields, FieldErrors> {
        self.require(&["name", "price"])?;
        Ok(Fields {
            sku: self.sku.unwrap_or_else(random_sku),
            name: self.name.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            price: self.price.unwrap_or_default(),
            stock: self.stock.unwrap_or_default(),
            category: self.category.flatten(),
            status: self.status.unwrap_or(Status::Active),
        })
    }

    /// `old` with the fields of this body in place of its own.
    pub fn apply(&self, old: &Fields) -> Fields {
        Fields {
            sku: self.sku.clone().unwrap_or_else(|| old.sku.clone()),
            name: self.name.clone().unwrap_or_else(|| old.name.clone()),
            description: self
                .description
                .clone()
                .unwrap_or_else(|| old.description.clone()),
            price: self.price.unwrap_or(old.price),
            stock: self.stock.unwrap_or(old.stock),
            category: self.category.clone().unwrap_or_else(|| old.category.clone()),
            status: self.status.unwrap_or(old.status),
        }
    }
}

fn random_sku() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let letters = (0..10).map(|_| char::from(LETTERS[fastrand::usize(..LETTERS.len())]));
    std::iter::once("P-")
        .flat_map(str::chars)
        .chain(letters)
        .collect()
}
