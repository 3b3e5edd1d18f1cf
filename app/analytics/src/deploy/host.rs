//! The steps on a host.

use super::Pointer;
use super::services::{ServiceError, Services};
use crate::archive::{FileError, Files};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// The releases that stay on a host beside the present one.
const KEPT: usize = 2;

/// A release that a host does not run. What ran before runs on.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// The releases cannot be read.
    #[error(transparent)]
    Files(#[from] FileError),
    /// There is no pointer, or it is none.
    #[error("the releases have no readable `current`; it is {{\"sha\":…,\"sha256\":…}}")]
    Pointer,
    /// The release's file does not exist.
    #[error("{0} is not among the releases; upload it before `current` names it")]
    Missing(String),
    /// The file is another one than the pointer says.
    #[error(
        "{key} has the SHA-256 {found} and not {wanted}; upload it again under the name of another release"
    )]
    Hash {
        /// The file.
        key: String,
        /// The hash in the pointer.
        wanted: String,
        /// The file's hash.
        found: String,
    },
    /// The file cannot be unpacked.
    #[error("{0} cannot be unpacked; it is a tar file, compressed with zstd, with the program `analytics`")]
    Unpack(String),
    /// The host's folder cannot be changed.
    #[error("cannot {doing} {}", path.display())]
    Folder {
        /// The operation, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The release does not take the host's settings.
    #[error("release {release} does not take the settings of {service}: {why}")]
    Settings {
        /// The release.
        release: String,
        /// The service.
        service: String,
        /// The release's message.
        why: String,
    },
    /// The release was not well, and the one before runs again.
    #[error("release {release} is not well, and {previous} runs again")]
    RolledBack {
        /// The release.
        release: String,
        /// The release before.
        previous: String,
        /// What was not well.
        source: ServiceError,
    },
    /// The release was not well, and there is none before, or it is not well either.
    #[error("release {release} is not well, and there is no way back: {why}")]
    Stuck {
        /// The release.
        release: String,
        /// Why there is none.
        why: String,
        /// What was not well.
        source: ServiceError,
    },
}

/// A host.
pub struct Host {
    /// The folder of the releases on the host, such as `/opt/analytics`.
    pub root: PathBuf,
    /// The services.
    pub services: Services,
    /// The file with the variables of the services, such as `/etc/analytics/fleet`.
    pub environment: Option<PathBuf>,
}

impl Host {
    /// Runs what `current` of `releases` names. Returns its name. It may be called again at any time: what is done stays.
    ///
    /// # Errors
    /// [`DeployError`]; the host runs what it ran before, unless it is [`DeployError::Stuck`].
    pub async fn deploy(&self, releases: &Files) -> Result<String, DeployError> {
        let pointer = releases.get("current").await?;
        let pointer = pointer
            .and_then(|text| Pointer::read(&text))
            .ok_or(DeployError::Pointer)?;
        let folder = self.root.join(&pointer.sha);
        if !folder.join("analytics").is_file() {
            self.unpack(releases, &pointer).await?;
        }
        let refused = self
            .services
            .refused(&folder.join("analytics"), self.environment.as_deref())
            .await;
        if let Some((service, why)) = refused {
            let release = pointer.sha;
            return Err(DeployError::Settings {
                release,
                service,
                why,
            });
        }
        self.remember(&pointer.sha)?;
        self.switch(&pointer.sha)?;
        if let Err(source) = self.services.restart(&pointer.sha).await {
            return Err(self.back(&pointer.sha, source).await);
        }
        self.clean(&pointer.sha);
        Ok(pointer.sha)
    }

    /// Fetches a release, compares its hash, and unpacks it beside its place, into which it is moved in one step.
    async fn unpack(&self, releases: &Files, pointer: &Pointer) -> Result<(), DeployError> {
        let key = pointer.key();
        let bytes = releases.get(&key).await?;
        let bytes = bytes.ok_or_else(|| DeployError::Missing(key.clone()))?;
        let found = hex::encode(Sha256::digest(&bytes));
        if found != pointer.sha256.to_ascii_lowercase() {
            let wanted = pointer.sha256.clone();
            return Err(DeployError::Hash { key, wanted, found });
        }
        let unpack = || DeployError::Unpack(key.clone());
        let plain = zstd::stream::decode_all(bytes.as_ref()).map_err(|_| unpack())?;
        let beside = self.root.join(format!("{}.new", pointer.sha));
        // Of a run that was interrupted.
        let _ = std::fs::remove_dir_all(&beside);
        std::fs::create_dir_all(&beside).map_err(folder("make the folder", &beside))?;
        let mut tar = Command::new("tar")
            .args(["--extract", "--no-same-owner", "--directory"])
            .arg(&beside)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(folder("start tar for", &beside))?;
        if let Some(mut stdin) = tar.stdin.take() {
            // A tar that does not take it says so with its status.
            let _ = stdin.write_all(&plain).await;
        }
        let status = tar.wait().await.map_err(folder("wait for tar in", &beside))?;
        if !status.success() || !beside.join("analytics").is_file() {
            return Err(unpack());
        }
        let place = self.root.join(&pointer.sha);
        let _ = std::fs::remove_dir_all(&place);
        std::fs::rename(&beside, &place).map_err(folder("move the release to", &place))
    }

    /// The release that the units start.
    pub fn present(&self) -> Option<String> {
        let link = std::fs::read_link(self.root.join("current")).ok()?;
        link.file_name()?.to_str().map(str::to_owned)
    }

    /// The release before, which is remembered on disk: a run that was interrupted after the switch must find it.
    fn remember(&self, next: &str) -> Result<(), DeployError> {
        match self.present() {
            Some(present) if present != next => {
                let path = self.root.join("previous");
                let beside = self.root.join("previous.new");
                std::fs::write(&beside, present).map_err(folder("write", &beside))?;
                std::fs::rename(&beside, &path).map_err(folder("write", &path))
            }
            _ => Ok(()),
        }
    }

    fn switch(&self, release: &str) -> Result<(), DeployError> {
        let (link, beside) = (self.root.join("current"), self.root.join("current.new"));
        let _ = std::fs::remove_file(&beside);
        std::os::unix::fs::symlink(release, &beside).map_err(folder("make the link", &beside))?;
        std::fs::rename(&beside, &link).map_err(folder("switch the link", &link))
    }

    async fn back(&self, release: &str, source: ServiceError) -> DeployError {
        let release = release.to_owned();
        let previous = std::fs::read_to_string(self.root.join("previous")).ok();
        let previous =
            previous.filter(|name| *name != release && self.root.join(name).join("analytics").is_file());
        let Some(previous) = previous else {
            let why = "no release ran before it".to_owned();
            return DeployError::Stuck { release, why, source };
        };
        if let Err(error) = self.switch(&previous) {
            let why = service::error::chain(&error);
            return DeployError::Stuck { release, why, source };
        }
        match self.services.restart(&previous).await {
            Ok(()) => DeployError::RolledBack {
                release,
                previous,
                source,
            },
            Err(error) => {
                let why = service::error::chain(&error);
                DeployError::Stuck { release, why, source }
            }
        }
    }

    /// Removes releases that are neither the present one nor one of the newest before it.
    fn clean(&self, present: &str) {
        let mut others: Vec<(std::time::SystemTime, PathBuf)> = std::fs::read_dir(&self.root)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name() != present && entry.path().join("analytics").is_file())
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        others.sort();
        others.reverse();
        for (_, path) in others.iter().skip(KEPT) {
            // What cannot be removed now is removed by the next release.
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

fn folder(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DeployError {
    let path = path.to_owned();
    move |source| DeployError::Folder { doing, path, source }
}
