//! The newest version of each state that this machine has seen, kept outside of the state's storage.
//!
//! Whoever may write the storage can put an older copy of everything in it back, encrypted or not: each part fits the
//! others. Only somebody who remembers can tell. So the lineage and serial of an encrypted state are written down on the
//! machine that used it, and a state that is behind them, another or gone is refused.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    backend::{Backend, Backup, Journal, LeaseStatus, Stored},
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef, random_hex},
    record::Identity,
    snapshot::Snapshot,
};

/// A backend whose state may not fall behind what this machine has seen of it.
pub struct Seen {
    inner: Arc<dyn Backend>,
    path: PathBuf,
    /// `true` if what is seen is written down; it is compared in any case.
    keeps: bool,
}

/// The newest version seen of a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Mark {
    lineage: String,
    serial: u64,
}

impl Seen {
    /// The state in `inner`, whose progress is remembered in the file at `path`. Without `keeps`, as for a state that is not
    /// encrypted, nothing is written there, and a state that is behind what an encrypted one left there is refused all
    /// the same.
    pub fn new(inner: Arc<dyn Backend>, path: PathBuf, keeps: bool) -> Self {
        Self { inner, path, keeps }
    }

    /// The name of the file for the state of `identity` at `location`: a digest, because a location can have a password in it.
    pub fn file_name(location: &str, identity: &Identity) -> String {
        let Identity { stack, env } = identity;
        hex::encode(Sha256::digest(format!("{location}\0{stack}\0{env}")))
    }

    fn failed(&self, doing: &'static str) -> impl FnOnce(io::Error) -> Error {
        let path = self.path.clone();
        move |source| Error::File { path, doing, source }
    }

    fn mark(&self) -> Result<Option<Mark>, Error> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("read")(error)),
        };
        let mark = serde_json::from_slice(&bytes);
        mark.map(Some).map_err(|source| Error::Json {
            what: "mark of a state",
            source,
        })
    }

    fn behind(&self, mark: &Mark, found: String) -> Error {
        Error::Behind {
            location: self.inner.location(),
            found,
            seen: mark.serial,
            path: self.path.clone(),
        }
    }

    /// Compares a snapshot with what was seen before, and remembers it.
    fn compare(&self, bytes: &[u8]) -> Result<(), Error> {
        let before = self.mark()?;
        if before.is_none() && !self.keeps {
            return Ok(());
        }
        let state = Snapshot::decode(&self.inner.location(), bytes)?.state;
        if let Some(mark) = &before {
            if mark.lineage != state.lineage {
                return Err(self.behind(mark, format!("another one, of lineage {}", state.lineage)));
            }
            if mark.serial > state.serial {
                return Err(self.behind(mark, format!("at serial {}", state.serial)));
            }
        }
        self.remember(&state.lineage, state.serial)
    }

    fn remember(&self, lineage: &str, serial: u64) -> Result<(), Error> {
        let mark = Mark {
            lineage: lineage.to_owned(),
            serial,
        };
        if !self.keeps || self.mark()?.as_ref() == Some(&mark) {
            return Ok(());
        }
        let text = serde_json::to_vec(&mark).map_err(|source| Error::Json {
            what: "mark of a state",
            source,
        })?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let new = self.path.with_extension(random_hex()?);
        let write = || {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            let mut options = fs::OpenOptions::new();
            let mut file = options.write(true).create_new(true).mode(0o600).open(&new)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&new, &self.path)
        };
        write().map_err(self.failed("write"))
    }
}

#[async_trait]
impl Backend for Seen {
    fn location(&self) -> String {
        self.inner.location()
    }

    fn fenced_by_frames(&self) -> bool {
        self.inner.fenced_by_frames()
    }

    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error> {
        self.inner.acquire(holder, terms).await
    }

    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error> {
        self.inner.renew(lease, terms).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        self.inner.release(lease).await
    }

    fn abandon(&self, lease: &Lease) {
        self.inner.abandon(lease);
    }

    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        self.inner.lease_status().await
    }

    async fn unlock(&self) -> Result<Option<Held>, Error> {
        self.inner.unlock().await
    }

    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        self.inner.read_journal().await
    }

    async fn load(&self) -> Result<Option<Stored>, Error> {
        let stored = self.inner.load().await?;
        match &stored {
            Some(stored) => self.compare(&stored.bytes)?,
            None => {
                if let Some(mark) = self.mark()? {
                    return Err(self.behind(&mark, "gone".to_owned()));
                }
            }
        }
        Ok(stored)
    }

    async fn save(&self, lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        let state = Snapshot::decode(&self.inner.location(), &bytes)?.state;
        let tag = self.inner.save(lease, bytes, expected).await?;
        self.remember(&state.lineage, state.serial)?;
        Ok(tag)
    }

    async fn reserve(&self, lease: &Lease, bytes: u64) -> Result<(), Error> {
        self.inner.reserve(lease, bytes).await
    }

    async fn append(&self, lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error> {
        self.inner.append(lease, sequence, frame).await
    }

    async fn reset_journal(&self, lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        self.inner.reset_journal(lease, snapshot_ref).await
    }

    async fn salvage_journal(&self) -> Result<(Option<Journal>, Option<Error>), Error> {
        self.inner.salvage_journal().await
    }

    async fn move_to_backup(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        self.inner.move_to_backup(lease, suffix).await
    }
}
