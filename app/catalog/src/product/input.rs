//! The values of a request before they are checked, and the errors of invalid ones.

use serde_json::value::RawValue;
use std::borrow::Cow;
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

/// A value as it was received.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<'a> {
    /// JSON's null.
    Null,
    /// A string.
    Text(Cow<'a, str>),
    /// A number as it was written; it never becomes a float.
    Number(&'a str),
    /// A boolean, an array or an object, which no field accepts.
    Other,
}

impl<'a> Input<'a> {
    /// A cell or a query parameter.
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A JSON value.
    pub fn json(raw: &'a RawValue) -> Self {
        let raw = raw.get().trim();
        match raw.as_bytes().first() {
            Some(b'n') => Self::Null,
            // The body as a whole was parsed, but the escapes of a raw string are checked only here: a lone surrogate
            // fails.
            Some(b'"') => {
                serde_json::from_str(raw).map_or(Self::Other, |text: String| Self::Text(text.into()))
            }
            Some(b'-' | b'0'..=b'9') => Self::Number(raw),
            _ => Self::Other,
        }
    }
}

/// The members of a JSON object, each as it was written.
pub type Object = BTreeMap<String, Box<RawValue>>;

/// Reads a body that must be a JSON object.
///
/// # Errors
/// The parser's error, with line and column.
pub fn read_object(bytes: &[u8]) -> Result<Object, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// The name of an unknown member as a response may repeat it: short, and without control characters.
pub(crate) fn printable(field: &str) -> String {
    field.chars().filter(|c| !c.is_control()).take(64).collect()
}
