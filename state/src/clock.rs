//! Time as a trait, so that a lease's end can be tested without waiting for it.
//!
//! Not here: formatting of dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;

/// A source of time.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The time of day: milliseconds since 1970-01-01 UTC. May jump; used for display only.
    fn wall_ms(&self) -> u64;

    /// Time since some fixed moment. Never goes back, and counts the time in which the machine or the process slept.
    fn elapsed(&self) -> Duration;

    /// Waits for `time`.
    async fn sleep(&self, time: Duration);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn wall_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn elapsed(&self) -> Duration {
        // The monotonic clock of Linux stands still while the machine is suspended; a lease does not.
        #[cfg(target_os = "linux")]
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        #[cfg(not(target_os = "linux"))]
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        Duration::new(
            now.tv_sec.unsigned_abs(),
            u32::try_from(now.tv_nsec).unwrap_or_default(),
        )
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
