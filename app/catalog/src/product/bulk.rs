//! The body of a bulk call.

use super::body::Body;
use super::check;
use super::field::Field;
use super::input::{Input, printable};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use service::http::{FieldError, FieldErrors, Object};

/// A bulk call.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    /// The products, each once, in ascending order.
    pub ids: Vec<i64>,
    /// The action on each of them.
    pub action: BulkAction,
}

/// The action of a bulk call on each product.
#[derive(Clone, Debug, PartialEq)]
pub enum BulkAction {
    /// Deletes the product.
    Delete,
    /// Sets these fields.
    Update(Body),
    /// Changes the price by a percentage, rounded half away from zero.
    PricePercent(Decimal),
}

/// The name of a [`BulkAction`] in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionName {
    /// [`BulkAction::Delete`].
    Delete,
    /// [`BulkAction::Update`].
    Update,
    /// [`BulkAction::PricePercent`].
    PricePercent,
}

impl ActionName {
    /// All names.
    pub const ALL: [Self; 3] = [Self::Delete, Self::Update, Self::PricePercent];

    /// The name as text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Update => "update",
            Self::PricePercent => "price_percent",
        }
    }

    fn read(input: &Input<'_>) -> Result<Self, FieldError> {
        let named = |word: &str| Self::ALL.into_iter().find(|action| action.name() == word);
        let action = if let Input::Text(word) = input {
            named(word)
        } else {
            None
        };
        action.ok_or_else(|| FieldError::new("bad_action", "must be delete, update or price_percent"))
    }
}

impl Bulk {
    /// The most products of one call.
    pub const MOST_IDS: usize = 500;

    /// The members of a request's body.
    pub const MEMBERS: [&'static str; 4] = ["ids", "action", "set", "percent"];

    /// The fields that can be set for many products.
    pub const SETTABLE: [Field; 3] = [Field::Status, Field::Category, Field::Stock];
}

/// Reads the body of a bulk call.
///
/// # Errors
/// Every member that is missing, invalid or unknown.
pub fn read_bulk(object: &Object) -> Result<Bulk, FieldErrors> {
    let mut errors = FieldErrors::default();
    for name in object
        .keys()
        .filter(|name| !Bulk::MEMBERS.contains(&name.as_str()))
    {
        errors.collect::<()>(
            &printable(name),
            Err(FieldError::new("unknown_field", "is not known here")),
        );
    }
    let ids = errors.collect(
        "ids",
        object
            .get("ids")
            .ok_or_else(FieldError::required)
            .and_then(|raw| ids(raw)),
    );
    let action = object
        .get("action")
        .ok_or_else(FieldError::required)
        .and_then(|raw| ActionName::read(&Input::json(raw)));
    let action = match errors.collect("action", action) {
        Some(ActionName::Delete) => Some(BulkAction::Delete),
        Some(ActionName::Update) => {
            settings(object.get("set").map(|raw| &**raw), &mut errors).map(BulkAction::Update)
        }
        Some(ActionName::PricePercent) => {
            let raw = object.get("percent").ok_or_else(FieldError::required);
            let percent = raw.and_then(|raw| check::percent(&Input::json(raw)));
            errors.collect("percent", percent).map(BulkAction::PricePercent)
        }
        None => None,
    };
    match (ids, action) {
        (Some(ids), Some(action)) => errors.into_result(Bulk { ids, action }),
        _ => Err(errors),
    }
}

fn ids(raw: &RawValue) -> Result<Vec<i64>, FieldError> {
    let mut ids: Vec<i64> = serde_json::from_str(raw.get())
        .map_err(|_| FieldError::new("bad_ids", "must be an array of product ids"))?;
    if ids.is_empty() || ids.len() > Bulk::MOST_IDS {
        return Err(FieldError::new("bad_ids", "must hold 1 to 500 product ids"));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn settings(raw: Option<&RawValue>, errors: &mut FieldErrors) -> Option<Body> {
    let object = raw.ok_or_else(FieldError::required).and_then(|raw| {
        serde_json::from_str::<Object>(raw.get()).map_err(|_| {
            FieldError::new(
                "not_an_object",
                "must be an object with status, category or stock",
            )
        })
    });
    let object = errors.collect("set", object)?;
    if object.is_empty() {
        errors.collect::<()>(
            "set",
            Err(FieldError::new(
                "blank",
                "must name at least one of status, category, stock",
            )),
        );
    }
    let mut body = Body::default();
    for (field, raw) in &object {
        if !Bulk::SETTABLE.iter().any(|settable| settable.name() == field) {
            let error = FieldError::new("unknown_field", "cannot be set for many products at once");
            errors.collect::<()>(&printable(field), Err(error));
            continue;
        }
        body.set(field, &Input::json(raw), errors);
    }
    Some(body)
}
