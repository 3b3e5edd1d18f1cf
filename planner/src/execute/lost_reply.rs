//! Create calls whose outcome is in doubt: the reply was lost, or AWS says that the resource exists already.
//!
//! Updates and deletes never come here: they say what should be, so they may be repeated, and their error rules know
//! "already so". Repeating a create may make a second resource, which nothing would ever record.

use super::{
    executor::Executor,
    prepare::{Prepared, has_token},
    retry::Backoff,
};
use crate::PlannedCall;
use std::time::Duration;
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Observed},
};
use tokio::time::{Instant, sleep};

/// The time for which a token is relied on. ACM forgets one after an hour (ACM API reference, `RequestCertificate`), and EC2 does not
/// say when.
pub(super) const TOKEN_LIVES: Duration = Duration::from_secs(30 * 60);

/// The owner of a resource that made a create fail because it exists already.
pub(super) enum Existing {
    Ours(String),
    Anothers,
    /// AWS does not show it yet, or it cannot be read: the next run finds out.
    Unseen,
}

impl Executor {
    /// Looks for what a create whose reply was lost has made. `None`: the same call may be sent again without making a
    /// second one. `age`: how long ago the call was first sent.
    pub(super) async fn find_after_lost_reply(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
        age: Duration,
    ) -> Result<Option<String>, CallError> {
        if planned.step.effect != Effect::Create {
            return Ok(None);
        }
        // With a token that AWS still knows, or with an id or a name that only one can have, the same call cannot make a second
        // one. Otherwise an empty answer proves nothing until AWS has had the time to show what was made.
        let token = has_token(&planned.step.params.value()) && age < TOKEN_LIVES;
        let window = if token || prepared.recovery.unique().is_some() {
            Duration::ZERO
        } else {
            self.settings.visible
        };
        let until = Instant::now() + window;
        let mut backoff = Backoff::new(1);
        loop {
            let found = self.find_made(planned, prepared).await?;
            if let Some(id) = self.own_among(found, planned, prepared, true) {
                return Ok(Some(id));
            }
            if Instant::now() >= until {
                return Ok(None);
            }
            sleep(backoff.next(None)).await;
        }
    }

    /// Finds out whose the resource is that a create was refused for. It is ours if an earlier attempt made it, in this run
    /// or in one that was cut off. `sent`: an earlier attempt of this run may have been executed.
    ///
    /// A refusal is no proof that a read shows the resource yet, so an empty answer is not taken for "another's": only the
    /// sight of the resource says whose it is.
    pub(super) async fn find_existing(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
        sent: bool,
    ) -> Existing {
        let until = Instant::now() + self.settings.visible;
        let mut backoff = Backoff::new(4);
        loop {
            let Ok(found) = self.find_made(planned, prepared).await else {
                return Existing::Unseen;
            };
            let shown = !found.is_empty() || !prepared.recovery.shows_what_is_in_the_way();
            if let Some(id) = self.own_among(found, planned, prepared, sent) {
                return Existing::Ours(id);
            }
            if shown {
                return Existing::Anothers;
            }
            if Instant::now() >= until || self.stop.requested() {
                return Existing::Unseen;
            }
            sleep(backoff.next(None)).await;
        }
    }

    /// Reads what there is that a create may have made, or that is in its way.
    pub(super) async fn find_made(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
    ) -> Result<Vec<Observed>, CallError> {
        let owner = self.owner(&planned.address, planned.generation);
        let (cloud, recovery) = (prepared.cloud.as_ref(), &prepared.recovery);
        recovery
            .find(cloud, prepared.kind, &prepared.inputs, &prepared.op, &owner)
            .await
    }

    /// The id of the one that is the very resource that `planned` makes.
    fn own_among(
        &self,
        found: Vec<Observed>,
        planned: &PlannedCall,
        prepared: &Prepared,
        sent: bool,
    ) -> Option<String> {
        let owner = self.owner(&planned.address, planned.generation);
        let ours = |o: &Observed| prepared.recovery.is_ours(&owner, o, sent);
        found.into_iter().find(ours).map(|o| o.id)
    }
}
