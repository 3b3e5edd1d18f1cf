//! A state in a folder: `state.json`, `journal` and `lock`.
//!
//! The lease is a lock on `lock`, which the kernel releases when the process ends, however it ends. The contents of
//! that file never decide who holds the lease: they tell people who the holder is, and the next holder which snapshot
//! was saved last. Snapshots and journals are written under a temporary name, synced, renamed, and the folder synced.
//! Frames are appended to a journal whose space is allocated beforehand.
//!
//! Folders on NFS or SMB are refused, because such a lock does not hold between machines.

mod folder;
mod journal;
mod lines;
mod lock;

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;

use self::folder::{Inner, STATE};
use crate::{
    backend::{Backend, Backup, Journal, LeaseStatus, Stored},
    disk::{Folder, RealFolder},
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef},
};

/// A state in a folder of this machine.
#[derive(Clone)]
pub struct File(Arc<Inner>);

impl File {
    /// The state in the folder at `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::on(Arc::new(RealFolder::at(path)))
    }

    /// The state in `folder`.
    pub fn on(folder: Arc<dyn Folder>) -> Self {
        Self(Arc::new(Inner {
            folder,
            held: Mutex::default(),
            journal: Mutex::default(),
            unconfirmed: Mutex::default(),
        }))
    }

    /// Runs file operations where they may block.
    async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        match tokio::task::spawn_blocking(move || work(&inner)).await {
            Ok(done) => done,
            Err(stopped) => {
                let source = io::Error::other(stopped);
                Err(Error::File {
                    path: self.0.folder.path(STATE),
                    doing: "finish working on",
                    source,
                })
            }
        }
    }
}

#[async_trait]
impl Backend for File {
    fn location(&self) -> String {
        self.0.location()
    }

    async fn acquire(&self, holder: &Holder, _terms: &LeaseConfig) -> Result<Lease, Error> {
        // Who merely looks at the lock has it for an instant; that is no reason to fail.
        let patience = Duration::from_millis(100);
        let asked = Instant::now();
        loop {
            let who = holder.clone();
            match self.run(move |inner| inner.acquire(&who)).await {
                Err(Error::Locked { .. }) if asked.elapsed() < patience => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                other => return other,
            }
        }
    }

    async fn renew(&self, lease: &Lease, _terms: &LeaseConfig) -> Result<Lease, Error> {
        let lease = lease.clone();
        self.run(move |inner| inner.renew(&lease)).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        let lease = lease.clone();
        self.run(move |inner| inner.release(&lease)).await
    }

    fn abandon(&self, _lease: &Lease) {
        self.0.abandon();
    }

    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        self.run(Inner::lease_status).await
    }

    async fn unlock(&self) -> Result<Option<Held>, Error> {
        match self.lease_status().await?.held {
            None => Ok(None),
            // The kernel releases the lock when its process ends: the holder is alive, and has to be ended first.
            Some(held) => Err(Error::Locked {
                location: self.0.location(),
                held: Box::new(held),
            }),
        }
    }

    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        self.run(Inner::read_journal).await
    }

    async fn load(&self) -> Result<Option<Stored>, Error> {
        self.run(Inner::load).await
    }

    async fn save(&self, _lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        let expected = expected.map(str::to_owned);
        self.run(move |inner| inner.save(&bytes, expected.as_deref()))
            .await
    }

    async fn reserve(&self, _lease: &Lease, bytes: u64) -> Result<(), Error> {
        self.run(move |inner| inner.reserve(bytes)).await
    }

    async fn append(&self, _lease: &Lease, _sequence: u64, frame: &str) -> Result<(), Error> {
        let frame = frame.to_owned();
        self.run(move |inner| inner.append(&frame)).await
    }

    async fn reset_journal(&self, _lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        let snapshot_ref = snapshot_ref.clone();
        self.run(move |inner| inner.reset_journal(&snapshot_ref)).await
    }

    async fn salvage_journal(&self) -> Result<(Option<Journal>, Option<Error>), Error> {
        self.run(Inner::salvage_journal).await
    }

    async fn move_to_backup(&self, _lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        let suffix = suffix.to_owned();
        self.run(move |inner| inner.move_to_backup(&suffix)).await
    }
}
