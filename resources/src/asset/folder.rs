//! A folder as a zip: the same bytes for the same files.

use super::AssetError;
use glob::{MatchOptions, Pattern};
use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
};
use walkdir::WalkDir;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// The most files of a zip: what its directory can count.
pub const MOST_FILES: usize = 65_535;

/// The most bytes of the files of a zip, which is made in memory: 1 GiB.
pub const MOST_BYTES: u64 = 1024 * 1024 * 1024;

/// Patterns of what is left out of a zip.
#[derive(Clone, Debug, Default)]
pub struct Exclude(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    pattern: Pattern,
    /// The pattern is of a name, at any depth.
    name: bool,
    /// The pattern is of folders alone.
    folders: bool,
}

impl Exclude {
    /// Reads patterns, as in a `.gitignore`.
    ///
    /// # Errors
    /// One is no pattern.
    pub fn new(patterns: &[String]) -> Result<Self, AssetError> {
        let rule = |text: &String| {
            let bare = text.trim_end_matches('/');
            let pattern = Pattern::new(bare.trim_start_matches('/'));
            let pattern = pattern.map_err(|e| AssetError::unfit(text, format!("is no pattern: {e}")))?;
            Ok(Rule {
                pattern,
                name: !bare.contains('/'),
                folders: bare.len() < text.len(),
            })
        };
        patterns.iter().map(rule).collect::<Result<_, _>>().map(Self)
    }

    /// `true` if the file or folder at `path`, relative to the folder that becomes a zip, is left out.
    pub fn matches(&self, path: &str, is_folder: bool) -> bool {
        let options = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::new()
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        self.0.iter().any(|rule| {
            let text = if rule.name { name } else { path };
            (is_folder || !rule.folders) && rule.pattern.matches_with(text, options)
        })
    }
}

/// A file of a folder.
struct Entry {
    /// The path within the folder, with `/` between its parts.
    name: String,
    path: PathBuf,
    executable: bool,
}

/// The zip of a folder.
pub(super) fn zipped(folder: &Path, exclude: &Exclude) -> Result<Vec<u8>, AssetError> {
    let entries = entries(folder, exclude)?;
    if entries.is_empty() {
        return Err(AssetError::unfit(folder, "has no files for a zip"));
    }
    if entries.len() > MOST_FILES {
        let why = format!(
            "has {} files, and a zip takes {MOST_FILES}: exclude some",
            entries.len()
        );
        return Err(AssetError::unfit(folder, why));
    }
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    let mut bytes = 0_u64;
    for entry in entries {
        let read = fs::read(&entry.path).map_err(|e| AssetError::unreadable(&entry.path, e))?;
        bytes += read.len() as u64;
        if bytes > MOST_BYTES {
            let why = "has more than 1 GiB for a zip: exclude what is not needed";
            return Err(AssetError::unfit(folder, why));
        }
        // Not compressed: another version of a compressor makes other bytes of the same files.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .system(zip::System::Unix)
            .unix_permissions(if entry.executable { 0o755 } else { 0o644 });
        let failed = |e: std::io::Error| AssetError::unreadable(&entry.path, e);
        zip.start_file(entry.name.as_str(), options)
            .map_err(|e| failed(e.into()))?;
        zip.write_all(&read).map_err(failed)?;
    }
    let written = zip
        .finish()
        .map_err(|e| AssetError::unreadable(folder, e.into()))?;
    Ok(written.into_inner())
}

/// The files of a folder, each by its path within it.
pub(super) fn files(folder: &Path, exclude: &Exclude) -> Result<Vec<(String, PathBuf)>, AssetError> {
    let entries = entries(folder, exclude)?.into_iter();
    Ok(entries.map(|entry| (entry.name, entry.path)).collect())
}

/// The files of a folder, sorted by their paths.
fn entries(folder: &Path, exclude: &Exclude) -> Result<Vec<Entry>, AssetError> {
    let about = fs::metadata(folder).map_err(|e| AssetError::unreadable(folder, e))?;
    if !about.is_dir() {
        return Err(AssetError::unfit(folder, "is no folder"));
    }
    let name = |path: &Path| {
        let inside = path.strip_prefix(folder).unwrap_or(path);
        let parts: Option<Vec<_>> = inside.iter().map(|part| part.to_str()).collect();
        parts.map(|parts| parts.join("/"))
    };
    let mut out = vec![];
    let kept = |entry: &walkdir::DirEntry| {
        let inside = entry.depth() > 0;
        !inside || name(entry.path()).is_none_or(|name| !exclude.matches(&name, entry.file_type().is_dir()))
    };
    for entry in WalkDir::new(folder).into_iter().filter_entry(kept) {
        let entry = entry.map_err(|e| {
            let path = e.path().unwrap_or(folder).to_owned();
            AssetError::unreadable(path, e.into())
        })?;
        let path = entry.path().to_owned();
        let kind = entry.file_type();
        if kind.is_dir() {
            continue;
        }
        if !kind.is_file() {
            let why = "is a symbolic link or no file, which is not taken: exclude it, or put a file there";
            return Err(AssetError::unfit(path, why));
        }
        let Some(name) = name(&path) else {
            return Err(AssetError::unfit(path, "has a name that is no text (UTF-8)"));
        };
        let about = entry
            .metadata()
            .map_err(|e| AssetError::unreadable(&path, e.into()))?;
        out.push(Entry {
            executable: is_executable(&about),
            name,
            path,
        });
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

#[cfg(unix)]
fn is_executable(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}
