//! Desired × recorded: one decision a resource, and the plan that follows from them.
//!
//! Pure: the same inputs give the same bytes. What the cloud has comes in through [`Refreshed`].

mod compare;
pub(crate) mod moves;
mod select;

use crate::{
    Action, Decision, Declared, Error, Finding, Note, Plan, Reason, claims,
    declare::kind_of,
    graph,
    order::{Ordered, order},
    plan::FORMAT,
    refresh::Refreshed,
};
pub(crate) use compare::desired_inputs;
use compare::{DesiredInputs, changes};
use select::Selection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenon_resources::{
    call::Step,
    cloud::{Caller, Status},
    resource::{Mutability, OutputField, ResourceType},
    value::{self, Ref},
};
use tenon_state::{Phase, Record, RecordKey, StateWrite};

/// What is asked for besides the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Remove everything.
    pub destroy: bool,
    /// Only these, and what they depend on (for a destroy: what depends on them). Patterns: an address, `scope/*`, `*`.
    pub targets: Vec<String>,
    /// Not these, nor what depends on them.
    pub excludes: Vec<String>,
    /// Replace these though nothing asks for it.
    pub replace: Vec<String>,
    /// Data in these may be lost.
    pub consent: Vec<String>,
}

/// Decides what is to happen, and orders it.
///
/// # Errors
/// The program cannot be ([`Declared::check`]), the state has types that are not known, data would be lost without
/// consent, or an option names nothing.
pub fn plan(
    declared: &Declared,
    refreshed: &Refreshed,
    caller: &Caller,
    options: &Options,
) -> Result<Plan, Error> {
    let declared = &declared.with_caller(caller);
    declared.check()?;
    let (state, moves) = moves::apply(declared, refreshed);
    let graph = graph::build(declared);
    let selection = Selection::new(declared, &state, &graph, options)?;
    let mut decider = Decider {
        declared,
        state: &state,
        refreshed,
        selection: &selection,
        decided: HashMap::new(),
    };
    let mut decisions: Vec<Option<Decision>> = vec![None; declared.resources.len()];
    if !options.destroy {
        for &place in &graph.order {
            let decision = decider.decide(place, &graph, &moves.renamed)?;
            let fields = decision.changes.iter().map(|c| c.field.clone()).collect();
            decider
                .decided
                .insert(decision.address.clone(), (decision.action, fields));
            decisions[place] = Some(decision);
        }
        delete_first_spreads(&mut decisions, &graph);
    }
    let mut decisions: Vec<Decision> = decisions.into_iter().flatten().collect();
    let declared_count = decisions.len();
    decisions.extend(decider.leftovers(&decisions, options.destroy)?);
    consent(&decisions, &state, declared, options)?;

    let ordered: Vec<Ordered<'_>> = decisions
        .iter()
        .enumerate()
        .map(|(place, decision)| {
            let current = state
                .current(&decision.address)
                .filter(|r| place < declared_count && r.id.is_some());
            let removed = match decision.action {
                Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => current,
                Action::Delete => state
                    .records
                    .get(&RecordKey::new(decision.address.clone(), decision.generation)),
                _ => None,
            };
            let dependencies = graph.dependencies.get(place).filter(|_| place < declared_count);
            Ordered {
                decision,
                dependencies: dependencies.cloned().unwrap_or_default(),
                prior: current,
                removed,
            }
        })
        .collect();
    let handovers = claims::handovers(&decisions, &state);
    claims::refuse_kept(&handovers, &decisions, &state)?;
    let calls = order(&ordered, &state, &handovers)?;
    let mut changes = refreshed.changes.clone();
    changes.extend(moves.writes);
    changes.extend(kept_here(&decisions, &calls, &state));
    Ok(Plan {
        format: FORMAT,
        engine: env!("CARGO_PKG_VERSION").into(),
        stack: declared.stack.clone(),
        env: declared.env.clone(),
        account: caller.account.clone(),
        region: caller.region.clone(),
        lineage: state.lineage.clone(),
        serial: state.serial,
        decisions,
        calls,
        refreshed: changes,
        outputs: if options.destroy {
            BTreeMap::new()
        } else {
            declared.outputs.clone()
        },
        digest: String::new(),
    }
    .with_digest())
}

struct Decider<'a> {
    declared: &'a Declared,
    state: &'a tenon_state::State,
    refreshed: &'a Refreshed,
    selection: &'a Selection,
    /// What was decided for an address, and the fields that change.
    decided: HashMap<String, (Action, Vec<String>)>,
}

impl Decider<'_> {
    /// An output that is known now and will still be the same afterwards.
    fn stable(&self, r: &Ref) -> Option<Value> {
        let (action, changed) = self.decided.get(&r.resource)?;
        let source = self.state.current(&r.resource)?;
        let kind = tenon_resources::registry::find(&source.kind)?;
        // What echoes a field that changes will be another value.
        let follows = |o: &OutputField| o.name == r.output && changed.iter().any(|f| o.echoes(f));
        let stays = match action {
            Action::None => true,
            Action::Update => !kind.outputs().iter().any(follows),
            _ => false,
        };
        let output = &source.outputs[&r.output];
        (stays && !output.is_null()).then(|| output.clone())
    }

    fn decide(
        &self,
        place: usize,
        graph: &graph::Graph,
        renamed: &BTreeMap<String, String>,
    ) -> Result<Decision, Error> {
        let (address, declaration) = self.declared.resources.get_index(place).expect("a place");
        let kind = declaration.kind;
        let recorded = self.state.current(address);
        // One without an id was about to be made when its run was cut off; whether it was, settling finds out.
        let prior = recorded.filter(|r| r.id.is_some());
        let dependencies: BTreeSet<&String> = graph.dependencies[place]
            .iter()
            .map(|d| self.declared.resources.get_index(d.on).expect("a place").0)
            .collect();
        let mut decision = Decision {
            address: address.clone(),
            kind: kind.name().into(),
            action: Action::None,
            reason: None,
            generation: recorded.map_or_else(|| self.next_generation(address), |p| p.generation),
            changes: vec![],
            inputs: Value::Null,
            dependencies: dependencies.into_iter().cloned().collect(),
            id: prior.and_then(|p| p.id.clone()),
            declared: Some(declaration.location.clone()),
            moved_from: renamed.get(address).cloned(),
            note: None,
        };
        let status = prior.and_then(|p| self.refreshed.statuses.get(&p.key()));
        decision.note = status.and_then(Note::of);
        if !self.selection.includes(address) {
            decision.reason = Some(Reason::Excluded);
            decision.inputs = prior.map(|p| p.inputs.clone()).unwrap_or_default();
            return Ok(decision);
        }
        let want = |prior: Option<&Record>, generation: u32| -> Result<DesiredInputs, Error> {
            desired_inputs(self.declared, address, declaration, prior, generation, &|r| {
                self.stable(r)
            })
        };
        let Some(prior) = prior else {
            let DesiredInputs { inputs, .. } = want(None, decision.generation)?;
            decision.action = Action::Create;
            decision.reason = self.gone(address).then_some(Reason::Gone);
            decision.changes = changes(kind, &inputs, &Value::Null);
            decision.inputs = inputs;
            return Ok(decision);
        };
        if prior.kind != kind.name() {
            // Another type under the same address is another resource.
            return self.replace(
                decision,
                kind,
                prior,
                Reason::Immutable(vec!["type".into()]),
                &want,
            );
        }
        let DesiredInputs { inputs, .. } = want(Some(prior), prior.generation)?;
        let changed = changes(kind, &inputs, &prior.inputs);
        let forced: Vec<String> = changed
            .iter()
            .filter(|c| c.replaces)
            .map(|c| c.field.clone())
            .collect();
        let reason = match status {
            _ if self.selection.replaces(address) => Some(Reason::Asked),
            _ if !forced.is_empty() => Some(Reason::Immutable(forced)),
            // Only what holds no data is replaced for its status, and only for one that AWS says is final. Anything else is
            // left as it is and noted: a stopped, full or misconfigured database still has everything in it.
            Some(Status::Failed(why)) if !holds_data(kind, prior) => Some(Reason::Failed(why.clone())),
            _ => None,
        };
        if let Some(reason) = reason {
            return self.replace(decision, kind, prior, reason, &want);
        }
        if prior.phase == Phase::Creating {
            decision.reason = Some(Reason::Unfinished);
        }
        if !changed.is_empty() || prior.phase == Phase::Creating {
            decision.action = Action::Update;
        }
        (decision.changes, decision.inputs) = (changed, inputs);
        Ok(decision)
    }

    fn replace(
        &self,
        mut decision: Decision,
        kind: &'static dyn ResourceType,
        prior: &Record,
        reason: Reason,
        want: &dyn Fn(Option<&Record>, u32) -> Result<DesiredInputs, Error>,
    ) -> Result<Decision, Error> {
        decision.generation = self.next_generation(&decision.address);
        let DesiredInputs {
            inputs,
            named_by_hand,
        } = want(None, decision.generation)?;
        // Two of the same name cannot stand side by side.
        let same_name = named_by_hand
            && kind
                .name_field()
                .is_some_and(|f| inputs[f.name] == prior.inputs[f.name]);
        let same_id = kind
            .identity(&inputs)
            .ok()
            .flatten()
            .is_some_and(|id| id.as_str() == prior.id.as_deref());
        let clash = claims::clash_with_itself(kind, &inputs, &prior.inputs);
        let delete_first = kind.delete_first() || same_name || same_id || clash.is_some();
        decision.action = if delete_first {
            Action::ReplaceDeleteFirst
        } else {
            Action::ReplaceCreateFirst
        };
        decision.changes = changes(kind, &inputs, &prior.inputs);
        decision
            .changes
            .retain(|c| c.field != "tags" || kind.field("tags").is_none() || differs_beyond_owner(c));
        decision.inputs = inputs;
        decision.reason = Some(reason);
        decision.note = None;
        Ok(decision)
    }

    fn next_generation(&self, address: &str) -> u32 {
        let recorded = self.state.at(address).map(|r| r.generation).max();
        // The state may have just let go of one that is gone; its name may still be taken.
        let gone = self.refreshed.changes.iter().filter_map(|c| match c {
            StateWrite::Remove {
                address: a,
                generation,
            } if a == address => Some(*generation),
            _ => None,
        });
        recorded.into_iter().chain(gone).max().map_or(0, |g| g + 1)
    }

    fn gone(&self, address: &str) -> bool {
        self.refreshed
            .changes
            .iter()
            .any(|c| matches!(c, StateWrite::Remove { address: a, .. } if a == address))
    }

    /// What is recorded and not declared, and what earlier replacements and deletes left.
    fn leftovers(&self, decisions: &[Decision], destroy: bool) -> Result<Vec<Decision>, Error> {
        let kept: BTreeSet<(&str, u32)> = decisions
            .iter()
            .filter_map(|d| self.state.current(&d.address))
            .map(|r| (r.address.as_str(), r.generation))
            .collect();
        let mut out = vec![];
        for record in self.state.records.values().rev() {
            if kept.contains(&(record.address.as_str(), record.generation)) {
                continue;
            }
            kind_of(&record.kind, &record.address)?;
            let included = self.selection.deletes(&record.address);
            let reason = match record.phase {
                _ if !included => Reason::Excluded,
                Phase::Deleting => Reason::Unfinished,
                Phase::Deposed => Reason::Deposed,
                _ if destroy => Reason::Asked,
                _ => Reason::NotDeclared,
            };
            out.push(Decision {
                address: record.address.clone(),
                kind: record.kind.clone(),
                action: if included { Action::Delete } else { Action::None },
                reason: Some(reason),
                generation: record.generation,
                changes: vec![],
                inputs: Value::Null,
                dependencies: record.dependencies.clone(),
                id: record.id.clone(),
                declared: record.declared.clone(),
                moved_from: None,
                note: None,
            });
        }
        Ok(out)
    }
}

/// What changes without a call, because the engine alone keeps it (how long a key is kept before it is deleted): it is
/// recorded, and that is all.
fn kept_here(
    decisions: &[Decision],
    calls: &[crate::PlannedCall],
    state: &tenon_state::State,
) -> Vec<StateWrite> {
    let mut set: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for call in calls {
        set.entry(&call.address)
            .or_default()
            .extend(call.step.sets.iter().map(String::as_str));
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

/// Whether a change of tags is more than the generation in the proof of ownership.
fn differs_beyond_owner(change: &crate::FieldDiff) -> bool {
    let bare = |v: &Value| {
        let mut v = v.clone();
        if let Some(map) = v.as_object_mut() {
            map.remove(value::Owner::GENERATION);
        }
        v
    };
    bare(&change.from) != bare(&change.to)
}

/// Where a resource is deleted before its successor is made, what is replaced with it must be deleted before that:
/// otherwise the old one would still be in use.
fn delete_first_spreads(decisions: &mut [Option<Decision>], graph: &graph::Graph) {
    for &place in &graph.order {
        let spreads = graph.dependencies[place].iter().any(|d| {
            decisions[d.on]
                .as_ref()
                .is_some_and(|source| source.action == Action::ReplaceDeleteFirst)
        });
        if let Some(decision) = &mut decisions[place]
            && spreads
            && decision.action == Action::ReplaceCreateFirst
        {
            decision.action = Action::ReplaceDeleteFirst;
        }
    }
}

/// Data goes only when the environment, or a person by name, says so.
fn consent(
    decisions: &[Decision],
    state: &tenon_state::State,
    declared: &Declared,
    options: &Options,
) -> Result<(), Error> {
    if declared.disposable {
        return Ok(());
    }
    let mut findings = vec![];
    for d in decisions
        .iter()
        .filter(|d| d.action.replaces() || d.action == Action::Delete)
    {
        let record = match d.action {
            Action::Delete => state
                .records
                .get(&RecordKey::new(d.address.clone(), d.generation)),
            _ => state.current(&d.address),
        };
        let Some(record) = record else { continue };
        let kind = kind_of(&record.kind, &record.address)?;
        let steps = kind.delete(&record.inputs).unwrap_or_default();
        let lost = steps.iter().find_map(|s| s.destroys.as_deref());
        let agreed = options
            .consent
            .iter()
            .any(|pattern| select::matches(pattern, &d.address));
        if (kind.stateful() || lost.is_some()) && !agreed {
            let verb = if d.action == Action::Delete {
                "deleted"
            } else {
                "replaced"
            };
            let because = match &d.reason {
                Some(Reason::Immutable(fields)) => format!(" because `{}` changes", fields.join("`, `")),
                _ => String::new(),
            };
            let lost = lost.unwrap_or("the data in it");
            let why = format!("would be {verb}{because}, and {lost} would be lost");
            let location = d.declared.clone().unwrap_or_default();
            findings.push(Finding {
                address: d.address.clone(),
                location,
                why,
            });
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::NeedsConsent(findings))
    }
}

/// Whether deleting a resource would lose data: by its type, or by what its delete calls say of it.
fn holds_data(kind: &'static dyn ResourceType, record: &Record) -> bool {
    let loses = |steps: Vec<Step>| steps.iter().any(|s| s.destroys.is_some());
    // Inputs that do not parse prove nothing, so they count as data.
    kind.stateful() || kind.delete(&record.inputs).map_or(true, loses)
}

fn is_replacing(kind: &'static dyn ResourceType, field: &str) -> bool {
    kind.field(field).is_some_and(|f| f.change == Mutability::Replace)
}
