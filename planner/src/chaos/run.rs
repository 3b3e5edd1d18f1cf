//! An experiment from its first call to the last one that puts everything back.

use super::{Foreseen, disturb::find};
use crate::{
    Declared, Error, Options, Plan,
    decide::plan,
    event::quiet,
    execute::{Executor, Failure, Stop, with_retry},
    survey::{Extent, survey},
};
use serde::Serialize;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tenon_resources::cloud::{AlarmState, Caller, Cloud};
use tokio::time::{Instant, sleep};

/// The times of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watching {
    /// The time for which the faults last.
    pub lasts: Duration,
    /// The time between two looks at the alarm.
    pub every: Duration,
}

impl Watching {
    /// The times of an experiment of so many seconds where everything is `speed` times as fast as at AWS.
    ///
    /// The alarm is looked at every ten seconds, the shortest period after which AWS judges one
    /// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>, `Period`).
    pub fn of(seconds: u32, speed: f64) -> Self {
        let every = Duration::from_secs(10).div_f64(speed);
        Self {
            lasts: Duration::from_secs(seconds.into()).div_f64(speed),
            // Also what has no delays is not asked all the time.
            every: every.max(Duration::from_millis(10)),
        }
    }
}

/// The reason for which an experiment ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "ended", content = "why", rename_all = "snake_case")]
pub enum Ended {
    /// The time of the experiment was over.
    Elapsed,
    /// The alarm went off.
    Alarm,
    /// The alarm could not be read, so that nothing would have stopped the experiment.
    Unwatched(String),
    /// Somebody asked to stop.
    Stopped,
    /// A call that puts the faults in failed.
    Failed(String),
}

/// The report of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The reason for which it ended.
    #[serde(flatten)]
    pub ended: Ended,
    /// The time that the faults were in, in milliseconds.
    pub lasted_ms: u64,
    /// The number of mutating calls that put them in.
    pub disturbing_calls: usize,
    /// The number of mutating calls that took them out.
    pub restoring_calls: usize,
    /// The calls that should have taken them out and failed: with none, the stack is as it is declared.
    pub failed: Vec<Failure>,
}

impl Report {
    /// True if everything is as it was.
    pub fn restored(&self) -> bool {
        self.failed.is_empty()
    }
}

/// Runs the experiment `name` as it was foreseen, and puts everything back, whatever ends it. Whoever asks `executor` to stop ends it.
///
/// # Errors
/// Before the first call: the alarm is off or cannot be read, or the experiment does nothing. Later only when the state cannot be kept,
/// or what is there cannot be read: then [`restore`] puts everything back, as does an apply of the stack.
pub async fn run(
    executor: &Executor,
    declared: &Declared,
    caller: &Caller,
    name: &str,
    foreseen: &Foreseen,
    watching: Watching,
) -> Result<Report, Error> {
    let refuse = |why: &str| Error::Experiment {
        name: name.into(),
        why: format!("{why}; nothing was changed"),
    };
    let touched: BTreeSet<String> = foreseen.disturb.mutating().map(|c| c.address.clone()).collect();
    if touched.is_empty() {
        return Err(refuse("its faults change nothing: the stack is so already"));
    }
    let alarm = Alarm::of(executor, declared, name).await?;
    match alarm.state().await {
        Ok(AlarmState::Alarm) => {
            return Err(refuse(&format!(
                "its alarm `{}` is in ALARM before anything was done: wait until it is not",
                alarm.name
            )));
        }
        Ok(AlarmState::Ok | AlarmState::InsufficientData) => {}
        Err(why) => return Err(refuse(&why)),
    }
    let started = Instant::now();
    let ended = disturb(executor, foreseen, &alarm, watching).await;
    let lasted_ms = crate::duration::millis(started.elapsed());
    let (restoring_calls, failed) = put_back(executor, declared, caller, Some(&touched)).await?;
    Ok(Report {
        ended,
        lasted_ms,
        disturbing_calls: foreseen.disturb.mutating().count(),
        restoring_calls,
        failed,
    })
}

/// Takes the faults out again that an experiment left which died, or whatever else is not as it is declared. Returns the number of
/// mutating calls, and those that failed.
///
/// # Errors
/// The state cannot be kept, or what is there cannot be read.
pub async fn restore(
    executor: &Executor,
    declared: &Declared,
    caller: &Caller,
) -> Result<(usize, Vec<Failure>), Error> {
    put_back(executor, declared, caller, None).await
}

/// Puts the faults in, and waits for the end.
async fn disturb(executor: &Executor, foreseen: &Foreseen, alarm: &Alarm, watching: Watching) -> Ended {
    let mut disturbing = executor.clone();
    disturbing.stop = Stop::new();
    let watch = watch(&executor.stop, alarm, watching.every);
    tokio::pin!(watch);
    let applied = {
        let apply = disturbing.apply(&foreseen.disturb);
        tokio::pin!(apply);
        tokio::select! {
            applied = &mut apply => applied,
            ended = &mut watch => {
                // Calls in flight are awaited and recorded.
                disturbing.stop.request();
                drop(apply.await);
                return ended;
            }
        }
    };
    let failed = match applied {
        Err(error) => Some(error.to_string()),
        Ok(summary) if summary.complete() => None,
        Ok(summary) => {
            let first = summary.failed.first();
            Some(first.map_or_else(String::new, |f| format!("{}: {}: {}", f.address, f.title, f.why)))
        }
    };
    if let Some(why) = failed {
        return Ended::Failed(why);
    }
    tokio::select! {
        () = sleep(watching.lasts) => Ended::Elapsed,
        ended = &mut watch => ended,
    }
}

/// Looks at the alarm again and again, until there is a reason to end.
async fn watch(stop: &Stop, alarm: &Alarm, every: Duration) -> Ended {
    loop {
        let next = async {
            sleep(every).await;
            alarm.state().await
        };
        let state = tokio::select! {
            () = stop.wait() => return Ended::Stopped,
            state = next => state,
        };
        match state {
            Ok(AlarmState::Alarm) => return Ended::Alarm,
            Ok(AlarmState::Ok | AlarmState::InsufficientData) => {}
            Err(why) => return Ended::Unwatched(why),
        }
    }
}

/// The number of times that restoring is tried: a call that failed is planned again from what is there.
const TRIES: usize = 3;

/// Makes what is there what is declared, of the resources at these addresses or of all.
async fn put_back(
    executor: &Executor,
    declared: &Declared,
    caller: &Caller,
    touched: Option<&BTreeSet<String>>,
) -> Result<(usize, Vec<Failure>), Error> {
    let mut restoring = executor.clone();
    // Whoever stopped the experiment wants this half all the more.
    restoring.stop = Stop::new();
    let mut calls = 0;
    for n in 1.. {
        restoring.settle().await?;
        let plan = restoring_plan(&restoring, declared, caller, touched).await?;
        calls += plan.mutating().count();
        let summary = restoring.apply(&plan).await?;
        if summary.failed.is_empty() || n == TRIES {
            return Ok((calls, summary.failed));
        }
    }
    unreachable!("the last try returns")
}

/// The plan of what is declared, of the resources at these addresses or of all.
async fn restoring_plan(
    executor: &Executor,
    declared: &Declared,
    caller: &Caller,
    touched: Option<&BTreeSet<String>>,
) -> Result<Plan, Error> {
    let state = executor.store.state();
    let exists = |address: &&String| {
        declared.resources.contains_key(*address) || state.records.values().any(|r| r.address == **address)
    };
    let options = Options {
        targets: touched.into_iter().flatten().filter(exists).cloned().collect(),
        ..Options::default()
    };
    let cloud = executor.cloud.as_ref();
    let seen = survey(cloud, declared, caller, &state, Extent::APPLY, &quiet()).await?;
    plan(declared, &seen, caller, &options)
}

/// The alarm of an experiment.
struct Alarm {
    cloud: Arc<dyn Cloud>,
    name: String,
}

impl Alarm {
    async fn of(executor: &Executor, declared: &Declared, experiment: &str) -> Result<Self, Error> {
        let address = &find(declared, experiment)?.alarm;
        let state = executor.store.state();
        let record = state.current(address);
        let (Some(record), Some(name)) = (record, record.and_then(|r| r.id.clone())) else {
            return Err(Error::Experiment {
                name: experiment.into(),
                why: format!(
                    "its alarm `{address}` does not exist yet: apply the stack; nothing was changed"
                ),
            });
        };
        let reached = executor.cloud_of(Some(record)).await;
        let cloud = reached.map_err(|source| Error::Cloud {
            what: format!("the alarm `{address}` cannot be read"),
            source,
        })?;
        Ok(Self { cloud, name })
    }

    /// # Errors
    /// Why it cannot be read, as a sentence.
    async fn state(&self) -> Result<AlarmState, String> {
        let read = with_retry(3, || self.cloud.alarm_state(&self.name)).await;
        match read {
            Ok(Some(state)) => Ok(state),
            Ok(None) => Err(format!("its alarm `{}` is not there", self.name)),
            Err(error) => Err(format!("its alarm `{}` cannot be read: {error}", self.name)),
        }
    }
}
