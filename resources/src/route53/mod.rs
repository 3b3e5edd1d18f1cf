//! Route 53: DNS zones and their records.

mod record;
mod routing;
#[cfg(any(feature = "aws", test))]
mod text;
mod values;
mod zone;

use crate::service::Service;
pub use record::*;
pub use routing::*;
pub use zone::*;

/// The facts about Route 53.
pub const SERVICE: Service = Service::new("route53");
