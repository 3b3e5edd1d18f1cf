//! Key Management Service: keys and their aliases.

mod alias;
mod key;

pub use alias::*;
pub use key::*;
