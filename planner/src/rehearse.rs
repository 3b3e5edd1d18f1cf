//! Rehearsals: a plan carried out in a sandbox in which exists what the state records. Nothing real is read or changed.
//!
//! The model of AWS answers each call: it refuses what AWS would refuse for a reason that follows from the stack's own resources (a
//! name that is taken, something in use, a range that overlaps). It does not know what else is in the account, quotas, or
//! permissions. Calls are made one after the other, and states pass at once, so that the same plan gives the same report.

use crate::{
    Action, Decision, Error, Note, Plan,
    event::{Event, Sink},
    execute::Executor,
    sandbox::{RequestPath, Sandbox, SandboxConfig, schedule},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tenon_resources::call::OnError;
use tenon_state::{Holder, Identity, Memory, State, StateWrite, Store};

/// The result of a rehearsal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rehearsal {
    /// The outcome of each call and wait, in the order of the plan.
    pub calls: Vec<Rehearsed>,
    /// Conditions of the stack that do not hold afterwards: the address and the reason.
    pub unmet: Vec<Unmet>,
    /// Resources that do not exist for a while.
    pub gaps: Vec<Absence>,
    /// Ways through a load balancer that served requests before, and do not during a part of the plan.
    pub interruptions: Vec<Interruption>,
    /// The time that the plan takes at AWS by its longest chain of calls, in seconds, from durations of public logs.
    pub seconds: u64,
}

/// A call of the plan, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rehearsed {
    /// The number of the call, from 1.
    pub call: usize,
    /// The address of the resource.
    pub address: String,
    /// `ec2:CreateVpc`, or the wait.
    pub title: String,
    /// The outcome.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "why", rename_all = "snake_case")]
pub enum Outcome {
    /// The call is accepted.
    Accepted,
    /// The call is refused: AWS's code and message, as the sandbox has them, and what to do.
    Refused(String),
    /// The call is not made, because one that it comes after is refused.
    NotMade,
}

/// A condition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unmet {
    /// The address.
    pub address: String,
    /// The reason.
    pub why: String,
}

/// A resource that does not exist for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Absence {
    /// The address.
    pub address: String,
    /// The number of the call that removes what was there.
    pub from: usize,
    /// The number of the call after which its successor is there.
    pub to: usize,
    /// The time between the two, in seconds.
    pub seconds: u64,
    /// The addresses of what uses it.
    pub users: Vec<String>,
}

/// A way through a load balancer on which requests are refused for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Interruption {
    /// The address of the load balancer.
    pub load_balancer: String,
    /// The port, and the values of the rule's conditions.
    pub way: String,
    /// The number of the call after which requests are refused.
    pub from: usize,
    /// The number of the call after which they are served again; none if they are not by the end.
    pub to: Option<usize>,
    /// The reason for which they are refused.
    pub why: String,
}

impl Rehearsal {
    /// `true` if every call is accepted and every condition holds.
    pub fn complete(&self) -> bool {
        self.unmet.is_empty() && self.calls.iter().all(|c| c.outcome == Outcome::Accepted)
    }
}

/// The time for which a call is repeated in a rehearsal, where it would be at AWS: there, what it waits for takes time.
const REPEATED_SECONDS: u32 = 1;

/// Carries out `plan` in a sandbox with what `state` records.
///
/// # Errors
/// The plan is of another state, or of an older one; a record is of a type, or a version of one, that this version does not know.
pub async fn rehearse(plan: &Plan, state: &State) -> Result<Rehearsal, Error> {
    belongs(plan, state)?;
    let store = copy(plan, state).await?;
    let sandbox = Arc::new(Sandbox::recorded(&store.state(), SandboxConfig::instant())?);
    let watch = Arc::new(Watch::new(plan, Arc::clone(&sandbox)));
    let mut executor = Executor::new(sandbox, store.clone(), watch.sink());
    executor.settings.parallelism = 1;
    let repeated = Duration::from_secs(REPEATED_SECONDS.into());
    executor.settings.consistency = repeated;
    executor.settings.visible = repeated;
    // The model of AWS keeps no bytes: files need not be here.
    let summary = executor.carry_out(&here(plan, &store), BTreeMap::new()).await?;
    let after = store.state();
    store.close().await?;
    let seen = watch.seen();
    let conditions = summary.failed.iter().filter(|_| seen.refused.is_empty());
    Ok(Rehearsal {
        unmet: conditions
            .map(|f| Unmet {
                address: f.address.clone(),
                why: f.why.clone(),
            })
            .collect(),
        gaps: gaps(plan),
        interruptions: seen.interruptions(state, &after),
        seconds: schedule(plan).total().as_secs(),
        calls: seen.calls(plan),
    })
}

/// Refuses a plan that is not of this very state.
fn belongs(plan: &Plan, state: &State) -> Result<(), Error> {
    let (planned, here) = (
        format!("{}/{}", plan.stack, plan.env),
        format!("{}/{}", state.stack, state.env),
    );
    if planned != here {
        return Err(Error::PlanElsewhere { planned, here });
    }
    if plan.serial != state.serial {
        let (planned, now) = (plan.serial, state.serial);
        return Err(Error::PlanStale { planned, now });
    }
    Ok(())
}

/// A copy of the state in memory, as the plan has read it from the cloud.
pub(crate) async fn copy(plan: &Plan, state: &State) -> Result<Store, Error> {
    let identity = Identity {
        stack: state.stack.clone(),
        env: state.env.clone(),
    };
    let store = Store::open(Arc::new(Memory::new()), Holder::here("rehearse")?, identity).await?;
    let target = StateWrite::Target {
        account: plan.account.clone(),
        region: plan.region.clone(),
    };
    let records = state
        .records
        .values()
        .map(|r| StateWrite::Put(r.as_ref().clone()));
    let mut writes: Vec<StateWrite> = std::iter::once(target).chain(records).collect();
    writes.push(StateWrite::Outputs(state.outputs.clone()));
    writes.extend(plan.refreshed.iter().cloned());
    store.record(writes).await?;
    Ok(store)
}

/// The plan, for that copy.
pub(crate) fn here(plan: &Plan, store: &Store) -> Plan {
    let state = store.state();
    let mut plan = Plan {
        lineage: state.lineage.clone(),
        serial: state.serial,
        refreshed: vec![],
        ..plan.clone()
    };
    let rules = plan.calls.iter_mut().flat_map(|call| &mut call.step.rules);
    for rule in rules {
        if let OnError::Retry(seconds) = &mut rule.then {
            *seconds = REPEATED_SECONDS.min(*seconds);
        }
    }
    plan
}

/// Resources that do not exist for a while, because what was there has to go first.
fn gaps(plan: &Plan) -> Vec<Absence> {
    let schedule = schedule(plan);
    let goes_first =
        |d: &&Decision| d.action == Action::ReplaceDeleteFirst || matches!(d.note, Some(Note::Gap(_)));
    let decisions = plan.decisions.iter().filter(goes_first);
    decisions
        .filter_map(|d| {
            let gap = plan.gap(d);
            Some(Absence {
                address: d.address.clone(),
                from: gap.from? + 1,
                to: gap.to? + 1,
                seconds: schedule.downtime(plan, d)?.as_secs(),
                users: gap.users.into_iter().map(ToOwned::to_owned).collect(),
            })
        })
        .collect()
}

/// An observer of a rehearsal: what becomes of each call, and of requests after it.
struct Watch {
    sandbox: Arc<Sandbox>,
    calls: usize,
    seen: Mutex<Seen>,
}

/// A way through a load balancer.
type Way = (String, String);

/// The observations.
#[derive(Clone, Default)]
struct Seen {
    done: Vec<usize>,
    refused: BTreeMap<usize, String>,
    /// The ways that served requests before the first call.
    served: Vec<Way>,
    /// Those that do not, since the call with this number, with the reason.
    open: BTreeMap<Way, (usize, String)>,
    /// Those that did not for a while: the calls from and to which, and the reason.
    closed: Vec<(Way, usize, usize, String)>,
}

impl Watch {
    fn new(plan: &Plan, sandbox: Arc<Sandbox>) -> Self {
        let served = sandbox
            .requests()
            .into_iter()
            .filter(|path| path.refused.is_none());
        let seen = Seen {
            served: served.map(|path| (path.load_balancer, path.way)).collect(),
            ..Seen::default()
        };
        Self {
            sandbox,
            calls: plan.calls.len(),
            seen: Mutex::new(seen),
        }
    }

    fn sink(self: &Arc<Self>) -> Sink {
        let watch = Arc::clone(self);
        Arc::new(move |event| {
            let mut seen = watch.seen.lock().unwrap_or_else(PoisonError::into_inner);
            match event {
                Event::Done { call, .. } => {
                    seen.done.push(call);
                    seen.look(call + 1, &watch.sandbox.requests());
                }
                Event::Failed { call, why, .. } if call < watch.calls => drop(seen.refused.insert(call, why)),
                _ => {}
            }
        })
    }

    fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Seen {
    /// Notes which ways serve requests after the call with number `after`. A way that was taken away on purpose serves none.
    fn look(&mut self, after: usize, paths: &[RequestPath]) {
        for way in &self.served {
            let path = paths
                .iter()
                .find(|p| (&p.load_balancer, &p.way) == (&way.0, &way.1));
            let refused = path.and_then(|path| path.refused.clone());
            match (refused, self.open.contains_key(way)) {
                (Some(why), false) => drop(self.open.insert(way.clone(), (after, why))),
                (None, true) => {
                    if let Some((from, why)) = self.open.remove(way) {
                        self.closed.push((way.clone(), from, after, why));
                    }
                }
                _ => {}
            }
        }
    }

    fn calls(&self, plan: &Plan) -> Vec<Rehearsed> {
        let outcome = |n: usize| match self.refused.get(&n) {
            Some(why) => Outcome::Refused(why.clone()),
            None if self.done.contains(&n) => Outcome::Accepted,
            None => Outcome::NotMade,
        };
        let calls = plan.calls.iter().enumerate();
        calls
            .map(|(n, call)| Rehearsed {
                call: n + 1,
                address: call.address.clone(),
                title: call.title(),
                outcome: outcome(n),
            })
            .collect()
    }

    fn interruptions(&self, before: &State, after: &State) -> Vec<Interruption> {
        let address = |id: &str| {
            let mut records = before.records.values().chain(after.records.values());
            let record = records.find(|r| r.id.as_deref() == Some(id));
            record.map_or_else(|| id.to_owned(), |r| r.address.clone())
        };
        let of = |way: &Way, from: usize, to: Option<usize>, why: &str| Interruption {
            load_balancer: address(&way.0),
            way: way.1.clone(),
            from,
            to,
            why: why.to_owned(),
        };
        let closed = self
            .closed
            .iter()
            .map(|(way, from, to, why)| of(way, *from, Some(*to), why));
        let open = self
            .open
            .iter()
            .map(|(way, (from, why))| of(way, *from, None, why));
        closed.chain(open).collect()
    }
}
