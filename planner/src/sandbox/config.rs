//! What a sandbox is like, and what is in it.

use std::time::Duration;
use tokio::time::sleep;

/// What a sandbox is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SandboxConfig {
    /// What ids are made from: the same seed and the same inputs give the same ids.
    pub seed: u64,
    /// How much faster than AWS slow things are; infinite for no delays at all.
    pub speed: f64,
    /// How long a call takes, before `speed`.
    pub latency: Duration,
    /// How long a new role is unknown to those that are to assume it, before `speed`.
    pub role_unknown: Duration,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            speed: 100.0,
            latency: Duration::from_millis(300),
            // AWS names no time; Terraform's provider sees some ten seconds.
            role_unknown: Duration::from_secs(10),
        }
    }
}

impl SandboxConfig {
    /// A world without delays: for benchmarks, and for tests that are not about time.
    pub fn instant() -> Self {
        Self {
            speed: f64::INFINITY,
            ..Self::default()
        }
    }

    /// How much sandbox time passes in `real`, in milliseconds.
    pub(super) fn scale(&self, real: Duration) -> u64 {
        if self.speed.is_infinite() {
            // A year: what a slower run left on its way has long arrived.
            return 365 * 24 * 3600 * 1000;
        }
        Duration::try_from_secs_f64(real.as_secs_f64() * self.speed)
            .map_or(u64::MAX / 4, crate::execute::millis)
    }

    /// How long something takes that takes `real` at AWS, in sandbox time: nothing, where there are no delays.
    pub(super) fn takes(&self, real: Duration) -> Duration {
        if self.speed.is_infinite() {
            Duration::ZERO
        } else {
            real
        }
    }

    /// Takes as long as a call takes.
    pub(super) async fn reply(&self) {
        let takes = self.latency.as_secs_f64() / self.speed;
        if takes > 0.0 {
            sleep(Duration::from_secs_f64(takes)).await;
        }
    }
}
