//! Fingerprints of declared secrets, so that a plan notices that one changed.
//!
//! A record says where a secret came from, and its keyed fingerprint; so does a plan. The bytes are read here, are never
//! written anywhere, and are wiped when the fingerprints are made.

use crate::{Declared, places};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{
    cloud::{CallError, Cloud},
    declaration::Place,
    value::{SecretSource, secrets},
};
use tenon_state::FingerprintKey;
use zeroize::Zeroizing;

/// A secret that could not be read, so that nobody can say whether it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The source that keeps it.
    pub source: SecretSource,
    /// The call's error.
    pub error: CallError,
}

/// `true` if anything of the stack is secret, so that a key is needed.
pub fn any(declared: &Declared) -> bool {
    !sources(declared).is_empty()
}

/// Puts a fingerprint beside each secret of the stack. Returns those that could not be read: they are planned as if they
/// were what they were.
pub async fn fingerprint(cloud: &dyn Cloud, declared: &mut Declared, key: &FingerprintKey) -> Vec<Unread> {
    let (mut plain, mut unread) = (BTreeMap::new(), vec![]);
    for (place, source) in sources(declared) {
        let text = match places::reach(cloud, &place).await {
            Ok(cloud) => cloud.secret(&source).await,
            Err(error) => Err(error),
        };
        match text {
            Ok(text) => drop(plain.insert((place, source), Zeroizing::new(text))),
            Err(error) => unread.push(Unread { source, error }),
        }
    }
    for (address, declaration) in &mut declared.resources {
        let mut own = BTreeSet::new();
        secrets(&declaration.inputs, &mut own);
        // What has no secret stays shared.
        if own.is_empty() {
            continue;
        }
        let place = &declaration.place;
        let Some(fields) = declaration.inputs.to_mut().as_object_mut() else {
            continue;
        };
        for (field, value) in fields {
            add_fingerprint(value, field, &|source, position| {
                let text = plain.get(&(place.clone(), source.clone()))?;
                Some(key.fingerprint(address, position, text.as_bytes()).to_string())
            });
        }
    }
    unread
}

fn sources(declared: &Declared) -> BTreeSet<(Place, SecretSource)> {
    let mut out = BTreeSet::new();
    for d in declared.resources.values() {
        let mut own = BTreeSet::new();
        secrets(&d.inputs, &mut own);
        // What is made when it is sent has no value yet, and reading it would make another.
        let own = own.into_iter().filter(|source| !source.is_generated());
        out.extend(own.map(|source| (d.place.clone(), source)));
    }
    out
}

/// Puts a fingerprint beside every secret in `value`. `position` is where `value` stands in the inputs: the names of the
/// members on the way, with `/` between. Two uses of one secret have different fingerprints.
fn add_fingerprint(value: &mut Value, position: &str, print: &dyn Fn(&SecretSource, &str) -> Option<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Object(body)) = map.get_mut("$secret") {
                let print = source(body).and_then(|source| print(&source, position));
                body.extend(print.map(|print| ("print".to_owned(), print.into())));
                return;
            }
            for (name, value) in map {
                add_fingerprint(value, &format!("{position}/{name}"), print);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter_mut().enumerate() {
                add_fingerprint(value, &format!("{position}/{index}"), print);
            }
        }
        _ => {}
    }
}

fn source(body: &Map<String, Value>) -> Option<SecretSource> {
    let mut body = body.clone();
    body.remove("print");
    serde_json::from_value(Value::Object(body)).ok()
}
