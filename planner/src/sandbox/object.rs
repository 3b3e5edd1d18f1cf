//! Resources in a sandbox, and the lines of the file that keeps it.

use super::{
    accepted::Accepted,
    model::{Stage, States},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use tenon_resources::{
    cloud::{LogEvent, Status},
    value::{Owner, Shared},
};

/// A resource in the sandbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Object {
    /// The inputs that a read gives back.
    pub(super) inputs: Shared,
    pub(super) outputs: Shared,
    /// The members of the calls that were made about it, as the model of AWS merged them.
    #[serde(default)]
    pub(super) members: Value,
    /// The members that it had before the change that it is busy with.
    #[serde(default)]
    pub(super) before: Value,
    /// When it was made, in sandbox milliseconds.
    #[serde(default)]
    pub(super) made_ms: u64,
    /// When it is ready, in sandbox milliseconds.
    ready_ms: u64,
    /// When it is gone, once it is on its way out.
    gone_ms: Option<u64>,
    /// A change, not a create, is what it is busy with.
    #[serde(default)]
    changed: bool,
    /// The reason for which it failed.
    #[serde(default)]
    pub(super) failed: Option<String>,
    /// The deployment that is under way and will not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) failing: Option<Failing>,
    /// The version that ran before the deployment that is under way, or was the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ran: Option<Ran>,
    /// The status that was set from outside.
    #[serde(default)]
    pub(super) set_status: Option<Status>,
}

/// A version of a service that ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ran {
    pub(super) inputs: Shared,
    pub(super) members: Value,
}

/// A deployment that will not succeed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Failing {
    /// The reason.
    pub(super) why: String,
    /// When that is decided, in sandbox milliseconds; never, where nothing watches over it.
    pub(super) fails_ms: Option<u64>,
    /// When what ran before is all that runs, where it is turned back.
    pub(super) back_ms: Option<u64>,
    /// The inputs and the members of what ran before.
    pub(super) inputs: Shared,
    pub(super) members: Value,
}

impl Object {
    pub(super) fn new(inputs: Value, outputs: Value, now: u64, takes: Duration) -> Self {
        Self {
            inputs: inputs.into(),
            outputs: outputs.into(),
            members: Value::Null,
            before: Value::Null,
            made_ms: now,
            ready_ms: after(now, takes),
            gone_ms: None,
            changed: false,
            failed: None,
            failing: None,
            ran: None,
            set_status: None,
        }
    }

    /// The inputs that a read gives back at `now`: those of before, once a deployment is turned back.
    pub(super) fn inputs_at(&self, now: u64) -> &Shared {
        match &self.failing {
            Some(failing) if failing.back_ms.is_some() && failing.fails_ms.is_some_and(|at| at <= now) => {
                &failing.inputs
            }
            _ => &self.inputs,
        }
    }

    /// Takes over what a deployment that was turned back left, before something else is done with it.
    pub(super) fn settle(&mut self, now: u64) {
        if let Some(failing) = self
            .failing
            .take()
            .filter(|f| f.back_ms.is_some() && f.fails_ms.is_some_and(|at| at <= now))
        {
            self.inputs = failing.inputs;
            self.members = failing.members;
        }
    }

    /// The members with which it works at `now`: those of before, as long as a change is under way; `None` when it does not work yet.
    pub(super) fn working(&self, now: u64) -> Option<&Value> {
        match (self.ready_ms > now, self.changed) {
            _ if self.leaving() => None,
            (false, _) => Some(&self.members),
            (true, true) => Some(&self.before),
            (true, false) => None,
        }
    }

    /// Makes it busy with a change from the members `before`.
    pub(super) fn busy(&mut self, now: u64, takes: Duration, before: Value) {
        // What it is busy with already has not come to work.
        if self.ready_ms <= now {
            self.before = before;
        }
        self.ready_ms = after(now, takes);
        self.changed = true;
    }

    /// `true` if a change is under way at `now`.
    pub(super) fn deploys(&self, now: u64) -> bool {
        self.changed && self.ready_ms > now
    }

    pub(super) fn leave(&mut self, now: u64, takes: Duration) {
        self.gone_ms
            .get_or_insert(now.saturating_add(crate::duration::millis(takes)));
    }

    pub(super) fn leaving(&self) -> bool {
        self.gone_ms.is_some()
    }

    pub(super) fn gone(&self, now: u64) -> bool {
        self.gone_ms.is_some_and(|at| at <= now)
    }

    /// The status at `now`, in the words of `states`.
    pub(super) fn status(&self, now: u64, states: States) -> Status {
        let pending = if self.changed {
            states.change.0
        } else {
            self.stage(now, states).map_or("", |stage| stage.word)
        };
        match (&self.set_status, &self.failed) {
            _ if self.leaving() => Status::Leaving(states.delete.0.into()),
            (Some(status), _) => status.clone(),
            _ if self.failing.is_some() => self.failing_status(now, pending),
            _ if self.ready_ms > now => Status::Pending(pending.into()),
            (None, Some(why)) => Status::Failed(why.clone()),
            (None, None) => Status::Ready,
        }
    }

    fn failing_status(&self, now: u64, pending: &str) -> Status {
        let Some(failing) = &self.failing else {
            return Status::Ready;
        };
        match (failing.fails_ms, failing.back_ms) {
            (_, Some(back)) if back <= now => Status::Ready,
            (Some(fails), _) if fails <= now => Status::Impaired(failing.why.clone()),
            _ => Status::Pending(pending.into()),
        }
    }

    /// The stage of its create at `now`.
    fn stage(&self, now: u64, states: States) -> Option<&'static Stage> {
        states.stage(now.saturating_sub(self.made_ms) / 1000)
    }

    /// The outputs that a read returns at `now`: `id` alone once it is known that the rest is of no use.
    pub(super) fn shown(&self, id: &str, now: u64, states: States) -> Value {
        match self.status(now, states) {
            Status::Leaving(_) | Status::Failed(_) => json!({ "id": id }),
            Status::Pending(_) if !self.changed => {
                let mut outputs = self.outputs.value();
                if let (Some(stage), Some(outputs)) = (self.stage(now, states), outputs.as_object_mut()) {
                    outputs.retain(|name, _| !stage.unshown.contains(&name.as_str()));
                }
                outputs
            }
            _ => self.outputs.value(),
        }
    }

    /// True if it is still being made at `now`.
    pub(super) fn unfinished(&self, now: u64) -> bool {
        !self.changed && self.ready_ms > now
    }

    /// The stack whose tags it carries.
    pub(super) fn stack(&self) -> Option<String> {
        Some(
            self.inputs
                .value()
                .get("tags")?
                .get(Owner::STACK)?
                .as_str()?
                .to_owned(),
        )
    }

    /// Every text in its members that may name another object.
    pub(super) fn mentions(&self) -> Vec<String> {
        let mut out = strings(&self.members);
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// The time at which something is ready that takes `takes` from `now`.
fn after(now: u64, takes: Duration) -> u64 {
    if takes.is_zero() {
        0
    } else {
        now.saturating_add(crate::duration::millis(takes))
    }
}
/// Every string in a value, tags apart.
fn strings(value: &Value) -> Vec<String> {
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

/// A call that somebody made on a resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Called {
    pub(super) at_ms: u64,
    pub(super) who: String,
    pub(super) operation: String,
}

/// A line of the sandbox's file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LogEntry {
    /// A resource as it is now.
    Put {
        kind: String,
        id: String,
        object: Box<Object>,
    },
    /// A resource that is gone.
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
    /// A request that Cloud Control accepted.
    Accepted { handle: String, request: Box<Accepted> },
    /// A name that is held until this time.
    Kept { kind: String, id: String, until_ms: u64 },
    /// Another resource was made of these inputs.
    Made { of: String },
    /// An event of a log group.
    Logged { group: String, event: LogEvent },
    /// A call that somebody made on a resource.
    Called {
        kind: String,
        id: String,
        called: Called,
    },
    /// An image whose containers do not come up.
    Broken { image: String, why: String },
    /// The sandbox's clock.
    Time { ms: u64 },
}
