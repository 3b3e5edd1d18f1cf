//! The errors of local programs and files.

use std::io;
use std::path::PathBuf;

/// A local program or file that could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
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
    /// The front end must be built, and npm is not on this machine.
    #[error("there is no npm to build the front end in {} with; install Node.js 20.19 or newer", folder.display())]
    NoNpm {
        /// The folder of the npm package.
        folder: PathBuf,
    },
    /// The folder of the data belongs to a process that runs.
    #[error("process {process} uses {}; stop it, or choose another folder", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The process, as it wrote its id into the folder.
        process: String,
    },
    /// Root cannot run the data store, and there is no other account.
    #[error("{program} does not run as root, and there is no account {} to run it as", accounts.join(" or "))]
    NoAccount {
        /// The program.
        program: &'static str,
        /// The accounts that were looked for.
        accounts: Vec<&'static str>,
    },
}

impl Error {
    /// The error of a file or folder, for `map_err`.
    pub fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }
}
