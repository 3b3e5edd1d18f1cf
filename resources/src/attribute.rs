//! Attributes: settings that a service takes as text under a key, many of them in one call (SNS, SQS, ELB).
//!
//! A field marked `#[attribute("DisplayName")]` is one. The text of a value is what AWS writes: `true`, `30`, a JSON document.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeMap;

/// The value of one attribute. A plan shows its structure; a promise in it is one of another resource's outputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attribute(Value);

impl Attribute {
    /// Booleans and numbers as text, text as it is, nothing as the empty text that takes an attribute away, anything else
    /// as JSON when it is sent.
    pub fn of(value: impl Serialize) -> Self {
        Self(match serde_json::to_value(value) {
            Ok(Value::Null) | Err(_) => Value::String(String::new()),
            Ok(plain @ (Value::Bool(_) | Value::Number(_))) => Value::String(plain.to_string()),
            Ok(other) => other,
        })
    }

    /// The text that is sent.
    pub fn text(self) -> String {
        match self.0 {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }
}

/// Attributes by their keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<String, Attribute>);

impl Attributes {
    /// The attribute `key` alone.
    pub fn one(key: &str, value: Attribute) -> Self {
        Self(BTreeMap::from([(key.into(), value)]))
    }

    /// Adds or replaces the attribute `key`.
    pub fn set(&mut self, key: &str, value: Attribute) {
        self.0.insert(key.into(), value);
    }

    /// `true` if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Attributes {
    type Item = (String, Attribute);
    type IntoIter = std::collections::btree_map::IntoIter<String, Attribute>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Attributes as Elastic Load Balancing takes them: a list of keys and values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttributeList(Vec<Pair>);

/// An attribute in such a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Attribute,
}

impl AttributeList {
    /// The attribute `key` alone.
    pub fn one(key: &str, value: Attribute) -> Self {
        Self::default().and(key, value)
    }

    /// The same and the attribute `key`.
    #[must_use]
    pub fn and(mut self, key: &str, value: Attribute) -> Self {
        let key = key.into();
        self.0.push(Pair { key, value });
        self
    }
}

impl IntoIterator for AttributeList {
    type Item = Pair;
    type IntoIter = std::vec::IntoIter<Pair>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Attributes as AWS gives them back.
pub type Texts = BTreeMap<String, String>;

/// The text of attribute `key`, when there is any.
pub fn text<'a>(map: &'a Texts, key: &str) -> Option<&'a str> {
    map.get(key).map(String::as_str).filter(|text| !text.is_empty())
}

/// The value of attribute `key`; the `default` when AWS leaves it out, or says what the field cannot hold.
pub fn read<T: DeserializeOwned>(map: &Texts, key: &str, default: impl FnOnce() -> T) -> T {
    let Some(text) = text(map, key) else {
        return default();
    };
    // Text first: a name such as `123` is no number. A field that holds no text says so, and is read as JSON.
    serde_json::from_value(Value::String(text.to_owned()))
        .or_else(|_| serde_json::from_str(text))
        .unwrap_or_else(|_| default())
}

#[cfg(test)]
mod tests {
    use super::{Attribute, Texts, read};

    #[test]
    fn a_value_comes_back_as_it_was() {
        let map: Texts = [
            ("Seconds", Attribute::of(30u32)),
            ("On", Attribute::of(true)),
            ("Name", Attribute::of("123")),
        ]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v.text()))
        .collect();
        assert_eq!(read(&map, "Seconds", || 0u32), 30);
        assert!(read(&map, "On", || false));
        assert_eq!(read(&map, "Name", String::new), "123");
        assert_eq!(read(&map, "Absent", || 7u32), 7);
    }

    #[test]
    fn nothing_is_the_empty_text_that_takes_an_attribute_away() {
        assert_eq!(Attribute::of(None::<String>).text(), "");
    }
}
