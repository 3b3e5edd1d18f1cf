//! A load with an audit: events are posted at a rate that does not follow the answers, processes are killed meanwhile, and in
//! the end every event that was acknowledged is looked for in the hot store and in the figures.

mod chaos;
mod platform;
mod report;
mod sender;

pub use chaos::{Chaos, ChaosError};
pub use platform::Platform;
pub use report::Report;
pub use sender::{Sent, Spike, SpikeError};

use crate::event::Id;
use crate::store::Store;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The load.
#[derive(Clone, Debug)]
pub struct Load {
    /// Events a second outside of the spike.
    pub rate: u32,
    /// Events of a post.
    pub batch: u32,
    /// The spike in the middle.
    pub spike: Spike,
    /// The time before the spike, and after it.
    pub calm: Duration,
    /// The share of answers that the sender throws away, in thousandths.
    pub lose: u32,
    /// The processes that are killed in the spike.
    pub chaos: Chaos,
    /// The time that the queue may take to be empty afterwards.
    pub patience: Duration,
}

/// Runs the load against `platform`, whose hot store is `store` and empty.
///
/// # Errors
/// A message when the platform does not answer at all.
pub async fn run(load: &Load, platform: &Platform, store: &Store) -> Result<Report, String> {
    let sent = Arc::new(Sent::default());
    let begun = Instant::now();
    let killing = {
        let (chaos, id) = (load.chaos.clone(), platform.process());
        let (calm, spike) = (load.calm, load.spike.length);
        tokio::spawn(async move {
            tokio::time::sleep(calm).await;
            chaos.kill_children(id, spike).await
        })
    };
    sender::send(load, &platform.collector(), &sent).await;
    let killed = killing.await.unwrap_or_default();
    let sending = begun.elapsed();
    let acknowledged = sent.acknowledged();
    let wait = Instant::now();
    let mut found = audit(store, &acknowledged).await?;
    while found.lost > 0 && wait.elapsed() < load.patience {
        tokio::time::sleep(Duration::from_millis(500)).await;
        found = audit(store, &acknowledged).await?;
    }
    let drained = wait.elapsed();
    let mut counted = platform.counted().await;
    let wait = Instant::now();
    while counted != Some(found.stored) && wait.elapsed() < load.patience {
        tokio::time::sleep(Duration::from_millis(500)).await;
        counted = platform.counted().await;
    }
    Ok(Report::new(&sent, &found, counted, killed, (sending, drained)))
}

/// What the hot store has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Events in it.
    pub stored: u64,
    /// Acknowledged events that it lacks.
    pub lost: u64,
    /// Events that it has and nobody sent.
    pub extra: u64,
}

async fn audit(store: &Store, acknowledged: &HashSet<Id>) -> Result<Found, String> {
    let stored = store
        .identifiers("shop")
        .await
        .map_err(|error| service::error::chain(&error))?;
    let stored: HashSet<Id> = stored.into_iter().collect();
    Ok(Found {
        stored: stored.len() as u64,
        lost: acknowledged.difference(&stored).count() as u64,
        extra: stored.difference(acknowledged).count() as u64,
    })
}
