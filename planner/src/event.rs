//! Everything that the executor says. The terminal, the JSON log and the tests are consumers of it, and see nothing
//! else.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Something that happened during refresh, recovery or apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Reading what exists: `done` of `total` resources.
    Refreshing {
        /// How many were read.
        done: usize,
        /// How many there are.
        total: usize,
    },
    /// A call that an earlier run left open was settled.
    Settled {
        /// The address.
        address: String,
        /// The call, `ec2:CreateVpc`.
        call: String,
        /// What was found, as a phrase: `it was made: vpc-…`.
        found: String,
    },
    /// Apply begins.
    Started {
        /// How many calls, waits included.
        calls: usize,
    },
    /// A call, or a wait, begins.
    Begun {
        /// Its place in the plan.
        call: usize,
        /// The address.
        address: String,
        /// `ec2:CreateVpc`.
        title: String,
    },
    /// A call is tried again.
    Retrying {
        /// Its place in the plan.
        call: usize,
        /// The address.
        address: String,
        /// Why: AWS's code and message.
        why: String,
        /// After how long, in milliseconds.
        after_ms: u64,
    },
    /// A wait goes on; AWS's word for where the resource is.
    Waiting {
        /// Its place in the plan.
        call: usize,
        /// The address.
        address: String,
        /// AWS's word.
        status: String,
    },
    /// A call, or a wait, is done.
    Done {
        /// Its place in the plan.
        call: usize,
        /// The address.
        address: String,
        /// `ec2:CreateVpc`.
        title: String,
        /// The resource's id, when the call gave it.
        id: Option<String>,
        /// How long it took, in milliseconds.
        ms: u64,
    },
    /// A call failed for good; what depends on it is left out.
    Failed {
        /// Its place in the plan.
        call: usize,
        /// The address.
        address: String,
        /// `ec2:CreateVpc`.
        title: String,
        /// What happened and what to do.
        why: String,
        /// How many calls are left out because of it.
        skipped: usize,
    },
    /// No new calls are made: somebody asked to stop. What is in flight is awaited.
    Stopping {
        /// `ec2:CreateVpc of network/vpc`, one for each call in flight.
        in_flight: Vec<String>,
    },
    /// Credentials have expired; apply waits until they are renewed.
    Paused {
        /// AWS's message.
        why: String,
    },
    /// They work again.
    Resumed,
    /// Apply ended.
    Finished {
        /// Calls that were done.
        done: usize,
        /// Calls that failed.
        failed: usize,
        /// Calls that were not begun.
        left: usize,
        /// How long it took, in milliseconds.
        ms: u64,
    },
}

/// Where events go. Called from many tasks; it must not block for long.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// A sink that drops everything.
pub fn quiet() -> Sink {
    Arc::new(|_| {})
}
