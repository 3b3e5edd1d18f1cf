//! Reads that are repeated when they are throttled or lost, and the pauses between tries, of reads and of calls alike.

use super::classify::{Class, Known, classify};
use std::time::Duration;
use tenon_resources::{
    cloud::{CallError, Cloud, Observed},
    resource::ResourceType,
    value::Owner,
};
use tokio::time::{Instant, sleep};

/// The time for which a read is repeated. Reads change nothing, so repeating one is safe whatever became of it.
const READ_FOR: Duration = Duration::from_secs(120);

/// Repeats `read` while it is throttled or its reply is lost.
pub(crate) async fn with_retry<T, F>(seed: u64, read: impl Fn() -> F) -> Result<T, CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    let until = Instant::now() + READ_FOR;
    let mut backoff = Backoff::new(seed);
    loop {
        match read().await {
            Err(error)
                if matches!(
                    classify(&error, Known::default()),
                    Class::Throttled | Class::Unknown
                ) && Instant::now() < until =>
            {
                sleep(backoff.next(error.retry_after_ms)).await;
            }
            other => return other,
        }
    }
}

/// Reads a batch by ids.
pub(crate) async fn read_with_retry(
    cloud: &dyn Cloud,
    kind: &'static dyn ResourceType,
    ids: &[String],
) -> Result<Vec<Observed>, CallError> {
    // What no call makes is in the state alone.
    if kind.is_local() {
        return Ok(vec![]);
    }
    with_retry(0, || cloud.read(kind, ids)).await
}

/// Reads by ownership tags.
pub(crate) async fn find_with_retry(
    cloud: &dyn Cloud,
    kind: &'static dyn ResourceType,
    owner: &Owner,
) -> Result<Vec<Observed>, CallError> {
    with_retry(3, || cloud.find(kind, owner)).await
}

/// Growing pauses with jitter. The jitter comes from a number, so that a run can be repeated.
pub(super) struct Backoff {
    round: u32,
    seed: u64,
}

impl Backoff {
    pub(super) fn new(seed: u64) -> Self {
        Self { round: 0, seed }
    }

    /// The next pause: 0.25 s doubling to 20 s, 50 to 100 % of it; or what AWS asked for, if that is longer.
    pub(super) fn next(&mut self, retry_after_ms: Option<u64>) -> Duration {
        let full = (250u64 << self.round.min(7)).min(20_000);
        self.round += 1;
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let jittered = full / 2 + (self.seed >> 33) % (full / 2 + 1);
        Duration::from_millis(jittered.max(retry_after_ms.unwrap_or(0)))
    }
}
