//! Plain data that several hold at the same time.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{ops::Deref, sync::Arc};

/// A JSON value that is shared and not copied: a declaration, the declaration with its caller, and the basis of each plan hold the same
/// inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Shared(#[serde(serialize_with = "as_value")] Arc<Value>);

impl Shared {
    /// The value, to change it; copied first where others hold it, too.
    pub fn to_mut(&mut self) -> &mut Value {
        Arc::make_mut(&mut self.0)
    }

    /// The value; copied where others hold it, too.
    pub fn into_value(self) -> Value {
        Arc::unwrap_or_clone(self.0)
    }
}

impl Deref for Shared {
    type Target = Value;
    fn deref(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for Shared {
    fn from(value: Value) -> Self {
        Self(Arc::new(value))
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

fn as_value<S: serde::Serializer>(value: &Arc<Value>, serializer: S) -> Result<S::Ok, S::Error> {
    value.as_ref().serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_the_own_copy_s_alone() {
        let first = Shared::from(json!({ "a": 1 }));
        let mut second = first.clone();
        second.to_mut()["a"] = json!(2);
        assert_eq!((&first["a"], &second["a"]), (&json!(1), &json!(2)));
        let text = serde_json::to_string(&first).expect("plain data");
        assert_eq!(text, r#"{"a":1}"#);
        assert_eq!(serde_json::from_str::<Shared>(&text).expect("plain data"), first);
    }
}
