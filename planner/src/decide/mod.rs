//! Desired × recorded: one decision a resource, and the plan that follows from them.
//!
//! Pure: the same inputs give the same bytes. What the cloud has comes in through [`Refreshed`].

mod compare;
mod consent;
mod data;
mod decider;
mod leftovers;
pub(crate) mod moves;
mod only_drift;
mod options;
mod protect;
mod select;

use crate::{
    Action, Basis, Check, Decision, Declared, Error, Finding, Note, Plan,
    claims::{self, Claims},
    conditions,
    graph::{self, Graph},
    lookups,
    order::{Ordered, Unordered, order},
    plan::{FORMAT, PlannedCall},
    recorded,
    refresh::Refreshed,
};
pub(crate) use compare::{desired_inputs, left_to_aws};
use decider::Decider;
use moves::Moves;
pub use only_drift::only_drift;
pub use options::Options;
use select::Selection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenon_resources::{cloud::Caller, declaration::ReplaceOrder};
use tenon_state::{Record, RecordKey, State, StateWrite};

/// Decides what is to happen, and orders it.
///
/// Each step below returns what it found, and later steps rely on earlier ones only through that: moves before the selection,
/// because options name the addresses of today; all decisions before the leftovers, because what is decided on is not left
/// over; consent before the order, because a plan without it must not exist at all.
///
/// # Errors
/// The program cannot be ([`Check`]), the state has types that are not known, data would be lost without
/// consent, or an option names nothing.
// Long: the steps of a plan, in the order in which they need one another.
pub fn plan(
    declared: &Declared,
    refreshed: &Refreshed,
    caller: &Caller,
    options: &Options,
) -> Result<Plan, Error> {
    let filled = declared.with_caller(caller);
    filled.check()?;
    let looked_up;
    let declared = if options.destroy || filled.lookups.is_empty() {
        &filled
    } else {
        let mut with = filled.clone();
        lookups::fill(&mut with, &refreshed.lookups)?;
        // What was found can break the rules of what refers to it.
        with.check()?;
        looked_up = with;
        &looked_up
    };
    if !options.destroy {
        conditions::require(declared)?;
    }
    let graph = &graph::build(declared);
    let (state, moves) = moves::apply(declared, refreshed);
    let selection = &Selection::new(declared, &state, graph, options)?;
    let mut decisions = decide(declared, refreshed, &state, graph, &moves, selection, options)?;
    protect::require(&decisions.all)?;
    leftovers::refuse_halves(&decisions.all)?;
    consent::require(&decisions.all, &state, declared, options)?;
    let calls = calls(&mut decisions, graph, &state)?;
    let writes = bookkeeping(refreshed, moves, &decisions, &calls, &state);
    decisions.all.iter_mut().for_each(Decision::rest);
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
        basis: Basis::new(
            filled,
            options,
            &crate::basis::Seen {
                lookups: &refreshed.lookups,
                statuses: &refreshed.statuses,
                changes: refreshed.changes.len(),
            },
        ),
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
    let of = (declared, refreshed, state);
    let leftovers = leftovers::decide(&all, of, selection, options.destroy)?;
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
            Ok(mut calls) => {
                refuse_other_order(&decisions.all)?;
                put_in_places(&mut calls, &decisions.all);
                return Ok(calls);
            }
            Err(Unordered::Error(error)) => return Err(error),
            Err(Unordered::Circle(circle)) => circle,
        };
        let circle: Vec<_> = circle.into_iter().map(|n| &handovers[n]).collect();
        if !claims.untie(&circle, &mut decisions.all, &mut parked) {
            return Err(claims::swapped(&circle, &decisions.all));
        }
    }
}

/// Says of each call in which account and region it is made.
fn put_in_places(calls: &mut [PlannedCall], decisions: &[Decision]) {
    let mut by_object = HashMap::new();
    for d in decisions {
        by_object.insert((d.address.as_str(), d.generation), d);
        if let Some(removed) = &d.removed {
            by_object.insert((d.address.as_str(), removed.generation), d);
        }
    }
    for call in calls {
        if let Some(decision) = by_object.get(&(call.address.as_str(), call.generation)) {
            call.place = decision.place_of(call.generation).clone();
        }
    }
}

/// Refuses a replacement in another order than the one that was asked for by hand.
///
/// # Errors
/// All such at once, each with its remedy.
fn refuse_other_order(decisions: &[Decision]) -> Result<(), Error> {
    let other = decisions.iter().filter(|d| {
        d.action == Action::ReplaceDeleteFirst && d.options.replace_order == Some(ReplaceOrder::CreateFirst)
    });
    let finding = |d: &Decision| {
        let because = match &d.note {
            Some(Note::Gap(claim)) => format!("takes {claim}, which only one can hold"),
            _ => "cannot exist beside its successor, or uses what cannot".into(),
        };
        let why = format!(
            "is to be replaced by making the new one first, and {because}; change what the two share, or leave the order to the plan"
        );
        Finding::at(&d.address, d.declared.as_deref().unwrap_or_default(), why)
    };
    let findings: Vec<Finding> = other.map(finding).collect();
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
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
        let forgotten = decision.action == Action::Forget;
        let current = state
            .current(&decision.address)
            .filter(|r| (is_declared || forgotten) && r.id.is_some());
        let removed = match decision.action {
            Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => current,
            Action::Delete => {
                let key = RecordKey::new(decision.address.clone(), decision.generation);
                state.get(&key)
            }
            Action::None | Action::Create | Action::Update | Action::Forget => None,
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
    writes.extend(forgotten_without_a_call(&decisions.all, calls));
    writes.extend(replaced_without_a_call(&decisions.all, state));
    writes
}

/// The end of the records of what is forgotten and has no ownership tags to lose; that of others goes with the call that removes them.
fn forgotten_without_a_call(decisions: &[Decision], calls: &[PlannedCall]) -> Vec<StateWrite> {
    let calls: BTreeSet<(&str, u32)> = calls.iter().map(|c| (c.address.as_str(), c.generation)).collect();
    let forgotten = decisions.iter().filter(|d| d.action == Action::Forget);
    let silent = forgotten.filter(|d| !calls.contains(&(d.address.as_str(), d.generation)));
    let remove = |d: &Decision| StateWrite::Remove {
        address: d.address.clone(),
        generation: d.generation,
    };
    silent.map(remove).collect()
}

/// The end of the records of what somebody else made and is replaced: its removal is no call.
fn replaced_without_a_call(decisions: &[Decision], state: &State) -> Vec<StateWrite> {
    let replaced = decisions.iter().filter(|d| d.action.replaces());
    let records = replaced.filter_map(|d| state.current(&d.address));
    let awaited = |kind: &str| {
        tenon_resources::registry::find(kind).is_some_and(tenon_resources::resource::ResourceType::awaited)
    };
    let records = records.filter(|record| awaited(&record.kind));
    let remove = |record: &tenon_state::Record| StateWrite::Remove {
        address: record.address.clone(),
        generation: record.generation,
    };
    records.map(remove).collect()
}

/// The records of resources with a field that changes without a call, because the engine alone keeps it (how long a key is kept
/// before it is deleted) or because it is left to AWS, and of those whose options change.
fn local_only_updates(decisions: &[Decision], calls: &[PlannedCall], state: &State) -> Vec<StateWrite> {
    let mut set: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for call in calls {
        let fields = call.step.sets.iter().map(AsRef::as_ref);
        set.entry(&call.address).or_default().extend(fields);
    }
    let updates = decisions
        .iter()
        .filter(|d| d.action == Action::Update || d.options_before.is_some());
    let kept = updates.filter_map(|d| {
        let sent = set.get(d.address.as_str());
        let silent: Vec<_> = d
            .changes
            .iter()
            .filter(|c| d.action == Action::Update && !sent.is_some_and(|s| s.contains(c.field.as_str())))
            .collect();
        let place = recorded::place_value(&d.place);
        let by_another_role = |r: &Record| d.action == Action::Update && r.place != place;
        let differs = |r: &&Record| !silent.is_empty() || d.options_before.is_some() || by_another_role(r);
        let mut record = state.current(&d.address).filter(differs)?.clone();
        for change in silent {
            record.inputs[&change.field] = change.to.value();
        }
        record.options = recorded::value(&d.options);
        if d.action == Action::Update {
            record.place = place;
        }
        Some(StateWrite::Put(record))
    });
    kept.collect()
}
