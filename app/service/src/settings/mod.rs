//! Environment variables: a list that describes them, the reader that takes its defaults from that list, and the types of
//! the settings that every service has.
//!
//! A service declares its variables as a `&'static [Variable<R>]`, where `R` is its own enum of processes, and reads them
//! through a [`Source`]. There is no configuration file: the environment is the only source of settings.

mod read;
mod types;
mod variable;

pub use read::{Error, Source};
pub use types::{AccessLog, Edge, LogFormat, Logs, Role, Secret, Shutdown, Token, Traces};
pub use variable::{Presence, Variable, secret, table, variable};
