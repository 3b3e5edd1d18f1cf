//! The JSON bodies of the writing calls. A body is read field by field, so that every error of it is reported at
//! once and a number keeps the digits it was written with.

use super::fields::{self, FieldError, FieldErrors, Input};
use super::model::{Fields, Status};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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
    pub fn read(object: &BTreeMap<String, Box<RawValue>>) -> Result<Self, FieldErrors> {
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
            "sku" => self.sku = errors.take(field, fields::sku(input)),
            "name" => self.name = errors.take(field, fields::name(input)),
            "description" => self.description = errors.take(field, fields::description(input)),
            "price" => self.price = errors.take(field, fields::price(input)),
            "stock" => self.stock = errors.take(field, fields::stock(input)),
            "category" => self.category = errors.take(field, fields::category(input)),
            "status" => self.status = errors.take(field, fields::status(input)),
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

/// What is done to many products at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    /// The products, each once, in ascending order.
    pub ids: Vec<i64>,
    /// What is done to them.
    pub action: BulkAction,
}

/// What is done to each of many products.
#[derive(Clone, Debug, PartialEq)]
pub enum BulkAction {
    /// It is deleted.
    Delete,
    /// These fields are set.
    Update(Body),
    /// Its price changes by so many percent, rounded half away from zero.
    PricePercent(Decimal),
}

/// Reads the body of a bulk call.
///
/// # Errors
/// Every member that is missing, does not fit or is not known.
pub fn read_bulk(object: &BTreeMap<String, Box<RawValue>>) -> Result<Bulk, FieldErrors> {
    let mut errors = FieldErrors::default();
    for name in object
        .keys()
        .filter(|name| !["ids", "action", "set", "percent"].contains(&name.as_str()))
    {
        errors.take::<()>(
            &shown(name),
            Err(FieldError::new("unknown_field", "is not known here")),
        );
    }
    let ids = errors.take(
        "ids",
        object
            .get("ids")
            .ok_or_else(FieldError::required)
            .and_then(|raw| ids(raw)),
    );
    let word = object.get("action").map(|raw| Input::json(raw));
    let action = match &word {
        Some(Input::Text(word)) if word == "delete" => Some(BulkAction::Delete),
        Some(Input::Text(word)) if word == "update" => {
            settings(object.get("set").map(|raw| &**raw), &mut errors).map(BulkAction::Update)
        }
        Some(Input::Text(word)) if word == "price_percent" => {
            let raw = object.get("percent").ok_or_else(FieldError::required);
            let percent = raw.and_then(|raw| fields::percent(&Input::json(raw)));
            errors.take("percent", percent).map(BulkAction::PricePercent)
        }
        Some(_) => errors.take(
            "action",
            Err(FieldError::new(
                "bad_action",
                "must be delete, update or price_percent",
            )),
        ),
        None => errors.take("action", Err(FieldError::required())),
    };
    match (ids, action) {
        (Some(ids), Some(action)) => errors.or(Bulk { ids, action }),
        _ => Err(errors),
    }
}

fn ids(raw: &RawValue) -> Result<Vec<i64>, FieldError> {
    let mut ids: Vec<i64> = serde_json::from_str(raw.get())
        .map_err(|_| FieldError::new("bad_ids", "must be an array of product ids"))?;
    if ids.is_empty() || ids.len() > 500 {
        return Err(FieldError::new("bad_ids", "must hold 1 to 500 product ids"));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn settings(raw: Option<&RawValue>, errors: &mut FieldErrors) -> Option<Body> {
    let object = raw.ok_or_else(FieldError::required).and_then(|raw| {
        serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(raw.get()).map_err(|_| {
            FieldError::new(
                "not_an_object",
                "must be an object with status, category or stock",
            )
        })
    });
    let object = errors.take("set", object)?;
    if object.is_empty() {
        errors.take::<()>(
            "set",
            Err(FieldError::new(
                "blank",
                "must name at least one of status, category, stock",
            )),
        );
    }
    let mut body = Body::default();
    for (field, raw) in &object {
        if !["status", "category", "stock"].contains(&field.as_str()) {
            let error = FieldError::new("unknown_field", "cannot be set for many products at once");
            errors.take::<()>(&shown(field), Err(error));
            continue;
        }
        body.set(field, &Input::json(raw), errors);
    }
    Some(body)
}

/// Reads a body that must be a JSON object.
///
/// # Errors
/// What the parser says, which names the line and the column.
pub fn read_object(bytes: &[u8]) -> Result<BTreeMap<String, Box<RawValue>>, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// A member's name as it may be repeated in an answer.
fn shown(field: &str) -> String {
    field.chars().filter(|c| !c.is_control()).take(64).collect()
}

fn random_sku() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let letters = (0..10).map(|_| char::from(LETTERS[fastrand::usize(..LETTERS.len())]));
    std::iter::once("P-")
        .flat_map(str::chars)
        .chain(letters)
        .collect()
}
