//! The error of a subcommand.

use crate::database::{ConnectError, MigrateError};
use crate::serve::ListenError;
use crate::settings;
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
    /// The front end cannot be loaded.
    #[error(transparent)]
    Site(#[from] crate::web::SiteError),
    /// The local PostgreSQL could not be set up.
    #[error(transparent)]
    Local(#[from] crate::local::Error),
    /// The sample products could not be written.
    #[error("the seed could not be written; run `catalog migrate` first")]
    Seed(#[source] tokio_postgres::Error),
    /// The log filter is invalid.
    #[error("LOG: {filter:?} is not a log filter such as info or catalog=debug")]
    Filter {
        /// The filter that was set.
        filter: String,
    },
    /// The server that was checked is not healthy.
    #[error("{address} is not healthy: {reason}")]
    Unhealthy {
        /// The address.
        address: String,
        /// The server's answer, or the reason why there is none.
        reason: String,
    },
    /// The operating system refused a call that normally succeeds.
    #[error("{doing} failed")]
    System {
        /// The operation.
        doing: &'static str,
        /// The system's error.
        source: io::Error,
    },
}
