//! Values as they came in, from JSON, CSV or a query, and the errors of those that do not fit.

use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// A stable word for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl FieldError {
    /// An error with its word and its sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The field was left out.
    pub fn required() -> Self {
        Self::new("required", "is required")
    }
}

/// What is wrong, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(pub BTreeMap<String, FieldError>);

impl FieldErrors {
    /// One error.
    pub fn of(field: impl Into<String>, error: FieldError) -> Self {
        Self(BTreeMap::from([(field.into(), error)]))
    }

    /// Notes an error and goes on; the first one of a field stays.
    pub fn take<T>(&mut self, field: &str, outcome: Result<T, FieldError>) -> Option<T> {
        outcome
            .map_err(|error| self.0.entry(field.to_owned()).or_insert(error))
            .ok()
    }

    /// `value`, unless an error was noted.
    ///
    /// # Errors
    /// Itself.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// A value as it came in.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<'a> {
    /// JSON's null.
    Null,
    /// A string.
    Text(Cow<'a, str>),
    /// A number, as it was written: it never becomes a float.
    Number(&'a str),
    /// A truth value, an array or an object, which no field takes.
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
            // The parser has accepted the body as a whole, but it checks a string's escapes only when it is read: a
            // lone surrogate fails here.
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
/// What the parser says, which names the line and the column.
pub fn read_object(bytes: &[u8]) -> Result<Object, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// A member's name as it may be repeated in an answer.
pub(crate) fn shown(field: &str) -> String {
    field.chars().filter(|c| !c.is_control()).take(64).collect()
}
