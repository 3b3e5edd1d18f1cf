//! Relational Database Service: database instances, parameter groups and subnet groups.

mod db_instance;
mod db_instance_rules;
#[cfg(feature = "aws")]
mod db_instance_sdk;
mod db_parameter_group;
mod db_subnet_group;
#[cfg(feature = "aws")]
mod tagging;

pub use db_instance::*;
pub use db_parameter_group::*;
pub use db_subnet_group::*;
