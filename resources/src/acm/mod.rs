//! AWS Certificate Manager: certificates for HTTPS.

mod certificate;
mod validation;

pub use certificate::*;
pub use validation::*;
