//! The places where assets are looked for when a plan is applied.

use super::{AssetError, Source, source::digest_of_file};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The folder beside a declaration or a plan that has its assets, each under its digest.
pub const EXPORTED: &str = "assets";

/// The places where assets are looked for: folders that have them under their digests, then where the program found them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    /// The folder that paths are relative to: the program's.
    pub base: PathBuf,
    /// Folders with assets under their digests.
    pub folders: Vec<PathBuf>,
}

impl Shelf {
    /// The place of an asset, after its bytes were read and had the digest `sha256`.
    ///
    /// # Errors
    /// The bytes are nowhere, or are others.
    pub fn find(&self, sha256: &str, source: Option<&Source>) -> Result<Source, AssetError> {
        // A digest from a stranger's document is no path.
        let is_digest = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        let folders = self.folders.iter().filter(|_| is_digest);
        for path in folders.map(|folder| folder.join(sha256)) {
            if path.is_file() {
                let found = Source::File(path.to_string_lossy().into_owned());
                found.expect(sha256, &digest_of_file(&path)?.0)?;
                return Ok(found);
            }
        }
        let Some(source) = source else {
            return Err(self.missing(sha256, None));
        };
        match source.digest(&self.base) {
            Ok((found, _)) => source.expect(sha256, &found)?,
            Err(AssetError::Unreadable { path, source }) if source.kind() == std::io::ErrorKind::NotFound => {
                return Err(self.missing(sha256, Some(&path)));
            }
            Err(error) => return Err(error),
        }
        Ok(source.within(&self.base))
    }

    fn missing(&self, sha256: &str, path: Option<&Path>) -> AssetError {
        let folders = self.folders.iter().map(|folder| folder.join(sha256));
        let places: Vec<_> = path
            .map(Path::to_owned)
            .into_iter()
            .chain(folders)
            .map(|path| format!("{} is not there", path.display()))
            .collect();
        AssetError::Missing {
            sha256: sha256.to_owned(),
            place: places.join(", and "),
        }
    }

    /// Writes assets into `folder`, each under its digest. Returns how many there are.
    ///
    /// # Errors
    /// One cannot be read or written, or is not what it was.
    pub fn export(&self, assets: &BTreeMap<String, Source>, folder: &Path) -> Result<usize, AssetError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |e| AssetError::unreadable(path, e)
        };
        if !assets.is_empty() {
            std::fs::create_dir_all(folder).map_err(failed(folder))?;
        }
        for (sha256, source) in assets {
            let path = folder.join(sha256);
            // Copied and not moved into place: a run that is cut off leaves bytes with another digest, which the next one writes again.
            match self.find(sha256, Some(source))? {
                Source::File(from) if Path::new(&from) == path => {}
                Source::File(from) => {
                    std::fs::copy(&from, &path).map_err(failed(&path))?;
                }
                made => std::fs::write(&path, made.bytes(Path::new(""))?).map_err(failed(&path))?,
            }
        }
        Ok(assets.len())
    }
}
