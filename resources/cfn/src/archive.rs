//! The embedded file: an index, then one compressed schema a type.

use crate::Schema;
use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    sync::{LazyLock, Mutex, PoisonError},
};

static FILE: &[u8] = include_bytes!("../data/types.br");

/// The names of all types, each with where its schema begins and how long it is; empty for types without handlers.
struct Index {
    types: BTreeMap<String, Vec<usize>>,
    /// The schemas, after the index.
    body: &'static [u8],
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let (size, rest) = FILE.split_at(4);
    let size = size.iter().rev().fold(0, |n, byte| (n << 8) | usize::from(*byte));
    let (head, body) = rest.split_at(size);
    let types = serde_json::from_slice(&unpack(head)).expect("the index is JSON");
    Index { types, body }
});

static PARSED: LazyLock<Mutex<HashMap<&'static str, &'static Schema>>> = LazyLock::new(Mutex::default);

fn unpack(frame: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(frame.len() * 6);
    brotli_decompressor::Decompressor::new(frame, 16 * 1024)
        .read_to_end(&mut out)
        .expect("the embedded schemas are whole");
    out
}

/// Knowledge of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A type with create, read and delete handlers.
    Provisionable,
    /// A type of CloudFormation's own, without handlers: only CloudFormation itself makes one.
    WithoutHandlers,
    /// No type of AWS.
    Unknown,
}

/// True if `name` is a type, and whether Cloud Control makes one.
pub fn known(name: &str) -> Known {
    match INDEX.types.get(name) {
        Some(at) if at.is_empty() => Known::WithoutHandlers,
        Some(_) => Known::Provisionable,
        None => Known::Unknown,
    }
}

/// The names of all types with handlers, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    let types = INDEX.types.iter().filter(|(_, at)| !at.is_empty());
    types.map(|(name, _)| name.as_str())
}

/// The name of a type that is most like `name`.
pub fn nearest(name: &str) -> Option<&'static str> {
    let folded = name.to_ascii_lowercase();
    let same = |known: &str| strsim::jaro_winkler(&folded, &known.to_ascii_lowercase());
    let scored = names().map(|known| (same(known), known));
    let (score, best) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.85).then_some(best)
}

/// The schema of the type called `name`, such as `AWS::SQS::Queue`; `None` for what is no type, or has no handlers.
///
/// The schema is unpacked and read the first time that it is asked for, and kept from then on.
pub fn find(name: &str) -> Option<&'static Schema> {
    let (name, at) = INDEX.types.get_key_value(name)?;
    let &[start, length] = at.as_slice() else {
        return None;
    };
    let mut parsed = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(schema) = parsed.get(name.as_str()) {
        return Some(schema);
    }
    let text = unpack(&INDEX.body[start..start + length]);
    let schema = serde_json::from_slice(&text).expect("the embedded schemas are what this crate reads");
    let schema: &'static Schema = Box::leak(Box::new(schema));
    parsed.insert(name, schema);
    Some(schema)
}
