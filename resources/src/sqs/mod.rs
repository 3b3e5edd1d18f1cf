//! Simple Queue Service: queues of messages.

mod attributes;
mod queue;
#[cfg(feature = "aws")]
mod queue_sdk;

pub use attributes::*;
pub use queue::*;
