//! The JSON bodies of the writing calls. A body is read field by field, so that every error of it is reported at
//! once and a number keeps the digits it was written with.

use super::check;
use super::field::Field;
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
    /// The fields that a new product must have.
    pub const REQUIRED_TO_CREATE: [Field; 2] = [Field::Name, Field::Price];

    /// The fields that must be there when a product is replaced.
    pub const REQUIRED_TO_REPLACE: [Field; 4] = [Field::Name, Field::Description, Field::Price, Field::Stock];

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

    /// Sets the field of that name, or notes why not.
    pub fn set(&mut self, name: &str, input: &Input<'_>, errors: &mut FieldErrors) {
        match Field::named(name) {
            Some(Field::Sku) => self.sku = errors.take(name, check::sku(input)),
            Some(Field::Name) => self.name = errors.take(name, check::name(input)),
            Some(Field::Description) => self.description = errors.take(name, check::description(input)),
            Some(Field::Price) => self.price = errors.take(name, check::price(input)),
            Some(Field::Stock) => self.stock = errors.take(name, check::stock(input)),
            Some(Field::Category) => self.category = errors.take(name, check::category(input)),
            Some(Field::Status) => self.status = errors.take(name, check::status(input)),
            None if READ_ONLY.contains(&name) => {}
            None => {
                errors.take::<()>(
                    &shown(name),
                    Err(FieldError::new("unknown_field", "is not a field of a product")),
                );
            }
        }
    }

    fn has(&self, field: Field) -> bool {
        match field {
            Field::Sku => self.sku.is_some(),
            Field::Name => self.name.is_some(),
            Field::Description => self.description.is_some(),
            Field::Price => self.price.is_some(),
            Field::Stock => self.stock.is_some(),
            Field::Category => self.category.is_some(),
            Field::Status => self.status.is_some(),
        }
    }

    /// Checks that the body has `fields`.
    ///
    /// # Errors
    /// Each of `fields` that is missing.
    pub fn require(&self, fields: &[Field]) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        for field in fields.iter().filter(|field| !self.has(**field)) {
            errors.take::<()>(field.name(), Err(FieldError::required()));
        }
        errors.or(())
    }

    /// A new product: without a SKU it gets a random one, without a stock none, without a status it is active.
    ///
    /// # Errors
    /// The name or the price that is missing.
    pub fn create(self) -> Result<Fields, FieldErrors> {
        self.require(&Self::REQUIRED_TO_CREATE)?;
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
