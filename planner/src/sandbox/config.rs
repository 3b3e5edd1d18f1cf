//! Configuration of a sandbox: seed, speed and delays.

use std::time::Duration;
use tokio::time::sleep;

/// Configuration of a sandbox.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SandboxConfig {
    /// The seed of ids: the same seed and the same inputs give the same ids.
    pub seed: u64,
    /// The factor by which states pass faster than at AWS; infinite for no delays at all.
    pub speed: f64,
    /// The time that a call takes, before `speed`.
    pub latency: Duration,
    /// The time for which a new role is unknown to the services that are to assume it, before `speed`.
    pub role_unknown: Duration,
    /// `true` if a repository of container images has, from the moment it exists, every image that is asked for, as if a pipeline had
    /// pushed it; `false` if it has those that are [pushed](super::Sandbox::push).
    pub images: bool,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            speed: 100.0,
            latency: Duration::from_millis(300),
            // AWS names no time; Terraform's provider sees some ten seconds.
            role_unknown: Duration::from_secs(10),
            images: true,
        }
    }
}

impl SandboxConfig {
    /// A sandbox without delays: for benchmarks, and for tests that are not about time.
    pub fn instant() -> Self {
        Self {
            speed: f64::INFINITY,
            ..Self::default()
        }
    }

    /// The sandbox time that passes in `real`, in milliseconds.
    pub(super) fn scale(&self, real: Duration) -> u64 {
        if self.speed.is_infinite() {
            // A year: what a slower run left on its way has long arrived.
            return 365 * 24 * 3600 * 1000;
        }
        Duration::try_from_secs_f64(real.as_secs_f64() * self.speed)
            .map_or(u64::MAX / 4, crate::duration::millis)
    }

    /// The real time, in milliseconds, until so much sandbox time has passed.
    pub(super) fn unscale(&self, ms: u64) -> u64 {
        crate::duration::millis(Duration::from_millis(ms).div_f64(self.speed.max(f64::MIN_POSITIVE)))
    }

    /// The sandbox time of what takes `real` at AWS: none, where there are no delays.
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
