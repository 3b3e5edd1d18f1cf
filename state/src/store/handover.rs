//! Operations of a store whose state is to be moved or given another key.

use super::Store;
use crate::{error::Error, lease::Lease, snapshot::Snapshot};

impl Store {
    /// The lease that it is held under.
    pub(crate) fn lease(&self) -> Lease {
        self.inner.lease()
    }

    /// The number of the last frame that is folded in.
    pub(crate) fn sequence(&self) -> u64 {
        self.inner.shared().fold.sequence
    }

    /// Checks that no intent is open: open intents can only be reconciled by a run at the current location.
    ///
    /// # Errors
    /// [`Error::Unsettled`] with the calls that are.
    pub(crate) fn require_no_open_intents(&self) -> Result<(), Error> {
        let open = self.open_intents();
        if open.is_empty() {
            return Ok(());
        }
        let call = |intent: &crate::intent::Intent| {
            format!("{}:{} of {}", intent.service, intent.operation, intent.address)
        };
        Err(Error::Unsettled {
            calls: open.iter().map(call).collect(),
        })
    }

    /// [`Store::checkpoint`] even when the journal says nothing that matters, so that the snapshot is all there is. The
    /// snapshot, and its version; its serial grows only if anything changed.
    ///
    /// # Errors
    /// When it could not be written.
    pub(crate) async fn force_checkpoint(&self) -> Result<(Snapshot, String), Error> {
        self.inner.checkpoint().await?;
        let mut writer = self.inner.writer.lock().await;
        let snapshot = {
            let shared = self.inner.shared();
            shared.fold.snapshot(shared.fold.state.serial)
        };
        self.inner.save_snapshot(&mut writer, snapshot.clone()).await?;
        Ok((snapshot, writer.tag.clone()))
    }
}
