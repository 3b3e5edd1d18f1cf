//! The executor's limits, and the handle that stops it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tenon_resources::asset::Shelf;
use tokio::sync::Notify;

/// The executor's limits.
#[derive(Clone)]
pub struct Settings {
    /// The number of mutating calls that may be in flight. Waits do not count: they cost one batch read a type.
    pub parallelism: usize,
    /// The time for which a throttled call is repeated before it fails.
    pub throttled: Duration,
    /// The time for which a call is repeated whose role, key or source is not visible yet, where its own rules do not say.
    pub consistency: Duration,
    /// The time after a create within which a resource may still appear. Terraform waits 5 minutes for EC2.
    pub visible: Duration,
    /// The time for which expired credentials are waited for.
    pub credentials: Duration,
    /// The first and the longest pause between two polls.
    pub poll: (Duration, Duration),
    /// The wall clock, in milliseconds since 1970; what intents are stamped with.
    pub now_ms: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// The source of operation ids: 32 lower-case hex digits, never the same twice.
    pub new_op: Arc<dyn Fn() -> String + Send + Sync>,
    /// The places where assets are looked for.
    pub assets: Shelf,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("parallelism", &self.parallelism)
            .finish_non_exhaustive()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            parallelism: 16,
            throttled: Duration::from_secs(10 * 60),
            consistency: Duration::from_secs(2 * 60),
            visible: Duration::from_secs(5 * 60),
            credentials: Duration::from_secs(60 * 60),
            poll: (Duration::from_millis(250), Duration::from_secs(5)),
            now_ms: Arc::new(|| {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                crate::duration::millis(since)
            }),
            new_op: Arc::new(|| {
                let mut bytes = [0; 16];
                getrandom::fill(&mut bytes).expect("the system has randomness");
                hex::encode(bytes)
            }),
            assets: Shelf::default(),
        }
    }
}

/// A cancellation token: once it is requested, no new calls are made; those in flight are awaited and recorded.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<(AtomicBool, Notify)>);

impl Stop {
    /// A token that nobody has requested.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks to stop.
    pub fn request(&self) {
        self.0.0.store(true, Ordering::SeqCst);
        self.0.1.notify_waiters();
    }

    /// `true` if somebody asked to stop.
    pub fn requested(&self) -> bool {
        self.0.0.load(Ordering::SeqCst)
    }

    /// Resolves when somebody asks to stop.
    pub async fn wait(&self) {
        let notified = self.0.1.notified();
        if !self.requested() {
            notified.await;
        }
    }
}
