//! Moving a state to another location: [`Transfer`].
//!
//! The state is copied, opened at its new location, and compared. Only then is the original moved to a backup, never
//! deleted, and a notice left in its place that names the new location. Both leases are held meanwhile. A process
//! killed at any instant leaves the complete state at the old location until it is complete at the new one; running
//! the same move again finishes it. If the state was changed at the old location after an interrupted move, the
//! outdated copy is not overwritten ([`Error::Occupied`]): a person decides which of the two is right. Lineage,
//! serial, pins and records are kept.
//!
//! Not here: files beside the state, such as the key of its fingerprints. Copy them
//! ([`copy_sidecar`](crate::copy_sidecar)) between [`Transfer::begin`] and [`Transfer::finish`].

use std::sync::Arc;

use crate::{
    backend::{Backend, Backup},
    error::Error,
    fold::Fold,
    lease::{Holder, Lease, SnapshotRef, random_hex},
    move_notice,
    read::{decode, inspect},
    record::{Identity, State},
    snapshot::Snapshot,
    store::{Settings, Store, open::acquire},
};

/// A state's backend, with and without encryption.
#[derive(Clone)]
pub struct StateHandle {
    /// The backend itself.
    pub raw: Arc<dyn Backend>,
    /// The backend through which the state is read and written: `raw`, or an `Encrypted` in front of it.
    pub encrypted: Arc<dyn Backend>,
}

impl StateHandle {
    /// A handle to a state that is not encrypted.
    pub fn unencrypted(raw: Arc<dyn Backend>) -> Self {
        Self {
            encrypted: Arc::clone(&raw),
            raw,
        }
    }
}

/// Result of a move.
#[derive(Debug)]
pub struct Moved {
    /// The state at its new location.
    pub state: Arc<State>,
    /// Locations of the original; empty when an earlier run had moved it to a backup already.
    pub backup: Backup,
}

/// A move in progress: the state is complete at its new location, and not yet removed from its old one.
///
/// ```no_run
/// # async fn example() -> Result<(), tenon_state::Error> {
/// use std::sync::Arc;
/// use tenon_state::{File, Holder, Identity, Settings, StateHandle, Transfer};
///
/// let from = StateHandle::unencrypted(Arc::new(File::new("old/shop/production")));
/// let to = StateHandle::unencrypted(Arc::new(File::new("new/shop/production")));
/// let identity = Identity { stack: "shop".into(), env: "production".into() };
/// let transfer = Transfer::begin(from, to, Holder::here("migrate")?, identity, Settings::default()).await?;
/// println!("what was there is now in {:?}", transfer.finish().await?.backup.locations);
/// # Ok(())
/// # }
/// ```
pub struct Transfer {
    from: StateHandle,
    to: StateHandle,
    source: Source,
    target: Store,
    settings: Settings,
}

/// Contents of the old location.
enum Source {
    /// The state.
    InUse(Store),
    /// Remains of an earlier run that was interrupted while it moved the original to a backup.
    PartlyMoved(Lease),
    /// The notice that the state was moved.
    Moved,
}

impl Transfer {
    /// Copies the state at `from` to `to`, opens it there, and compares the two. Nothing is taken away yet.
    ///
    /// # Errors
    /// [`Error::Absent`] without a state at `from`, [`Error::Unsettled`] when calls are open in it,
    /// [`Error::Occupied`] when there is a state at `to` that is not this very one, [`Error::Locked`] when somebody
    /// else holds either; otherwise when one could not be read or written. The state at `from` is then as it was.
    pub async fn begin(
        from: StateHandle,
        to: StateHandle,
        who: Holder,
        identity: Identity,
        settings: Settings,
    ) -> Result<Self, Error> {
        let location = from.raw.location();
        if location == to.raw.location() {
            return Err(Error::Invalid {
                what: "the move".to_owned(),
                why: format!("{location} is where the state is kept already"),
            });
        }
        let (source, target) = match inspect(&*from.encrypted).await {
            Ok(None) => return Err(Error::Absent { location }),
            Ok(Some(_)) => copy(&from, &to, &who, &identity, &settings).await?,
            Err(error) => resume(&from, &to, &who, &identity, &settings, error).await?,
        };
        Ok(Self {
            from,
            to,
            source,
            target,
            settings,
        })
    }

    /// The state at its new location.
    pub fn state(&self) -> Arc<State> {
        self.target.state()
    }

    /// Returns `true` if the state is still in use at its old location. If not, an earlier run got further, and the
    /// files beside the state at its new location are newer than those beside the old one.
    pub fn is_first(&self) -> bool {
        matches!(self.source, Source::InUse(_))
    }

    /// Moves the original to a backup, leaves the notice of the new location, and releases both leases.
    ///
    /// # Errors
    /// When the original could not be moved to a backup, or the notice not be written. The state is then at its new
    /// location, and running the same move again finishes.
    pub async fn finish(self) -> Result<Moved, Error> {
        let state = self.target.state();
        let left = match &self.source {
            Source::InUse(store) => self.retire_original(&store.lease(), &state).await,
            Source::PartlyMoved(lease) => self.retire_original(lease, &state).await,
            Source::Moved => Ok(Backup::default()),
        };
        self.give_up().await;
        Ok(Moved { state, backup: left? })
    }

    /// Releases both leases and changes nothing: the state stays in use at its old location, with a copy at the new
    /// one.
    pub async fn give_up(self) {
        // What matters is written; a lease that cannot be given back runs out.
        match self.source {
            Source::InUse(store) => drop(store.close().await),
            Source::PartlyMoved(lease) => drop(self.from.raw.release(&lease).await),
            Source::Moved => {}
        }
        drop(self.target.close().await);
    }

    async fn retire_original(&self, lease: &Lease, state: &State) -> Result<Backup, Error> {
        let location = &self.from.raw;
        let backup = location
            .move_to_backup(lease, &backup_suffix(&self.settings)?)
            .await?;
        let note = move_notice::encode(self.to.raw.location(), state)?;
        location.save(lease, note, None).await?;
        Ok(backup)
    }
}

/// Suffix of a backup's name, different for each backup.
fn backup_suffix(settings: &Settings) -> Result<String, Error> {
    Ok(format!("{}-{}", settings.clock.wall_ms(), &random_hex()?[..8]))
}

async fn copy(
    from: &StateHandle,
    to: &StateHandle,
    who: &Holder,
    identity: &Identity,
    settings: &Settings,
) -> Result<(Source, Store), Error> {
    let view = Arc::clone(&from.encrypted);
    let store = Store::open_with(view, who.clone(), identity.clone(), settings.clone()).await?;
    match copy_open(&store, from, to, who, settings).await {
        Ok(target) => Ok((Source::InUse(store), target)),
        Err(error) => {
            // The first error is the one that matters.
            let _ = store.close().await;
            Err(error)
        }
    }
}

async fn copy_open(
    store: &Store,
    from: &StateHandle,
    to: &StateHandle,
    who: &Holder,
    settings: &Settings,
) -> Result<Store, Error> {
    store.require_no_open_intents()?;
    if from.encrypted.fenced_by_frames() {
        // Such a backend moves the original object by object: by then no frame may hold anything that the snapshot
        // does not.
        store.force_checkpoint().await?;
    } else {
        store.checkpoint().await?;
    }
    let state = store.state();
    let (asked, mut lease) = acquire(&*to.encrypted, who, settings).await?;
    if let Err(error) = write(&state, store.sequence(), to, &mut lease, settings).await {
        let _ = to.raw.release(&lease).await;
        return Err(error);
    }
    let view = Arc::clone(&to.encrypted);
    let target = Store::with_lease(view, state.identity(), settings.clone(), asked, lease).await?;
    if *target.state() == *state && target.open_intents().is_empty() {
        return Ok(target);
    }
    let _ = target.close().await;
    Err(Error::Damaged {
        location: to.raw.location(),
        why: "what was read back is not what was written".to_owned(),
    })
}

// Long: steps whose order is what a crash between any two of them relies on.
/// Writes `state` to a location without one; `lease` is updated as it is stored, also when that fails.
async fn write(
    state: &State,
    sequence: u64,
    to: &StateHandle,
    lease: &mut Lease,
    settings: &Settings,
) -> Result<(), Error> {
    let location = to.raw.location();
    // Before the snapshot: without one, frames cannot be opened, and are not looked at.
    let journal = to.encrypted.read_journal().await?;
    let snapshot_refs = || {
        lease
            .snapshot_ref
            .iter()
            .chain(journal.iter().filter_map(|j| j.snapshot_ref.as_ref()))
    };
    let is_earlier = |snapshot_ref: &SnapshotRef| {
        snapshot_ref.lineage == state.lineage && snapshot_ref.serial <= state.serial
    };
    let ours = || snapshot_refs().next().is_some() && snapshot_refs().all(is_earlier);
    let mut used = lease.snapshot_ref.is_some() || journal.is_some();
    let found = match to.encrypted.load().await {
        Ok(stored) => decode(&location, journal.clone(), stored, lease.snapshot_ref.as_ref()),
        Err(error) => Err(error),
    };
    match found {
        Ok(None) => {}
        Ok(Some((snapshot, journal, _))) => {
            let there = Fold::replay(&location, snapshot, &journal)?;
            if *there.state == *state && there.open.is_empty() {
                return Ok(());
            }
            return Err(Error::Occupied {
                location,
                lineage: there.state.lineage.clone(),
                serial: there.state.serial,
                records: there.state.records.len(),
            });
        }
        // It was moved away from here, and comes back.
        Err(Error::Moved { .. }) => used = true,
        // What a move of this state left that was cut off here.
        Err(Error::Missing { .. }) if ours() => used = true,
        Err(error) => return Err(error),
    }
    let mut snapshot_ref = SnapshotRef {
        lineage: state.lineage.clone(),
        serial: state.serial,
        // At 0 the location counts as one where nothing was ever written, and a loss would not be noticed.
        sequence: snapshot_refs()
            .map(|snapshot_ref| snapshot_ref.sequence)
            .fold(sequence.max(1), u64::max),
    };
    if used {
        // The notice of an earlier move, or the remains of an interrupted one. The reference is stored first: without
        // it, a crash after the backup would be reported as the loss of the state that was here before.
        lease.snapshot_ref = Some(snapshot_ref.clone());
        *lease = to.raw.renew(lease, &settings.terms).await?;
        let backup = to.raw.move_to_backup(lease, &backup_suffix(settings)?).await?;
        snapshot_ref.sequence = snapshot_ref.sequence.max(backup.sequence);
    }
    let snapshot = Snapshot {
        state: state.clone(),
        sequence: snapshot_ref.sequence,
        fence: lease.fence,
        open: Vec::new(),
    };
    to.encrypted.reset_journal(lease, &snapshot_ref).await?;
    to.encrypted.save(lease, snapshot.encode()?, None).await?;
    lease.snapshot_ref = Some(snapshot_ref);
    Ok(())
}

/// Resumes a move that was interrupted while the original was being removed from its old location, where `error` is
/// met now.
async fn resume(
    from: &StateHandle,
    to: &StateHandle,
    who: &Holder,
    identity: &Identity,
    settings: &Settings,
    error: Error,
) -> Result<(Source, Store), Error> {
    match &error {
        Error::Moved {
            to: there,
            lineage,
            serial,
            ..
        } if *there == to.raw.location() => {
            let target = open_copy(to, who, identity, settings, lineage, *serial).await?;
            target.map(|target| (Source::Moved, target)).ok_or(error)
        }
        damage if damage.is_damage() => {
            let (_, lease) = acquire(&*from.raw, who, settings).await?;
            // A journal with frames was not emptied by a move: what is in them may be nowhere else.
            let snapshot_ref = match from.raw.read_journal().await {
                Ok(Some(journal)) if !journal.frames.is_empty() => None,
                Ok(journal) => lease
                    .snapshot_ref
                    .clone()
                    .or(journal.and_then(|journal| journal.snapshot_ref)),
                Err(_) => None,
            };
            let target = match snapshot_ref {
                Some(snapshot_ref) => {
                    open_copy(
                        to,
                        who,
                        identity,
                        settings,
                        &snapshot_ref.lineage,
                        snapshot_ref.serial,
                    )
                    .await
                }
                None => Ok(None),
            };
            if let Ok(Some(target)) = target {
                return Ok((Source::PartlyMoved(lease), target));
            }
            let _ = from.raw.release(&lease).await;
            Err(target.err().unwrap_or(error))
        }
        _ => Err(error),
    }
}

/// The state at `to`, open, when it is the one of this lineage and at least as new as `serial`.
async fn open_copy(
    to: &StateHandle,
    who: &Holder,
    identity: &Identity,
    settings: &Settings,
    lineage: &str,
    serial: u64,
) -> Result<Option<Store>, Error> {
    match inspect(&*to.encrypted).await {
        Ok(Some(view)) if view.state.lineage == lineage && view.state.serial >= serial => {
            let view = Arc::clone(&to.encrypted);
            let store = Store::open_with(view, who.clone(), identity.clone(), settings.clone()).await?;
            Ok(Some(store))
        }
        Ok(_) => Ok(None),
        Err(damage) if damage.is_damage() => Ok(None),
        Err(error) => Err(error),
    }
}
