//! Where a state is kept: the [`Backend`] trait.
//!
//! A backend stores a snapshot, a journal of numbered frames and a lease. It does not look into any of them: what a
//! snapshot or a frame says is this crate's affair, so that encryption can stand in between.

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
    /// Its version: changes with every save.
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

/// What can be seen of a lease from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaseStatus {
    /// Who holds it, if anyone does.
    pub held: Option<Held>,
    /// What the last holder left beside it.
    pub snapshot_ref: Option<SnapshotRef>,
}

/// An unfinished last write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornWrite {
    /// Where it starts, in bytes.
    pub at: u64,
    /// How many bytes of it were there.
    pub bytes: u64,
}

/// Where the parts of a state went that was moved out of the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backup {
    /// Where the parts are now, for people.
    pub locations: Vec<String>,
    /// The highest frame number that was in use.
    pub sequence: u64,
}

/// Where a state is kept. All methods may be called from many tasks; a store calls the writing ones one at a time.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Where the state is, for people: `file .tenon/production/state.json`.
    fn location(&self) -> String;

    /// Whether a holder that was dispossessed is kept out only by finding its next frame's number taken. A store then
    /// writes a frame as soon as it is opened.
    fn fenced_by_frames(&self) -> bool {
        false
    }

    /// Takes the lease for `holder` if it is free. Waiting for it is the store's affair.
    ///
    /// # Errors
    /// [`Error::Locked`] when somebody else holds it.
    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error>;

    /// Renews `lease`, storing its fence and snapshot_ref.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when it is no longer ours.
    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error>;

    /// Gives `lease` back, leaving its fence and snapshot_ref for the next holder.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when it is no longer ours.
    async fn release(&self, lease: &Lease) -> Result<(), Error>;

    /// Drops what this process holds of `lease` without telling anyone, as if the process had been killed.
    fn abandon(&self, lease: &Lease) {
        let _ = lease;
    }

    /// Who holds the lease, and what was left beside it.
    ///
    /// # Errors
    /// When the backend cannot be reached.
    async fn lease_status(&self) -> Result<LeaseStatus, Error>;

    /// Takes the lease away from whoever holds it: `tenon unlock`. Returns who that was.
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

    /// Moves snapshot and journal, whatever they are, to where `suffix` is part of the name.
    ///
    /// # Errors
    /// When they could not be moved; some parts may be.
    async fn set_aside(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error>;
}
