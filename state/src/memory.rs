//! A backend in memory, for rehearsals and tests: nothing outlives the process.
//!
//! The lease is bound to the process ([`Memory::new`]), as a file's is, or runs out by a clock ([`Memory::leased`]),
//! as a remote one does.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use crate::{
    backend::{Backend, Backup, Journal, LeaseStatus, Stored},
    clock::Clock,
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef},
};

/// Keeps a state in memory. Share it by `Arc` to see the same state from several stores.
pub struct Memory {
    clock: Option<Arc<dyn Clock>>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    snapshot: Option<Vec<u8>>,
    version: u64,
    journal: Option<Journal>,
    /// The number of the last frame, kept or dropped.
    sequence: u64,
    holder: Option<(Holder, Option<Duration>)>,
    fence: u64,
    snapshot_ref: Option<SnapshotRef>,
    backup: Vec<(String, Option<Vec<u8>>, Option<Journal>)>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Memory {
    /// A backend whose lease ends with its holder.
    pub fn new() -> Self {
        Self {
            clock: None,
            kept: Mutex::default(),
        }
    }

    /// A backend whose lease expires by `clock` unless it is renewed.
    pub fn leased(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock: Some(clock),
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.clock
            .as_ref()
            .map(|clock| clock.elapsed())
            .unwrap_or_default()
    }

    fn ours<'a>(&'a self, lease: &Lease) -> Result<MutexGuard<'a, Kept>, Error> {
        let kept = self.kept();
        match &kept.holder {
            Some((holder, _)) if holder.token == lease.holder.token => Ok(kept),
            Some((holder, _)) => Err(Error::LeaseLost {
                location: self.location(),
                why: format!("{holder} holds it now"),
            }),
            None => Err(Error::LeaseLost {
                location: self.location(),
                why: "nobody holds it now".to_owned(),
            }),
        }
    }
}

impl Kept {
    fn held(&self, now: Duration) -> Option<Held> {
        let (holder, until) = self.holder.as_ref()?;
        let left = until.map(|until| until.saturating_sub(now));
        let held = Held {
            holder: holder.clone(),
            fence: self.fence,
            left,
        };
        (left != Some(Duration::ZERO)).then_some(held)
    }
}

#[async_trait]
impl Backend for Memory {
    fn location(&self) -> String {
        "memory".to_owned()
    }

    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error> {
        let mut kept = self.kept();
        let now = self.now();
        if let Some(held) = kept.held(now) {
            return Err(Error::Locked {
                location: self.location(),
                held: Box::new(held),
            });
        }
        let ttl = self.clock.as_ref().map(|_| terms.ttl);
        kept.holder = Some((holder.clone(), ttl.map(|ttl| now + ttl)));
        kept.fence += 1;
        let (fence, snapshot_ref) = (kept.fence, kept.snapshot_ref.clone());
        Ok(Lease {
            holder: holder.clone(),
            fence,
            ttl,
            snapshot_ref,
            tag: String::new(),
        })
    }

    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error> {
        let mut kept = self.ours(lease)?;
        let now = self.now();
        if kept.held(now).is_none() {
            return Err(Error::LeaseLost {
                location: self.location(),
                why: "it ran out".to_owned(),
            });
        }
        let ttl = self.clock.as_ref().map(|_| terms.ttl);
        kept.holder = Some((lease.holder.clone(), ttl.map(|ttl| now + ttl)));
        kept.fence = lease.fence;
        kept.snapshot_ref.clone_from(&lease.snapshot_ref);
        Ok(Lease { ttl, ..lease.clone() })
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        let mut kept = self.ours(lease)?;
        kept.holder = None;
        kept.snapshot_ref.clone_from(&lease.snapshot_ref);
        Ok(())
    }

    fn abandon(&self, lease: &Lease) {
        if self.clock.is_none()
            && let Ok(mut kept) = self.ours(lease)
        {
            kept.holder = None;
        }
    }

    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        let kept = self.kept();
        Ok(LeaseStatus {
            held: kept.held(self.now()),
            snapshot_ref: kept.snapshot_ref.clone(),
        })
    }

    async fn unlock(&self) -> Result<Option<Held>, Error> {
        let mut kept = self.kept();
        let held = kept.held(self.now());
        kept.holder = None;
        Ok(held)
    }

    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        Ok(self.kept().journal.clone())
    }

    async fn load(&self) -> Result<Option<Stored>, Error> {
        let kept = self.kept();
        Ok(kept.snapshot.clone().map(|bytes| Stored {
            bytes,
            tag: kept.version.to_string(),
        }))
    }

    async fn save(&self, lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        let mut kept = self.ours(lease)?;
        let found = kept.snapshot.as_ref().map(|_| kept.version.to_string());
        if found.as_deref() != expected {
            return Err(Error::Conflict {
                location: self.location(),
            });
        }
        kept.snapshot = Some(bytes);
        kept.version += 1;
        Ok(kept.version.to_string())
    }

    async fn reserve(&self, lease: &Lease, _bytes: u64) -> Result<(), Error> {
        self.ours(lease).map(drop)
    }

    async fn append(&self, lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error> {
        let mut kept = self.ours(lease)?;
        if sequence != kept.sequence + 1 {
            let why = format!("frame {} was written by somebody else", kept.sequence);
            return Err(Error::LeaseLost {
                location: self.location(),
                why,
            });
        }
        kept.sequence = sequence;
        kept.journal.get_or_insert_default().frames.push(frame.to_owned());
        Ok(())
    }

    async fn reset_journal(&self, lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        let mut kept = self.ours(lease)?;
        kept.sequence = snapshot_ref.sequence;
        kept.snapshot_ref = Some(snapshot_ref.clone());
        kept.journal = Some(Journal {
            snapshot_ref: Some(snapshot_ref.clone()),
            ..Journal::default()
        });
        Ok(())
    }

    async fn move_to_backup(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        let mut kept = self.ours(lease)?;
        let (snapshot, journal) = (kept.snapshot.take(), kept.journal.take());
        kept.backup.push((suffix.to_owned(), snapshot, journal));
        Ok(Backup {
            locations: vec![format!("memory, aside as {suffix}")],
            sequence: kept.sequence,
        })
    }
}
