//! Elastic Load Balancing v2: application load balancers.

mod action;
mod attribute;
mod condition;
mod listener;
mod listener_rule;
mod load_balancer;
mod log_bucket;
#[cfg(feature = "aws")]
mod read;
mod tagging;
mod target_group;

pub use action::*;
pub(crate) use attribute::Attribute;
pub use condition::*;
pub use listener::*;
pub use listener_rule::*;
pub use load_balancer::*;
pub use log_bucket::LogBucket;
#[cfg(feature = "aws")]
pub(crate) use tagging::tagged;
pub(crate) use tagging::{RETAG, retag};
pub use target_group::*;
