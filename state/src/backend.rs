//! Storage of a state: the [`Backend`] trait.
//!
//! A backend stores a snapshot, a journal of numbered frames and a lease. It does not interpret any of them, so that
//! encryption can be put in between.

use async_trait::async_trait;

use crate::{
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef},
};

/// A stored snapshot with the version that a later save must name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The snapshot's bytes.
    pub bytes: Vec<u8>,
    /// Version of the snapshot: changes with every save.
    pub tag: String,
}

/// A journal as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// The snapshot that this journal follows.
    pub snapshot_ref: Option<SnapshotRef>,
    /// The frames, in order.
    pub frames: Vec<String>,
    /// Bytes of an unfinished last write that were left out; nothing in them was ever acknowledged.
    pub torn: Option<TornWrite>,
}

/// State of a lease as seen from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaseStatus {
    /// Holder of the lease, if any.
    pub held: Option<Held>,
    /// Last snapshot known to the last holder.
    pub snapshot_ref: Option<SnapshotRef>,
}

/// An unfinished last write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornWrite {
    /// Offset in bytes.
    pub at: u64,
    /// Number of bytes.
    pub bytes: u64,
}

/// Locations of the parts of a state that was moved to a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backup {
    /// Locations for people to read.
    pub locations: Vec<String>,
    /// The highest frame number that was in use.
    pub sequence: u64,
}

/// Storage of one state. All methods may be called from many tasks; a store calls the writing ones one at a time.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Location of the state for people to read: `.tenon/production/state.json`.
    fn location(&self) -> String;

    /// Returns `true` if only a taken frame number keeps out a holder that lost its lease. A store then
    /// writes a frame as soon as it is opened.
    fn fenced_by_frames(&self) -> bool {
        false
    }

    /// Takes the lease for `holder` if it is free. Does not wait.
    ///
    /// # Errors
    /// [`Error::Locked`] when somebody else holds it.
    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error>;

    /// Renews `lease`, storing its fence and `snapshot_ref`.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when it is no longer ours.
    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error>;

    /// Releases `lease`, leaving its fence and `snapshot_ref` for the next holder.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when it is no longer ours.
    async fn release(&self, lease: &Lease) -> Result<(), Error>;

    /// Drops what this process holds of `lease` without telling anyone, as if the process had been killed.
    fn abandon(&self, lease: &Lease) {
        let _ = lease;
    }

    /// Reads the lease without taking it.
    ///
    /// # Errors
    /// When the backend cannot be reached.
    async fn lease_status(&self) -> Result<LeaseStatus, Error>;

    /// Takes the lease away from its holder, which is returned.
    ///
    /// # Errors
    /// When the holder is alive and cannot be dispossessed, as with a locked file.
    async fn unlock(&self) -> Result<Option<Held>, Error>;

    /// The journal; none when there never was one.
    ///
    /// # Errors
    /// [`Error::JournalDamaged`] when a part other than an unfinished last write cannot be read.
    async fn read_journal(&self) -> Result<Option<Journal>, Error>;

    /// The snapshot; none when there never was one.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    async fn load(&self) -> Result<Option<Stored>, Error>;

    /// Replaces the snapshot, durably, if its version is still `expected` (none: if there is none). Returns the new
    /// version.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the stored version is another one.
    async fn save(&self, lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error>;

    /// Makes sure that `bytes` more of journal can be written.
    ///
    /// # Errors
    /// When there is no room.
    async fn reserve(&self, lease: &Lease, bytes: u64) -> Result<(), Error>;

    /// Appends the frame numbered `sequence`; durable when it returns. `frame` is printable text on one line.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when a frame of that number is there or the lease is no longer ours. After any error the
    /// frame may or may not be there.
    async fn append(&self, lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error>;

    /// Starts an empty journal that follows `snapshot_ref`; frames up to `snapshot_ref.sequence` are dropped.
    ///
    /// # Errors
    /// When it could not be made; the old journal is then still there.
    async fn reset_journal(&self, lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error>;

    /// As much of the journal as can be read, and what kept it from being read whole.
    ///
    /// # Errors
    /// When the backend cannot be reached.
    async fn salvage_journal(&self) -> Result<(Option<Journal>, Option<Error>), Error> {
        match self.read_journal().await {
            Ok(journal) => Ok((journal, None)),
            Err(error) => Ok((None, Some(error))),
        }
    }

    /// Moves snapshot and journal, whatever their contents, to a backup whose name contains `suffix`.
    ///
    /// # Errors
    /// When they could not be moved; some parts may be.
    async fn move_to_backup(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error>;
}
