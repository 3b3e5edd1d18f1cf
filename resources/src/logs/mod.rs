//! CloudWatch Logs: where log lines are kept.

mod log_group;

use crate::service::Service;
pub use log_group::*;

/// The facts about CloudWatch Logs.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency: of the role that delivers.
    not_yet: &[("InvalidParameterException", "Could not deliver test message")],
    ..Service::new("logs")
};
