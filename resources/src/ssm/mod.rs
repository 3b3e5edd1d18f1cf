//! Systems Manager: parameters.

mod parameter;

use crate::service::Service;
pub use parameter::*;

/// The facts about Systems Manager.
pub const SERVICE: Service = Service::new("ssm");
