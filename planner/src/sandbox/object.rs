//! One resource in a sandbox, and the lines of the file that keeps it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use tenon_resources::{cloud::Status, value::Owner};

/// One thing in the sandbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Object {
    pub(super) inputs: Value,
    pub(super) outputs: Value,
    /// When it was made, in sandbox milliseconds.
    #[serde(default)]
    pub(super) made_ms: u64,
    /// When it is ready, in sandbox milliseconds.
    ready_ms: u64,
    /// When it is gone, once it is on its way out.
    gone_ms: Option<u64>,
}

impl Object {
    pub(super) fn new(inputs: Value, outputs: Value, now: u64, takes: Duration) -> Self {
        let ready_ms = now.saturating_add(crate::execute::millis(takes));
        Self {
            inputs,
            outputs,
            made_ms: now,
            ready_ms: if takes.is_zero() { 0 } else { ready_ms },
            gone_ms: None,
        }
    }

    pub(super) fn busy(&mut self, now: u64, takes: Duration) {
        self.ready_ms = if takes.is_zero() {
            0
        } else {
            now.saturating_add(crate::execute::millis(takes))
        };
    }

    pub(super) fn leave(&mut self, now: u64, takes: Duration) {
        self.gone_ms
            .get_or_insert(now.saturating_add(crate::execute::millis(takes)));
    }

    pub(super) fn gone(&self, now: u64) -> bool {
        self.gone_ms.is_some_and(|at| at <= now)
    }

    pub(super) fn status(&self, now: u64) -> Status {
        match self.gone_ms {
            Some(_) => Status::Leaving("deleting".into()),
            None if self.ready_ms > now => Status::Pending("pending".into()),
            None => Status::Ready,
        }
    }

    /// The stack whose mark it carries.
    pub(super) fn stack(&self) -> Option<String> {
        Some(self.inputs.get("tags")?.get(Owner::STACK)?.as_str()?.to_owned())
    }

    /// Every string in its inputs that may name another object.
    pub(super) fn mentions(&self) -> Vec<String> {
        let mut out = strings(&self.inputs);
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Every string in a value, tags apart.
pub(super) fn strings(value: &Value) -> Vec<String> {
    fn walk(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::String(text) => out.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|v| walk(v, out)),
            Value::Object(map) => map
                .iter()
                .filter(|(k, _)| *k != "tags")
                .for_each(|(_, v)| walk(v, out)),
            _ => {}
        }
    }
    let mut out = vec![];
    walk(value, &mut out);
    out
}

/// One line of the sandbox's file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LogEntry {
    /// A thing as it is now.
    Put {
        kind: String,
        id: String,
        object: Box<Object>,
    },
    /// A thing that is gone.
    Remove { kind: String, id: String },
    /// A token that was used.
    Token {
        op: String,
        kind: String,
        id: String,
        digest: String,
        /// When, by the sandbox's clock.
        #[serde(default)]
        at_ms: u64,
    },
    /// A name that cannot be had again before this time.
    Kept { kind: String, id: String, until_ms: u64 },
    /// One more was made of these inputs.
    Made { of: String },
    /// The sandbox's clock.
    Time { ms: u64 },
}
