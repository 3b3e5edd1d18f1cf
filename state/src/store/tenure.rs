//! How long a store may be written to: the lease that it holds, and its renewal.

use std::{
    sync::{Arc, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use super::Inner;
use crate::{Error, Lease};

/// Our hold on the lease.
pub(super) struct Tenure {
    pub(super) lease: Lease,
    /// When it ends, on the clock's scale.
    pub(super) until: Option<Duration>,
    pub(super) lost: Option<String>,
}

impl Inner {
    pub(super) fn tenure(&self) -> MutexGuard<'_, Tenure> {
        self.tenure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lease(&self) -> Lease {
        self.tenure().lease.clone()
    }

    pub(super) fn lose(&self, why: &str) {
        self.tenure().lost.get_or_insert_with(|| why.to_owned());
    }

    /// Whether a call may be sent now.
    pub(super) fn may_begin(&self) -> Result<(), Error> {
        {
            let tenure = self.tenure();
            let place = || self.place.clone();
            if let Some(why) = &tenure.lost {
                return Err(Error::LeaseLost {
                    place: place(),
                    why: why.clone(),
                });
            }
            if let Some(until) = tenure.until {
                let left = until.saturating_sub(self.settings.clock.elapsed());
                let need = self.settings.terms.call_timeout;
                if left.is_zero() {
                    return Err(Error::LeaseLost {
                        place: place(),
                        why: "it ran out before it could be renewed".to_owned(),
                    });
                }
                if left < need {
                    return Err(Error::LeaseShort {
                        place: place(),
                        left,
                        need,
                    });
                }
            }
        }
        match &self.book().stopped {
            Some(first) => Err(Error::Stopped {
                place: self.place.clone(),
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
        // The writer changes the lease's mark and compares its tag; renewals and writes take turns.
        let _writer = inner.writer.lock().await;
        match inner.backend.renew(&inner.lease(), &terms).await {
            Ok(lease) => {
                let mut tenure = inner.tenure();
                tenure.until = lease.ttl.map(|ttl| asked + ttl);
                tenure.lease = lease;
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
