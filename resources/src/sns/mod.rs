//! Simple Notification Service: messages to many.

mod attribute;
mod subscription;
mod topic;
mod topic_policy;

pub(crate) use attribute::Attribute;
pub use subscription::*;
pub use topic::*;
pub use topic_policy::*;
