//! Walks a plan: each call as soon as what it needs is there, each outcome durable before what needs it begins.
//!
//! For every mutating call: intent durable, call, outcome durable. A call whose outcome nobody knows is settled before
//! anything is repeated ([`settle`]); a wait is the same batch read as refresh, one poller a type ([`poll`]).
//!
//! No decision is made here: apply sends no mutating call that the plan does not list. And nothing is undone: what exists
//! after a failure is progress, and the next plan goes on from it.

mod call;
mod classify;
mod context;
mod lost_reply;
mod poll;
mod prepare;
mod queue;
mod rate_limiter;
mod retry;
mod run;
mod send;
mod settings;
mod settle;
mod wait;

pub use classify::{Class, classify};
pub use settings::{Settings, Stop};

pub(crate) use retry::{find_with_retry, read_with_retry, with_retry};

use crate::{
    Error, Plan,
    event::{Event, Sink},
};
use context::Context;
use rate_limiter::RateLimiter;
use run::Run;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tenon_resources::{cloud::Cloud, value::Owner};
use tenon_state::{StateWrite, Store};
use tokio::time::Instant;

/// Everything an apply needs.
#[derive(Clone)]
pub struct Executor {
    /// The cloud that receives the calls.
    pub cloud: Arc<dyn Cloud>,
    /// The store of intents, outcomes and records.
    pub store: Store,
    /// The receiver of events.
    pub sink: Sink,
    /// Limits.
    pub settings: Settings,
    /// The handle that stops it.
    pub stop: Stop,
    /// The owner of the stack's resources, read once: asking the store each time could cost it a copy of the state.
    owner: Arc<OnceLock<Owner>>,
    limiter: RateLimiter,
}

/// The result of an apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Calls and waits that were done.
    pub done: usize,
    /// Calls and waits that failed.
    pub failed: Vec<Failure>,
    /// Calls and waits that were not begun, or abandoned when asked to stop.
    pub left: usize,
    /// Somebody asked to stop.
    pub stopped: bool,
    /// The stack's outputs that are known now.
    pub outputs: BTreeMap<String, Value>,
}

impl Summary {
    /// `true` if the whole plan was carried out.
    pub fn complete(&self) -> bool {
        self.failed.is_empty() && self.left == 0
    }
}

/// A call that failed for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The address.
    pub address: String,
    /// The file and line of its declaration.
    pub declared: Option<String>,
    /// `ec2:CreateVpc`.
    pub title: String,
    /// The reason, and what to do.
    pub why: String,
    /// The number of calls that were left out because of it.
    pub skipped: usize,
}

impl Executor {
    /// An executor with default limits.
    pub fn new(cloud: Arc<dyn Cloud>, store: Store, sink: Sink) -> Self {
        let (settings, stop) = (Settings::default(), Stop::new());
        Self {
            cloud,
            store,
            sink,
            settings,
            stop,
            owner: Arc::default(),
            limiter: RateLimiter::default(),
        }
    }

    /// Carries out a plan.
    ///
    /// # Errors
    /// Before the first call: the plan is not for this state, or there is no room for the journal. During apply only
    /// when the state cannot be kept or the lease is lost; calls that fail are in the [`Summary`].
    pub async fn apply(&self, plan: &Plan) -> Result<Summary, Error> {
        self.admit(plan)?;
        self.store.reserve(plan.mutating().count()).await?;
        let target = StateWrite::Target {
            account: plan.account.clone(),
            region: plan.region.clone(),
        };
        let mut first = vec![];
        let state = self.store.state();
        if (&state.account, &state.region) != (&plan.account, &plan.region) {
            first.push(target);
        }
        drop(state);
        first.extend(plan.refreshed.iter().cloned());
        self.store.record(first).await?;

        let started = Instant::now();
        (self.sink)(Event::Started {
            calls: plan.calls.len(),
        });
        let plan = &Arc::new(plan.clone());
        let context = Arc::new(Context::new(plan, &self.store));
        let mut run = Run::new(self, Arc::clone(plan), Arc::clone(&context));
        let fatal = run.run().await;
        let mut summary = run.summary;
        // Also after a failure: what was done is worth keeping, in as few bytes as it takes.
        summary.outputs = context.outputs(&plan.outputs);
        if let Some(error) = fatal {
            return Err(error);
        }
        self.record_outputs(plan, &summary).await?;
        self.store.checkpoint().await?;
        (self.sink)(Event::Finished {
            done: summary.done,
            failed: summary.failed.len(),
            left: summary.left,
            ms: millis(started.elapsed()),
        });
        Ok(summary)
    }

    async fn record_outputs(&self, plan: &Plan, summary: &Summary) -> Result<(), Error> {
        let state = self.store.state();
        let mut outputs = summary.outputs.clone();
        if !summary.complete() {
            // What is not known yet keeps its last value.
            for (name, value) in &state.outputs {
                if plan.outputs.contains_key(name) && !outputs.contains_key(name) {
                    outputs.insert(name.clone(), value.clone());
                }
            }
        }
        if outputs != state.outputs {
            self.store.record(vec![StateWrite::Outputs(outputs)]).await?;
        }
        Ok(())
    }

    /// The owner that a resource of this stack has in its tags.
    fn owner(&self, address: &str, generation: u32) -> Owner {
        let stack = self.owner.get_or_init(|| {
            let state = self.store.state();
            Owner::of_stack(&state.stack, &state.env)
        });
        stack.at(address, generation)
    }

    /// Holds the plan against the state it is to be applied to.
    fn admit(&self, plan: &Plan) -> Result<(), Error> {
        let state = self.store.state();
        let (planned, here) = (
            format!("{}/{}", plan.stack, plan.env),
            format!("{}/{}", state.stack, state.env),
        );
        if planned != here {
            return Err(Error::PlanElsewhere { planned, here });
        }
        if !plan.lineage.is_empty() && plan.lineage != state.lineage {
            let (planned, here) = (
                format!("state {}", plan.lineage),
                format!("state {}", state.lineage),
            );
            return Err(Error::PlanElsewhere { planned, here });
        }
        if plan.serial != state.serial {
            return Err(Error::PlanStale {
                planned: plan.serial,
                now: state.serial,
            });
        }
        let somewhere = |account: &str, region: &str| format!("account {account} in {region}");
        if !state.account.is_empty() && (&state.account, &state.region) != (&plan.account, &plan.region) {
            let (planned, here) = (
                somewhere(&plan.account, &plan.region),
                somewhere(&state.account, &state.region),
            );
            return Err(Error::PlanElsewhere { planned, here });
        }
        Ok(())
    }
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
