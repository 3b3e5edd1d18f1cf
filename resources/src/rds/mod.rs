//! Relational Database Service: database instances, parameter groups and subnet groups.

mod db_instance;
mod db_instance_rules;
#[cfg(feature = "aws")]
mod db_instance_sdk;
mod db_parameter_group;
mod db_subnet_group;
#[cfg(feature = "aws")]
mod tagging;

use crate::service::Service;
pub use db_instance::*;
pub use db_parameter_group::*;
pub use db_subnet_group::*;

/// The facts about RDS.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html; Terraform retries on the same messages.
    not_yet: &[
        (
            "InvalidParameterValue",
            "IAM role ARN value is invalid or does not include the required permissions",
        ),
        ("InvalidDBInstanceState", "your request later"),
    ],
    ..Service::new("rds")
};
