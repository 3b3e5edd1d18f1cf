//! The decision on one declared resource.

use super::{
    compare::{changes, desired_inputs},
    data::holds_data,
    select::Selection,
};
use crate::{
    Action, Decision, Declaration, Declared, Error, FieldDiff, Note, Reason, Removed, claims, graph::Graph,
    recorded, refresh::Refreshed,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{
    cloud::Status,
    declaration::{Place, ReplaceOrder},
    resource::OutputField,
    value::{Owner, Ref, Shared},
};
use tenon_state::{Phase, Record, State, StateWrite};

/// Decides on declared resources one by one, sources first: what a resource should be depends on what was decided for
/// those that it refers to.
pub(super) struct Decider<'a> {
    declared: &'a Declared,
    refreshed: &'a Refreshed,
    state: &'a State,
    selection: &'a Selection,
    /// The decisions so far, in the order of declaration.
    decided: Vec<Option<Decision>>,
}

/// A declared resource that is about to be decided on.
struct Subject<'a> {
    address: &'a str,
    declaration: &'a Declaration,
    /// The record of what exists.
    prior: Option<&'a Record>,
}

impl<'a> Decider<'a> {
    pub(super) fn new(
        declared: &'a Declared,
        refreshed: &'a Refreshed,
        state: &'a State,
        selection: &'a Selection,
    ) -> Self {
        Self {
            declared,
            refreshed,
            state,
            selection,
            decided: vec![None; declared.resources.len()],
        }
    }

    /// Decides on the declared resource with this index.
    pub(super) fn decide(
        &mut self,
        index: usize,
        graph: &Graph,
        renamed: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let (address, declaration) = self.declared.resources.get_index(index).expect("an index");
        let recorded = self.state.current(address);
        // A record without an id is of a create that was cut off; whether it was executed, settling has found out.
        let prior = recorded.filter(|r| r.id.is_some());
        let dependencies: BTreeSet<&String> = graph.dependencies[index]
            .iter()
            .map(|d| self.declared.resources.get_index(d.on).expect("an index").0)
            .collect();
        let decision = Decision {
            address: address.clone(),
            kind: declaration.kind.name().into(),
            action: Action::None,
            reason: None,
            generation: recorded.map_or_else(|| self.next_generation(address), |p| p.generation),
            changes: vec![],
            inputs: Shared::default(),
            dependencies: dependencies.into_iter().cloned().collect(),
            id: prior.and_then(|p| p.id.clone()),
            declared: Some(declaration.location.clone()),
            moved_from: renamed.get(address).cloned(),
            note: None,
            removed: None,
            options: declaration.options.clone(),
            options_before: None,
            place: declaration.place.clone(),
        };
        let subject = Subject {
            address,
            declaration,
            prior,
        };
        let mut decision = self.act(&subject, decision)?;
        self.compare_options(&subject, &mut decision)?;
        self.decided[index] = Some(decision);
        Ok(())
    }

    /// The decisions, in the order of declaration.
    pub(super) fn decisions(self) -> Vec<Decision> {
        self.decided.into_iter().flatten().collect()
    }

    /// The decision on a declared resource, where there is one already.
    fn decided(&self, address: &str) -> Option<&Decision> {
        self.decided[self.declared.resources.get_index_of(address)?].as_ref()
    }

    /// Chooses the action.
    // Long: one reason for an action stands after the other.
    fn act(&self, subject: &Subject<'_>, mut decision: Decision) -> Result<Decision, Error> {
        let kind = subject.declaration.kind;
        let status = subject.prior.and_then(|p| self.refreshed.statuses.get(&p.key()));
        decision.note = status.and_then(Note::of);
        if !self.selection.includes(subject.address) {
            decision.reason = Some(Reason::Excluded);
            decision.inputs = subject.prior.map(|p| p.inputs.clone()).unwrap_or_default().into();
            if let Some(prior) = subject.prior {
                decision.place = recorded::place(prior)?;
            }
            return Ok(decision);
        }
        let Some(prior) = subject.prior else {
            let cut_off = self.state.current(subject.address);
            let cut_off = cut_off.filter(|r| r.kind == kind.name());
            let inputs = self.desired(subject, cut_off, decision.generation)?;
            decision.action = Action::Create;
            decision.reason = self.is_gone(subject.address).then_some(Reason::Gone);
            decision.changes = changes(kind, &inputs, &Value::Null);
            decision.inputs = Shared::open(inputs);
            return Ok(decision);
        };
        if prior.kind != kind.name() {
            // Another type under the same address is another resource.
            let reason = Reason::Immutable(vec!["type".into()]);
            return self.replace(subject, decision, prior, reason);
        }
        let moves = moves(&recorded::place(prior)?, &subject.declaration.place);
        if !moves.is_empty() {
            return self.replace(subject, decision, prior, Reason::Immutable(moves));
        }
        let inputs = self.desired(subject, Some(prior), prior.generation)?;
        let mut changed = changes(kind, &inputs, &prior.inputs);
        let mut inputs = inputs;
        if matches!(status, Some(Status::Stopped(_))) && !kind.changes_while_stopped() {
            // AWS refuses them until somebody starts it, and a plan with them would fail; that it is stopped is noted.
            changed.retain(|change| {
                let waits = change.field != "tags" && !change.replaces;
                if waits {
                    inputs[&change.field] = prior.inputs[&change.field].clone();
                }
                !waits
            });
        }
        if let Some(reason) = self.reason_to_replace(subject, prior, &changed, status) {
            return self.replace(subject, decision, prior, reason);
        }
        if self.refreshed.adopted.contains(subject.address) {
            decision.reason = Some(Reason::Adopted);
            decision.action = Action::Update;
        } else if prior.phase == Phase::Creating {
            decision.reason = Some(Reason::Unfinished);
        }
        // By another role of the same account: the record says so, and no call does.
        let role = recorded::place(prior)? != subject.declaration.place;
        if !changed.is_empty() || prior.phase == Phase::Creating || role {
            decision.action = Action::Update;
        }
        decision.changes = changed;
        decision.inputs = if decision.action == Action::None {
            inputs.into()
        } else {
            Shared::open(inputs)
        };
        Ok(decision)
    }

    fn reason_to_replace(
        &self,
        subject: &Subject<'_>,
        prior: &Record,
        changed: &[FieldDiff],
        status: Option<&Status>,
    ) -> Option<Reason> {
        let Declaration { kind, options, .. } = subject.declaration;
        let made_anew = |other: &&String| {
            let other = self.decided(other);
            other.is_some_and(|other| other.action.replaces() || other.action == Action::Create)
        };
        let with: Vec<String> = options.replaced_with.iter().filter(made_anew).cloned().collect();
        let forced = changed.iter().filter(|c| c.replaces).map(|c| c.field.clone());
        let forced: Vec<String> = forced.collect();
        match status {
            _ if self.selection.replaces(subject.address) => Some(Reason::Asked),
            _ if !forced.is_empty() => Some(Reason::Immutable(forced)),
            _ if !with.is_empty() => Some(Reason::With(with)),
            // Only what holds no data is replaced for its status, and only for one that AWS says is final. Anything else is
            // left as it is and noted: a stopped, full or misconfigured database still has everything in it.
            Some(Status::Failed(why)) if !holds_data(*kind, prior) && !options.protected => {
                Some(Reason::Failed(why.clone()))
            }
            _ => None,
        }
    }

    fn replace(
        &self,
        subject: &Subject<'_>,
        mut decision: Decision,
        prior: &Record,
        reason: Reason,
    ) -> Result<Decision, Error> {
        let kind = subject.declaration.kind;
        decision.generation = self.next_generation(&decision.address);
        let inputs = self.desired(subject, None, decision.generation)?;
        let look = |resource: &Value, field: &str| self.field_of(resource, field);
        let clash = claims::clash_with_itself((kind, &decision.place), &inputs, prior, &look);
        let by_hand = subject.declaration.options.replace_order == Some(ReplaceOrder::DeleteFirst);
        decision.action = if kind.delete_first() || clash.is_some() || by_hand {
            Action::ReplaceDeleteFirst
        } else {
            Action::ReplaceCreateFirst
        };
        decision.changes = changes(kind, &inputs, &prior.inputs);
        decision
            .changes
            .retain(|c| c.field != "tags" || kind.field("tags").is_none() || differs_beyond_owner(c));
        decision.inputs = Shared::open(inputs);
        decision.reason = Some(reason);
        decision.note = clash.map(|claim| Note::Gap(claim.to_string()));
        decision.removed = Some(Box::new(Removed::of(prior)?));
        Ok(decision)
    }

    /// Options are recorded, because some of them count when the resource is no longer declared.
    fn compare_options(&self, subject: &Subject<'_>, decision: &mut Decision) -> Result<(), Error> {
        let Some(prior) = subject.prior.filter(|_| self.selection.includes(subject.address)) else {
            return Ok(());
        };
        let before = recorded::options(prior)?;
        if before != decision.options {
            decision.options_before = Some(Box::new(before));
            if decision.action == Action::None {
                decision.action = Action::Update;
            }
        }
        Ok(())
    }

    fn desired(
        &self,
        subject: &Subject<'_>,
        prior: Option<&Record>,
        generation: u32,
    ) -> Result<Value, Error> {
        let stable = |r: &Ref| self.stable(r);
        let Subject {
            address, declaration, ..
        } = subject;
        let at = (generation, self.state.serial);
        desired_inputs(self.declared, address, declaration, prior, at, &stable)
    }

    /// An output that is known now and will still be the same when the plan is done, or what it will be.
    ///
    /// Nothing may be assumed of a source that changes: a reference that is filled in too early would plan with a value of
    /// yesterday, and one that stays open only costs a field shown as "known after". An output that is nothing but an input of
    /// its source says what that input says, whatever happens to the source: so what only goes through a replaced resource does
    /// not change with it.
    fn stable(&self, r: &Ref) -> Option<Value> {
        let decided = self.decided(&r.resource)?;
        if let Some(echo) = self.echo(r, decided) {
            return Some(echo);
        }
        let source = self.state.current(&r.resource)?;
        let kind = tenon_resources::registry::find(&source.kind)?;
        // An output that echoes a field that changes will be another value.
        let follows =
            |o: &OutputField| o.name == r.output && decided.changes.iter().any(|c| o.echoes(&c.field));
        let stays = match decided.action {
            Action::None => true,
            Action::Update => !kind.outputs().iter().any(follows),
            Action::Create
            | Action::ReplaceCreateFirst
            | Action::ReplaceDeleteFirst
            | Action::Delete
            | Action::Forget => false,
        };
        let output = &source.outputs[&r.output];
        (stays && !output.is_null()).then(|| output.clone())
    }

    /// The input that an output is an echo of.
    fn echo(&self, r: &Ref, decided: &Decision) -> Option<Value> {
        // What is created again has a new name; that it is unknown until then says so to a reader.
        if matches!(decided.action, Action::None | Action::Create) || r.output == "id" {
            return None;
        }
        let kind = self.declared.resources.get(&r.resource)?.kind;
        let output = kind.outputs().iter().find(|o| o.name == r.output)?;
        let named = kind.name_field().is_some_and(|f| output.echoes(f.name));
        let input = decided.inputs.pointer(&output.echo()?).filter(|_| !named)?;
        // A list or a structure may be read in another form; text is what it is.
        (input.is_string() || input.get("$ref").is_some()).then(|| input.clone())
    }

    /// A field of the resource that is meant by a reference or an id.
    fn field_of(&self, resource: &Value, field: &str) -> Option<Value> {
        if let Some(Ref { resource, .. }) = claims::reference(resource) {
            return Some(self.decided(&resource)?.inputs[field].clone());
        }
        claims::recorded_field(self.state, resource, field)
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

    fn is_gone(&self, address: &str) -> bool {
        self.refreshed
            .changes
            .iter()
            .any(|c| matches!(c, StateWrite::Remove { address: a, .. } if a == address))
    }
}

/// The parts of a place that make a resource another one: AWS moves nothing from one account or region into another.
fn moves(from: &Place, to: &Place) -> Vec<String> {
    let parts = [
        ("account", from.account != to.account),
        ("region", from.region != to.region),
    ];
    let moved = parts.into_iter().filter(|(_, moved)| *moved);
    moved.map(|(part, _)| part.into()).collect()
}

/// `true` if a change of tags is more than the generation in the proof of ownership.
fn differs_beyond_owner(change: &FieldDiff) -> bool {
    let bare = |v: &Value| {
        let mut v = v.clone();
        if let Some(map) = v.as_object_mut() {
            map.remove(Owner::GENERATION);
        }
        v
    };
    bare(&change.from) != bare(&change.to)
}
