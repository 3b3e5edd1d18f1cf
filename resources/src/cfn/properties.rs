//! Properties of a typed resource or structure, as generated code sets them.

use serde::Serialize;
use serde_json::{Map, Value};

/// Properties by AWS's names for them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Properties(Map<String, Value>);

impl Properties {
    /// No properties.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a property.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("a property is plain data");
        self.0.insert(name.to_owned(), value);
        self
    }

    /// The same with a list.
    #[must_use]
    pub fn list<T: Serialize>(self, name: &str, values: impl Iterator<Item = T>) -> Self {
        self.set(name, values.collect::<Vec<T>>())
    }

    /// The same with a map.
    #[must_use]
    pub fn map<T: Serialize>(self, name: &str, values: impl Iterator<Item = (String, T)>) -> Self {
        let inside = values.fold(Self::new(), |inside, (key, value)| inside.set(&key, value));
        self.set(name, inside)
    }
}

impl From<Properties> for Value {
    fn from(properties: Properties) -> Self {
        Self::Object(properties.0)
    }
}
