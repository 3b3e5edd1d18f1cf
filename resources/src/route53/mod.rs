//! Route 53: DNS zones and their records.

mod record;
#[cfg(any(feature = "aws", test))]
mod text;
mod zone;

pub use record::*;
pub use zone::*;
