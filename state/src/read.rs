//! Reading a state without the lease, as `plan` and `state show` do.
//!
//! A reader sees what was durable at some moment, even while somebody else writes. It changes nothing.

use crate::{
    backend::{Backend, Journal, Stored, TornWrite},
    error::Error,
    fold::Fold,
    intent::Intent,
    lease::{Held, SnapshotRef},
    record::State,
    snapshot::Snapshot,
};

/// A state as seen from outside.
#[derive(Clone, Debug)]
pub struct StateView {
    /// The state with everything that was durable.
    pub state: State,
    /// Intents whose outcome was not known; while somebody holds the lease these may just be calls under way.
    pub open_intents: Vec<Intent>,
    /// Holder of the lease, if any.
    pub held: Option<Held>,
    /// An unfinished last write that was left out.
    pub torn: Option<TornWrite>,
}

/// The state without the lease; none when there never was one.
///
/// # Errors
/// When it cannot be read for certain.
pub async fn read(backend: &dyn Backend) -> Result<Option<State>, Error> {
    Ok(inspect(backend).await?.map(|view| view.state))
}

/// The state without the lease, with what is open in it and who holds it; none when there never was one.
///
/// # Errors
/// When it cannot be read for certain.
pub async fn inspect(backend: &dyn Backend) -> Result<Option<StateView>, Error> {
    match read_once(backend).await {
        // Between our reads somebody may have made the state or a snapshot; a real error is there the second time too.
        Err(_) => read_once(backend).await,
        seen => seen,
    }
}

async fn read_once(backend: &dyn Backend) -> Result<Option<StateView>, Error> {
    let location = backend.location();
    let seen = backend.lease_status().await?;
    // The journal first: a snapshot that is newer than the journal makes its frames superfluous, whereas a journal
    // that is newer than the snapshot would have a gap.
    let journal = backend.read_journal().await?;
    let stored = backend.load().await?;
    let Some((snapshot, journal, _)) = decode(&location, journal, stored, seen.snapshot_ref.as_ref())? else {
        return Ok(None);
    };
    let base = snapshot.sequence;
    let ends_before = journal
        .snapshot_ref
        .as_ref()
        .is_some_and(|snapshot_ref| snapshot_ref.sequence + journal.frames.len() as u64 <= base);
    let fold = if ends_before && seen.held.is_some() {
        Fold::from_snapshot(snapshot)
    } else {
        Fold::replay(&location, snapshot, &journal)?
    };
    Ok(Some(StateView {
        state: State::clone(&fold.state),
        open_intents: fold.open.into_values().collect(),
        held: seen.held,
        torn: journal.torn,
    }))
}

/// Puts what a backend gave together; none when there never was a state.
pub(crate) fn decode(
    location: &str,
    journal: Option<Journal>,
    stored: Option<Stored>,
    last_known: Option<&SnapshotRef>,
) -> Result<Option<(Snapshot, Journal, String)>, Error> {
    let Some(stored) = stored else {
        let lease_ref = last_known.filter(|snapshot_ref| snapshot_ref.sequence > 0);
        let journal_ref = journal
            .as_ref()
            .and_then(|journal| journal.snapshot_ref.as_ref())
            .filter(|snapshot_ref| snapshot_ref.sequence > 0);
        let serial = journal_ref.or(lease_ref).map(|snapshot_ref| snapshot_ref.serial);
        let frames = journal.is_some_and(|journal| !journal.frames.is_empty());
        return match serial {
            None if !frames => Ok(None),
            serial => Err(Error::Missing {
                location: location.to_owned(),
                serial: serial.unwrap_or(0),
            }),
        };
    };
    let snapshot = Snapshot::decode(location, &stored.bytes)?;
    let state = &snapshot.state;
    let Some(journal) = journal else {
        return Err(Error::JournalMissing {
            location: location.to_owned(),
            serial: state.serial,
        });
    };
    if let Some(snapshot_ref) = last_known {
        if snapshot_ref.lineage != state.lineage {
            let (found, expected) = (state.lineage.clone(), snapshot_ref.lineage.clone());
            return Err(Error::Replaced {
                location: location.to_owned(),
                found,
                expected,
            });
        }
        if snapshot_ref.serial > state.serial || snapshot_ref.sequence > snapshot.sequence {
            return Err(Error::RolledBack {
                location: location.to_owned(),
                found: state.serial,
                expected: snapshot_ref.serial,
            });
        }
    }
    Ok(Some((snapshot, journal, stored.tag)))
}
