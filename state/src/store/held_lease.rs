//! The lease held by a store, its renewal, and the check before each call.
//!
//! The remaining time counts from the moment when the lease was requested, not from the reply, so that the store
//! never believes in the lease for longer than the backend does. Having the lease now is not enough to begin a call:
//! the lease must outlast the call, because a call that was sent cannot be withdrawn.

use std::{
    sync::{Arc, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use super::inner::Inner;
use crate::{error::Error, lease::Lease};

/// The lease of this store.
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

    /// Checks that a call may be begun or sent now.
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
        // A snapshot in progress changes the reference and the tag stored with the lease: a renewal at the same time
        // would write the old reference back, or fail for another tag and be mistaken for a lost lease.
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
            // Any other error may be transient. It must not end the heartbeat: `may_begin` checks the remaining time.
            Err(_) => {}
        }
    }
}
