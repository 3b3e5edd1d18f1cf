//! The environment variables of the platform: a type with their values, and a list that describes them.
//!
//! [`Settings`] is the only place where an environment variable is read; [`VARIABLES`] names every one of them, so that a
//! test can compare what a stack tells its fleets with it. With `default-features = false` the package is this module alone.

mod read;
mod types;
mod variables;

pub use service::settings::{
    AccessLog, Edge, Error, LogFormat, Logs, Presence, Role, Secret, Shutdown, Token, Variable,
};
pub use types::{Batch, Collect, Engine, Mongo, Queue, Settings, Site, Web, Work};
pub use variables::{Reader, VARIABLES};
