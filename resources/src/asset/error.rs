//! Why the bytes of an asset cannot be had.

use std::{io, path::PathBuf};

/// Why the bytes of an asset cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssetError {
    /// A file or folder cannot be read.
    #[error("{} could not be read: {source}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The bytes are nowhere.
    #[error("the asset with the digest {sha256} is not here: {place}")]
    Missing {
        /// The digest that was planned.
        sha256: String,
        /// The places where it was looked for.
        place: String,
    },
    /// The bytes are not those that were planned.
    #[error("{what} changed after it was planned: its digest was {planned} and is {found}; plan again")]
    Changed {
        /// The file, the folder or the text.
        what: String,
        /// The digest that was planned.
        planned: String,
        /// The digest of what is there.
        found: String,
    },
    /// A file or folder is none that can be an asset.
    #[error("{} {why}", path.display())]
    Unfit {
        /// The path.
        path: PathBuf,
        /// The reason and the remedy, as the rest of a sentence.
        why: String,
    },
}

impl AssetError {
    pub(super) fn unreadable(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Unreadable {
            path: path.into(),
            source,
        }
    }

    pub(super) fn unfit(path: impl Into<PathBuf>, why: impl Into<String>) -> Self {
        Self::Unfit {
            path: path.into(),
            why: why.into(),
        }
    }
}
