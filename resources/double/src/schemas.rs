//! The schemas, as plain JSON.

use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// Schemas by the names of their types, unpacked when they are asked for.
#[derive(Debug)]
pub struct Schemas {
    index: BTreeMap<String, Vec<usize>>,
    body: Vec<u8>,
    read: Mutex<HashMap<String, Arc<Value>>>,
}

fn unpack(frame: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = vec![];
    let read = brotli_decompressor::Decompressor::new(frame, 16 * 1024).read_to_end(&mut out);
    read.map(|_| out).map_err(|e| e.to_string())
}

impl Schemas {
    /// The schemas in the file at `path`, which `.ci/types` writes.
    ///
    /// # Errors
    /// The file cannot be read, or is no such file.
    pub fn open(path: &Path) -> Result<Self, String> {
        let file = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let (size, rest) = file.split_at_checked(4).ok_or("the file is too short")?;
        let size = size.iter().rev().fold(0, |n, byte| (n << 8) | usize::from(*byte));
        let (head, body) = rest.split_at_checked(size).ok_or("the file is cut off")?;
        let index = serde_json::from_slice(&unpack(head)?).map_err(|e| e.to_string())?;
        Ok(Self {
            index,
            body: body.to_vec(),
            read: Mutex::default(),
        })
    }

    /// The schema of the type called `name`, if it has handlers.
    pub fn get(&self, name: &str) -> Option<Arc<Value>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = read.get(name) {
            return Some(Arc::clone(schema));
        }
        let &[start, length] = self.index.get(name)?.as_slice() else {
            return None;
        };
        let text = unpack(self.body.get(start..start + length)?).ok()?;
        let schema = Arc::new(serde_json::from_slice(&text).ok()?);
        read.insert(name.to_owned(), Arc::clone(&schema));
        Some(schema)
    }
}

/// The paths under `mark`, such as `writeOnly`.
pub(crate) fn paths<'s>(schema: &'s Value, mark: &str) -> Vec<&'s str> {
    schema[mark]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// True if `path` is one of `of`, or below one.
pub(crate) fn within(of: &[&str], path: &str) -> bool {
    of.iter().any(|of| {
        let mut parts = path.split('/');
        of.split('/')
            .all(|wanted| parts.next().is_some_and(|part| wanted == part || wanted == "*"))
    })
}

/// The node that `node` refers to, or itself.
pub(crate) fn resolve<'s>(schema: &'s Value, node: &'s Value) -> &'s Value {
    match node["ref"].as_str() {
        Some(name) => &schema["definitions"][name],
        None => node,
    }
}
