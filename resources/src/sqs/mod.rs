//! Simple Queue Service: queues of messages.

mod attributes;
mod queue;
#[cfg(feature = "aws")]
mod queue_sdk;

use crate::service::Service;
pub use attributes::*;
pub use queue::*;

/// The facts about SQS.
pub const SERVICE: Service = Service::new("sqs");
