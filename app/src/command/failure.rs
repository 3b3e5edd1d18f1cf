//! The reasons why a subcommand did not do what it was to do.

use crate::database::{ConnectError, MigrateError};
use crate::serve::ListenError;
use crate::settings;
use std::io;

/// Why a subcommand did not do what it was to do. Each says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A setting is missing or wrong.
    #[error(transparent)]
    Settings(#[from] settings::Error),
    /// No connection to PostgreSQL.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The address cannot be listened on.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// There is no front end to serve.
    #[error(transparent)]
    Site(#[from] crate::web::SiteError),
    /// The local PostgreSQL could not be set up.
    #[error(transparent)]
    Local(#[from] crate::local::Error),
    /// The seed could not be written.
    #[error("the seed could not be written; run `catalog migrate` first")]
    Seed(#[source] tokio_postgres::Error),
    /// The log filter is not one.
    #[error("LOG: {filter:?} is not a log filter such as info or catalog=debug")]
    Filter {
        /// What was given.
        filter: String,
    },
    /// A server that was asked whether it is healthy is not.
    #[error("{address} is not healthy: {reason}")]
    Unhealthy {
        /// The address.
        address: String,
        /// What it said, if anything.
        reason: String,
    },
    /// The operating system refused something that it never should.
    #[error("{doing} failed")]
    System {
        /// What was being done.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
}
