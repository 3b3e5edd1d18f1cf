//! The place of the bytes of an asset.

use super::{AssetError, Exclude, folder};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fmt::{self, Write as _},
    fs::File,
    io,
    path::Path,
};

/// The longest text that is an asset, in bytes.
pub const LONGEST_TEXT: usize = 64 * 1024;

/// The largest object that one call puts: 5 GB.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
const MOST_OF_A_FILE: u64 = 5 * 1024 * 1024 * 1024;

/// The place of an asset's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A file, by its path.
    File(String),
    /// A folder that becomes a zip.
    Zip {
        /// The path.
        folder: String,
        /// The patterns of what is left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exclude: Vec<String>,
    },
    /// The text itself.
    Text(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{path}"),
            Self::Zip { folder, .. } => write!(f, "{folder} (as a zip)"),
            Self::Text(_) => f.write_str("a text of the program"),
        }
    }
}

impl Source {
    /// The texts that it has.
    pub(crate) fn texts(&self) -> Vec<&String> {
        match self {
            Self::File(path) => vec![path],
            Self::Zip { folder, exclude } => [folder].into_iter().chain(exclude).collect(),
            Self::Text(_) => vec![],
        }
    }

    /// The same with its path taken from `base`, where it is relative.
    #[must_use]
    pub fn within(&self, base: &Path) -> Self {
        let at = |path: &String| base.join(path).to_string_lossy().into_owned();
        match self {
            Self::File(path) => Self::File(at(path)),
            Self::Zip { folder, exclude } => Self::Zip {
                folder: at(folder),
                exclude: exclude.clone(),
            },
            Self::Text(text) => Self::Text(text.clone()),
        }
    }

    /// The digest of what is there, and its size.
    pub(crate) fn digest(&self, base: &Path) -> Result<(String, u64), AssetError> {
        if let Self::File(path) = self {
            return digest_of_file(&base.join(path));
        }
        let bytes = self.bytes(base)?;
        Ok((sha256(&bytes), bytes.len() as u64))
    }

    /// The bytes.
    pub(crate) fn bytes(&self, base: &Path) -> Result<Vec<u8>, AssetError> {
        match self {
            Self::File(path) => {
                let path = base.join(path);
                std::fs::read(&path).map_err(|e| AssetError::unreadable(path, e))
            }
            Self::Zip { folder, exclude } => folder::zipped(&base.join(folder), &Exclude::new(exclude)?),
            Self::Text(text) if text.len() > LONGEST_TEXT => Err(AssetError::unfit(
                "a text",
                format!(
                    "of {} bytes stands in the program, and at most {LONGEST_TEXT} may: put it into a file",
                    text.len()
                ),
            )),
            Self::Text(text) => Ok(text.clone().into_bytes()),
        }
    }

    /// An error unless the digest is the planned one.
    pub(crate) fn expect(&self, planned: &str, found: &str) -> Result<(), AssetError> {
        if planned == found {
            return Ok(());
        }
        Err(AssetError::Changed {
            what: self.to_string(),
            planned: planned.to_owned(),
            found: found.to_owned(),
        })
    }
}

/// The SHA-256 of bytes in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The digest and the size of a file, which is read in pieces.
pub(super) fn digest_of_file(path: &Path) -> Result<(String, u64), AssetError> {
    let failed = |e| AssetError::unreadable(path, e);
    let mut file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(AssetError::unfit(
            path,
            "is no file: name one, or make a zip of the folder",
        ));
    }
    if about.len() > MOST_OF_A_FILE {
        return Err(AssetError::unfit(
            path,
            format!(
                "has {} bytes, and S3 takes at most 5 GiB in one call",
                about.len()
            ),
        ));
    }
    let mut hash = Hashing(Sha256::new());
    let size = io::copy(&mut file, &mut hash).map_err(failed)?;
    Ok((hex(&hash.0.finalize()), size))
}

struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
