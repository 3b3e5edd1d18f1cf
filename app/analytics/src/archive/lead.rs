//! The lease by which one archive's process leads.

use super::seal::SealError;
use crate::store::Store;

/// The milliseconds of a lease.
const LEASE: i64 = 60_000;

/// The lease of one process.
pub(super) struct Lead {
    store: Store,
    holder: String,
}

impl Lead {
    pub(super) fn new(store: Store, holder: String) -> Self {
        Self { store, holder }
    }

    /// Takes the lease or keeps it; false while another process has it.
    pub(super) async fn take(&self) -> Result<bool, SealError> {
        Ok(self.store.lease("archive", &self.holder, LEASE).await?)
    }

    /// Keeps the lease before a piece of work.
    ///
    /// # Errors
    /// [`SealError::Lost`] when another process has taken it meanwhile: this one must stop.
    pub(super) async fn keep(&self) -> Result<(), SealError> {
        if self.take().await? {
            Ok(())
        } else {
            Err(SealError::Lost)
        }
    }
}
