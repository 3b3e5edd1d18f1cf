//! The errors of the fields of a request.

use std::collections::BTreeMap;

/// The error of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The code for programs, which does not change.
    pub code: &'static str,
    /// The message for people, without the field's name.
    pub message: String,
}

impl FieldError {
    /// An error with a code and a message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The error of a required field that is missing.
    pub fn required() -> Self {
        Self::new("required", "is required")
    }
}

/// The errors by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(pub BTreeMap<String, FieldError>);

impl FieldErrors {
    /// The error of a single field.
    pub fn single(field: impl Into<String>, error: FieldError) -> Self {
        Self(BTreeMap::from([(field.into(), error)]))
    }

    /// Returns the value of `outcome`, or adds its error, unless the field has one already.
    pub fn collect<T>(&mut self, field: &str, outcome: Result<T, FieldError>) -> Option<T> {
        outcome
            .map_err(|error| self.0.entry(field.to_owned()).or_insert(error))
            .ok()
    }

    /// Returns `value` if there are no errors.
    ///
    /// # Errors
    /// The errors that were added.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}
