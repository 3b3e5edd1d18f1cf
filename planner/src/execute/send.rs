//! Sends a call until it is done or will not be.

use super::{
    accepted,
    classify::{Class, Known, classify},
    executor::Executor,
    lost_reply::{Existing, TOKEN_LIVES},
    prepare::Prepared,
    retry::Backoff,
};
use crate::{PlannedCall, additions, duration::millis, event::Event, ownership::made_here};
use std::{borrow::Cow, time::Duration};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Executed, Reply, Request},
    registry,
};
use tokio::time::{Instant, sleep, timeout};

/// The refusal of a delete after which it is looked what is inside of the resource: the pauses before it are of two seconds.
const LOOK_INSIDE: u32 = 4;

/// Why a call is given up.
#[derive(Debug)]
pub(super) enum SendError {
    /// No attempt was executed: nothing has changed.
    NotExecuted(CallError),
    /// An attempt may have been executed: its intent stays open, and the next run finds out first.
    Unknown(CallError),
}

impl SendError {
    /// The error of a call's last attempt. The last attempt alone does not say that nothing was executed: an earlier one, whose
    /// reply was lost, may have been.
    fn after(error: CallError, sent: bool) -> Self {
        if sent {
            Self::Unknown(error)
        } else {
            Self::NotExecuted(error)
        }
    }

    fn error(&self) -> &CallError {
        match self {
            Self::NotExecuted(error) | Self::Unknown(error) => error,
        }
    }
}

/// The attempts at one call so far.
struct Attempts {
    begun: Instant,
    begun_ms: u64,
    backoff: Backoff,
    /// An attempt may have been executed.
    sent: bool,
    /// The credentials had expired, and an event said so.
    paused: bool,
    /// The count of refusals that may pass by themselves.
    refused: u32,
    /// The count of requests that AWS accepted, and that failed then.
    failed: u32,
}

/// The consequence of a failed attempt.
enum Next {
    /// The work is done all the same.
    Done(Reply),
    /// Another attempt, if this time since the first one has not passed.
    Again(Duration),
    /// The end: nothing was executed.
    NotExecuted,
    /// The end: something may have been executed, and it could not be found out.
    Unknown,
    /// The end: this attempt was not executed, and earlier ones are as they are known.
    GiveUp,
}

impl Executor {
    /// Sends a call until it is done, or will not be.
    ///
    /// Every error but a plain refusal passes, some after seconds and some never; each has its own limit. What must hold
    /// whenever this sends again: the lease is still ours, and a create whose earlier attempt may have been executed was
    /// looked for.
    // Long: an arm for each consequence of a failed attempt.
    pub(super) async fn send(
        &self,
        number: usize,
        planned: &PlannedCall,
        prepared: &Prepared,
    ) -> Result<Reply, SendError> {
        let service = &planned.budget();
        let seed = prepared
            .op
            .bytes()
            .fold(0u64, |a, b| a.wrapping_mul(31).wrapping_add(u64::from(b)));
        let mut attempts = Attempts {
            begun: Instant::now(),
            begun_ms: (self.settings.now_ms)(),
            backoff: Backoff::new(seed),
            sent: false,
            paused: false,
            refused: 0,
            failed: 0,
        };
        loop {
            let mut error = match self.attempt(planned, prepared, &mut attempts).await {
                Ok(reply) => {
                    self.limiter.succeeded(service);
                    if attempts.paused {
                        (self.sink)(Event::Resumed);
                    }
                    return Ok(reply);
                }
                Err(error) => error,
            };
            if attempts.failed > 0 && self.left_something(planned, prepared) {
                return Err(SendError::NotExecuted(error));
            }
            let class = classify(&error, Known::of(planned));
            if prepared.kind.awaited() && matches!(class, Class::NotYet(_)) {
                self.add_work_by_hand(prepared, &mut error).await;
            }
            let limit = match self.judge(class, &error, planned, prepared, &mut attempts).await {
                Next::Done(reply) => return Ok(reply),
                Next::Again(limit) => limit,
                Next::NotExecuted => return Err(SendError::NotExecuted(error)),
                Next::Unknown => return Err(SendError::Unknown(error)),
                Next::GiveUp => {
                    self.add_way_to_empty(planned, prepared, &mut error);
                    return Err(SendError::after(error, attempts.sent));
                }
            };
            let removes = planned.step.effect == Effect::Delete && matches!(class, Class::NotYet(_));
            attempts.refused += u32::from(removes);
            // What was ours inside of it may still be listed for a moment after it was removed.
            if removes
                && attempts.refused == LOOK_INSIDE
                && let Some(why) = self.in_the_way(prepared).await
            {
                error.message = format!("{}: {why}", error.message);
                return Err(SendError::after(error, attempts.sent));
            }
            // A call that may have been executed is not given up for the asking: it was begun, so it is brought to an end.
            let stopped = self.stop.requested() && class != Class::Unknown;
            if attempts.begun.elapsed() >= limit || stopped {
                return Err(SendError::after(error, attempts.sent));
            }
            self.pause(number, planned, &error, &mut attempts.backoff).await;
            // The lease may have been lost meanwhile; whoever has it now counts on our silence.
            if self.store.may_send().is_err() {
                return Err(SendError::after(error, attempts.sent));
            }
        }
    }

    /// Adds to the refusal of what somebody else makes how that is done.
    async fn add_work_by_hand(&self, prepared: &Prepared, error: &mut CallError) {
        let Ok(caller) = prepared.cloud.caller().await else {
            return;
        };
        let work = prepared
            .kind
            .by_hand(&prepared.inputs, &caller.account, &caller.region);
        if let Ok(Some(work)) = work {
            error.message = format!("{}; {work}", error.message);
        }
    }

    /// Adds to the refusal to remove what is not empty how to go on.
    fn add_way_to_empty(&self, planned: &PlannedCall, prepared: &Prepared, error: &mut CallError) {
        let record = self
            .store
            .get(&prepared.key)
            .filter(|_| planned.step.effect == Effect::Delete);
        let Some(record) = record else { return };
        let id = record.id.as_deref().unwrap_or_default();
        let full = prepared.kind.only_when_empty(&record.inputs, id);
        if let Ok(Some(full)) = full
            && full.code == error.code
        {
            error.message = format!("{}; {}", error.message, full.remedy);
        }
    }

    /// A create that failed has left something behind, which is on record; nothing is made over it.
    fn left_something(&self, planned: &PlannedCall, prepared: &Prepared) -> bool {
        let record = self
            .store
            .get(&prepared.key)
            .filter(|_| planned.step.effect == Effect::Create);
        record.is_some_and(|record| record.id.is_some())
    }

    /// Parts that others put into a resource, and that AWS does not remove with it.
    async fn in_the_way(&self, prepared: &Prepared) -> Option<String> {
        let record = self.store.get(&prepared.key)?;
        let state = self.store.state();
        let found = additions::inside_of(prepared.cloud.as_ref(), &record, &state).await;
        // Where that cannot be read, AWS's own words must do.
        let found = found.ok().filter(|found| !found.is_empty())?;
        Some(additions::in_the_way(&found))
    }

    /// Says what follows from a failed attempt.
    async fn judge(
        &self,
        class: Class,
        error: &CallError,
        planned: &PlannedCall,
        prepared: &Prepared,
        attempts: &mut Attempts,
    ) -> Next {
        match class {
            Class::Done => Next::Done(Reply::default()),
            Class::Throttled => {
                self.limiter.throttled(&planned.budget());
                Next::Again(self.settings.throttled)
            }
            Class::NotYet(Some(seconds)) => Next::Again(Duration::from_secs(seconds.into())),
            Class::NotYet(None) | Class::Concurrent => Next::Again(self.settings.consistency),
            Class::Credentials => {
                self.say_paused(attempts, error);
                Next::Again(self.settings.credentials)
            }
            Class::Unknown => {
                attempts.sent = true;
                let age = self.age(attempts);
                match self.find_after_lost_reply(planned, prepared, age).await {
                    Ok(Some(id)) => Next::Done(Reply::of(id)),
                    Ok(None) => Next::Again(self.settings.throttled),
                    Err(_) => Next::Unknown,
                }
            }
            Class::Exists if planned.step.effect == Effect::Create => {
                match self.find_existing(planned, prepared, attempts.sent).await {
                    Existing::Ours(id) => Next::Done(Reply::of(id)),
                    // A resource of this name is another's, so no attempt of ours can have made it.
                    Existing::Anothers => Next::NotExecuted,
                    Existing::Unseen => Next::Unknown,
                }
            }
            Class::Exists | Class::Quota | Class::Refused => Next::GiveUp,
        }
    }

    fn say_paused(&self, attempts: &mut Attempts, error: &CallError) {
        if !std::mem::replace(&mut attempts.paused, true) {
            (self.sink)(Event::Paused {
                why: error.to_string(),
            });
        }
    }

    /// Waits before the next attempt, as long as the backoff, AWS's own words and the service's rate limit ask for. A request to stop
    /// ends the pause.
    async fn pause(&self, number: usize, planned: &PlannedCall, error: &CallError, backoff: &mut Backoff) {
        let pause = backoff.next(error.retry_after_ms);
        let pause = pause.max(self.limiter.acquire(&planned.budget()));
        (self.sink)(Event::Retrying {
            call: number,
            address: planned.address.clone(),
            why: format!("{}: {}", error.code, error.message),
            after_ms: millis(pause),
        });
        let _ = timeout(pause, self.stop.wait()).await;
        if self.stop.requested() {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// The time since the first attempt. A machine's own clock stands still while it sleeps; the wall's, and AWS's, do not.
    fn age(&self, attempts: &Attempts) -> Duration {
        let by_wall = (self.settings.now_ms)().saturating_sub(attempts.begun_ms);
        attempts.begun.elapsed().max(Duration::from_millis(by_wall))
    }

    /// Sends a call once.
    async fn attempt(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
        attempts: &mut Attempts,
    ) -> Result<Reply, CallError> {
        // A pause may have outlived the token (credentials are waited for up to an hour), and then the same request would
        // make a second one.
        let age = self.age(attempts);
        if attempts.sent
            && age >= TOKEN_LIVES
            && let Some(id) = self.find_after_lost_reply(planned, prepared, age).await?
        {
            return Ok(Reply::of(id));
        }
        let step = &planned.step;
        if step.is_local() {
            let made = made_here(prepared.kind, &prepared.inputs, &prepared.op);
            let made = made.filter(|_| step.effect == Effect::Create);
            return Ok(made.map_or_else(Reply::default, |made| Reply::of(made.id)));
        }
        let mut params = Cow::Borrowed(&prepared.params);
        if attempts.failed > 0 {
            let token = accepted::token(&prepared.op, attempts.failed);
            self.note_token(prepared, &token).await?;
            params.to_mut()["ClientToken"] = token.into();
        }
        let request = Request {
            op: &prepared.op,
            kind: prepared.kind,
            id: prepared.id.as_deref(),
            service: &step.service,
            operation: &step.operation,
            effect: step.effect,
            sets: &step.sets,
            params: &params,
            inputs: &prepared.inputs,
        };
        let reply = prepared.cloud.send(request).await?;
        let Some(handle) = reply.handle else {
            return Ok(reply);
        };
        let ended = self.accepted(prepared, step.effect, &handle).await;
        // Heard to the end: whatever an earlier attempt did, this was its answer.
        if ended.as_ref().is_ok() || ended.as_ref().is_err_and(|e| e.outcome == Executed::No) {
            attempts.sent = false;
        }
        attempts.failed += u32::from(ended.is_err());
        ended
    }
}

/// Why a call was given up, and what to do about it.
pub(super) fn explain(planned: &PlannedCall, failed: &SendError) -> String {
    let error = failed.error();
    let mut why = format!("{}: {}", error.code, error.message);
    if let Some(id) = &error.request_id {
        why.push_str(&format!(" (AWS request {id})"));
    }
    let step = &planned.step;
    let creates = step.effect == Effect::Create;
    let hint = match classify(error, Known::of(planned)) {
        Class::Exists if creates && matches!(failed, SendError::NotExecuted(_)) => {
            "It does not carry this stack's ownership tags: give the resource another name, or import that one".into()
        }
        Class::Exists if creates => {
            "AWS does not show it yet; the next apply finds out first whose it is".into()
        }
        Class::Quota => {
            "a quota of the account is used up: raise it with Service Quotas, or free some".into()
        }
        Class::Credentials => {
            "the credentials were not renewed in time: log in again, then apply again".into()
        }
        Class::Throttled => "AWS kept throttling: apply again later, or with fewer calls at once".into(),
        Class::Unknown => "whether it was executed is not known; the next apply finds out first".into(),
        Class::Refused if error.code.contains("AccessDenied") || error.code.contains("Unauthorized") => {
            let action = step.actions.first().map_or("a permission", AsRef::as_ref);
            format!("the credentials lack {action}")
        }
        _ if creates && name_is_kept(planned, &error.code) => {
            "AWS keeps the name of one that was deleted until its recovery window ends: restore that one and import it, or give this one another name"
                .into()
        }
        _ => return why,
    };
    format!("{why}. {hint}")
}

/// `true` if a create is refused for a name that a deleted resource still has.
fn name_is_kept(planned: &PlannedCall, code: &str) -> bool {
    let named = registry::find(&planned.kind).and_then(|kind| kind.name_field()?.named);
    named.is_some_and(|rule| rule.kept) && planned.step.rules.iter().any(|rule| rule.code == code)
}
