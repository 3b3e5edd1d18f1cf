//! Route 53: DNS zones and their records.

mod record;
#[cfg(feature = "aws")]
mod record_sdk;
mod routing;
#[cfg(any(feature = "aws", test))]
mod text;
mod values;
mod zone;

use crate::service::Service;
pub use record::*;
#[cfg(feature = "aws")]
pub(crate) use record_sdk::has_record;
pub use routing::*;
pub use zone::*;

/// The facts about Route 53.
pub const SERVICE: Service = Service::new("route53");
