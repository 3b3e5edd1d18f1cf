//! The rate at which each service is called: as fast as there is something to call, until it throttles.
//!
//! A service counts what all callers of an account ask of it, so one call that is throttled speaks for all calls to its
//! service. From then on they keep an interval, first calls and repeated ones alike: longer with each that is throttled, a
//! little shorter with each that is not, so that about one call in nine probes how much more there is. The pause before a
//! throttled call is tried again is not here: it is the call's own, and comes on top.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The first interval, and the longest.
const INTERVAL: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Calls that are throttled together are one sign and not many.
const ONE_SIGN: Duration = Duration::from_millis(500);

/// The limiter of the services that have throttled.
#[derive(Clone, Debug, Default)]
pub(super) struct RateLimiter(Arc<Mutex<HashMap<String, Limit>>>);

#[derive(Debug)]
struct Limit {
    interval: Duration,
    /// When the next call may leave.
    next: Instant,
    /// When the interval last grew.
    grown: Option<Instant>,
}

impl RateLimiter {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Limit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time until `service` may be called.
    pub(super) fn wait(&self, service: &str) -> Duration {
        let all = self.all();
        all.get(service).map_or(Duration::ZERO, |b| {
            b.next.saturating_duration_since(Instant::now())
        })
    }

    /// Takes the next call of `service`; returns how long it is until that may be sent.
    pub(super) fn acquire(&self, service: &str) -> Duration {
        let now = Instant::now();
        let mut all = self.all();
        let Some(limit) = all.get_mut(service) else {
            return Duration::ZERO;
        };
        let due = limit.next.max(now);
        limit.next = due + limit.interval;
        due.duration_since(now)
    }

    /// `service` throttled a call.
    pub(super) fn throttled(&self, service: &str) {
        let now = Instant::now();
        let mut all = self.all();
        let limit = all.entry(service.to_owned()).or_insert_with(|| Limit {
            interval: INTERVAL.0,
            next: now,
            grown: None,
        });
        if limit.grown.is_none_or(|at| now.duration_since(at) >= ONE_SIGN) {
            limit.interval = limit.interval.mul_f64(1.5).min(INTERVAL.1);
            limit.grown = Some(now);
            limit.next = limit.next.max(now + limit.interval);
        }
    }

    /// `service` made a call.
    pub(super) fn succeeded(&self, service: &str) {
        let mut all = self.all();
        if let Some(limit) = all.get_mut(service) {
            limit.interval = limit.interval.mul_f64(0.95);
            if limit.interval < INTERVAL.0 / 2 {
                all.remove(service);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_keep_an_interval_once_one_was_throttled() {
        let limiter = RateLimiter::default();
        let waits = |service: &str| [0; 3].map(|_| limiter.acquire(service).as_millis());
        assert_eq!(
            waits("ec2"),
            [0, 0, 0],
            "nothing is held back before it is asked for"
        );
        for _ in 0..16 {
            limiter.throttled("ec2");
        }
        assert_eq!((waits("ec2"), waits("rds")), ([150, 300, 450], [0, 0, 0]));
        tokio::time::advance(Duration::from_secs(1)).await;
        limiter.throttled("ec2");
        assert_eq!(limiter.wait("ec2").as_millis(), 225);
        assert_eq!(waits("ec2"), [225, 450, 675]);
        for _ in 0..30 {
            limiter.succeeded("ec2");
        }
        assert_eq!(waits("ec2"), [0, 0, 0], "it is forgotten when it is over");
    }
}
