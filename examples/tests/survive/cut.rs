//! A cloud and a backend that stop for ever at one moment of a run, as a killed process does.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tenon_planner::sandbox::Sandbox;
use tenon_resources::{
    cloud::{CallError, Caller, Cloud, Observed, Reply, Request},
    resource::ResourceType,
    value::{Owner, SecretSource},
};
use tenon_state::{Aside, Backend, Error, Held, Holder, Journal, Lease, Mark, Memory, Seen, Stored, Terms};
use tokio::sync::Notify;

/// The moments of a run, counted; at one of them everything stops.
pub(crate) struct Moments {
    at: AtomicUsize,
    last: AtomicUsize,
    pub(crate) dead: Notify,
    names: Mutex<Vec<String>>,
    /// Mutating calls that were executed, by operation id.
    pub(crate) executed: Mutex<Vec<String>>,
    /// Mutating calls whose intent was not on record when they came.
    pub(crate) unannounced: Mutex<Vec<String>>,
}

impl Moments {
    /// Moments of which the one numbered `last` is the last.
    pub(crate) fn until(last: usize) -> Arc<Self> {
        Arc::new(Self {
            at: AtomicUsize::new(0),
            last: AtomicUsize::new(last),
            dead: Notify::new(),
            names: Mutex::default(),
            executed: Mutex::default(),
            unannounced: Mutex::default(),
        })
    }

    async fn pass(&self, name: &str) {
        let now = self.at.fetch_add(1, Ordering::SeqCst);
        self.names.lock().unwrap().push(name.into());
        if now >= self.last.load(Ordering::SeqCst) {
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
    }

    /// How many moments there were, and what they were called.
    pub(crate) fn names(&self) -> Vec<String> {
        self.names.lock().unwrap().clone()
    }
}

/// The sandbox, with moments.
pub(crate) struct CutCloud {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) moments: Arc<Moments>,
    pub(crate) journal: Arc<Memory>,
}

#[async_trait::async_trait]
impl Cloud for CutCloud {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.sandbox.caller().await
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let name = format!("{}:{}", request.service, request.operation);
        self.moments.pass(&format!("before {name}")).await;
        let journal = self.journal.read_journal().await.unwrap().unwrap_or_default();
        if !journal
            .frames
            .iter()
            .rev()
            .any(|frame| frame.contains(request.op))
        {
            self.moments.unannounced.lock().unwrap().push(name.clone());
        }
        let op = request.op.to_owned();
        let reply = self.sandbox.send(request).await;
        if reply.is_ok() {
            self.moments.executed.lock().unwrap().push(op);
        }
        self.moments.pass(&format!("after {name}")).await;
        reply
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.moments.pass(&format!("read {}", kind.name())).await;
        self.sandbox.read(kind, ids).await
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.moments.pass(&format!("find {}", kind.name())).await;
        self.sandbox.find(kind, owner).await
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        self.sandbox.secret(source).await
    }
}

/// A backend in memory, with moments around everything it writes.
pub(crate) struct CutBackend {
    pub(crate) memory: Arc<Memory>,
    pub(crate) moments: Arc<Moments>,
}

#[async_trait::async_trait]
impl Backend for CutBackend {
    fn place(&self) -> String {
        self.memory.place()
    }
    async fn acquire(&self, holder: &Holder, terms: &Terms) -> Result<Lease, Error> {
        self.memory.acquire(holder, terms).await
    }
    async fn renew(&self, lease: &Lease, terms: &Terms) -> Result<Lease, Error> {
        self.memory.renew(lease, terms).await
    }
    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        self.memory.release(lease).await
    }
    fn abandon(&self, lease: &Lease) {
        self.memory.abandon(lease);
    }
    async fn seen(&self) -> Result<Seen, Error> {
        self.memory.seen().await
    }
    async fn unlock(&self) -> Result<Option<Held>, Error> {
        self.memory.unlock().await
    }
    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        self.memory.read_journal().await
    }
    async fn load(&self) -> Result<Option<Stored>, Error> {
        self.memory.load().await
    }
    async fn save(&self, lease: &Lease, bytes: &[u8], expected: Option<&str>) -> Result<String, Error> {
        self.moments.pass("before the snapshot").await;
        let saved = self.memory.save(lease, bytes, expected).await;
        self.moments.pass("after the snapshot").await;
        saved
    }
    async fn reserve(&self, lease: &Lease, bytes: u64) -> Result<(), Error> {
        self.memory.reserve(lease, bytes).await
    }
    async fn append(&self, lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error> {
        self.moments.pass("before the journal").await;
        let appended = self.memory.append(lease, sequence, frame).await;
        self.moments.pass("after the journal").await;
        appended
    }
    async fn set_aside(&self, lease: &Lease, suffix: &str) -> Result<Aside, Error> {
        self.memory.set_aside(lease, suffix).await
    }
    async fn reset_journal(&self, lease: &Lease, mark: &Mark) -> Result<(), Error> {
        self.moments.pass("before the new journal").await;
        let reset = self.memory.reset_journal(lease, mark).await;
        self.moments.pass("after the new journal").await;
        reset
    }
}
