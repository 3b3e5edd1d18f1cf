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
mod tagging;
mod task_definition;

pub use capacity::*;
pub use cluster::*;
pub use container::*;
pub use service::*;
pub(crate) use tagging::{RETAG, retag};
pub use task_definition::*;
