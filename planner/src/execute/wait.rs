//! Waits: a resource is read until it is ready, or gone.

use super::{
    context::Context,
    executor::Executor,
    failed::Failed,
    poll::{News, Pollers},
};
use crate::{PlannedCall, declare::kind_of, event::Event};
use std::{ops::ControlFlow, sync::Arc, time::Duration};
use tenon_resources::{call::Effect, cloud::Status, resource::ResourceType};
use tenon_state::{Phase, Record, RecordKey, StateWrite};
use tokio::time::Instant;

/// A resource that is waited for.
struct Waited {
    kind: &'static dyn ResourceType,
    key: RecordKey,
    /// Until it is gone; otherwise until it is ready.
    gone: bool,
    /// The phase in which its record was when the wait began.
    phase: Phase,
}

impl Executor {
    /// Waits until a resource is ready or gone.
    pub(super) async fn wait(
        &self,
        number: usize,
        planned: &PlannedCall,
        context: &Arc<Context<'_>>,
        pollers: &Pollers,
    ) -> Result<Option<String>, Failed> {
        let (Effect::Ready(limit) | Effect::Gone(limit)) = planned.step.effect else {
            return Ok(None);
        };
        let key = RecordKey::new(planned.address.clone(), planned.generation);
        let gone = matches!(planned.step.effect, Effect::Gone(_));
        let kind = kind_of(&planned.kind, &planned.address).map_err(Failed::State)?;
        let Some(record) = context.record(&key) else {
            // The delete found it gone already, and nothing is recorded any more.
            return if gone {
                Ok(None)
            } else {
                Err(Failed::Refused("it is not recorded".into()))
            };
        };
        let waited = Waited {
            kind,
            key,
            gone,
            phase: record.phase,
        };
        let mut news = pollers.watch(kind, record.id.clone().unwrap_or_default());
        let until = Instant::now() + Duration::from_secs(limit.into());
        let mut last = String::new();
        loop {
            let found = tokio::select! {
                found = news.recv() => found,
                () = tokio::time::sleep_until(until) => {
                    return Err(Failed::Refused(gave_up(gone, limit, &last)));
                }
            };
            let status = match found {
                None => return Err(Failed::Stopped),
                Some(reading) => match self.look(&waited, context, reading).await? {
                    ControlFlow::Break(()) => return Ok(None),
                    ControlFlow::Continue(status) => status,
                },
            };
            if status != last {
                last.clone_from(&status);
                (self.sink)(Event::Waiting {
                    call: number,
                    address: planned.address.clone(),
                    status,
                });
            }
        }
    }

    /// Judges one reading: the wait is over, goes on with this status, or is in vain.
    async fn look(
        &self,
        waited: &Waited,
        context: &Context<'_>,
        reading: News,
    ) -> Result<ControlFlow<(), String>, Failed> {
        let observed = match reading {
            News::Present(observed) => observed,
            News::Absent if waited.gone => {
                let RecordKey { address, generation } = waited.key.clone();
                let gone = StateWrite::Remove { address, generation };
                self.store.record(vec![gone]).await?;
                return Ok(ControlFlow::Break(()));
            }
            // Right after a create, AWS may not show what it has made.
            News::Absent => return Ok(ControlFlow::Continue("not visible yet".into())),
            News::Unreadable(error) => {
                return Err(Failed::Refused(format!("it could not be read: {error}")));
            }
        };
        if waited.gone {
            // Its delete was accepted, so only its absence counts, whatever status it has meanwhile.
            return Ok(ControlFlow::Continue(word(observed.status)));
        }
        // Read again, because the calls before this wait have changed the record.
        let record = context.record(&waited.key);
        let status = match observed.status {
            Status::Stopped(_)
                if record
                    .as_ref()
                    .is_some_and(|r| waited.kind.wants_stopped(&r.inputs).unwrap_or(false)) =>
            {
                Status::Ready
            }
            other => other,
        };
        match status {
            Status::Ready => {
                let Some(record) = record else {
                    return Err(Failed::Refused("it is not recorded".into()));
                };
                let ready = Record {
                    outputs: observed.outputs,
                    phase: Phase::Ready,
                    ..Arc::unwrap_or_clone(record)
                };
                self.store.record(vec![StateWrite::Put(ready)]).await?;
                Ok(ControlFlow::Break(()))
            }
            // It was ready before, a person stopped it, and the calls before this wait were accepted all the same: nothing
            // is left to wait for, and its recorded outputs still hold.
            Status::Stopped(_) if waited.phase == Phase::Ready => Ok(ControlFlow::Break(())),
            Status::Stopped(why) => Err(Failed::Refused(format!(
                "it is {why}, and was never ready: start it, then apply again"
            ))),
            Status::Impaired(why) if waited.kind.impaired_ends_wait() => {
                Err(Failed::Refused(format!("it is impaired: {why}")))
            }
            Status::Failed(why) => Err(Failed::Refused(format!("it failed: {why}"))),
            Status::Leaving(why) => Err(Failed::Refused(format!("it is being deleted: {why}"))),
            Status::Pending(status) | Status::Impaired(status) => Ok(ControlFlow::Continue(status)),
        }
    }
}

/// AWS's word for the status of a resource that is to be gone.
fn word(status: Status) -> String {
    match status {
        Status::Ready => "still there".into(),
        Status::Pending(word)
        | Status::Leaving(word)
        | Status::Stopped(word)
        | Status::Impaired(word)
        | Status::Failed(word) => word,
    }
}

fn gave_up(gone: bool, limit: u32, last: &str) -> String {
    let end = if gone { "gone" } else { "ready" };
    let last = if last.is_empty() {
        String::new()
    } else {
        format!(" (last seen: {last})")
    };
    format!(
        "it was not {end} after {} minutes{last}; the next apply waits again",
        limit / 60
    )
}
