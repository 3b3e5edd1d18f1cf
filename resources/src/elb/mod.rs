//! Elastic Load Balancing v2: application load balancers.

mod action;
#[cfg(feature = "aws")]
mod action_sdk;
mod condition;
mod listener;
mod listener_rule;
mod load_balancer;
#[cfg(feature = "aws")]
mod load_balancer_sdk;
mod log_bucket;
#[cfg(feature = "aws")]
mod read;
mod stickiness;
mod tagging;
mod target_attachment;
mod target_group;
#[cfg(feature = "aws")]
mod target_group_sdk;

use crate::service::Service;
pub use action::*;
pub use condition::*;
pub use listener::*;
pub use listener_rule::*;
pub use load_balancer::*;
pub use log_bucket::LogBucket;
pub use stickiness::Stickiness;
#[cfg(feature = "aws")]
use tagging::tagged;
pub(crate) use tagging::{AddTags, RemoveTags, retag};
pub use target_attachment::*;
pub use target_group::*;

/// The facts about Elastic Load Balancing.
pub const SERVICE: Service = Service {
    iam_prefix: "elasticloadbalancing",
    ..Service::new("elb")
};
