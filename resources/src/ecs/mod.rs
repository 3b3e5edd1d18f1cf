//! Elastic Container Service: clusters, task definitions, services.

mod blue_green;
mod capacity;
mod cluster;
mod container;
#[cfg(feature = "aws")]
mod container_sdk;
mod firelens;
mod service;
#[cfg(feature = "aws")]
mod service_sdk;
#[cfg(feature = "aws")]
mod stopped;
mod task_definition;
mod task_definition_rules;
#[cfg(feature = "aws")]
mod task_definition_sdk;
mod volume;

pub use blue_green::{AdvancedConfiguration, DeploymentStrategy};
pub use capacity::*;
pub use cluster::*;
pub use container::*;
pub use firelens::*;
pub use service::*;
pub use task_definition::*;
pub use volume::*;

/// The facts about Elastic Container Service.
pub const SERVICE: crate::service::Service = crate::service::Service {
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html; Terraform retries on the same messages.
    not_yet: &[
        ("ClusterNotFoundException", ""),
        ("InvalidParameterException", "verify that the ECS service role"),
        (
            "InvalidParameterException",
            "does not have an associated load balancer",
        ),
        (
            "InvalidParameterException",
            "Unable to assume the service linked role",
        ),
        ("ClientException", "Unable to assume role"),
    ],
    ..crate::service::Service::new("ecs")
};
