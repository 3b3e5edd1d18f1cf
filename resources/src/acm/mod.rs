//! AWS Certificate Manager: certificates for HTTPS.

mod certificate;
mod validation;

use crate::service::Service;
pub use certificate::*;
pub use validation::*;

/// The facts about AWS Certificate Manager.
pub const SERVICE: Service = Service::new("acm");
