//! The body of a bulk call.

use super::body::Body;
use super::check;
use super::input::{FieldError, FieldErrors, Input, Object, shown};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

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
pub fn read_bulk(object: &Object) -> Result<Bulk, FieldErrors> {
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
            let percent = raw.and_then(|raw| check::percent(&Input::json(raw)));
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
        serde_json::from_str::<Object>(raw.get()).map_err(|_| {
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
