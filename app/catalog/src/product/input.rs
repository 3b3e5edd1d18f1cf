//! The values of a request before they are checked.

use serde_json::value::RawValue;
use std::borrow::Cow;

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

/// The name of an unknown member as a response may repeat it: short, and without control characters.
pub(crate) fn printable(field: &str) -> String {
    field.chars().filter(|c| !c.is_control()).take(64).collect()
}
