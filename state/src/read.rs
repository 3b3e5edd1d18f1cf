//! Reading a state without the lease, as `plan` and `state show` do.
//!
//! A reader sees what was durable at some moment, even while somebody else writes. It changes nothing.

use crate::{
    Backend, Error, Held, Intent, Journal, SnapshotRef, State, Stored, TornWrite, fold::Fold,
    snapshot::Snapshot,
};

/// A state as seen from outside.
#[derive(Clone, Debug)]
pub struct StateView {
    /// The state with everything that was durable.
    pub state: State,
    /// Intents whose outcome was not known; while somebody holds the lease these may just be calls under way.
    pub open_intents: Vec<Intent>,
    /// Who holds the lease.
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
    match look(backend).await {
        // Between our reads somebody may have made the state or a snapshot; a real error is there the second time too.
        Err(_) => look(backend).await,
        seen => seen,
    }
}

async fn look(backend: &dyn Backend) -> Result<Option<StateView>, Error> {
    let place = backend.location();
    let seen = backend.seen().await?;
    // The journal first: a snapshot that is newer than the journal makes its frames superfluous, whereas a journal
    // that is newer than the snapshot would have a gap.
    let journal = backend.read_journal().await?;
    let stored = backend.load().await?;
    let Some((snapshot, journal, _)) = decode(&place, journal, stored, seen.mark.as_ref())? else {
        return Ok(None);
    };
    let base = snapshot.sequence;
    let ends_before = journal
        .mark
        .as_ref()
        .is_some_and(|mark| mark.sequence + journal.frames.len() as u64 <= base);
    let fold = if ends_before && seen.held.is_some() {
        Fold::of(snapshot)
    } else {
        Fold::replay(&place, snapshot, &journal)?
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
    place: &str,
    journal: Option<Journal>,
    stored: Option<Stored>,
    left: Option<&SnapshotRef>,
) -> Result<Option<(Snapshot, Journal, String)>, Error> {
    let Some(stored) = stored else {
        let lost = left.filter(|mark| mark.sequence > 0);
        let marked = journal
            .as_ref()
            .and_then(|journal| journal.mark.as_ref())
            .filter(|mark| mark.sequence > 0);
        let serial = marked.or(lost).map(|mark| mark.serial);
        let frames = journal.is_some_and(|journal| !journal.frames.is_empty());
        return match serial {
            None if !frames => Ok(None),
            serial => Err(Error::Missing {
                place: place.to_owned(),
                serial: serial.unwrap_or(0),
            }),
        };
    };
    let snapshot = Snapshot::decode(place, &stored.bytes)?;
    let state = &snapshot.state;
    let Some(journal) = journal else {
        return Err(Error::JournalMissing {
            place: place.to_owned(),
            serial: state.serial,
        });
    };
    if let Some(mark) = left {
        if mark.lineage != state.lineage {
            let (found, expected) = (state.lineage.clone(), mark.lineage.clone());
            return Err(Error::Replaced {
                place: place.to_owned(),
                found,
                expected,
            });
        }
        if mark.serial > state.serial || mark.sequence > snapshot.sequence {
            return Err(Error::RolledBack {
                place: place.to_owned(),
                found: state.serial,
                expected: mark.serial,
            });
        }
    }
    Ok(Some((snapshot, journal, stored.tag)))
}
