//! How often each service is asked: as often as there is something to ask, until it throttles.
//!
//! Every service counts what all callers of an account ask of it, so one call that is turned away speaks for all calls to its
//! service. From then on they keep a distance from each other, first calls and repeated ones alike: longer with each that is
//! turned away, a little shorter with each that is not. About one call in nine tries how much more there is. What it is not:
//! the pause before a call that was turned away is tried again, which is the call's own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The first distance, and the longest.
const DISTANCE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Calls that are turned away together are one sign and not many.
const ONE_SIGN: Duration = Duration::from_millis(500);

/// The budgets of the services that have throttled.
#[derive(Clone, Debug, Default)]
pub(super) struct Budgets(Arc<Mutex<HashMap<String, Budget>>>);

#[derive(Debug)]
struct Budget {
    distance: Duration,
    /// When the next call may leave.
    next: Instant,
    /// When the distance last grew.
    grown: Option<Instant>,
}

impl Budgets {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Budget>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long `service` is not to be asked.
    pub(super) fn wait(&self, service: &str) -> Duration {
        let all = self.all();
        all.get(service).map_or(Duration::ZERO, |b| {
            b.next.saturating_duration_since(Instant::now())
        })
    }

    /// Takes the next turn of `service`; returns how long it is until then.
    pub(super) fn turn(&self, service: &str) -> Duration {
        let now = Instant::now();
        let mut all = self.all();
        let Some(budget) = all.get_mut(service) else {
            return Duration::ZERO;
        };
        let turn = budget.next.max(now);
        budget.next = turn + budget.distance;
        turn.duration_since(now)
    }

    /// `service` turned a call away.
    pub(super) fn throttled(&self, service: &str) {
        let now = Instant::now();
        let mut all = self.all();
        let budget = all.entry(service.to_owned()).or_insert_with(|| Budget {
            distance: DISTANCE.0,
            next: now,
            grown: None,
        });
        if budget.grown.is_none_or(|at| now.duration_since(at) >= ONE_SIGN) {
            budget.distance = budget.distance.mul_f64(1.5).min(DISTANCE.1);
            budget.grown = Some(now);
            budget.next = budget.next.max(now + budget.distance);
        }
    }

    /// `service` made a call.
    pub(super) fn succeeded(&self, service: &str) {
        let mut all = self.all();
        if let Some(budget) = all.get_mut(service) {
            budget.distance = budget.distance.mul_f64(0.95);
            if budget.distance < DISTANCE.0 / 2 {
                all.remove(service);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_keep_a_distance_once_one_was_turned_away() {
        let budgets = Budgets::default();
        let turns = |service: &str| [0; 3].map(|_| budgets.turn(service).as_millis());
        assert_eq!(
            turns("ec2"),
            [0, 0, 0],
            "nothing is held back before it is asked for"
        );
        for _ in 0..16 {
            budgets.throttled("ec2");
        }
        assert_eq!((turns("ec2"), turns("rds")), ([150, 300, 450], [0, 0, 0]));
        tokio::time::advance(Duration::from_secs(1)).await;
        budgets.throttled("ec2");
        assert_eq!(budgets.wait("ec2").as_millis(), 225);
        assert_eq!(turns("ec2"), [225, 450, 675]);
        for _ in 0..30 {
            budgets.succeeded("ec2");
        }
        assert_eq!(turns("ec2"), [0, 0, 0], "it is forgotten when it is over");
    }
}
