//! Desired × recorded: one decision a resource, and the plan that follows from them.
//!
//! Pure: the same inputs give the same bytes. What the cloud has comes in through [`Refreshed`].

mod compare;
mod consent;
mod data;
mod decider;
mod leftovers;
pub(crate) mod moves;
mod options;
mod select;

use crate::{
    Action, Basis, Check, Decision, Declared, Error, Plan,
    claims::{self, Claims},
    graph::{self, Graph},
    order::{Ordered, Unordered, order},
    plan::{FORMAT, PlannedCall},
    refresh::Refreshed,
};
pub(crate) use compare::desired_inputs;
use decider::Decider;
use moves::Moves;
pub use options::Options;
use select::Selection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenon_resources::cloud::Caller;
use tenon_state::{RecordKey, State, StateWrite};

/// Decides what is to happen, and orders it.
///
/// Each step below returns what it found, and later steps rely on earlier ones only through that: moves before the selection,
/// because options name the addresses of today; all decisions before the leftovers, because what is decided on is not left
/// over; consent before the order, because a plan without it must not exist at all.
///
/// # Errors
/// The program cannot be ([`Check`]), the state has types that are not known, data would be lost without
/// consent, or an option names nothing.
pub fn plan(
    declared: &Declared,
    refreshed: &Refreshed,
    caller: &Caller,
    options: &Options,
) -> Result<Plan, Error> {
    let filled = declared.with_caller(caller);
    let declared = &filled;
    declared.check()?;
    let graph = &graph::build(declared);
    let (state, moves) = moves::apply(declared, refreshed);
    let selection = &Selection::new(declared, &state, graph, options)?;
    let mut decisions = decide(declared, refreshed, &state, graph, &moves, selection, options)?;
    consent::require(&decisions.all, &state, declared, options)?;
    let calls = calls(&mut decisions, graph, &state)?;
    let writes = bookkeeping(refreshed, moves, &decisions, &calls, &state);
    let outputs = if options.destroy {
        BTreeMap::new()
    } else {
        declared.outputs.clone()
    };
    Ok(Plan {
        format: FORMAT,
        engine: env!("CARGO_PKG_VERSION").into(),
        stack: declared.stack.clone(),
        env: declared.env.clone(),
        account: caller.account.clone(),
        region: caller.region.clone(),
        endpoints: caller.endpoints.clone(),
        lineage: state.lineage.clone(),
        serial: state.serial,
        decisions: decisions.all,
        calls,
        refreshed: writes,
        outputs,
        basis: Basis::new(filled, options, &refreshed.statuses, refreshed.changes.len()),
        calls_digest: String::new(),
        digest: String::new(),
    }
    .with_digest())
}

/// The decisions of a plan: those on declared resources, in the order of declaration, then those on what is left over.
struct Decisions {
    all: Vec<Decision>,
    /// The number of those on declared resources; a destroy has none.
    declared: usize,
}

fn decide(
    declared: &Declared,
    refreshed: &Refreshed,
    state: &State,
    graph: &Graph,
    moves: &Moves,
    selection: &Selection,
    options: &Options,
) -> Result<Decisions, Error> {
    let mut all = vec![];
    if !options.destroy {
        let mut decider = Decider::new(declared, refreshed, state, selection);
        // Sources first: whether an output will still be the same is known once its resource is decided on.
        for &index in &graph.order {
            decider.decide(index, graph, &moves.renamed)?;
        }
        all = decider.decisions();
    }
    let count = all.len();
    let leftovers = leftovers::decide(&all, state, selection, options.destroy)?;
    all.extend(leftovers);
    Ok(Decisions { all, declared: count })
}

/// Spreads "deleted first" to what is replaced together with such a resource: otherwise the old one would still be in use
/// when it is deleted.
fn spread_delete_first(decisions: &mut [Decision], graph: &Graph) {
    for &index in &graph.order {
        let spreads = graph.dependencies[index]
            .iter()
            .any(|d| decisions[d.on].action == Action::ReplaceDeleteFirst);
        let decision = &mut decisions[index];
        if spreads && decision.action == Action::ReplaceCreateFirst {
            decision.action = Action::ReplaceDeleteFirst;
        }
    }
}

/// The calls of the decisions, in order.
///
/// Claims that change hands in a circle are untied one by one, which may change a decision, so the order is tried again until
/// there is one or nothing is left to try.
fn calls(decisions: &mut Decisions, graph: &Graph, state: &State) -> Result<Vec<PlannedCall>, Error> {
    let mut parked = HashMap::new();
    let claims = Claims::new(&decisions.all, state);
    claims.refuse_twice(&decisions.all)?;
    claims::refuse_misfits(&decisions.all, state)?;
    loop {
        if decisions.declared > 0 {
            spread_delete_first(&mut decisions.all[..decisions.declared], graph);
        }
        let handovers = claims.handovers(&decisions.all);
        claims::refuse_kept(&handovers, &decisions.all, state)?;
        claims::note_gaps(&handovers, &mut decisions.all);
        let circle = match order(&ordered(decisions, graph, state, &parked), state, &handovers) {
            Ok(calls) => return Ok(calls),
            Err(Unordered::Error(error)) => return Err(error),
            Err(Unordered::Circle(circle)) => circle,
        };
        let circle: Vec<_> = circle.into_iter().map(|n| &handovers[n]).collect();
        if !claims.untie(&circle, &mut decisions.all, &mut parked) {
            return Err(claims::swapped(&circle, &decisions.all));
        }
    }
}

/// The decisions with what ordering needs besides.
fn ordered<'a>(
    decisions: &'a Decisions,
    graph: &Graph,
    state: &'a State,
    parked: &'a HashMap<usize, Value>,
) -> Vec<Ordered<'a>> {
    let ordered = decisions.all.iter().enumerate().map(|(index, decision)| {
        let is_declared = index < decisions.declared;
        let current = state
            .current(&decision.address)
            .filter(|r| is_declared && r.id.is_some());
        let removed = match decision.action {
            Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => current,
            Action::Delete => {
                let key = RecordKey::new(decision.address.clone(), decision.generation);
                state.get(&key)
            }
            Action::None | Action::Create | Action::Update => None,
        };
        // Leftovers are beyond the graph, which knows declared resources alone.
        let dependencies = graph.dependencies.get(index).filter(|_| is_declared);
        Ordered {
            decision,
            dependencies: dependencies.cloned().unwrap_or_default(),
            prior: current,
            removed,
            parked: parked.get(&index),
        }
    });
    ordered.collect()
}

/// Everything that must be recorded before the first call: what the refresh read, what moved, and what changes without a
/// call.
fn bookkeeping(
    refreshed: &Refreshed,
    moves: Moves,
    decisions: &Decisions,
    calls: &[PlannedCall],
    state: &State,
) -> Vec<StateWrite> {
    let mut writes = refreshed.changes.clone();
    writes.extend(moves.writes);
    writes.extend(local_only_updates(&decisions.all, calls, state));
    writes
}

/// The records of resources with a field that changes without a call, because the engine alone keeps it (how long a key is kept
/// before it is deleted).
fn local_only_updates(decisions: &[Decision], calls: &[PlannedCall], state: &State) -> Vec<StateWrite> {
    let mut set: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for call in calls {
        let fields = call.step.sets.iter().map(String::as_str);
        set.entry(&call.address).or_default().extend(fields);
    }
    let updates = decisions.iter().filter(|d| d.action == Action::Update);
    let kept = updates.filter_map(|d| {
        let sent = set.get(d.address.as_str());
        let silent: Vec<_> = d
            .changes
            .iter()
            .filter(|c| !sent.is_some_and(|s| s.contains(c.field.as_str())))
            .collect();
        let mut record = state.current(&d.address).filter(|_| !silent.is_empty())?.clone();
        for change in silent {
            record.inputs[&change.field] = change.to.clone();
        }
        Some(StateWrite::Put(record))
    });
    kept.collect()
}
