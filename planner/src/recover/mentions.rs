//! References among resources that no program declares, from the ids that they mention.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tenon_state::{Record, State};

/// Records that an id or an output means: what is not declared depends on what it mentions, and must go first.
pub(super) struct Mentions(BTreeMap<String, BTreeSet<String>>);

impl Mentions {
    pub(super) fn of(state: &State) -> Self {
        let mut meant: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for record in state.records.values() {
            let outputs = record.outputs.as_object().into_iter().flatten();
            // An output that merely repeats an input says nothing about who uses it.
            let own: BTreeSet<&str> = texts(&record.inputs);
            let outputs = outputs
                .filter_map(|(_, v)| v.as_str())
                .filter(|text| !own.contains(text));
            for text in outputs.chain(record.id.as_deref()) {
                meant
                    .entry(text.into())
                    .or_default()
                    .insert(record.address.clone());
            }
        }
        Self(meant)
    }

    /// The addresses that a record mentions.
    pub(super) fn sources(&self, record: &Record) -> Vec<String> {
        let sources = texts(&record.inputs);
        let sources = sources.into_iter().filter_map(|text| self.0.get(text)).flatten();
        let others: BTreeSet<&String> = sources.filter(|a| **a != record.address).collect();
        others.into_iter().cloned().collect()
    }
}

/// Every text in a value, except in tags.
fn texts(value: &Value) -> BTreeSet<&str> {
    let (mut todo, mut out) = (vec![value], BTreeSet::new());
    while let Some(value) = todo.pop() {
        match value {
            Value::String(text) => drop(out.insert(text.as_str())),
            Value::Array(items) => todo.extend(items),
            Value::Object(map) => todo.extend(map.iter().filter(|(k, _)| *k != "tags").map(|(_, v)| v)),
            _ => {}
        }
    }
    out
}
