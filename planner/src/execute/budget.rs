//! How many mutating calls one service may have in flight: as many as there are hands, until it throttles.
//!
//! Every service counts what all callers of an account ask of it, so one call that is turned away speaks for all of its
//! service. The budget is halved then, at most once a second, and each success gives a little back, as TCP does it. What it
//! is not: the pause before a call that was turned away is tried again, which is the call's own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Calls that are turned away together are one sign and not many.
const ONE_SIGN: Duration = Duration::from_secs(1);

/// No service falls below so many: one of them may be waiting for a role for minutes.
const LEAST: f64 = 2.0;

/// The budgets of the services that have throttled.
#[derive(Clone, Debug, Default)]
pub(super) struct Budgets(Arc<Mutex<HashMap<String, Budget>>>);

#[derive(Debug)]
struct Budget {
    allowed: f64,
    cut: Instant,
}

impl Budgets {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Budget>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether `service` may be asked once more, with so many calls in flight.
    pub(super) fn allows(&self, service: &str, in_flight: usize) -> bool {
        let next = u32::try_from(in_flight + 1).map_or(f64::INFINITY, f64::from);
        self.all()
            .get(service)
            .is_none_or(|budget| next <= budget.allowed.max(LEAST))
    }

    /// `service` turned a call away; there are `most` hands.
    pub(super) fn throttled(&self, service: &str, most: usize) {
        let now = Instant::now();
        let mut all = self.all();
        let budget = all.entry(service.to_owned()).or_insert_with(|| Budget {
            allowed: u32::try_from(most).map_or(f64::INFINITY, f64::from),
            cut: now - ONE_SIGN,
        });
        if now.duration_since(budget.cut) >= ONE_SIGN {
            *budget = Budget {
                allowed: (budget.allowed / 2.0).max(LEAST),
                cut: now,
            };
        }
    }

    /// `service` made a call.
    pub(super) fn succeeded(&self, service: &str) {
        if let Some(budget) = self.all().get_mut(service) {
            budget.allowed += 1.0 / budget.allowed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many calls may be in flight at once.
    fn room(budgets: &Budgets, service: &str) -> usize {
        (0..64).take_while(|n| budgets.allows(service, *n)).count()
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_halves_and_success_gives_back() {
        let budgets = Budgets::default();
        assert_eq!(
            room(&budgets, "ec2"),
            64,
            "nothing is held back before it is asked for"
        );
        for _ in 0..16 {
            budgets.throttled("ec2", 16);
        }
        assert_eq!((room(&budgets, "ec2"), room(&budgets, "rds")), (8, 64));
        tokio::time::advance(ONE_SIGN).await;
        budgets.throttled("ec2", 8);
        assert_eq!(room(&budgets, "ec2"), 4);
        for _ in 0..20 {
            budgets.succeeded("ec2");
        }
        assert_eq!(room(&budgets, "ec2"), 7);
        for _ in 0..20 {
            tokio::time::advance(ONE_SIGN).await;
            budgets.throttled("ec2", 7);
        }
        assert_eq!(room(&budgets, "ec2"), 2, "it never stands still");
    }
}
