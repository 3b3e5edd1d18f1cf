//! Options of a resource, as its record has them.

use crate::Error;
use serde_json::Value;
use tenon_resources::{
    declaration::{Place, ResourceOptions},
    resource::InvalidInputs,
};
use tenon_state::Record;

/// The options that `record` has.
///
/// # Errors
/// They are of another version. What they would protect must not be lost by not understanding them.
pub(crate) fn options(record: &Record) -> Result<ResourceOptions, Error> {
    if record.options.is_null() {
        return Ok(ResourceOptions::default());
    }
    serde_json::from_value(record.options.clone()).map_err(|e| Error::InvalidInputs {
        address: record.address.clone(),
        source: InvalidInputs {
            kind: "resource's options",
            reason: e.to_string(),
        },
    })
}

/// The account and region that the object of `record` is in.
///
/// # Errors
/// They are of another version. An object must not be looked for elsewhere by not understanding where it is.
pub(crate) fn place(record: &Record) -> Result<Place, Error> {
    if record.place.is_null() {
        return Ok(Place::default());
    }
    serde_json::from_value(record.place.clone()).map_err(|e| Error::InvalidInputs {
        address: record.address.clone(),
        source: InvalidInputs {
            kind: "resource's account and region",
            reason: e.to_string(),
        },
    })
}

/// The place as a record has it.
pub(crate) fn place_value(place: &Place) -> Value {
    if place.is_home() {
        return Value::Null;
    }
    serde_json::to_value(place).expect("a place is plain data")
}

/// The options as a record has them.
pub(crate) fn value(options: &ResourceOptions) -> Value {
    if options.is_default() {
        return Value::Null;
    }
    serde_json::to_value(options).expect("options are plain data")
}
