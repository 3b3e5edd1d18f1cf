//! Inputs: the value of a field, or the promise of one.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Value, json};
use std::{cell::RefCell, fmt, marker::PhantomData, str::FromStr};

/// Names one output of one resource in a stack: `network/vpc.id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref {
    /// The address of the resource, such as `network/vpc`, or `this` for the resource that holds the reference.
    pub resource: String,
    /// The name of the output, such as `id`.
    pub output: String,
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.resource, self.output)
    }
}

impl FromStr for Ref {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.rsplit_once('.') {
            Some((resource, output)) if !resource.is_empty() && !output.is_empty() => Ok(Self {
                resource: resource.into(),
                output: output.into(),
            }),
            _ => Err(format!("`{text}` is not a reference: expected `address.output`")),
        }
    }
}

/// An output known only once its resource exists; `T` is what it will be.
pub struct Output<T> {
    source: Ref,
    kind: PhantomData<fn() -> T>,
}

impl<T> Output<T> {
    /// The promise of `output` of the resource at address `resource`.
    pub fn new(resource: &str, output: &str) -> Self {
        Self {
            source: Ref {
                resource: resource.into(),
                output: output.into(),
            },
            kind: PhantomData,
        }
    }

    /// The source of the value.
    pub fn source(&self) -> &Ref {
        &self.source
    }

    /// The same promise as plain text, for a field that takes any.
    pub fn text(&self) -> Output<String> {
        Output {
            source: self.source.clone(),
            kind: PhantomData,
        }
    }
}

impl<T> Clone for Output<T> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            kind: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Output<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "promise of {}", self.source)
    }
}

/// A piece of joined text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Literal text.
    Text(String),
    /// An output's text.
    From(Ref),
    /// Joined text inside joined text.
    Join(Vec<Part>),
}

impl<T> From<&Output<T>> for Part {
    fn from(output: &Output<T>) -> Self {
        Self::From(output.source.clone())
    }
}

impl<T> From<Output<T>> for Part {
    fn from(output: Output<T>) -> Self {
        Self::From(output.source)
    }
}

macro_rules! literal_part {
    ($($t:ty),*) => { $(impl From<$t> for Part { fn from(v: $t) -> Self { Self::Text(v.to_string()) } })* };
}
literal_part!(&str, String, &String, u16, u32, i32, u64);

impl<T: fmt::Display> From<Input<T>> for Part {
    fn from(input: Input<T>) -> Self {
        Self::from(&input)
    }
}

impl<T: fmt::Display> From<&Input<T>> for Part {
    fn from(input: &Input<T>) -> Self {
        match input {
            Input::Known(value) => Self::Text(value.to_string()),
            Input::From(r) => Self::From(r.clone()),
            Input::Join(parts) => Self::Join(parts.clone()),
        }
    }
}

/// A value, the promise of one of the same type, or text joined from both.
///
/// Written as the value itself, as `{"$ref": "network/vpc.id"}`, or as `{"$join": ["literal", {"$ref": "…"}]}`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Input<T> {
    /// Known when the program runs.
    Known(T),
    /// An output of a resource.
    From(Ref),
    /// Literals and outputs, one after the other.
    Join(Vec<Part>),
}

impl<T> Input<T> {
    /// The value, when it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::From(_) | Self::Join(_) => None,
        }
    }

    /// The same input as plain text, for a call that takes any string.
    pub fn text(&self) -> Input<String>
    where
        T: fmt::Display,
    {
        match self {
            Self::Known(value) => Input::Known(value.to_string()),
            Self::From(r) => Input::From(r.clone()),
            Self::Join(parts) => Input::Join(parts.clone()),
        }
    }
}

impl Input<String> {
    /// The same text as an id: for one that is put together with [`text!`](crate::text).
    ///
    /// ```
    /// use tenon_resources::{text, value::{AvailabilityZone, Input, here}};
    /// let zone: Input<AvailabilityZone> = text!("{}a", &here::region()).typed();
    /// ```
    pub fn typed<T: From<String>>(self) -> Input<T> {
        match self {
            Self::Known(text) => Input::Known(text.into()),
            // Joined from one part, so that it is not taken for the promise of a `T`.
            Self::From(r) => Input::Join(vec![Part::From(r)]),
            Self::Join(parts) => Input::Join(parts),
        }
    }

    /// A literal or promise, of whatever type, as text.
    pub fn of(part: impl Into<Part>) -> Self {
        match part.into() {
            Part::Text(text) => Self::Known(text),
            Part::From(r) => Self::From(r),
            Part::Join(parts) => Self::Join(parts),
        }
    }

    /// `format` with its `{}` replaced by `parts` in order; see [`text!`](crate::text).
    ///
    /// # Panics
    /// If the number of `{}` is not the number of parts: a mistake in the program, found the first time it runs.
    #[track_caller]
    pub fn joined(format: &str, parts: Vec<Part>) -> Self {
        let literals: Vec<&str> = format.split("{}").collect();
        assert_eq!(
            literals.len(),
            parts.len() + 1,
            "`{format}` has {} `{{}}` for {} values",
            literals.len() - 1,
            parts.len()
        );
        let mut out = vec![Part::Text(literals[0].into())];
        for (part, literal) in parts.into_iter().zip(&literals[1..]) {
            out.push(part);
            out.push(Part::Text((*literal).into()));
        }
        let flat = flatten(out);
        match flat.as_slice() {
            [] => Self::Known(String::new()),
            [Part::Text(text)] => Self::Known(text.clone()),
            _ => Self::Join(flat),
        }
    }
}

fn flatten(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = vec![];
    for part in parts {
        match part {
            Part::Join(inner) => out.extend(flatten(inner)),
            Part::Text(text) if text.is_empty() => {}
            Part::Text(text) => match out.last_mut() {
                Some(Part::Text(last)) => last.push_str(&text),
                _ => out.push(Part::Text(text)),
            },
            Part::From(r) => out.push(Part::From(r)),
        }
    }
    out
}

/// Anything that can stand where a `T` belongs.
///
/// Our own trait and not `Into`, so that a mix-up reads as one:
///
/// ```compile_fail,E0277
/// use tenon_resources::{ec2::{Subnet, SubnetId}, value::Output};
/// let subnet: Output<SubnetId> = Output::new("public-a", "id");
/// Subnet::new(&subnet, "10.0.1.0/24", "eu-west-1a"); // a subnet's id where the VPC's belongs
/// ```
#[diagnostic::on_unimplemented(
    message = "this takes a `{T}`, and `{Self}` is not one",
    label = "expected a `{T}`, or a promise of one"
)]
pub trait IntoInput<T> {
    /// The input it stands for.
    fn into_input(self) -> Input<T>;
}

impl<T> IntoInput<T> for T {
    fn into_input(self) -> Input<T> {
        Input::Known(self)
    }
}
impl<T> IntoInput<T> for Input<T> {
    fn into_input(self) -> Input<T> {
        self
    }
}
impl<T: Clone> IntoInput<T> for &Input<T> {
    fn into_input(self) -> Input<T> {
        self.clone()
    }
}
impl<T> IntoInput<T> for Output<T> {
    fn into_input(self) -> Input<T> {
        Input::From(self.source)
    }
}
impl<T> IntoInput<T> for &Output<T> {
    fn into_input(self) -> Input<T> {
        Input::From(self.source.clone())
    }
}
impl IntoInput<String> for &str {
    fn into_input(self) -> Input<String> {
        Input::Known(self.into())
    }
}
impl IntoInput<String> for &String {
    fn into_input(self) -> Input<String> {
        Input::Known(self.clone())
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(s),
            Self::From(r) => json!({ "$ref": r.to_string() }).serialize(s),
            Self::Join(parts) => json!({ "$join": parts }).serialize(s),
        }
    }
}

impl Part {
    fn parse(value: &Value) -> Result<Self, String> {
        if let Value::String(text) = value {
            return Ok(Self::Text(text.clone()));
        }
        if let Some(Value::String(r)) = value.get("$ref") {
            return Ok(Self::From(r.parse()?));
        }
        Err(format!(
            "expected text or a `$ref` inside a `$join`, found `{value}`"
        ))
    }
}

impl<T: Serialize> Serialize for Input<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => value.serialize(s),
            Self::From(r) => json!({ "$ref": r.to_string() }).serialize(s),
            Self::Join(parts) => json!({ "$join": parts }).serialize(s),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Input<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(d)?;
        if let Some(Value::String(r)) = value.get("$ref") {
            let r: Ref = r.parse().map_err(D::Error::custom)?;
            note(|noted| noted.references.push((r.clone(), std::any::type_name::<T>())));
            return Ok(Self::From(r));
        }
        if let Some(Value::Array(parts)) = value.get("$join") {
            let parts: Result<Vec<_>, _> = parts.iter().map(Part::parse).collect();
            return parts.map(Self::Join).map_err(D::Error::custom);
        }
        if let Value::String(text) = &value {
            note(|noted| noted.texts.push((text.clone(), std::any::type_name::<T>())));
        }
        serde_json::from_value(value)
            .map(Self::Known)
            .map_err(D::Error::custom)
    }
}

/// A reference, and the name of the Rust type of the field that it stands in.
pub(crate) type TypedRef = (Ref, &'static str);

/// A text, and the name of the Rust type of the field that it stands in.
pub(crate) type TypedText = (String, &'static str);

/// The contents of the inputs that were read.
#[derive(Default)]
pub(crate) struct Noted {
    /// The references.
    pub(crate) references: Vec<TypedRef>,
    /// The known texts.
    pub(crate) texts: Vec<TypedText>,
}

thread_local! {
    static NOTED: RefCell<Option<Noted>> = const { RefCell::new(None) };
}

/// Runs `read`, and returns the references and the texts that it reads as a value of some type, or as the promise of one.
///
/// Only `Deserialize` of an [`Input`] knows which type it is an input of, and serde hands nothing back but the value: so it is
/// noted on the side.
pub(crate) fn noted<R>(read: impl FnOnce() -> R) -> (R, Noted) {
    let outer = NOTED.replace(Some(Noted::default()));
    let result = read();
    (result, NOTED.replace(outer).unwrap_or_default())
}

fn note(add: impl FnOnce(&mut Noted)) {
    NOTED.with_borrow_mut(|noted| {
        if let Some(noted) = noted {
            add(noted);
        }
    });
}

impl<T: fmt::Debug> fmt::Debug for Input<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::From(r) => write!(f, "{r}"),
            Self::Join(parts) => f.debug_list().entries(parts).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn joins_flatten_and_round_trip() {
        let host: Output<String> = Output::new("db", "endpoint");
        let inner = text!("{}:{}", &host, 5432);
        let outer = text!("postgres://{}/{}", &inner, "shop");
        let json = serde_json::to_value(&outer).unwrap();
        assert_eq!(
            json,
            json!({"$join": ["postgres://", {"$ref": "db.endpoint"}, ":5432/shop"]})
        );
        assert_eq!(serde_json::from_value::<Input<String>>(json).unwrap(), outer);
        assert_eq!(text!("{}-{}", "a", 1), Input::Known("a-1".into()));
    }

    #[test]
    fn a_bad_reference_says_what_was_expected() {
        let error = serde_json::from_value::<Input<String>>(json!({"$ref": "nodot"})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`nodot` is not a reference: expected `address.output`"
        );
    }
}
