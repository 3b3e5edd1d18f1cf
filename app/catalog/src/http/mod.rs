//! The parts of HTTP that the calls of the API share: envelopes and failures, conditional requests, the response cache,
//! authentication, rate limits and metrics.

pub mod body;
pub mod cache;
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
