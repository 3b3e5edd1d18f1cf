//! The collector: posts become messages of the queue. A post is answered with 202 only after the queue has it.

mod batch;
mod origin;
mod rejects;
mod routes;
mod visitor;

pub use batch::{Batcher, Full};
pub use routes::{App, Counters, router};
