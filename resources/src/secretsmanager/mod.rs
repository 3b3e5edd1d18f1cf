//! Secrets Manager: secrets that services read when they need them.

mod secret;

pub use secret::*;
