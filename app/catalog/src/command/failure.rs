//! The error of a subcommand.

use crate::database::{ConnectError, MigrateError};
use crate::settings;
use service::check::Unhealthy;
use service::logs::FilterError;
use service::serve::ListenError;
use service::site::SiteError;
use std::io;

/// A subcommand that failed. The message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A setting is missing or invalid.
    #[error(transparent)]
    Settings(#[from] settings::Error),
    /// PostgreSQL cannot be connected to.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A migration failed.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The address cannot be listened on.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The port of `up` is taken.
    #[error(
        "port {port} is taken, perhaps by another `catalog up`; stop that one, or choose another with --port"
    )]
    Port {
        /// The port.
        port: u16,
    },
    /// The front end must be built, and there is no npm.
    #[error("{0}, or leave the front end out with --without-front-end")]
    NoNpm(service::up::Error),
    /// The data folder belongs to another `up`.
    #[error("another `catalog up` runs on this data: {0} with --data")]
    InUse(service::up::Error),
    /// The front end cannot be loaded.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// A local program or file could not be used.
    #[error(transparent)]
    Up(#[from] service::up::Error),
    /// The local PostgreSQL could not be set up.
    #[error(transparent)]
    Local(#[from] crate::local::Error),
    /// The sample products could not be written.
    #[error("the seed could not be written; run `catalog migrate` first")]
    Seed(#[source] tokio_postgres::Error),
    /// The log filter is invalid.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// Spans cannot be sent.
    #[error(transparent)]
    Traces(#[from] service::trace::Error),
    /// The server that was checked is not healthy.
    #[error(transparent)]
    Unhealthy(#[from] Unhealthy),
    /// The operating system refused a call that normally succeeds.
    #[error("{doing} failed")]
    System {
        /// The operation.
        doing: &'static str,
        /// The system's error.
        source: io::Error,
    },
}
