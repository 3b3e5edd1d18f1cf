//! What all calls share, whatever they are about: the envelope, conditions, limits, who calls, what is measured and
//! logged. Nothing here knows what a product is.

pub mod answers;
pub mod body;
pub mod caller;
pub mod conditional;
mod envelope;
pub mod etag;
mod failure;
mod json;
pub mod limits;
pub mod metrics;
mod problem;
pub mod request_id;

pub use envelope::{Listing, PageInfo, Success, json};
pub use failure::{ConflictFailure, Failure, ImportFailure};
pub use json::json_bytes;
pub use problem::Problem;
