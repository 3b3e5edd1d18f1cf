//! The parts of HTTP that the calls of a service share: envelopes and failures, conditional requests, callers, rate limits,
//! metrics, the layers around every call, and the page of its documentation.

pub mod body;
pub mod caller;
pub mod conditional;
pub mod docs;
pub mod edge;
mod envelope;
pub mod etag;
mod failure;
mod field;
mod health;
pub mod host;
mod json;
pub mod limits;
mod log;
pub mod metrics;
#[cfg(feature = "postgres")]
mod postgres;
mod problem;
mod process;
pub mod request_id;
mod role;
pub mod session;
mod upload;

pub use body::Object;
pub use edge::Edge;
pub use envelope::{Listing, PageInfo, Success, json};
pub use failure::Failure;
pub use field::{FieldError, FieldErrors};
pub use health::Health;
pub use json::json_bytes;
pub use metrics::Metrics;
pub use problem::Problem;
