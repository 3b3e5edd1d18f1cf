//! The search for an installed PostgreSQL: `APP_PG_BIN`, then `PATH`, then the folders of packages, then npm's.

use super::error::Error;
use super::{fetch, server_account};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A PostgreSQL on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The folder with `initdb` and `postgres`.
    pub bin: PathBuf,
    /// The output of `postgres --version`, for example `postgres (PostgreSQL) 15.18`.
    pub version: String,
}

impl Installation {
    /// The installation whose programs are in `bin`, if they run for the account that PostgreSQL will run as.
    pub fn at(bin: &Path) -> Option<Self> {
        if !bin.join("initdb").is_file() {
            return None;
        }
        let mut command = Command::new(bin.join("postgres"));
        command
            .arg("--version")
            .current_dir("/")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        if let Some(account) = server_account().ok()? {
            command.uid(account.uid).gid(account.gid);
        }
        let output = command.output().ok().filter(|output| output.status.success())?;
        let version = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        Some(Self {
            bin: bin.to_owned(),
            version,
        })
    }

    /// The major version, for example `15`; clusters of different versions cannot share a folder.
    pub fn major(&self) -> &str {
        let number = self
            .version
            .split(' ')
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        number
            .and_then(|number| number.split(|c: char| !c.is_ascii_digit()).next())
            .unwrap_or("unknown")
    }

    /// Finds the installation that `APP_PG_BIN` names, or the first one of this machine.
    ///
    /// # Errors
    /// [`Error::WrongBin`] when `APP_PG_BIN` names a folder without a PostgreSQL that runs.
    pub fn find(data: &Path) -> Result<Option<Self>, Error> {
        if let Some(path) = std::env::var_os("APP_PG_BIN").filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            fetch::link_libraries(&path)?;
            return Self::at(&path).map(Some).ok_or(Error::WrongBin { path });
        }
        for bin in candidates(data) {
            if bin.join("initdb").is_file() {
                fetch::link_libraries(&bin)?;
                if let Some(found) = Self::at(&bin) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// Finds an installation, or downloads one with npm.
    ///
    /// # Errors
    /// The errors of [`Installation::find`]; [`Error`] when npm is missing or fails, or the download does not run.
    pub fn find_or_fetch(data: &Path) -> Result<Self, Error> {
        if let Some(found) = Self::find(data)? {
            return Ok(found);
        }
        let bin = fetch::fetch(data)?;
        Self::at(&bin).ok_or(Error::NoPostgres)
    }
}

fn candidates(data: &Path) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut bins: Vec<PathBuf> = std::env::split_paths(&path).collect();
    for (folder, inner) in [
        ("/usr/lib/postgresql", "bin"),
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
        ("/usr/local", "pgsql/bin"),
    ] {
        let mut found = children(Path::new(folder));
        found.retain(|child| {
            folder == "/usr/lib/postgresql" || child.to_string_lossy().contains("postgresql")
        });
        // The newest first; the names end in their version.
        found.sort_by_key(|child| {
            let name = child
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let number = name.trim_start_matches(|c: char| !c.is_ascii_digit());
            std::cmp::Reverse(number.parse::<u32>().unwrap_or(0))
        });
        bins.extend(found.into_iter().map(|child| child.join(inner)));
    }
    for modules in ["node_modules", "app/web/node_modules", "app/catalog/node_modules"] {
        bins.extend(fetch::npm_bins(Path::new(modules)));
    }
    bins.extend(fetch::npm_bins(&data.join("npm/node_modules")));
    bins
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
