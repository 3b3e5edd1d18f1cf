//! Reading given values as a program's own type, and noting which names it has.

use super::{Given, Reading};
use serde::{
    Deserializer,
    de::{self, DeserializeSeed, IntoDeserializer, MapAccess, Unexpected, Visitor},
    forward_to_deserialize_any,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A value, or a table of them.
pub(super) enum Node<'a> {
    Table(BTreeMap<&'a str, Self>),
    Leaf {
        value: &'a Value,
        text: bool,
    },
    /// Something that fits anywhere, in the place of what does not fit.
    StandIn,
}

impl<'a> Node<'a> {
    /// The tree of `given`, with something that fits where a name is of `stand_ins`.
    pub(super) fn of(given: &'a Given, stand_ins: &'a BTreeSet<String>) -> Self {
        let mut root = Self::Table(BTreeMap::new());
        for v in &given.values {
            root.insert(
                &v.name,
                Self::Leaf {
                    value: &v.value,
                    text: v.text,
                },
            );
        }
        for name in stand_ins {
            root.insert(name, Self::StandIn);
        }
        root
    }

    fn insert(&mut self, name: &'a str, node: Self) {
        let mut here = self;
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            if !matches!(here, Self::Table(_)) {
                *here = Self::Table(BTreeMap::new());
            }
            let Self::Table(members) = here else { return };
            if parts.peek().is_none() {
                members.insert(part, node);
                return;
            }
            here = members
                .entry(part)
                .or_insert_with(|| Self::Table(BTreeMap::new()));
        }
    }
}

/// A value that does not fit.
#[derive(Debug)]
pub(super) struct Error {
    /// The name, once it is known.
    pub(super) name: Option<String>,
    /// The member that is missing, of the struct with that name.
    pub(super) missing: Option<&'static str>,
    pub(super) message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            name: None,
            missing: None,
            message: message.to_string(),
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            name: None,
            missing: Some(field),
            message: format!("`{field}` is missing"),
        }
    }
}

/// A reader of one node.
#[derive(Clone)]
pub(super) struct Reader<'a> {
    node: &'a Node<'a>,
    name: String,
    reading: &'a Reading,
}

impl<'a> Reader<'a> {
    pub(super) fn new(node: &'a Node<'a>, reading: &'a Reading) -> Self {
        Self {
            node,
            name: String::new(),
            reading,
        }
    }

    fn inner(&self, member: &str) -> String {
        if self.name.is_empty() {
            member.to_owned()
        } else {
            format!("{}.{member}", self.name)
        }
    }

    /// Names the place of an error that has none yet.
    fn at(&self, mut error: Error) -> Error {
        error.name.get_or_insert_with(|| match error.missing {
            Some(member) => self.inner(member),
            None => self.name.clone(),
        });
        error
    }

    /// Members of a table, those of `fields` alone when they are known.
    fn members<V: Visitor<'a>>(self, fields: Option<&[&str]>, visitor: V) -> Result<V::Value, Error> {
        let mut left: Vec<_> = match self.node {
            Node::Table(members) => members.iter().collect(),
            Node::StandIn => vec![],
            Node::Leaf { .. } => {
                let shown = Unexpected::Other("a single value");
                return Err(self.at(de::Error::invalid_type(shown, &"a table of settings")));
            }
        };
        left.retain(|(name, _)| fields.is_none_or(|fields| fields.contains(name)));
        left.reverse();
        let members = Members {
            reader: self.clone(),
            left,
            next: None,
        };
        visitor.visit_map(members).map_err(|error| self.at(error))
    }

    fn leaf<V: Visitor<'a>>(
        self,
        visitor: V,
        read: impl FnOnce(Value, V) -> Result<V::Value, serde_json::Error>,
        parse: impl FnOnce(&str) -> Option<Value>,
        stand_in: Value,
    ) -> Result<V::Value, Error> {
        let value = match self.node {
            Node::StandIn => stand_in,
            Node::Leaf { value, text: true } => {
                let text = value.as_str().unwrap_or_default();
                match parse(text) {
                    Some(value) => value,
                    None => return Err(self.at(de::Error::invalid_value(Unexpected::Str(text), &visitor))),
                }
            }
            Node::Leaf { value, .. } => (*value).clone(),
            Node::Table(_) => {
                return Err(self.at(de::Error::invalid_type(Unexpected::Map, &visitor)));
            }
        };
        read(value, visitor).map_err(|error| self.at(de::Error::custom(error)))
    }
}

struct Members<'a> {
    reader: Reader<'a>,
    left: Vec<(&'a &'a str, &'a Node<'a>)>,
    next: Option<Reader<'a>>,
}

impl<'a> MapAccess<'a> for Members<'a> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, node)) = self.left.pop() else {
            return Ok(None);
        };
        self.next = Some(Reader {
            node,
            name: self.reader.inner(name),
            reading: self.reader.reading,
        });
        seed.deserialize((*name).into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Error> {
        match self.next.take() {
            Some(reader) => seed.deserialize(reader),
            None => Err(de::Error::custom("a value before its name")),
        }
    }
}

/// Text as the value of the kind that the program expects.
fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn number(text: &str) -> Option<Value> {
    parsed(text.trim()).filter(Value::is_number)
}

macro_rules! leaves {
    ($($method:ident: $parse:expr, $stand_in:expr;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.leaf(visitor, |value, visitor| value.$method(visitor), $parse, $stand_in.into())
        }
    )+};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Error;

    leaves! {
        deserialize_bool: |text| parsed(text.trim()).filter(Value::is_boolean), false;
        deserialize_i8: number, 0;
        deserialize_i16: number, 0;
        deserialize_i32: number, 0;
        deserialize_i64: number, 0;
        deserialize_u8: number, 0;
        deserialize_u16: number, 0;
        deserialize_u32: number, 0;
        deserialize_u64: number, 0;
        deserialize_f32: number, 0.0;
        deserialize_f64: number, 0.0;
        deserialize_char: |text| Some(text.into()), "x";
        deserialize_str: |text| Some(text.into()), "";
        deserialize_string: |text| Some(text.into()), "";
        deserialize_seq: parsed, Vec::<Value>::new();
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Table(_) => self.deserialize_map(visitor),
            _ => self.leaf(
                visitor,
                Value::deserialize_any,
                |text| Some(parsed(text).unwrap_or_else(|| text.into())),
                Value::Null,
            ),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::StandIn => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        for field in fields {
            self.reading.know(self.inner(field));
        }
        self.members(Some(fields), visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reading.know_all_below(&self.name);
        self.members(None, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let stand_in = variants.first().copied().unwrap_or_default();
        self.leaf(
            visitor,
            |value, visitor| value.deserialize_enum(name, variants, visitor),
            |text| Some(text.into()),
            stand_in.into(),
        )
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    forward_to_deserialize_any! { bytes byte_buf tuple_struct identifier ignored_any i128 u128 }
}
