//! A state that is open for writing.
//!
//! `open` builds a store, `inner` is what its clones share, `commit` is the group commit, `held_lease` decides
//! whether a call may still be sent, `handover` is for moving a state or changing its key. Not here: where entries
//! are written ([`Backend`](crate::Backend)).

mod commit;
mod handover;
mod held_lease;
mod inner;
pub(crate) mod open;

use std::sync::Arc;

use tokio::task::JoinHandle;

use self::inner::Inner;
pub use self::inner::Settings;
use crate::{
    backend::TornWrite,
    error::Error,
    fold::Step,
    frame::Entry,
    intent::{Intent, Outcome, StateWrite},
    record::{Record, RecordKey, State},
};

/// Journal space reserved for one call at the least: an intent, an outcome, and the records that it changes.
const BYTES_PER_CALL: u64 = 4096;

/// Times that a call's inputs are written beside an intent and an outcome: in the record when the call is accepted and when it is done,
/// and as AWS shows them.
const COPIES: u64 = 3;

/// A state that is open for writing, under a lease. Cheap to clone; every method may be called from many tasks.
///
/// Dropping the last clone without [`Store::close`] is what a crash does: nothing durable is lost, no snapshot is
/// written, and a lease that is not bound to the process is left to run out.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    guard: Arc<Guard>,
}

/// Stops the heartbeat and abandons the lease when the last clone of a store is dropped.
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
    /// The state with everything that is durable by now. Cheap; keeping it while changes are written costs one copy.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.inner.shared().fold.state)
    }

    /// A record of the state with everything that is durable by now. Cheap: the record is shared, not copied.
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

    /// The unfinished last write that was dropped from the journal when it was opened; it was never acknowledged.
    pub fn torn(&self) -> Option<&TornWrite> {
        self.inner.torn.as_ref()
    }

    /// Reserves journal space for calls, so that a full disk is found before the first of them. `inputs` has for each call the length in
    /// bytes of the inputs of the resource that it is about.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn reserve(&self, inputs: impl IntoIterator<Item = usize>) -> Result<(), Error> {
        self.inner.may_begin()?;
        let of_call = |inputs: usize| {
            let inputs = u64::try_from(inputs).unwrap_or(u64::MAX).saturating_mul(COPIES);
            inputs.saturating_add(BYTES_PER_CALL / 2).max(BYTES_PER_CALL)
        };
        let bytes = inputs.into_iter().map(of_call).fold(0, u64::saturating_add);
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
        // The write may have taken long. If the lease expired meanwhile, another process relies on nothing being sent
        // by this one.
        self.inner.may_begin()
    }

    /// Checks that a call that was begun may be sent (again): the lease outlasts it, and the journal can be written.
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
