//! Relational Database Service: databases, their parameters, and where they stand.

mod db_instance;
mod db_instance_calls;
#[cfg(feature = "aws")]
mod db_instance_sdk;
mod db_parameter_group;
mod db_subnet_group;
mod tagging;

pub use db_instance::*;
pub use db_parameter_group::*;
pub use db_subnet_group::*;
#[cfg(feature = "aws")]
pub(crate) use tagging::tags_of;
pub(crate) use tagging::{RETAG, retag};
