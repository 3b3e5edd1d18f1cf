//! Repair of a state that cannot be opened: [`salvage`] reads what is left of it, [`Store::replace`] writes another
//! state in its place.
//!
//! Nothing here decides which state is right. `salvage` reports what it could read and every problem, for a person to
//! judge. `replace` moves the old files to a backup and never deletes them.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    backend::{Backend, Backup},
    error::Error,
    fold::Fold,
    frame::{Entry, Frame},
    intent::Intent,
    lease::{Holder, SnapshotRef, random_hex},
    record::State,
    snapshot::Snapshot,
    store::{Settings, Store, open::acquire},
};

/// Parts of a damaged state that could be read.
#[derive(Debug, Default)]
pub struct Salvage {
    /// The snapshot with as much of the journal as fits it; none when the snapshot cannot be read.
    pub state: Option<State>,
    /// Intents whose outcome is not known from what could be read: their calls may have been made.
    pub open_intents: Vec<Intent>,
    /// Problems in the order in which they were found; empty for an intact state.
    pub problems: Vec<Error>,
    /// Number of journal frames that could not be used.
    pub lost_frames: usize,
}

// Long: one part after the other, each of which may be missing.
/// Reads what can be read of a state, however damaged. Changes nothing.
pub async fn salvage(backend: &dyn Backend) -> Salvage {
    let location = backend.location();
    let mut found = Salvage::default();
    let left = match backend.lease_status().await {
        Ok(seen) => seen.snapshot_ref,
        Err(error) => found.note(error),
    };
    let journal = match backend.salvage_journal().await {
        Ok((journal, problem)) => {
            found.problems.extend(problem);
            journal
        }
        Err(error) => found.note(error),
    };
    let snapshot = match backend.load().await {
        Ok(Some(stored)) => match Snapshot::decode(&location, &stored.bytes) {
            Ok(snapshot) => Some(snapshot),
            Err(error) => found.note(error),
        },
        Ok(None) => {
            let serial = left.as_ref().map_or(0, |snapshot_ref| snapshot_ref.serial);
            if serial > 0 || journal.as_ref().is_some_and(|journal| !journal.frames.is_empty()) {
                found.problems.push(Error::Missing {
                    location: location.clone(),
                    serial,
                });
            }
            None
        }
        Err(error) => found.note(error),
    };
    if let (Some(snapshot), Some(snapshot_ref)) = (&snapshot, &left) {
        let Snapshot { state, sequence, .. } = snapshot;
        if snapshot_ref.lineage != state.lineage {
            let (lineage, expected) = (state.lineage.clone(), snapshot_ref.lineage.clone());
            found.problems.push(Error::Replaced {
                location: location.clone(),
                found: lineage,
                expected,
            });
        } else if snapshot_ref.serial > state.serial || snapshot_ref.sequence > *sequence {
            let (serial, expected) = (state.serial, snapshot_ref.serial);
            found.problems.push(Error::RolledBack {
                location: location.clone(),
                found: serial,
                expected,
            });
        }
    }
    let frames = journal.map(|journal| journal.frames).unwrap_or_default();
    match snapshot {
        Some(snapshot) => found.fold(&location, snapshot, &frames),
        None => found.intents_of(&frames),
    }
    // Parts that are each in order and do not belong together.
    if found.problems.is_empty()
        && let Err(error) = crate::read::inspect(backend).await
    {
        found.problems.push(error);
    }
    found
}

impl Salvage {
    fn note<T>(&mut self, error: Error) -> Option<T> {
        self.problems.push(error);
        None
    }

    /// Folds frames into a snapshot up to the first that does not fit.
    fn fold(&mut self, location: &str, snapshot: Snapshot, frames: &[String]) {
        let mut fold = Fold::from_snapshot(snapshot);
        for (index, text) in frames.iter().enumerate() {
            let next = fold.sequence + 1;
            let fits = match serde_json::from_str::<Frame>(text) {
                Err(error) => Err(format!("not a frame ({error})")),
                Ok(frame) if frame.lineage != fold.state.lineage => {
                    Err(format!("of lineage {}", frame.lineage))
                }
                Ok(frame) if frame.sequence < next => continue,
                Ok(frame) if frame.sequence > next => Err(format!("frame {} stands there", frame.sequence)),
                Ok(frame) => frame.entries.into_iter().try_for_each(|entry| fold.apply(entry)),
            };
            if let Err(why) = fits {
                let (location, at) = (location.to_owned(), format!("frame {next}"));
                self.problems.push(Error::JournalDamaged { location, at, why });
                self.lost_frames = frames.len() - index;
                break;
            }
            fold.sequence = next;
        }
        self.state = Some(State::clone(&fold.state));
        self.open_intents = fold.open.into_values().collect();
    }

    /// Without a snapshot a journal still says which calls may have been made.
    fn intents_of(&mut self, frames: &[String]) {
        let mut open = BTreeMap::new();
        for frame in frames
            .iter()
            .map_while(|text| serde_json::from_str::<Frame>(text).ok())
        {
            for entry in frame.entries {
                match entry {
                    Entry::Begin { intent, .. } => {
                        open.insert(intent.op.clone(), intent);
                    }
                    Entry::End { op, outcome, .. }
                        if !matches!(outcome, crate::intent::Outcome::Unknown { .. }) =>
                    {
                        open.remove(&op);
                    }
                    _ => {}
                }
            }
        }
        self.open_intents = open.into_values().collect();
        self.lost_frames = frames.len();
    }
}

impl Store {
    /// Replaces whatever is stored by `state`, with these intents open, and opens it. The old files are moved to a
    /// backup first. The serial becomes one more than any known there, so that plans made before are refused; an
    /// empty lineage becomes a new one.
    ///
    /// # Errors
    /// [`Error::Locked`] when somebody else holds the lease; otherwise when it could not be written. The backup is
    /// then complete, and the state is reported as missing, not as empty.
    pub async fn replace(
        backend: Arc<dyn Backend>,
        who: Holder,
        mut state: State,
        open: Vec<Intent>,
        settings: Settings,
    ) -> Result<(Self, Backup), Error> {
        open.iter().try_for_each(Intent::check)?;
        let (asked, mut lease) = acquire(&*backend, &who, &settings).await?;
        let identity = state.identity();
        let written = async {
            let suffix = format!("{}-{}", settings.clock.wall_ms(), &random_hex()?[..8]);
            let backup = backend.move_to_backup(&lease, &suffix).await?;
            let known = lease
                .snapshot_ref
                .as_ref()
                .map_or(0, |snapshot_ref| snapshot_ref.serial);
            state.serial = state.serial.max(known) + 1;
            if state.lineage.is_empty() {
                state.lineage = random_hex()?;
            }
            let sequence = backup.sequence.max(
                lease
                    .snapshot_ref
                    .as_ref()
                    .map_or(0, |snapshot_ref| snapshot_ref.sequence),
            );
            let snapshot_ref = SnapshotRef {
                lineage: state.lineage.clone(),
                serial: state.serial,
                sequence,
            };
            let snapshot = Snapshot {
                state,
                sequence,
                fence: lease.fence,
                open,
            };
            backend.reset_journal(&lease, &snapshot_ref).await?;
            backend.save(&lease, snapshot.encode()?, None).await?;
            Ok((backup, snapshot_ref))
        };
        match written.await {
            Ok((backup, snapshot_ref)) => {
                lease.snapshot_ref = Some(snapshot_ref);
                Ok((
                    Self::with_lease(backend, identity, settings, asked, lease).await?,
                    backup,
                ))
            }
            Err(error) => {
                let _ = backend.release(&lease).await;
                Err(error)
            }
        }
    }
}
