//! The fields of a product in a request's body. A body is read field by field, so that all of its errors are reported at
//! once and a number keeps the digits it was written with.

use super::check;
use super::field::Field;
use super::input::{Input, printable};
use super::model::{Fields, Status};
use rust_decimal::Decimal;
use service::http::{FieldError, FieldErrors, Object};

/// Members that a client may send back as it received them; they are ignored.
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
    /// Category; `Some(None)` removes it.
    pub category: Option<Option<String>>,
    /// Status.
    pub status: Option<Status>,
    /// Image; `Some(None)` removes it.
    pub image: Option<Option<String>>,
}

impl Body {
    /// The fields that are required to create a product.
    pub const REQUIRED_TO_CREATE: [Field; 2] = [Field::Name, Field::Price];

    /// The fields that are required to replace a product.
    pub const REQUIRED_TO_REPLACE: [Field; 4] = [Field::Name, Field::Description, Field::Price, Field::Stock];

    /// Reads the fields of a JSON object.
    ///
    /// # Errors
    /// Every field that is invalid or unknown.
    pub fn read(object: &Object) -> Result<Self, FieldErrors> {
        let mut body = Self::default();
        let mut errors = FieldErrors::default();
        for (field, raw) in object {
            body.set(field, &Input::json(raw), &mut errors);
        }
        errors.into_result(body)
    }

    /// Sets the field of that name, or adds its error to `errors`.
    pub fn set(&mut self, name: &str, input: &Input<'_>, errors: &mut FieldErrors) {
        match Field::named(name) {
            Some(Field::Sku) => self.sku = errors.collect(name, check::sku(input)),
            Some(Field::Name) => self.name = errors.collect(name, check::name(input)),
            Some(Field::Description) => self.description = errors.collect(name, check::description(input)),
            Some(Field::Price) => self.price = errors.collect(name, check::price(input)),
            Some(Field::Stock) => self.stock = errors.collect(name, check::stock(input)),
            Some(Field::Category) => self.category = errors.collect(name, check::category(input)),
            Some(Field::Status) => self.status = errors.collect(name, check::status(input)),
            Some(Field::Image) => self.image = errors.collect(name, check::image(input)),
            None if READ_ONLY.contains(&name) => {}
            None => {
                errors.collect::<()>(
                    &printable(name),
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
            Field::Image => self.image.is_some(),
        }
    }

    /// Checks that the body has all of `fields`.
    ///
    /// # Errors
    /// Each of `fields` that is missing.
    pub fn require(&self, fields: &[Field]) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        for field in fields.iter().filter(|field| !self.has(**field)) {
            errors.collect::<()>(field.name(), Err(FieldError::required()));
        }
        errors.into_result(())
    }

    /// The fields of a new product: the SKU defaults to a random one, the stock to 0, the status to active.
    ///
    /// # Errors
    /// The required fields that are missing.
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
            image: self.image.flatten(),
        })
    }

    /// Replaces in `old` the fields that this body has.
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
            image: self.image.clone().unwrap_or_else(|| old.image.clone()),
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
