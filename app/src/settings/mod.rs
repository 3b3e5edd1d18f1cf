//! What the catalogue reads from its environment: one type, and the same list as data.
//!
//! [`Settings`] is the only place where an environment variable is read; [`VARIABLES`] names every one of them with
//! its meaning, its default and whether it is a secret, so that whoever runs the catalogue (an infrastructure stack,
//! a compose file) can be held against it by a test. With `default-features = false` this module is all
//! that the package contains, and `serde_json` all that it depends on.
//!
//! It is not a configuration file format and it does not merge sources: the environment is the one source.

mod read;
mod types;
mod variables;

pub use read::Error;
pub use types::{
    AccessLog, Api, Database, LogFormat, Logs, Role, Secret, Settings, Shutdown, Tls, Token, Web,
};
pub use variables::{Presence, Reader, VARIABLES, Variable};
