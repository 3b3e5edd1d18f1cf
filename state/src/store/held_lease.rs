//! How long a store may be written to: the lease that it holds, and its renewal.

use std::{
    sync::{Arc, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use super::inner::Inner;
use crate::{error::Error, lease::Lease};

/// Our hold on the lease.
pub(super) struct HeldLease {
    pub(super) lease: Lease,
    /// When it ends, on the clock's scale.
    pub(super) until: Option<Duration>,
    pub(super) lost: Option<String>,
}

impl Inner {
    pub(super) fn held_lease(&self) -> MutexGuard<'_, HeldLease> {
        self.held_lease.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lease(&self) -> Lease {
        self.held_lease().lease.clone()
    }

    pub(super) fn lose(&self, why: &str) {
        self.held_lease().lost.get_or_insert_with(|| why.to_owned());
    }

    /// Whether a call may be sent now.
    pub(super) fn may_begin(&self) -> Result<(), Error> {
        {
            let held_lease = self.held_lease();
            let location = || self.location.clone();
            if let Some(why) = &held_lease.lost {
                return Err(Error::LeaseLost {
                    location: location(),
                    why: why.clone(),
                });
            }
            if let Some(until) = held_lease.until {
                let left = until.saturating_sub(self.settings.clock.elapsed());
                let need = self.settings.terms.call_timeout;
                if left.is_zero() {
                    return Err(Error::LeaseLost {
                        location: location(),
                        why: "it ran out before it could be renewed".to_owned(),
                    });
                }
                if left < need {
                    return Err(Error::LeaseShort {
                        location: location(),
                        left,
                        need,
                    });
                }
            }
        }
        match &self.shared().stopped {
            Some(first) => Err(Error::Stopped {
                location: self.location.clone(),
                source: Arc::clone(first),
            }),
            None => Ok(()),
        }
    }
}

/// Renews the lease until the store is gone, the lease is lost, or it has run out.
pub(super) async fn heartbeat(inner: Weak<Inner>) {
    loop {
        let Some((clock, terms)) = inner
            .upgrade()
            .map(|i| (Arc::clone(&i.settings.clock), i.settings.terms))
        else {
            return;
        };
        clock.sleep(terms.renew_every).await;
        let Some(inner) = inner.upgrade() else { return };
        let asked = clock.elapsed();
        // The writer changes the lease's snapshot_ref and compares its tag; renewals and writes take turns.
        let _writer = inner.writer.lock().await;
        match inner.backend.renew(&inner.lease(), &terms).await {
            Ok(lease) => {
                let mut held_lease = inner.held_lease();
                held_lease.until = lease.ttl.map(|ttl| asked + ttl);
                held_lease.lease = lease;
            }
            Err(Error::LeaseLost { why, .. }) => {
                inner.lose(&why);
                return;
            }
            // Anything else may pass; what is left of the lease is checked before each call.
            Err(_) => {}
        }
    }
}
