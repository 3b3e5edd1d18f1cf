//! What the catalogue adds to the parts of HTTP that services share: the response cache, and the failures of writes and
//! imports.

pub mod cache;
mod failure;
mod flights;
pub(crate) mod idempotency;
mod problem;

pub use failure::{ConflictFailure, ImportFailure};
