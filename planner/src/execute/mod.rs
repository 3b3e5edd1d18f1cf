//! Walks a plan: each call as soon as what it needs is there, each outcome durable before what needs it begins.
//!
//! For every mutating call: intent durable, call, outcome durable. A call whose outcome nobody knows is settled before
//! anything is repeated ([`settle`]); a wait is the same batch read as refresh, one poller a type ([`poll`]).
//!
//! What is not here: a decision. Apply sends no mutating call that the plan does not list. And no undo: what exists
//! after a failure is progress, and the next plan goes on from it.

mod budget;
mod call;
mod classify;
mod context;
mod poll;
mod retry;
mod settings;
mod settle;

pub use classify::{Class, classify};
pub use settings::{Settings, Stop};

pub(crate) use retry::{find_with_retry, read_with_retry, with_retry};

use crate::{
    Error, Plan,
    event::{Event, Sink},
};
use budget::Budgets;
use call::Failed;
use context::Context;
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use poll::Pollers;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    sync::{Arc, OnceLock},
    time::Duration,
};
use tenon_resources::{cloud::Cloud, value::Owner};
use tenon_state::{StateWrite, Store};
use tokio::time::{Instant, sleep};

/// Everything an apply needs.
#[derive(Clone)]
pub struct Executor {
    /// Where calls go.
    pub cloud: Arc<dyn Cloud>,
    /// Where intents and outcomes go.
    pub store: Store,
    /// Where events go.
    pub sink: Sink,
    /// Limits.
    pub settings: Settings,
    /// How to stop it.
    pub stop: Stop,
    /// The mark of the stack, read once: asking the store each time could cost it a copy of the state.
    owner: Arc<OnceLock<Owner>>,
    budgets: Budgets,
}

/// How an apply ended.
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
    /// Whether the whole plan was carried out.
    pub fn complete(&self) -> bool {
        self.failed.is_empty() && self.left == 0
    }
}

/// A call that failed for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The address.
    pub address: String,
    /// Where in the program it is declared.
    pub declared: Option<String>,
    /// `ec2:CreateVpc`.
    pub title: String,
    /// What happened and what to do.
    pub why: String,
    /// How many calls were left out because of it.
    pub skipped: usize,
}

/// What one call came to.
type Ended = (usize, Instant, Result<Option<String>, Failed>);

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
            budgets: Budgets::default(),
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
        let context = Arc::new(Context::new(plan, &self.store.state()));
        let mut run = Run::new(self, Arc::clone(plan), Arc::clone(&context));
        let fatal = run.drive().await;
        let mut summary = run.summary;
        // Also after a failure: what was done is worth keeping, in as few bytes as it takes.
        let (outputs, _) = context.outputs(&plan.outputs);
        summary.outputs = outputs;
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

    /// The mark of a resource of this stack.
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

/// A plan on its way.
struct Run<'a> {
    executor: &'a Executor,
    plan: Arc<Plan>,
    context: Arc<Context>,
    pollers: Pollers,
    /// For each call, how many it still waits for, and which wait for it.
    waits: Vec<usize>,
    next: Vec<Vec<usize>>,
    /// How long the longest chain from here on is: what unblocks most goes first.
    weight: Vec<usize>,
    /// Calls that can be made, by their service: how much each unblocks, and its number. Waits are apart, because no limit
    /// holds them back.
    lanes: BTreeMap<String, BinaryHeap<(usize, Reverse<usize>)>>,
    ready_waits: Vec<usize>,
    /// Calls that will not be made because one before them failed.
    skipped: Vec<bool>,
    in_flight: BTreeMap<usize, String>,
    mutating: usize,
    summary: Summary,
}

impl<'a> Run<'a> {
    fn new(executor: &'a Executor, plan: Arc<Plan>, context: Arc<Context>) -> Self {
        let count = plan.calls.len();
        let (mut waits, mut next, mut weight) = (vec![0; count], vec![vec![]; count], vec![1; count]);
        for (i, call) in plan.calls.iter().enumerate() {
            waits[i] = call.after.len();
            call.after.iter().for_each(|&a| next[a].push(i));
        }
        for i in (0..count).rev() {
            weight[i] = 1 + next[i].iter().map(|&n| weight[n]).max().unwrap_or(0);
        }
        let pollers = Pollers::new(Arc::clone(&executor.cloud), executor.settings.clone());
        let mut run = Self {
            executor,
            plan,
            context,
            pollers,
            waits,
            next,
            weight,
            lanes: BTreeMap::new(),
            ready_waits: vec![],
            skipped: vec![false; count],
            in_flight: BTreeMap::new(),
            mutating: 0,
            summary: Summary::default(),
        };
        (0..count)
            .filter(|&i| run.waits[i] == 0)
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|i| run.offer(i));
        run
    }

    /// Takes a call among those that can be made.
    fn offer(&mut self, call: usize) {
        if self.plan.calls[call].step.effect.mutates() {
            let service = self.plan.calls[call].step.service.clone();
            let lane = self.lanes.entry(service).or_default();
            lane.push((self.weight[call], Reverse(call)));
        } else {
            self.ready_waits.push(call);
        }
    }

    /// The next call to make: waits first, then what unblocks most, within the limits.
    fn next_call(&mut self) -> Option<usize> {
        if let Some(call) = self.ready_waits.pop() {
            return Some(call);
        }
        if self.mutating >= self.executor.settings.parallelism {
            return None;
        }
        let budgets = &self.executor.budgets;
        let due = self
            .lanes
            .iter_mut()
            .filter(|(service, ready)| !ready.is_empty() && budgets.wait(service).is_zero());
        let (service, ready) = due.max_by(|(_, a), (_, b)| a.peek().cmp(&b.peek()))?;
        budgets.turn(service);
        ready.pop().map(|(_, Reverse(call))| call)
    }

    /// How long it is until a service that is not to be asked now may be.
    fn next_turn(&self) -> Option<Duration> {
        let waiting = self.lanes.iter().filter(|(_, ready)| !ready.is_empty());
        let waits = waiting.map(|(service, _)| self.executor.budgets.wait(service));
        waits
            .min()
            .filter(|_| self.mutating < self.executor.settings.parallelism)
    }

    /// Makes every call that can be made. Returns the error that makes going on impossible, if there is one.
    async fn drive(&mut self) -> Option<Error> {
        let mut running: FuturesUnordered<BoxFuture<'static, Ended>> = FuturesUnordered::new();
        let mut fatal = None;
        let mut told = false;
        loop {
            let stopping = fatal.is_some() || self.executor.stop.requested();
            if !stopping {
                self.start(&mut running);
            } else if !told && fatal.is_none() {
                told = true;
                let in_flight = self.in_flight.values().cloned().collect();
                (self.executor.sink)(Event::Stopping { in_flight });
                self.pollers.abandon();
            }
            let stop = self.executor.stop.clone();
            let turn = self.next_turn().filter(|_| !stopping);
            let ended = tokio::select! {
                ended = running.next(), if turn.is_none() || !running.is_empty() => ended,
                () = stop.wait(), if !stopping => continue,
                () = sleep(turn.unwrap_or_default()), if turn.is_some() => continue,
            };
            let Some((call, since, result)) = ended else { break };
            self.in_flight.remove(&call);
            if self.plan.calls[call].step.effect.mutates() {
                self.mutating -= 1;
            }
            if let Some(error) = self.end(call, since, result) {
                self.pollers.abandon();
                fatal = Some(error);
            }
        }
        self.summary.stopped = self.executor.stop.requested();
        self.summary.left = self.plan.calls.len() - self.summary.done - self.summary.failed.len();
        fatal
    }

    fn start(&mut self, running: &mut FuturesUnordered<BoxFuture<'static, Ended>>) {
        while let Some(call) = self.next_call() {
            let planned = &self.plan.calls[call];
            let mutates = planned.step.effect.mutates();
            self.mutating += usize::from(mutates);
            let title = planned.title();
            self.in_flight
                .insert(call, format!("{title} of {}", planned.address));
            (self.executor.sink)(Event::Begun {
                call,
                address: planned.address.clone(),
                title,
            });
            let (executor, plan) = (self.executor.clone(), Arc::clone(&self.plan));
            let (context, pollers) = (Arc::clone(&self.context), self.pollers.clone());
            let since = Instant::now();
            running.push(
                async move {
                    let planned = &plan.calls[call];
                    let result = if planned.step.effect.mutates() {
                        executor.call(call, planned, &context).await
                    } else {
                        executor.wait(call, planned, &context, &pollers).await
                    };
                    (call, since, result)
                }
                .boxed(),
            );
        }
    }

    /// Books what a call came to. Returns an error that makes going on impossible.
    fn end(&mut self, call: usize, since: Instant, result: Result<Option<String>, Failed>) -> Option<Error> {
        let planned = &self.plan.calls[call];
        let (address, title) = (planned.address.clone(), planned.title());
        match result {
            Ok(id) => {
                self.summary.done += 1;
                (self.executor.sink)(Event::Done {
                    call,
                    address,
                    title,
                    id,
                    ms: millis(since.elapsed()),
                });
                for n in self.next[call].clone() {
                    self.waits[n] -= 1;
                    if self.waits[n] == 0 && !self.skipped[n] {
                        self.offer(n);
                    }
                }
                None
            }
            Err(Failed::Stopped) => None,
            Err(Failed::State(error)) => Some(error),
            Err(Failed::Refused(why)) => {
                let skipped = self.skip(call);
                let declared = self.context.declared(&address);
                self.summary.failed.push(Failure {
                    address: address.clone(),
                    declared,
                    title: title.clone(),
                    why: why.clone(),
                    skipped,
                });
                (self.executor.sink)(Event::Failed {
                    call,
                    address,
                    title,
                    why,
                    skipped,
                });
                None
            }
        }
    }

    /// Leaves out everything that needs `call`. Returns how many calls that is.
    fn skip(&mut self, call: usize) -> usize {
        let (mut todo, mut count) = (self.next[call].clone(), 0);
        while let Some(n) = todo.pop() {
            if !std::mem::replace(&mut self.skipped[n], true) {
                count += 1;
                todo.extend(&self.next[n]);
            }
        }
        count
    }
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
