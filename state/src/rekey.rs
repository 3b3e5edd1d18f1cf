//! Giving a state another key, where it is: [`rekey`].
//!
//! The journal is folded into the snapshot under the old key first, so that the snapshot is all there is; then that is
//! replaced, in one write, by one under the new key, read back and compared. Killed at any instant, all of the state is
//! under the old key or all of it under the new one, and the same command again finishes or finds it done.
//!
//! The data key is a new one, too, so that who has the old key and an old copy cannot read what is written from now on.
//! What is not undone: copies made before, such as the versions that a bucket keeps, open with the old key still; and what
//! a disk had in the clear may be found on it until it is written over.

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

/// What became of a state that was to be given another key.
#[derive(Debug)]
pub enum Rekeyed {
    /// It has the new key.
    Done(Arc<State>),
    /// It had the new key before: an earlier run had come so far.
    AlreadyDone(Arc<State>),
}

/// Has the state that is read through `from.encrypted` be kept as `to` does, at the same place: `to` stands in front of
/// `from.raw`, or is it, which leaves the state in the clear. One that encrypts is made by `Encrypted::with_new_key`.
///
/// ```
/// # async fn example() -> Result<(), tenon_state::Error> {
/// # #[cfg(feature = "encryption")] {
/// use std::sync::Arc;
/// use tenon_state::{AgeKey, File, Holder, Identity, Encrypted, Settings, StateHandle, rekey};
///
/// let place = Arc::new(File::new(".tenon/shop/production"));
/// let to = Encrypted::with_new_key(place.clone(), AgeKey::passphrase("correct horse".into())).await?;
/// let identity = Identity { stack: "shop".into(), env: "production".into() };
/// let who = Holder::here("rekey")?;
/// rekey(StateHandle::unencrypted(place), Arc::new(to), who, identity, Settings::default()).await?;
/// # }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Absent`] without a state, [`Error::Unsettled`] when calls are open in it, [`Error::Locked`] when somebody else
/// holds it; otherwise when it could not be read or written. It is then under the old key, or under the new one if
/// the write was made and the reply to it lost, or if it could not be read back and the old one not be put back either. The
/// same again tells, and finishes.
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

/// Whether `snapshot`, and nothing after it, is what is read through `view`.
async fn is_there(view: &dyn Backend, snapshot: &Snapshot) -> Result<bool, Error> {
    let location = view.location();
    let journal = view.read_journal().await?;
    let Some((found, journal, _)) = decode(&location, journal, view.load().await?, None)? else {
        return Ok(false);
    };
    let same = found == *snapshot;
    Ok(same && *Fold::replay(&location, found, &journal)?.state == snapshot.state)
}
