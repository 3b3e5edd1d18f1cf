//! The local PostgreSQL of `catalog up` and of the tests, which is found or downloaded and runs with its own data folder,
//! and the build of the front end with npm.
//!
//! The PostgreSQL is managed here because `postgresql_embedded` downloads the server from GitHub, at build or at run time
//! (<https://docs.rs/postgresql_embedded>); the package in the npm registry also serves a machine that reaches package
//! registries only.

mod account;
mod cluster;
mod error;
mod fetch;
mod front_end;
mod installation;
mod progress;

pub use account::data_folder;
pub use cluster::Cluster;
pub use error::Error;
pub use front_end::build as build_front_end;
pub use installation::Installation;
pub(crate) use progress::report;
