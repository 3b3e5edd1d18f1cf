//! State in memory of an open store, shared by its clones: the fold of what is durable, the queue of what is not yet,
//! and the lease.
//!
//! Locks are taken in this order: `writer` (held across writes), then `shared` or `held_lease` (held for an instant,
//! never across an `await`, and never both at once).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{
    commit::{self, Queue, Submission, Writer},
    held_lease::HeldLease,
};
use crate::{
    backend::{Backend, TornWrite},
    clock::{Clock, SystemClock},
    error::Error,
    fold::{Fold, Pending, Step},
    frame::Entry,
    intent::StateWrite,
    lease::{LeaseConfig, SnapshotRef},
    snapshot::Snapshot,
};

/// Settings of a store.
#[derive(Clone)]
pub struct Settings {
    /// Source of time.
    pub clock: Arc<dyn Clock>,
    /// Durations of leases.
    pub terms: LeaseConfig,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            terms: LeaseConfig::default(),
        }
    }
}

pub(super) struct Inner {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) location: String,
    pub(super) settings: Settings,
    pub(super) torn: Option<TornWrite>,
    pub(super) shared: Mutex<Shared>,
    pub(super) writer: tokio::sync::Mutex<Writer>,
    pub(super) held_lease: Mutex<HeldLease>,
}

/// Data behind the `shared` lock.
pub(super) struct Shared {
    /// State and open intents as of the last durable frame.
    pub(super) fold: Fold,
    /// Operations with a step on its way to the journal.
    pub(super) pending: Pending,
    pub(super) queue: Queue,
    /// First failure to write; no call is begun after it.
    pub(super) stopped: Option<Arc<Error>>,
    pub(super) closed: bool,
    /// Set when the lease was released.
    pub(super) released: bool,
}

impl Inner {
    pub(super) fn shared(&self) -> MutexGuard<'_, Shared> {
        // A poisoned lock is usable: every change is complete before anything that can panic.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an entry and waits until it is durable.
    pub(super) async fn submit(
        self: &Arc<Self>,
        entry: Entry,
        step: Option<(String, Step)>,
    ) -> Result<(), Error> {
        let changes = match &entry {
            Entry::Begin { changes, .. } | Entry::End { changes, .. } | Entry::Record { changes } => {
                changes.as_slice()
            }
            Entry::Opened { .. } => &[],
        };
        changes.iter().try_for_each(StateWrite::check)?;
        let text = entry.encode()?;
        let (sender, receiver) = oneshot::channel();
        let start = {
            let mut shared = self.shared();
            if shared.closed {
                return Err(Error::Closed {
                    location: self.location.clone(),
                });
            }
            shared.check_target(changes)?;
            if let Some((op, step)) = &step {
                shared.check_step(op, *step)?;
                shared.pending.insert(op.clone(), *step);
            }
            shared.queue.push(Submission {
                entry,
                text,
                step,
                sender,
            })
        };
        if start {
            tokio::spawn(commit::drain(Arc::clone(self)));
        }
        receiver.await.unwrap_or_else(|_| {
            Err(Error::Closed {
                location: self.location.clone(),
            })
        })
    }

    pub(super) async fn checkpoint(&self) -> Result<(), Error> {
        let mut writer = self.writer.lock().await;
        while let Some(batch) = self.take() {
            self.commit(&mut writer, batch).await;
        }
        let snapshot = {
            let shared = self.shared();
            if !shared.fold.changed {
                return Ok(());
            }
            shared.fold.snapshot(shared.fold.state.serial + 1)
        };
        self.save_snapshot(&mut writer, snapshot).await
    }

    /// Writes a snapshot of all that is durable, and starts an empty journal after it.
    pub(super) async fn save_snapshot(&self, writer: &mut Writer, snapshot: Snapshot) -> Result<(), Error> {
        let mut lease = self.lease();
        let bytes = snapshot.encode()?;
        // The order matters: the snapshot first, then the journal. In between, the journal holds frames that the
        // snapshot contains already, which a reader skips; the other way round they would be lost.
        writer.tag = self.backend.save(&lease, bytes, Some(&writer.tag)).await?;
        let Snapshot { state, sequence, .. } = snapshot;
        let snapshot_ref = SnapshotRef {
            lineage: state.lineage.clone(),
            serial: state.serial,
            sequence,
        };
        {
            let mut shared = self.shared();
            shared.fold.state = Arc::new(state);
            shared.fold.changed = false;
        }
        lease.snapshot_ref = Some(snapshot_ref.clone());
        self.held_lease().lease.snapshot_ref = Some(snapshot_ref.clone());
        self.backend.reset_journal(&lease, &snapshot_ref).await
    }
}

impl Shared {
    fn check_step(&self, op: &str, step: Step) -> Result<(), Error> {
        let why = match (step, self.fold.open.contains_key(op), self.pending.get(op)) {
            (Step::Beginning, false, None) | (Step::Ending, true, None) => return Ok(()),
            (Step::Beginning, ..) => "it was begun before",
            (Step::Ending, _, Some(Step::Beginning)) => "its intent is not durable yet",
            (Step::Ending, _, Some(Step::Ending)) => "its outcome is being written",
            (Step::Ending, false, None) => "it is not open",
        };
        Err(Error::Invalid {
            what: format!("operation {op:?}"),
            why: why.to_owned(),
        })
    }

    fn check_target(&self, changes: &[StateWrite]) -> Result<(), Error> {
        let state = &self.fold.state;
        for change in changes {
            if let StateWrite::Target { account, region } = change {
                let pinned = (state.account.as_str(), state.region.as_str());
                if !state.records.is_empty() && !pinned.0.is_empty() && pinned != (account, region) {
                    return Err(Error::OtherTarget {
                        pinned: format!("{} in {}", pinned.0, pinned.1),
                        asked: format!("{account} in {region}"),
                    });
                }
            }
        }
        Ok(())
    }
}
