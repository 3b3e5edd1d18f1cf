//! The event analytics platform: a collector, a queue, a consumer, an archive, and the API of its figures.
//!
//! The binary `analytics` only parses arguments and calls this library. Dependencies between the modules run in one
//! direction: `command`, then the processes, then `queue`, `store` and `archive`, then `engine` and `event`.

pub mod settings;

#[cfg(feature = "server")]
pub mod archive;
#[cfg(feature = "server")]
mod client;
#[cfg(feature = "server")]
pub mod collect;
#[cfg(feature = "server")]
pub mod command;
#[cfg(feature = "server")]
pub mod consume;
#[cfg(feature = "server")]
pub mod demo;
#[cfg(feature = "server")]
pub mod deploy;
#[cfg(feature = "server")]
pub mod engine;
#[cfg(feature = "server")]
pub mod event;
#[cfg(feature = "server")]
pub mod load;
#[cfg(feature = "server")]
pub mod query;
#[cfg(feature = "server")]
pub mod queue;
#[cfg(feature = "server")]
pub mod store;
