//! The environment variables of the catalogue: a type with their values, and a list that describes them.
//!
//! [`Settings`] is the only place where an environment variable is read; [`VARIABLES`] names every one of them with
//! its meaning, its default and whether it is a secret, so that a test can compare the definition of a deployment (an
//! infrastructure stack, a compose file) with it. With `default-features = false` the package contains this module
//! alone and depends on `serde_json` alone.
//!
//! There is no configuration file: the environment is the only source of settings.

pub mod figures;
mod read;
mod types;
mod variables;

pub use service::settings::{
    AccessLog, Error, LogFormat, Logs, Presence, Role, Secret, Shutdown, Token, Variable,
};
pub use types::{Analytics, Api, Database, Settings, Shop, Tls, Web};
pub use variables::{Reader, VARIABLES};
