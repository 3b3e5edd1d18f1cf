//! Elastic Container Service: clusters, task definitions, services.

mod capacity;
mod cluster;
mod container;
#[cfg(feature = "aws")]
mod container_sdk;
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

pub use capacity::*;
pub use cluster::*;
pub use container::*;
pub use service::*;
pub use task_definition::*;
pub use volume::*;
