//! A cloud and a backend that stop for ever at one moment of a run, as a killed process does.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tenon_planner::sandbox::Sandbox;
use tenon_resources::{
    cloud::{CallError, Caller, Candidate, Cloud, Observed, Progress, Reply, Request},
    lookup::LookupKind,
    resource::ResourceType,
    value::{Owner, SecretSource},
};
use tenon_state::{
    Backend, Backup, Error, FaultDisk, File, Held, Holder, Journal, Lease, LeaseConfig, LeaseStatus,
    SnapshotRef, Stored,
};
use tokio::sync::Notify;

/// The moments of a run, counted; at one of them everything stops.
pub(crate) struct Moments {
    at: AtomicUsize,
    last: usize,
    pub(crate) dead: Notify,
    names: Mutex<Vec<String>>,
    /// Mutating calls that were executed.
    executed: Mutex<Vec<String>>,
    /// What had a call of its removal executed, and not the last one.
    half_removed: Mutex<BTreeSet<String>>,
    /// Mutating calls whose intent was not on the disk's platter when they came.
    unannounced: Mutex<Vec<String>>,
}

impl Moments {
    /// Moments of which the one numbered `last` is the last.
    pub(crate) fn until(last: usize) -> Arc<Self> {
        Arc::new(Self {
            at: AtomicUsize::new(0),
            last,
            dead: Notify::new(),
            names: Mutex::default(),
            executed: Mutex::default(),
            half_removed: Mutex::default(),
            unannounced: Mutex::default(),
        })
    }

    /// Moments that go on to the end of the run.
    pub(crate) fn all() -> Arc<Self> {
        Self::until(usize::MAX)
    }

    async fn pass(&self, name: impl FnOnce() -> String) {
        let now = self.at.fetch_add(1, Ordering::SeqCst);
        // Names are for the run that goes on to its end.
        if self.last == usize::MAX {
            self.names.lock().unwrap().push(name());
        } else if now >= self.last {
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
    }

    /// How many moments there were, and what they were called.
    pub(crate) fn names(&self) -> Vec<String> {
        self.names.lock().unwrap().clone()
    }

    /// The mutating calls that were executed, each with what it was about.
    pub(crate) fn executed(&self) -> Vec<String> {
        self.executed.lock().unwrap().clone()
    }

    /// How many things are half removed.
    pub(crate) fn half_removed(&self) -> usize {
        self.half_removed.lock().unwrap().len()
    }

    /// Books a call that was executed.
    fn book(&self, what: String, removes: Option<(&str, bool)>) {
        self.executed.lock().unwrap().push(what);
        let mut half_removed = self.half_removed.lock().unwrap();
        match removes {
            Some((id, false)) => drop(half_removed.insert(id.into())),
            Some((id, true)) => drop(half_removed.remove(id)),
            None => {}
        }
    }

    /// The first mutating call that came before its intent was durable.
    pub(crate) fn unannounced(&self) -> Option<String> {
        self.unannounced.lock().unwrap().first().cloned()
    }
}

/// The sandbox, with moments.
pub(crate) struct CutCloud {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) moments: Arc<Moments>,
    pub(crate) disk: FaultDisk,
    /// How much of the journal was seen to be written.
    pub(crate) journalled: AtomicUsize,
}

impl CutCloud {
    /// Whether the intent of a call would be there after a power loss right now.
    fn announced(&self, op: &str) -> bool {
        let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(op);
        let found = self.disk.durable("journal", |journal| {
            let seen = self.journalled.load(Ordering::Relaxed).min(journal.len());
            let written = seen + journal[seen..].iter().take_while(|b| **b != 0).count();
            self.journalled.store(written, Ordering::Relaxed);
            // Mostly it is among the last things that were written.
            has(&journal[written.saturating_sub(4 << 10)..written]) || has(journal)
        });
        found.unwrap_or(false)
    }
}

#[async_trait::async_trait]
impl Cloud for CutCloud {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.sandbox.caller().await
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let name = format!("{}:{}", request.service, request.operation);
        self.moments.pass(|| format!("before {name}")).await;
        if !self.announced(request.op) {
            self.moments.unannounced.lock().unwrap().push(name.clone());
        }
        let what = format!("{name} of {}", request.id.unwrap_or_else(|| request.kind.name()));
        // The calls of a removal, and whether this is the one that removes.
        let mut steps = request.kind.delete(request.inputs).unwrap_or_default();
        steps.retain(|s| s.effect.mutates());
        let last = steps.last().is_some_and(|s| s.operation == request.operation);
        let among = steps
            .iter()
            .any(|s| s.operation == request.operation && s.effect == request.effect);
        let removed = request.id.filter(|_| among).map(ToOwned::to_owned);
        let reply = self.sandbox.send(request).await;
        if reply.is_ok() {
            self.moments.book(what, removed.as_deref().map(|id| (id, last)));
        }
        self.moments.pass(|| format!("after {name}")).await;
        reply
    }

    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        self.moments.pass(|| format!("progress of {}", kind.name())).await;
        self.sandbox.progress(kind, handle).await
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.moments.pass(|| format!("read {}", kind.name())).await;
        self.sandbox.read(kind, ids).await
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.moments.pass(|| format!("find {}", kind.name())).await;
        self.sandbox.find(kind, owner).await
    }

    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError> {
        self.moments.pass(|| format!("find {}", kind.name())).await;
        self.sandbox.find_named(kind, inputs).await
    }

    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        self.moments.pass(|| format!("find {}", kind.name())).await;
        self.sandbox.made_with(kind, token).await
    }

    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        query: &Value,
    ) -> Result<Vec<Candidate>, CallError> {
        self.sandbox.look_up(kind, query).await
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        self.sandbox.secret(source).await
    }
}

/// The file backend on a disk that can lose power, with moments around everything it writes.
pub(crate) struct CutBackend {
    pub(crate) file: File,
    pub(crate) moments: Arc<Moments>,
}

impl CutBackend {
    async fn pass(&self, name: &str) {
        self.moments.pass(|| name.to_owned()).await;
    }
}

#[async_trait::async_trait]
impl Backend for CutBackend {
    fn location(&self) -> String {
        self.file.location()
    }
    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error> {
        self.file.acquire(holder, terms).await
    }
    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error> {
        self.file.renew(lease, terms).await
    }
    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        self.file.release(lease).await
    }
    fn abandon(&self, lease: &Lease) {
        self.file.abandon(lease);
    }
    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        self.file.lease_status().await
    }
    async fn unlock(&self) -> Result<Option<Held>, Error> {
        self.file.unlock().await
    }
    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        self.file.read_journal().await
    }
    async fn load(&self) -> Result<Option<Stored>, Error> {
        self.file.load().await
    }
    async fn save(&self, lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        self.pass("before the snapshot").await;
        let saved = self.file.save(lease, bytes, expected).await;
        self.pass("after the snapshot").await;
        saved
    }
    async fn reserve(&self, lease: &Lease, bytes: u64) -> Result<(), Error> {
        self.pass("before the reservation").await;
        self.file.reserve(lease, bytes).await
    }
    async fn append(&self, lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error> {
        self.pass("before the journal").await;
        let appended = self.file.append(lease, sequence, frame).await;
        self.pass("after the journal").await;
        appended
    }
    async fn move_to_backup(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        self.file.move_to_backup(lease, suffix).await
    }
    async fn reset_journal(&self, lease: &Lease, mark: &SnapshotRef) -> Result<(), Error> {
        self.pass("before the new journal").await;
        let reset = self.file.reset_journal(lease, mark).await;
        self.pass("after the new journal").await;
        reset
    }
}
