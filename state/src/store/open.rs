//! Opening a store: first the lease, then the snapshot, then the journal that follows it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    Guard, Store,
    commit::{Queue, Writer},
    held_lease::{HeldLease, heartbeat},
    inner::{Inner, Settings, Shared},
};
use crate::{
    backend::{Backend, TornWrite},
    error::Error,
    fold::{Fold, Pending},
    frame::{Entry, Frame},
    lease::{Holder, Lease, LeaseConfig, SnapshotRef, random_hex},
    read::decode,
    record::{Identity, State},
    snapshot::Snapshot,
};

/// Number of frames that an earlier holder may still append before opening fails.
const FENCINGS: u32 = 5;

/// A state as loaded.
struct Opened {
    lease: Lease,
    fold: Fold,
    /// Set once the journal names the current holder.
    introduced: bool,
    /// The version of the stored snapshot.
    tag: String,
    torn: Option<TornWrite>,
}

impl Store {
    /// Opens the state of `identity` for writing: takes the lease, loads the snapshot and replays the journal. A
    /// state that never was is made.
    ///
    /// # Errors
    /// [`Error::Locked`] when somebody else writes; otherwise when the state cannot be read for certain.
    pub async fn open(backend: Arc<dyn Backend>, who: Holder, identity: Identity) -> Result<Self, Error> {
        Self::open_with(backend, who, identity, Settings::default()).await
    }

    /// [`Store::open`] with a clock and lease terms.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(
        backend: Arc<dyn Backend>,
        who: Holder,
        identity: Identity,
        settings: Settings,
    ) -> Result<Self, Error> {
        let (asked, lease) = acquire(&*backend, &who, &settings).await?;
        Self::with_lease(backend, identity, settings, asked, lease).await
    }

    /// Opens the state under a lease that was asked for at `asked`, on the clock's scale.
    pub(crate) async fn with_lease(
        backend: Arc<dyn Backend>,
        identity: Identity,
        settings: Settings,
        asked: Duration,
        lease: Lease,
    ) -> Result<Self, Error> {
        let opened = Self::load_and_fence(&backend, &identity, lease.clone(), &settings.terms).await;
        let Opened {
            lease,
            fold,
            introduced,
            tag,
            torn,
        } = match opened {
            Ok(opened) => opened,
            Err(error) => {
                // The first error is the one that matters; a lease that cannot be released runs out.
                let _ = backend.release(&lease).await;
                return Err(error);
            }
        };
        let until = lease.ttl.map(|ttl| asked + ttl);
        let inner = Arc::new(Inner {
            location: backend.location(),
            settings,
            torn,
            shared: Mutex::new(Shared {
                fold,
                pending: Pending::new(),
                queue: Queue::default(),
                stopped: None,
                closed: false,
                released: false,
            }),
            writer: tokio::sync::Mutex::new(Writer { tag, introduced }),
            held_lease: Mutex::new(HeldLease {
                lease,
                until,
                lost: None,
            }),
            backend,
        });
        let heartbeat = until
            .is_some()
            .then(|| tokio::spawn(heartbeat(Arc::downgrade(&inner))));
        Ok(Self {
            guard: Arc::new(Guard {
                inner: Arc::clone(&inner),
                heartbeat,
            }),
            inner,
        })
    }

    /// Loads what is there and, where only that keeps an earlier holder out, takes the next frame's number.
    async fn load_and_fence(
        backend: &Arc<dyn Backend>,
        identity: &Identity,
        mut lease: Lease,
        terms: &LeaseConfig,
    ) -> Result<Opened, Error> {
        let mut tries = 0;
        loop {
            let mut opened = Self::load(backend, identity, lease, terms).await?;
            if !backend.fenced_by_frames() {
                return Ok(opened);
            }
            let holder = opened.lease.holder.clone();
            let entry = Entry::Opened { holder }.encode()?;
            let sequence = opened.fold.sequence + 1;
            let fence = opened.lease.fence;
            let frame = Frame::encode(&opened.fold.state.lineage, fence, sequence, [entry.as_str()]);
            match backend.append(&opened.lease, sequence, &frame).await {
                Ok(()) => {
                    (opened.fold.sequence, opened.fold.fence) = (sequence, fence);
                    opened.fold.holder = Some(opened.lease.holder.clone());
                    opened.introduced = true;
                    return Ok(opened);
                }
                // The earlier holder wrote once more since we read. If the lease is still ours, read that too.
                Err(Error::LeaseLost { .. }) if tries < FENCINGS => {
                    tries += 1;
                    lease = backend.renew(&opened.lease, terms).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Loads the snapshot and replays the journal.
    async fn load(
        backend: &Arc<dyn Backend>,
        identity: &Identity,
        mut lease: Lease,
        terms: &LeaseConfig,
    ) -> Result<Opened, Error> {
        let location = backend.location();
        let journal = backend.read_journal().await?;
        let stored = backend.load().await?;
        let Some((snapshot, journal, tag)) = decode(&location, journal, stored, lease.snapshot_ref.as_ref())?
        else {
            return Self::initialize(backend, identity, lease).await;
        };
        snapshot.state.expect_identity(identity, &location)?;
        let mut fold = Fold::replay(&location, snapshot, &journal)?;
        // A snapshot clears away what was left of an unfinished write.
        fold.changed |= journal.torn.is_some();
        if lease.fence <= fold.fence {
            // The lease's own memory was lost; fencing numbers still only grow.
            lease.fence = fold.fence + 1;
            lease = backend.renew(&lease, terms).await?;
        }
        let torn = journal.torn;
        Ok(Opened {
            lease,
            fold,
            introduced: false,
            tag,
            torn,
        })
    }

    /// Makes a state that never was. The journal comes first: a journal without entries is no trace of a lost state,
    /// whereas a state without its journal is.
    async fn initialize(
        backend: &Arc<dyn Backend>,
        identity: &Identity,
        mut lease: Lease,
    ) -> Result<Opened, Error> {
        let state = State::new(identity, random_hex()?);
        let snapshot_ref = SnapshotRef {
            lineage: state.lineage.clone(),
            serial: 0,
            sequence: 0,
        };
        let snapshot = Snapshot {
            state,
            sequence: 0,
            fence: lease.fence,
            open: Vec::new(),
        };
        backend.reset_journal(&lease, &snapshot_ref).await?;
        let tag = backend.save(&lease, snapshot.encode()?, None).await?;
        lease.snapshot_ref = Some(snapshot_ref);
        Ok(Opened {
            lease,
            fold: Fold::from_snapshot(snapshot),
            introduced: false,
            tag,
            torn: None,
        })
    }
}

/// Takes the lease, waiting for it as long as the terms say. Also says when it was asked for: from then on it counts.
pub(crate) async fn acquire(
    backend: &dyn Backend,
    who: &Holder,
    settings: &Settings,
) -> Result<(Duration, Lease), Error> {
    let Settings { clock, terms } = settings;
    let first = clock.elapsed();
    loop {
        let asked = clock.elapsed();
        match backend.acquire(who, terms).await {
            Err(Error::Locked { .. }) if asked.saturating_sub(first) < terms.wait => {
                clock.sleep(terms.wait.min(Duration::from_secs(1))).await;
            }
            other => return other.map(|lease| (asked, lease)),
        }
    }
}
