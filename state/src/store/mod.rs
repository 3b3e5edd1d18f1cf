//! A state that is open for writing.
//!
//! `open` says how it comes about, `held_lease` how long it may be written to, `commit` how entries that are ready together
//! become one write. Not here: where they are written ([`crate::Backend`]).

mod commit;
mod handover;
mod held_lease;
mod open;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::{sync::oneshot, task::JoinHandle};

pub(crate) use self::open::acquire;
use self::{
    commit::{Queue, Submission, Writer},
    held_lease::HeldLease,
};
use crate::{
    backend::{Backend, TornWrite},
    clock::{Clock, SystemClock},
    error::Error,
    fold::{Fold, Pending, Step},
    frame::Entry,
    intent::{Intent, Outcome, StateWrite},
    lease::{Holder, LeaseConfig, SnapshotRef},
    record::{Identity, Record, RecordKey, State},
    snapshot::Snapshot,
};

/// How much journal is set aside for one call: an intent, an outcome, and the records that it changes.
const BYTES_PER_CALL: u64 = 4096;

/// What a store is opened with, beside its backend.
#[derive(Clone)]
pub struct Settings {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// How long leases last.
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

/// A state that is open for writing, under a lease. Cheap to clone; every method may be called from many tasks.
///
/// Dropping the last clone without [`Store::close`] is what a crash does: nothing durable is lost, no snapshot is
/// written, and a lease that is not bound to the process is left to run out.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    guard: Arc<Guard>,
}

struct Inner {
    backend: Arc<dyn Backend>,
    location: String,
    settings: Settings,
    torn: Option<TornWrite>,
    shared: Mutex<Shared>,
    writer: tokio::sync::Mutex<Writer>,
    held_lease: Mutex<HeldLease>,
}

/// What is in memory.
struct Shared {
    /// What is durable.
    fold: Fold,
    /// Operations with a step on its way to the journal.
    pending: Pending,
    queue: Queue,
    /// The first failure to write; nothing is begun after it.
    stopped: Option<Arc<Error>>,
    closed: bool,
    /// Whether the lease was given back.
    released: bool,
}

/// Ends what must end with the last clone of a store.
struct Guard {
    inner: Arc<Inner>,
    heartbeat: Option<JoinHandle<()>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(heartbeat) = &self.heartbeat {
            heartbeat.abort();
        }
        if !self.inner.shared().released {
            self.inner.backend.abandon(&self.inner.lease());
        }
    }
}

impl Store {
    /// Opens the state of `identity` for writing: takes the lease, loads the snapshot and replays the journal. A
    /// state that never was is made.
    ///
    /// # Errors
    /// [`Error::Locked`] when somebody else writes; otherwise when the state cannot be read for certain.
    pub async fn open(backend: Arc<dyn Backend>, who: Holder, identity: Identity) -> Result<Self, Error> {
        Self::open_with(backend, who, identity, Settings::default()).await
    }

    /// The state with everything that is durable by now. Cheap; keeping it while changes are written costs one copy.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.inner.shared().fold.state)
    }

    /// One record of the state with everything that is durable by now. Cheap: the record is shared, not copied.
    pub fn get(&self, key: &RecordKey) -> Option<Arc<Record>> {
        self.inner.shared().fold.state.records.get(key).cloned()
    }

    /// Intents whose outcome is not known, in the order of their operation ids.
    pub fn open_intents(&self) -> Vec<Intent> {
        self.inner.shared().fold.open.values().cloned().collect()
    }

    /// The fencing number that this store writes with.
    pub fn fence(&self) -> u64 {
        self.inner.lease().fence
    }

    /// What was left out of the journal when it was opened: an unfinished last write that nobody was told of.
    pub fn torn(&self) -> Option<&TornWrite> {
        self.inner.torn.as_ref()
    }

    /// Sets space aside for the journal of `calls` calls, so that a full disk is found before the first of them.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn reserve(&self, calls: usize) -> Result<(), Error> {
        self.inner.may_begin()?;
        let bytes = BYTES_PER_CALL.saturating_mul(u64::try_from(calls).unwrap_or(u64::MAX));
        let _writer = self.inner.writer.lock().await;
        let lease = self.inner.lease();
        self.inner.backend.reserve(&lease, bytes).await
    }

    /// Makes `intent` durable. Only when this returns `Ok` may its call be sent. An intent that is open already, from
    /// a run that was cut off, is taken up again without another write if it is the same call.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] or [`Error::LeaseShort`] when the lease does not outlast a call; [`Error::Stopped`] after
    /// any failure to write the journal. After an error the call must not be sent.
    pub async fn begin(&self, intent: Intent) -> Result<(), Error> {
        self.begin_with(intent, Vec::new()).await
    }

    /// [`Store::begin`] with changes that become durable in the same write.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_with(&self, intent: Intent, changes: Vec<StateWrite>) -> Result<(), Error> {
        intent.check()?;
        self.inner.may_begin()?;
        let same = |open: &Intent| open.digest == intent.digest && open.operation == intent.operation;
        {
            let shared = self.inner.shared();
            match shared.fold.open.get(&intent.op) {
                Some(open)
                    if changes.is_empty() && same(open) && !shared.pending.contains_key(&intent.op) =>
                {
                    return Ok(());
                }
                _ => {}
            }
        }
        let op = intent.op.clone();
        self.inner
            .submit(Entry::Begin { intent, changes }, Some((op, Step::Beginning)))
            .await?;
        // The write may have taken long; whoever held the lease in the meantime relies on our silence.
        self.inner.may_begin()
    }

    /// Whether a call that was begun may be sent, once more: the lease outlasts it, and the journal can be written.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub fn may_send(&self) -> Result<(), Error> {
        self.inner.may_begin()
    }

    /// Makes the outcome of the call `op` durable together with what it changed. [`Outcome::Unknown`] leaves the
    /// intent open.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `op` is not open; otherwise when it could not be written. The intent is then still
    /// open.
    pub async fn end(&self, op: &str, outcome: Outcome, changes: Vec<StateWrite>) -> Result<(), Error> {
        let entry = Entry::End {
            op: op.to_owned(),
            outcome,
            changes,
        };
        self.inner
            .submit(entry, Some((op.to_owned(), Step::Ending)))
            .await
    }

    /// Makes changes without a call durable, all or none.
    ///
    /// # Errors
    /// When they could not be written.
    pub async fn record(&self, changes: Vec<StateWrite>) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        self.inner.submit(Entry::Record { changes }, None).await
    }

    /// Folds the journal into a new snapshot with the next serial, and starts an empty journal. Does nothing when
    /// nothing was written since the last one.
    ///
    /// # Errors
    /// When it could not be written; everything is then still in the journal.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        self.inner.checkpoint().await
    }

    /// Writes a checkpoint and gives the lease back. Later calls on other clones are refused.
    ///
    /// # Errors
    /// When either failed. The lease is given back even if the checkpoint failed: the journal has it all.
    pub async fn close(self) -> Result<(), Error> {
        let first = !std::mem::replace(&mut self.inner.shared().closed, true);
        let folded = self.inner.checkpoint().await;
        if let Some(heartbeat) = &self.guard.heartbeat {
            heartbeat.abort();
        }
        if !first {
            return folded;
        }
        let released = self.inner.backend.release(&self.inner.lease()).await;
        self.inner.shared().released = true;
        folded.and(released)
    }
}

impl Inner {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        // Every change to the shared is complete before anything that can panic.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an entry and waits until it is durable.
    async fn submit(self: &Arc<Self>, entry: Entry, step: Option<(String, Step)>) -> Result<(), Error> {
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

    async fn checkpoint(&self) -> Result<(), Error> {
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
        self.keep(&mut writer, snapshot).await
    }

    /// Writes a snapshot of all that is durable, and starts an empty journal after it.
    async fn keep(&self, writer: &mut Writer, snapshot: Snapshot) -> Result<(), Error> {
        let mut lease = self.lease();
        let bytes = snapshot.encode()?;
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
