//! Application Auto Scaling: capacity that follows metrics.

mod metric;
mod scalable_target;
mod scaling_policy;
mod scheduled_action;
mod step_scaling_policy;

use crate::service::Service;
pub use metric::*;
pub use scalable_target::*;
pub use scaling_policy::*;
pub use scheduled_action::*;
pub use step_scaling_policy::*;

/// The facts about Application Auto Scaling.
pub const SERVICE: Service = Service {
    iam_prefix: "application-autoscaling",
    // Terraform retries on the same messages.
    not_yet: &[
        ("ValidationException", "ECS service doesn't exist"),
        ("ValidationException", "Unable to assume IAM role"),
    ],
    ..Service::new("appscaling")
};
