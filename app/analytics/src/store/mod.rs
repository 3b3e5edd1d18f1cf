//! The hot store: MongoDB, by insert, find, delete and update of small collections alone, so that `DocumentDB` can be it too.
//!
//! An event is stored once: its identifier is the document's `_id`. The time of storing is stamped by [`Store::insert`],
//! because the tail of new events is read by it.

mod connect;
mod document;
mod events;
mod segments;
mod small;

pub use connect::{Error, Store};
pub use events::{Inserted, Summary, Who};
pub use segments::Segment;
pub use small::{Erasure, Rejected};
