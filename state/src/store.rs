//! A state that is open for writing.
//!
//! Not here: how entries that are ready together become one write (`commit`), and where it goes ([`crate::Backend`]).

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    Backend, Change, Clock, Error, Holder, Identity, Intent, Key, Lease, Mark, Outcome, Record, State,
    SystemClock, Terms, Torn,
    commit::{Queue, Submission, Writer},
    fold::{Fold, Pending, Step},
    frame::Entry,
    lease::random_hex,
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
    pub terms: Terms,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            terms: Terms::default(),
        }
    }
}

/// A state that is open for writing, under a lease. Cheap to clone; every method may be called from many tasks.
///
/// Dropping the last clone without [`Store::close`] is what a crash does: nothing durable is lost, no snapshot is
/// written, and a lease that is not bound to the process is left to run out.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
    bound: Arc<Bound>,
}

pub(crate) struct Inner {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) place: String,
    settings: Settings,
    torn: Option<Torn>,
    pub(crate) book: Mutex<Book>,
    pub(crate) writer: tokio::sync::Mutex<Writer>,
    tenure: Mutex<Tenure>,
}

/// What is in memory.
pub(crate) struct Book {
    /// What is durable.
    pub(crate) fold: Fold,
    /// Operations with a step on its way to the journal.
    pub(crate) pending: Pending,
    pub(crate) queue: Queue,
    /// Whether the journal holds anything that the snapshot does not.
    pub(crate) dirty: bool,
    /// The first failure to write; nothing is begun after it.
    pub(crate) stopped: Option<Arc<Error>>,
    closed: bool,
}

/// Our hold on the lease.
struct Tenure {
    lease: Lease,
    /// When it ends, on the clock's scale.
    until: Option<Duration>,
    lost: Option<String>,
}

/// Ends what must end with the last clone of a store.
struct Bound {
    inner: Arc<Inner>,
    heartbeat: Option<JoinHandle<()>>,
}

impl Drop for Bound {
    fn drop(&mut self) {
        if let Some(heartbeat) = &self.heartbeat {
            heartbeat.abort();
        }
        if !self.inner.book().closed {
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

    /// [`Store::open`] with a clock and lease terms.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(
        backend: Arc<dyn Backend>,
        who: Holder,
        identity: Identity,
        settings: Settings,
    ) -> Result<Self, Error> {
        let asked = settings.clock.elapsed();
        let lease = backend.acquire(&who, &settings.terms).await?;
        let opened = Self::load(&backend, &identity, lease.clone(), &settings.terms).await;
        let (lease, fold, tag, torn) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                // The first error is the one that matters; a lease that cannot be released runs out.
                let _ = backend.release(&lease).await;
                return Err(error);
            }
        };
        let until = lease.ttl.map(|ttl| asked + ttl);
        let dirty = torn.is_some() || fold.1;
        let inner = Arc::new(Inner {
            place: backend.place(),
            settings,
            torn,
            book: Mutex::new(Book {
                fold: fold.0,
                pending: Pending::new(),
                queue: Queue::default(),
                dirty,
                stopped: None,
                closed: false,
            }),
            writer: tokio::sync::Mutex::new(Writer {
                tag,
                introduced: false,
            }),
            tenure: Mutex::new(Tenure {
                lease,
                until,
                lost: None,
            }),
            backend,
        });
        let heartbeat = until
            .is_some()
            .then(|| tokio::spawn(heartbeat(Arc::downgrade(&inner))));
        Ok(Self {
            bound: Arc::new(Bound {
                inner: Arc::clone(&inner),
                heartbeat,
            }),
            inner,
        })
    }

    /// The lease, the fold (and whether it is ahead of the snapshot), the snapshot's version, what was torn.
    async fn load(
        backend: &Arc<dyn Backend>,
        identity: &Identity,
        mut lease: Lease,
        terms: &Terms,
    ) -> Result<(Lease, (Fold, bool), String, Option<Torn>), Error> {
        let place = backend.place();
        let journal = backend.read_journal().await?;
        let stored = backend.load().await?;
        let Some((snapshot, journal, tag)) =
            crate::read::decode(&place, journal, stored, lease.mark.as_ref())?
        else {
            return Self::found(backend, identity, lease).await;
        };
        let found = snapshot.state.identity();
        if found != *identity {
            return Err(Error::OtherStack {
                place,
                found,
                expected: identity.clone(),
            });
        }
        let base = snapshot.sequence;
        let fold = Fold::replay(&place, snapshot, &journal)?;
        if lease.fence <= fold.fence {
            // The lease's own memory was lost; fencing numbers still only grow.
            lease.fence = fold.fence + 1;
            lease = backend.renew(&lease, terms).await?;
        }
        let ahead = fold.sequence > base;
        Ok((lease, (fold, ahead), tag, journal.torn))
    }

    /// Makes a state that never was. The journal comes first: a journal without entries is no trace of a lost state,
    /// whereas a state without its journal is.
    async fn found(
        backend: &Arc<dyn Backend>,
        identity: &Identity,
        mut lease: Lease,
    ) -> Result<(Lease, (Fold, bool), String, Option<Torn>), Error> {
        let state = State::new(identity, random_hex()?);
        let mark = Mark {
            lineage: state.lineage.clone(),
            serial: 0,
            sequence: 0,
        };
        let snapshot = Snapshot {
            state,
            sequence: 0,
            fence: lease.fence,
            open: Vec::new(),
        };
        backend.reset_journal(&lease, &mark).await?;
        let tag = backend.save(&lease, &snapshot.encode()?, None).await?;
        lease.mark = Some(mark);
        Ok((lease, (Fold::of(snapshot), false), tag, None))
    }

    /// The state with everything that is durable by now. Cheap; keeping it while changes are written costs one copy.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.inner.book().fold.state)
    }

    /// One record of the state with everything that is durable by now.
    pub fn get(&self, key: &Key) -> Option<Record> {
        self.inner.book().fold.state.records.get(key).cloned()
    }

    /// Intents whose outcome is not known, in the order of their operation ids.
    pub fn open_intents(&self) -> Vec<Intent> {
        self.inner.book().fold.open.values().cloned().collect()
    }

    /// The fencing number that this store writes with.
    pub fn fence(&self) -> u64 {
        self.inner.lease().fence
    }

    /// What was left out of the journal when it was opened: an unfinished last write that nobody was told of.
    pub fn torn(&self) -> Option<&Torn> {
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
    pub async fn begin_with(&self, intent: Intent, changes: Vec<Change>) -> Result<(), Error> {
        intent.check()?;
        self.inner.may_begin()?;
        let same = |open: &Intent| open.digest == intent.digest && open.operation == intent.operation;
        {
            let book = self.inner.book();
            match book.fold.open.get(&intent.op) {
                Some(open) if changes.is_empty() && same(open) && !book.pending.contains_key(&intent.op) => {
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

    /// Makes the outcome of the call `op` durable together with what it changed. [`Outcome::Unknown`] leaves the
    /// intent open.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `op` is not open; otherwise when it could not be written. The intent is then still
    /// open.
    pub async fn end(&self, op: &str, outcome: Outcome, changes: Vec<Change>) -> Result<(), Error> {
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
    pub async fn record(&self, changes: Vec<Change>) -> Result<(), Error> {
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
        let folded = self.inner.checkpoint().await;
        let first = !std::mem::replace(&mut self.inner.book().closed, true);
        if let Some(heartbeat) = &self.bound.heartbeat {
            heartbeat.abort();
        }
        let released = if first {
            self.inner.backend.release(&self.inner.lease()).await
        } else {
            Ok(())
        };
        folded.and(released)
    }
}

impl Inner {
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        // Every change to the book is complete before anything that can panic.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tenure(&self) -> MutexGuard<'_, Tenure> {
        self.tenure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lease(&self) -> Lease {
        self.tenure().lease.clone()
    }

    pub(crate) fn lose(&self, why: &str) {
        self.tenure().lost.get_or_insert_with(|| why.to_owned());
    }

    /// Whether a call may be sent now.
    fn may_begin(&self) -> Result<(), Error> {
        {
            let tenure = self.tenure();
            let place = || self.place.clone();
            if let Some(why) = &tenure.lost {
                return Err(Error::LeaseLost {
                    place: place(),
                    why: why.clone(),
                });
            }
            if let Some(until) = tenure.until {
                let left = until.saturating_sub(self.settings.clock.elapsed());
                let need = self.settings.terms.call_timeout;
                if left.is_zero() {
                    return Err(Error::LeaseLost {
                        place: place(),
                        why: "it ran out before it could be renewed".to_owned(),
                    });
                }
                if left < need {
                    return Err(Error::LeaseShort {
                        place: place(),
                        left,
                        need,
                    });
                }
            }
        }
        match &self.book().stopped {
            Some(first) => Err(Error::Stopped {
                place: self.place.clone(),
                source: Arc::clone(first),
            }),
            None => Ok(()),
        }
    }

    /// Queues an entry and waits until it is durable.
    async fn submit(self: &Arc<Self>, entry: Entry, step: Option<(String, Step)>) -> Result<(), Error> {
        let changes = match &entry {
            Entry::Begin { changes, .. } | Entry::End { changes, .. } | Entry::Record { changes } => {
                changes.as_slice()
            }
            Entry::Opened { .. } => &[],
        };
        changes.iter().try_for_each(Change::check)?;
        let text = entry.encode()?;
        let (sender, receiver) = oneshot::channel();
        let start = {
            let mut book = self.book();
            if book.closed {
                return Err(Error::Closed {
                    place: self.place.clone(),
                });
            }
            book.check_target(changes)?;
            if let Some((op, step)) = &step {
                book.check_step(op, *step)?;
                book.pending.insert(op.clone(), *step);
            }
            book.queue.push(Submission {
                entry,
                text,
                step,
                sender,
            })
        };
        if start {
            tokio::spawn(crate::commit::drain(Arc::clone(self)));
        }
        receiver.await.unwrap_or_else(|_| {
            Err(Error::Closed {
                place: self.place.clone(),
            })
        })
    }

    async fn checkpoint(&self) -> Result<(), Error> {
        let mut writer = self.writer.lock().await;
        while let Some(batch) = self.take() {
            self.commit(&mut writer, batch).await;
        }
        let snapshot = {
            let book = self.book();
            if !book.dirty {
                return Ok(());
            }
            book.fold.snapshot(book.fold.state.serial + 1)
        };
        let mut lease = self.lease();
        let bytes = snapshot.encode()?;
        writer.tag = self.backend.save(&lease, &bytes, Some(&writer.tag)).await?;
        let Snapshot { state, sequence, .. } = snapshot;
        let mark = Mark {
            lineage: state.lineage.clone(),
            serial: state.serial,
            sequence,
        };
        {
            let mut book = self.book();
            book.fold.state = Arc::new(state);
            book.dirty = false;
        }
        lease.mark = Some(mark.clone());
        self.tenure().lease.mark = Some(mark.clone());
        self.backend.reset_journal(&lease, &mark).await
    }
}

impl Book {
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

    fn check_target(&self, changes: &[Change]) -> Result<(), Error> {
        let state = &self.fold.state;
        for change in changes {
            if let Change::Target { account, region } = change {
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

/// Renews the lease until the store is gone, the lease is lost, or it has run out.
async fn heartbeat(inner: std::sync::Weak<Inner>) {
    loop {
        let Some((clock, terms)) = inner
            .upgrade()
            .map(|i| (Arc::clone(&i.settings.clock), i.settings.terms))
        else {
            return;
        };
        clock.sleep(terms.renew_every).await;
        let Some(inner) = inner.upgrade() else { return };
        let asked = clock.elapsed();
        // The writer changes the lease's mark and compares its tag; renewals and writes take turns.
        let _writer = inner.writer.lock().await;
        match inner.backend.renew(&inner.lease(), &terms).await {
            Ok(lease) => {
                let mut tenure = inner.tenure();
                tenure.until = lease.ttl.map(|ttl| asked + ttl);
                tenure.lease = lease;
            }
            Err(Error::LeaseLost { why, .. }) => {
                inner.lose(&why);
                return;
            }
            // Anything else may pass; what is left of the lease is checked before each call.
            Err(_) => {}
        }
    }
}
