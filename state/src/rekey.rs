//! Changing the key of a state at its location: [`rekey`].
//!
//! First the journal is folded into the snapshot under the old key, so that the snapshot holds everything. Then the
//! snapshot is replaced, in one write, by one under the new key, which is read back and compared. A process killed at
//! any instant leaves the whole state under the old key or the whole state under the new one; running the command
//! again finishes.
//!
//! The data key is also new, so that somebody with the old key and an old copy cannot read what is written from now
//! on. Not covered: copies made before, such as versions kept by a bucket, still open with the old key; and plain
//! text that was on a disk may remain there until it is overwritten.

use std::sync::Arc;

use crate::{
    backend::Backend,
    error::Error,
    fold::Fold,
    lease::Holder,
    read::{decode, inspect},
    record::{Identity, State},
    snapshot::Snapshot,
    store::{Settings, Store},
    transfer::StateHandle,
};

/// Result of changing the key of a state.
#[derive(Debug)]
pub enum Rekeyed {
    /// The state was given the new key.
    Done(Arc<State>),
    /// The state had the new key already: an earlier run got that far.
    AlreadyDone(Arc<State>),
}

/// Changes the key of the state that is read through `from.encrypted`. `to` is a backend in front of `from.raw`, made
/// by `Encrypted::with_new_key`, or `from.raw` itself, which leaves the state unencrypted.
///
/// ```
/// # async fn example() -> Result<(), tenon_state::Error> {
/// # #[cfg(feature = "encryption")] {
/// use std::sync::Arc;
/// use tenon_state::{AgeKey, File, Holder, Identity, Encrypted, Settings, StateHandle, rekey};
///
/// let raw = Arc::new(File::new(".tenon/shop/production"));
/// let to = Encrypted::with_new_key(raw.clone(), AgeKey::passphrase("correct horse".into())).await?;
/// let identity = Identity { stack: "shop".into(), env: "production".into() };
/// let who = Holder::here("rekey")?;
/// rekey(StateHandle::unencrypted(raw), Arc::new(to), who, identity, Settings::default()).await?;
/// # }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Absent`] without a state, [`Error::Unsettled`] when calls are open in it, [`Error::Locked`] when somebody
/// else holds it; otherwise when it could not be read or written. It is then under the old key, or under the new one
/// if the write was made and the reply to it lost, or if it could not be read back and the old one not be put back
/// either. The same again tells, and finishes.
pub async fn rekey(
    from: StateHandle,
    to: Arc<dyn Backend>,
    who: Holder,
    identity: Identity,
    settings: Settings,
) -> Result<Rekeyed, Error> {
    match inspect(&*from.encrypted).await {
        Ok(Some(_)) => {}
        Ok(None) => {
            return Err(Error::Absent {
                location: from.raw.location(),
            });
        }
        Err(error @ (Error::Encrypted { .. } | Error::Foreign { .. } | Error::KeyService { .. })) => {
            return match inspect(&*to).await {
                Ok(Some(view)) if view.state.identity() == identity => {
                    Ok(Rekeyed::AlreadyDone(Arc::new(view.state)))
                }
                _ => Err(error),
            };
        }
        Err(error) => return Err(error),
    }
    let store = Store::open_with(Arc::clone(&from.encrypted), who, identity, settings).await?;
    let replaced = replace(&store, &from, &*to).await;
    let state = store.state();
    // All is written; a lease that cannot be given back runs out.
    let _ = store.close().await;
    replaced.map(|()| Rekeyed::Done(state))
}

async fn replace(store: &Store, from: &StateHandle, to: &dyn Backend) -> Result<(), Error> {
    store.require_no_open_intents()?;
    let (snapshot, tag) = store.force_checkpoint().await?;
    let (lease, bytes) = (store.lease(), snapshot.encode()?);
    let new = to.save(&lease, bytes.clone(), Some(&tag)).await?;
    let back = match is_there(to, &snapshot).await {
        Ok(true) => return Ok(()),
        Ok(false) => Error::Damaged {
            location: from.raw.location(),
            why: "what was read back is not what was written".to_owned(),
        },
        Err(error) => error,
    };
    // Nobody shall find a state that nothing opens. If this fails, too, the first error says more.
    let _ = from.encrypted.save(&lease, bytes, Some(&new)).await;
    Err(back)
}

/// Checks that `snapshot`, and nothing after it, is read through `view`.
async fn is_there(view: &dyn Backend, snapshot: &Snapshot) -> Result<bool, Error> {
    let location = view.location();
    let journal = view.read_journal().await?;
    let Some((found, journal, _)) = decode(&location, journal, view.load().await?, None)? else {
        return Ok(false);
    };
    let same = found == *snapshot;
    Ok(same && *Fold::replay(&location, found, &journal)?.state == snapshot.state)
}
