//! Plain data at rest.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// The depth up to which a value is kept as text: `serde_json` reads no deeper text than 128 levels.
const DEEPEST: usize = 100;

/// A JSON value at rest: text that is shared and not copied.
///
/// A tree of `serde_json` takes 632 bytes for every object, and a tenth of that as text. A stack of 10,000 resources holds several
/// of them for each: the inputs in the declaration, in the basis of a plan and in a decision, the parameters of each call, both
/// sides of each difference.
///
/// Whoever looks at all of a stack reads with [`value`](Self::value), which leaves nothing behind. Reading through `Deref` keeps
/// the tree beside the text, for this copy alone, until [`rest`](Self::rest).
#[derive(Default)]
pub struct Shared {
    held: Held,
    /// The tree of the text, once it was read through `Deref`.
    tree: OnceLock<Box<Value>>,
}

/// The value itself.
#[derive(Clone, Default)]
enum Held {
    /// Null, of which there are many.
    #[default]
    Null,
    /// The canonical text.
    Text(Arc<str>),
    /// A tree that is being changed, or is too deep to be read from text.
    Tree(Arc<Value>),
}

static NULL: Value = Value::Null;

impl Shared {
    /// The value, with its tree at hand until [`rest`](Self::rest).
    pub fn open(value: Value) -> Self {
        let shared = Self::from(value);
        // Reading it keeps the tree.
        let _ = &*shared;
        shared
    }

    /// The value, made from the text; nothing of it is kept here.
    pub fn value(&self) -> Value {
        match (&self.held, self.tree.get()) {
            (Held::Null, _) => Value::Null,
            (Held::Tree(tree), _) => Value::clone(tree),
            (Held::Text(_), Some(tree)) => Value::clone(tree),
            (Held::Text(text), None) => read(text),
        }
    }

    /// `true` for null, without reading anything.
    pub fn is_null(&self) -> bool {
        match &self.held {
            Held::Null => true,
            Held::Text(_) => false,
            Held::Tree(tree) => tree.is_null(),
        }
    }

    /// The value, to change it; others that hold it keep theirs. It stays a tree until [`rest`](Self::rest).
    pub fn to_mut(&mut self) -> &mut Value {
        if !matches!(self.held, Held::Tree(_)) {
            self.held = Held::Tree(Arc::new(self.value()));
            self.tree = OnceLock::new();
        }
        match &mut self.held {
            Held::Tree(tree) => Arc::make_mut(tree),
            Held::Null | Held::Text(_) => unreachable!("it was made a tree above"),
        }
    }

    /// The value, taken out.
    pub fn into_value(mut self) -> Value {
        match (self.held, self.tree.take()) {
            (Held::Tree(tree), _) => Arc::unwrap_or_clone(tree),
            (Held::Text(_), Some(tree)) => *tree,
            (Held::Text(text), None) => read(&text),
            (Held::Null, _) => Value::Null,
        }
    }

    /// Lets go of the tree: what is left is the text.
    pub fn rest(&mut self) {
        self.tree = OnceLock::new();
        self.held = match std::mem::take(&mut self.held) {
            Held::Tree(tree) => Held::of(Arc::unwrap_or_clone(tree)),
            held => held,
        };
    }

    /// The length of the text in bytes; of one that is being changed, 0.
    pub fn length(&self) -> usize {
        match &self.held {
            Held::Text(text) => text.len(),
            Held::Null | Held::Tree(_) => 0,
        }
    }
}

impl Held {
    fn of(mut value: Value) -> Self {
        // A program of which any dependency asks for serde_json's `preserve_order` keeps keys as they came: the text would be another
        // one, and with it what is a difference and every digest.
        value.sort_all_objects();
        match value {
            Value::Null => Self::Null,
            deep if depth(&deep) > DEEPEST => Self::Tree(Arc::new(deep)),
            value => Self::Text(value.to_string().into()),
        }
    }
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("the text was written by serde_json, and is not too deep")
}

/// The number of lists and objects that lie within one another.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

impl Clone for Shared {
    /// The same text; a tree beside it is not copied.
    fn clone(&self) -> Self {
        Self {
            held: self.held.clone(),
            tree: OnceLock::new(),
        }
    }
}

impl Deref for Shared {
    type Target = Value;
    fn deref(&self) -> &Value {
        match &self.held {
            Held::Null => &NULL,
            Held::Tree(tree) => tree,
            Held::Text(text) => self.tree.get_or_init(|| Box::new(read(text))),
        }
    }
}

impl<V: Into<Value>> From<V> for Shared {
    fn from(value: V) -> Self {
        Self {
            held: Held::of(value.into()),
            tree: OnceLock::new(),
        }
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        match (&self.held, &other.held) {
            // Keys are sorted, so equal values have equal texts.
            (Held::Text(a), Held::Text(b)) => a == b,
            (Held::Tree(_), _) | (_, Held::Tree(_)) => **self == **other,
            (Held::Null, Held::Null) => true,
            (Held::Null, Held::Text(_)) | (Held::Text(_), Held::Null) => false,
        }
    }
}

impl PartialEq<Value> for Shared {
    fn eq(&self, other: &Value) -> bool {
        **self == *other
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text.
impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.held {
            Held::Null => f.write_str("null"),
            Held::Text(text) => f.write_str(text),
            Held::Tree(tree) => tree.fmt(f),
        }
    }
}

impl Serialize for Shared {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.held, self.tree.get()) {
            (Held::Null, _) => serializer.serialize_unit(),
            (Held::Tree(tree), _) => tree.serialize(serializer),
            (Held::Text(_), Some(tree)) => tree.serialize(serializer),
            // From one format to the other without a tree in between.
            (Held::Text(text), None) => {
                serde_transcode::transcode(&mut serde_json::Deserializer::from_str(text), serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
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
        assert_ne!(first, second);
        second.to_mut()["a"] = json!(1);
        assert_eq!(first, second);
        second.rest();
        assert_eq!((first.to_string(), first), (second.to_string(), second));
    }

    #[test]
    fn what_is_written_and_read_is_what_serde_json_would_have() {
        let deep = (0..300).fold(json!("core"), |inner, n| match n % 2 {
            0 => json!([inner]),
            _ => json!({ "in": inner }),
        });
        for value in [
            Value::Null,
            json!({}),
            json!([]),
            json!({"b": [1, -2, u64::MAX, 0.1, 1e300, true, null], "a": {"ü\n\"": "\u{1F600}\u{0}"}}),
            deep,
        ] {
            let shared = Shared::from(value.clone());
            assert_eq!(serde_json::to_string(&shared).unwrap(), value.to_string());
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(serde_json::to_string_pretty(&shared).unwrap(), pretty);
            assert_eq!(serde_json::to_value(&shared).unwrap(), value);
            assert_eq!(shared.to_string(), value.to_string());
            assert_eq!((shared.value(), &*shared), (value.clone(), &value));
            assert_eq!(serde_json::to_string(&shared).unwrap(), value.to_string());
            assert_eq!(shared.clone().into_value(), value);
            assert_eq!(shared.is_null(), value.is_null());
        }
        let text = r#"{"a":1}"#;
        assert_eq!(serde_json::from_str::<Shared>(text).unwrap(), json!({"a": 1}));
    }
}
