//! Key Management Service: keys that never leave it.

mod alias;
mod key;

pub use alias::*;
pub use key::*;
