//! Reads, through throttling and lost replies; and the pauses between tries, of reads and of calls.

use super::{Class, classify};
use std::time::Duration;
use tenon_resources::{
    cloud::{CallError, Cloud, Observed},
    resource::ResourceType,
    value::Owner,
};
use tokio::time::{Instant, sleep};

/// How long a read is repeated when it is throttled or lost; reads change nothing, so repeating is free of danger.
const READ_FOR: Duration = Duration::from_secs(120);

/// Repeats `read`, whatever of it is throttled or lost.
async fn patiently<F>(seed: u64, read: impl Fn() -> F) -> Result<Vec<Observed>, CallError>
where
    F: Future<Output = Result<Vec<Observed>, CallError>>,
{
    let until = Instant::now() + READ_FOR;
    let mut backoff = Backoff::new(seed);
    loop {
        match read().await {
            Err(error)
                if matches!(classify(&error, &[]), Class::Throttled | Class::Unknown)
                    && Instant::now() < until =>
            {
                sleep(backoff.next(error.retry_after_ms)).await;
            }
            other => return other,
        }
    }
}

/// Reads a batch by ids.
pub(crate) async fn read_patiently(
    cloud: &dyn Cloud,
    kind: &'static dyn ResourceType,
    ids: &[String],
) -> Result<Vec<Observed>, CallError> {
    patiently(0, || cloud.read(kind, ids)).await
}

/// Reads by ownership tags.
pub(crate) async fn find_patiently(
    cloud: &dyn Cloud,
    kind: &'static dyn ResourceType,
    owner: &Owner,
) -> Result<Vec<Observed>, CallError> {
    patiently(3, || cloud.find(kind, owner)).await
}

/// Reads what a create call that may have been executed made: by `id`, where that follows from the inputs; by the token of
/// the call, where AWS keeps it; else by the tags that it was born with.
pub(super) async fn find_made(
    cloud: &dyn Cloud,
    kind: &'static dyn ResourceType,
    id: Option<&String>,
    token: &str,
    owner: &Owner,
) -> Result<Vec<Observed>, CallError> {
    match id {
        Some(id) => read_patiently(cloud, kind, std::slice::from_ref(id)).await,
        None if kind.keeps_token() => patiently(3, || cloud.made_with(kind, token)).await,
        None => find_patiently(cloud, kind, owner).await,
    }
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
