//! The programs of this machine that `catalog up` and the tests use: a PostgreSQL, which is found or fetched and runs
//! with a data folder of its own, and npm, which builds the front end.

mod account;
mod cluster;
mod error;
mod fetch;
mod front_end;
mod installation;
mod say;

pub use account::data_folder;
pub use cluster::Cluster;
pub use error::Error;
pub use front_end::build as build_front_end;
pub use installation::Installation;
pub(crate) use say::say;
