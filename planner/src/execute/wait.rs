//! Waits: a resource is read until its outputs are shown, until it is ready, or until it is gone.

use super::{
    context::Context,
    deployed::versions_that_run,
    executor::Executor,
    failed::Failed,
    other::Other,
    poll::{News, Pollers},
};
use crate::{Action, PlannedCall, declare::kind_of, event::Event, recorded, refresh::merge};
use serde_json::Value;
use std::{ops::ControlFlow, sync::Arc, time::Duration};
use tenon_resources::{
    call::Effect,
    cloud::{Observed, Status},
    resource::ResourceType,
};
use tenon_state::{Phase, Record, RecordKey, StateWrite};
use tokio::time::Instant;

/// The number of readings in a row after which a deployment counts as turned back: one may be behind.
const SURE: u32 = 3;

/// A resource that is waited for.
struct Waited {
    kind: &'static dyn ResourceType,
    key: RecordKey,
    until: Until,
    /// The phase in which its record was when the wait began.
    phase: Phase,
}

/// The condition that ends a wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The outputs that AWS returns of a pending resource are there.
    Shown,
    Ready,
    Gone,
}

impl Executor {
    /// Waits until a resource shows its outputs, is ready, or is gone.
    // Long: what is waited for, where, and each reading until it is over.
    pub(super) async fn wait(
        &self,
        number: usize,
        planned: &PlannedCall,
        context: &Arc<Context<'_>>,
        pollers: &Pollers,
    ) -> Result<Option<String>, Failed> {
        let (until, limit) = match planned.step.effect {
            Effect::Shown(limit) => (Until::Shown, limit),
            Effect::Ready(limit) => (Until::Ready, limit),
            Effect::Gone(limit) => (Until::Gone, limit),
            Effect::Create | Effect::Update | Effect::Delete => return Ok(None),
        };
        let gone = until == Until::Gone;
        let key = RecordKey::new(planned.address.clone(), planned.generation);
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
            until,
            phase: record.phase,
        };
        let cloud = self.cloud_at(&planned.place).await;
        let cloud = cloud
            .map_err(|error| Failed::Refused(format!("{} could not be reached: {error}", planned.place)))?;
        let there = (&planned.place, &cloud);
        let mut news = pollers.watch(there, kind, record.id.clone().unwrap_or_default());
        let deadline = Instant::now() + Duration::from_secs(limit.into());
        let (mut last, mut others) = (String::new(), 0);
        loop {
            let found = tokio::select! {
                found = news.recv() => found,
                () = tokio::time::sleep_until(deadline) => {
                    let why = gave_up(until, limit, &last);
                    // A deployment that ends by itself may yet.
                    let deploys = until == Until::Ready && kind.impaired_ends_wait();
                    return Err(if deploys { Failed::Undecided(why) } else { Failed::Refused(why) });
                }
            };
            let status = match found {
                None => return Err(Failed::Stopped),
                Some(reading) => {
                    let other = self.other_deployment(&waited, context, &reading);
                    others = if other.is_some() { others + 1 } else { 0 };
                    if let (Some(other), News::Present(observed), true) = (&other, &reading, others >= SURE) {
                        self.record_what_runs(&waited, context, &observed.inputs).await?;
                        return Err(other.verdict());
                    }
                    if let Some(other) = other {
                        ControlFlow::Continue(other.status().to_owned())
                    } else {
                        self.look(&waited, context, reading).await?
                    }
                }
            };
            let status = match status {
                ControlFlow::Break(()) => return Ok(None),
                ControlFlow::Continue(status) => status,
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

    // Long: an arm for each status.
    /// Judges one reading: the wait is over, goes on with this status, or is in vain.
    async fn look(
        &self,
        waited: &Waited,
        context: &Context<'_>,
        reading: News,
    ) -> Result<ControlFlow<(), String>, Failed> {
        let observed = match reading {
            News::Present(observed) => Arc::unwrap_or_clone(observed),
            News::Absent if waited.until == Until::Gone => {
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
        let Observed {
            status,
            inputs,
            outputs,
            ..
        } = observed;
        if waited.until == Until::Gone {
            // Its delete was accepted, so only its absence counts, whatever status it has meanwhile.
            return Ok(ControlFlow::Continue(word(status)));
        }
        if waited.until == Until::Shown && shows_outputs(waited.kind, &outputs) {
            drop(inputs);
            return self.record_reading(waited, context, outputs, None).await;
        }
        let wants_stopped = |r: &Arc<Record>| waited.kind.wants_stopped(&r.inputs).unwrap_or(false);
        let status = match status {
            Status::Stopped(_) if context.record(&waited.key).as_ref().is_some_and(wants_stopped) => {
                Status::Ready
            }
            other => other,
        };
        match status {
            Status::Ready => {
                // What is ready shows all that it will ever show.
                let phase = (waited.until == Until::Ready).then_some(Phase::Ready);
                // While the journal is written, others read.
                drop(inputs);
                if phase.is_some() && waited.kind.impaired_ends_wait() {
                    self.record_deployed(&waited.key, context).await?;
                }
                self.record_reading(waited, context, outputs, phase).await
            }
            // It was ready before, a person stopped it, and the calls before this wait were accepted all the same: nothing
            // is left to wait for, and its recorded outputs still hold.
            Status::Stopped(_) if waited.phase == Phase::Ready => Ok(ControlFlow::Break(())),
            Status::Stopped(why) => Err(Failed::Refused(format!(
                "it is {why}, and was never ready: start it, then apply again"
            ))),
            Status::Impaired(why) if waited.kind.impaired_ends_wait() => {
                let failed = self.turned_back(&waited.key, context, &why).await;
                self.record_what_runs(waited, context, &inputs).await?;
                Err(failed)
            }
            Status::Failed(why) => Err(Failed::Refused(format!("it failed: {why}"))),
            Status::Leaving(why) => Err(Failed::Refused(format!("it is being deleted: {why}"))),
            Status::Pending(status) | Status::Impaired(status) => Ok(ControlFlow::Continue(status)),
        }
    }

    /// The deployment that a reading shows complete where it is not the one that is waited for.
    fn other_deployment(&self, waited: &Waited, context: &Context<'_>, reading: &News) -> Option<Other> {
        let News::Present(observed) = reading else {
            return None;
        };
        let deploys = waited.until == Until::Ready && waited.kind.impaired_ends_wait();
        if !deploys || observed.status != Status::Ready {
            return None;
        }
        let decision = context.decision(&waited.key.address)?;
        if decision.action != Action::Update || decision.generation != waited.key.generation {
            return None;
        }
        let record = context.record(&waited.key)?;
        Other::among(&decision.changes, &record, &observed.inputs, &self.store.state())
    }

    /// Records what a deployment that did not succeed left: whatever was asked for, the state says what runs.
    async fn record_what_runs(
        &self,
        waited: &Waited,
        context: &Context<'_>,
        there: &Value,
    ) -> Result<(), Failed> {
        let Some(record) = context.record(&waited.key) else {
            return Ok(());
        };
        let record = Arc::unwrap_or_clone(record);
        let options = recorded::options(&record).map_err(Failed::State)?;
        let inputs = merge(waited.kind, (&record, &options), there).0;
        let record = Record { inputs, ..record };
        let mut writes = versions_that_run(&self.store.state(), &record);
        writes.push(StateWrite::Put(record));
        Ok(self.store.record(writes).await?)
    }

    /// Records outputs, and the phase where there is a new one; the wait is over.
    async fn record_reading(
        &self,
        waited: &Waited,
        context: &Context<'_>,
        outputs: Value,
        phase: Option<Phase>,
    ) -> Result<ControlFlow<(), String>, Failed> {
        // Read again, because the calls before this wait have changed the record.
        let Some(record) = context.record(&waited.key) else {
            return Err(Failed::Refused("it is not recorded".into()));
        };
        let record = Record {
            outputs,
            phase: phase.unwrap_or(record.phase),
            ..Arc::unwrap_or_clone(record)
        };
        self.store.record(vec![StateWrite::Put(record)]).await?;
        Ok(ControlFlow::Break(()))
    }
}

/// `true` if a reading has the outputs that AWS returns of a pending resource of the type.
fn shows_outputs(kind: &dyn ResourceType, outputs: &Value) -> bool {
    let mut wanted = kind.outputs().iter().filter(|o| o.shown_while_pending.is_some());
    wanted.all(|o| match &outputs[o.name] {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Number(n) => n.as_u64() != Some(0),
        _ => true,
    })
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

fn gave_up(until: Until, limit: u32, last: &str) -> String {
    let end = match until {
        Until::Shown => "shown with its outputs",
        Until::Ready => "ready",
        Until::Gone => "gone",
    };
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
