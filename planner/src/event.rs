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
        /// The number that was read.
        done: usize,
        /// The number there is.
        total: usize,
    },
    /// A call that an earlier run left open was settled.
    Settled {
        /// The address.
        address: String,
        /// The call, `ec2:CreateVpc`.
        call: String,
        /// The finding, as a phrase: `it was made: vpc-…`.
        found: String,
    },
    /// Apply begins.
    Started {
        /// The number of calls, waits included.
        calls: usize,
    },
    /// A call, or a wait, begins.
    Begun {
        /// The index of the call in the plan.
        call: usize,
        /// The address.
        address: String,
        /// `ec2:CreateVpc`.
        title: String,
    },
    /// A call is tried again.
    Retrying {
        /// The index of the call in the plan.
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
        /// The index of the call in the plan.
        call: usize,
        /// The address.
        address: String,
        /// AWS's word.
        status: String,
    },
    /// A call, or a wait, is done.
    Done {
        /// The index of the call in the plan.
        call: usize,
        /// The address.
        address: String,
        /// `ec2:CreateVpc`.
        title: String,
        /// The resource's id, when the call gave it.
        id: Option<String>,
        /// The time it took, in milliseconds.
        ms: u64,
    },
    /// A call failed for good; what depends on it is left out.
    Failed {
        /// The index of the call in the plan.
        call: usize,
        /// The address.
        address: String,
        /// `ec2:CreateVpc`.
        title: String,
        /// The reason, and what to do.
        why: String,
        /// The number of calls that are left out because of it.
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
    /// The credentials work again.
    Resumed,
    /// Apply ended.
    Finished {
        /// Calls that were done.
        done: usize,
        /// Calls that failed.
        failed: usize,
        /// Calls that were not begun.
        left: usize,
        /// The time it took, in milliseconds.
        ms: u64,
    },
}

/// The receiver of events. Many tasks call it, so it must not block for long.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// A sink that drops everything.
pub fn quiet() -> Sink {
    Arc::new(|_| {})
}
