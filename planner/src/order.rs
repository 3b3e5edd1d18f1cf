//! Decisions become a graph of calls. The only place that orders anything.
//!
//! Creates and changes come after what they refer to; deletes before what they referred to; an old object goes only
//! when its successor is ready and whoever used it has been switched (create-first), or before its successor is made
//! (delete-first). Ties are in the order of decisions, so the same decisions give the same list.

use crate::{
    Action, Decision, Error, Finding, PlannedCall,
    claims::{self, GivenUp, Handover},
    declare::kind_of,
    graph::{Dependency, topological},
};
use std::collections::HashMap;
use tenon_resources::call::{Effect, Step};
use tenon_state::{Phase, Record, RecordKey, State};

/// What ordering needs to know of one decision besides the decision itself.
pub(crate) struct Ordered<'a> {
    pub(crate) decision: &'a Decision,
    /// Its dependencies, by place among the decisions; empty for what is only deleted.
    pub(crate) dependencies: Vec<Dependency>,
    /// What is recorded now, when it is changed or replaced.
    pub(crate) prior: Option<&'a Record>,
    /// What is removed: an older generation, or the resource itself.
    pub(crate) removed: Option<&'a Record>,
}

/// A chain of calls about one resource, by number.
#[derive(Clone, Copy)]
struct Chain {
    first: usize,
    last: usize,
    /// The call that makes it.
    create: Option<usize>,
}

#[derive(Default)]
struct Builder {
    calls: Vec<PlannedCall>,
    edges: Vec<(usize, usize)>,
}

impl Builder {
    fn chain(&mut self, address: &str, generation: u32, kind: &str, steps: Vec<Step>) -> Option<Chain> {
        let first = self.calls.len();
        let create = steps
            .iter()
            .position(|s| s.effect == Effect::Create)
            .map(|i| first + i);
        for step in steps {
            let n = self.calls.len();
            if n > first {
                self.edges.push((n - 1, n));
            }
            let (address, kind) = (address.to_owned(), kind.to_owned());
            self.calls.push(PlannedCall {
                address,
                generation,
                kind,
                step,
                after: vec![],
            });
        }
        (self.calls.len() > first).then(|| Chain {
            first,
            last: self.calls.len() - 1,
            create,
        })
    }
}

fn up_steps(o: &Ordered<'_>) -> Result<Vec<Step>, Error> {
    let d = o.decision;
    let invalid = |source| Error::InvalidInputs {
        address: d.address.clone(),
        source,
    };
    let kind = kind_of(&d.kind, &d.address)?;
    match (d.action, o.prior) {
        (Action::None | Action::Delete, _) => Ok(vec![]),
        (Action::Update, Some(prior)) => {
            let changed: Vec<&str> = d.changes.iter().map(|c| c.field.as_str()).collect();
            let mut steps = kind.set(&d.inputs, &prior.inputs, &changed).map_err(invalid)?;
            if prior.phase == Phase::Creating {
                // An earlier run made it and was cut off. What creating it takes besides (a rule to revoke, an
                // attachment) shows in no field, so it is done again: such calls know "already so". Then the wait.
                let mut rest = kind.create(&d.inputs).map_err(invalid)?;
                let wait = rest.pop();
                rest.retain(|s| s.effect == Effect::Update && s.sets.is_empty());
                // What is not ready refuses to be changed; and what was changed may take its time again.
                let first = if kind.ready().is_some() || steps.is_empty() {
                    wait.clone()
                } else {
                    None
                };
                if steps.last().is_some_and(|s| s.effect.mutates()) {
                    steps.extend(wait);
                }
                steps.splice(0..0, rest.into_iter().chain(first));
            }
            Ok(steps)
        }
        _ => kind.create(&d.inputs).map_err(invalid),
    }
}

fn down_steps(record: &Record) -> Result<Vec<Step>, Error> {
    let kind = kind_of(&record.kind, &record.address)?;
    let invalid = |source| Error::InvalidInputs {
        address: record.address.clone(),
        source,
    };
    let mut steps = kind.delete(&record.inputs).map_err(invalid)?;
    if record.phase == Phase::Deleting {
        // Its delete was accepted by an earlier run: only the wait is left.
        steps.retain(|s| matches!(s.effect, Effect::Gone(_)));
    }
    Ok(steps)
}

/// The calls, in an order in which they could be made one by one.
pub(crate) fn order(
    ordered: &[Ordered<'_>],
    state: &State,
    handovers: &[Handover],
) -> Result<Vec<PlannedCall>, Error> {
    let mut b = Builder::default();
    let mut ups: Vec<Option<Chain>> = Vec::with_capacity(ordered.len());
    for o in ordered {
        let d = o.decision;
        let steps = up_steps(o)?;
        ups.push(b.chain(&d.address, d.generation, &d.kind, steps));
    }
    // What is declared last is removed first.
    let mut downs: HashMap<RecordKey, Chain> = HashMap::new();
    for record in ordered.iter().rev().filter_map(|o| o.removed) {
        let steps = down_steps(record)?;
        if let Some(chain) = b.chain(&record.address, record.generation, &record.kind, steps) {
            downs.insert(record.key(), chain);
        }
    }
    for (i, o) in ordered.iter().enumerate() {
        let Some(up) = ups[i] else { continue };
        for Dependency { on, early } in &o.dependencies {
            if let Some(source) = ups[*on] {
                let from = if *early {
                    source.create.unwrap_or(source.last)
                } else {
                    source.last
                };
                b.edges.push((from, up.first));
            }
        }
        if let Some(down) = o.removed.and_then(|r| downs.get(&r.key())) {
            match o.decision.action {
                Action::ReplaceDeleteFirst => b.edges.push((down.last, up.first)),
                _ => b.edges.push((up.last, down.first)),
            }
        }
    }
    let mut by_address: HashMap<&str, usize> = HashMap::new();
    for (i, o) in ordered.iter().enumerate() {
        // The declared one stands before what is left of earlier generations.
        by_address.entry(&o.decision.address).or_insert(i);
    }
    let removed: Vec<&Record> = ordered.iter().filter_map(|o| o.removed).collect();
    let mut removed_at: HashMap<&str, Vec<&Record>> = HashMap::new();
    for record in &removed {
        removed_at.entry(&record.address).or_default().push(record);
    }
    let mut held: Vec<(&Record, &Record)> = vec![];
    for user in state.records.values() {
        for source in user
            .dependencies
            .iter()
            .filter_map(|a| removed_at.get(a.as_str()))
            .flatten()
        {
            let Some(&source_down) = downs.get(&source.key()) else {
                continue;
            };
            if let Some(user_down) = downs.get(&user.key()) {
                // It goes before what it used.
                if user.key() != source.key() {
                    b.edges.push((user_down.last, source_down.first));
                }
                continue;
            }
            // It stays: it must be switched away before what it used goes, unless that goes first by decision.
            let user_up = by_address.get(user.address.as_str()).and_then(|&i| ups[i]);
            let source_decision = by_address
                .get(source.address.as_str())
                .map(|&i| ordered[i].decision.action);
            match user_up {
                Some(user_up) if source_decision != Some(Action::ReplaceDeleteFirst) => {
                    b.edges.push((user_up.last, source_down.first));
                }
                // It can let go only when the successor exists, and the successor only when it has let go.
                Some(_) if refuses_removal_while_used(source) => held.push((source, user)),
                _ => {}
            }
        }
    }
    if !held.is_empty() {
        return Err(in_use(&held));
    }
    same_identity(ordered, &ups, &downs, &removed, &mut b);
    let without = b.edges.len();
    for handover in handovers {
        let Some(taker) = ups[handover.taker] else {
            continue;
        };
        let giver = match handover.given_up {
            GivenUp::ByRemoval => downs.get(&handover.holder).copied(),
            GivenUp::ByUpdate(place) => ups[place],
            GivenUp::No => None,
        };
        // What takes a claim waits until it is given up: AWS refuses the second holder.
        b.edges.extend(giver.map(|giver| (giver.last, taker.first)));
    }
    let sequential = |edges: &[(usize, usize)]| topological(b.calls.len(), edges.iter().copied()).is_some();
    if !sequential(&b.edges) && sequential(&b.edges[..without]) {
        return Err(claims::swapped(handovers, ordered.iter().map(|o| o.decision)));
    }
    finish(b)
}

/// Whether AWS refuses to remove such a resource while another uses it.
fn refuses_removal_while_used(record: &Record) -> bool {
    let kind = kind_of(&record.kind, &record.address).ok();
    kind.is_some_and(|k| k.facts().is_some_and(|f| !f.in_use.is_empty()))
}

/// What is said of resources that are to go before their successors are made, while others still use them. The calls
/// before the one that AWS refuses would already have taken away what lives on them.
fn in_use(held: &[(&Record, &Record)]) -> Error {
    let finding = |(source, user): &(&Record, &Record)| {
        let why = format!(
            "cannot be replaced: it must be removed before its successor is made, because the two cannot exist side by side, and AWS refuses that while `{}` uses it; give the successor what the old one does not hold (another range, another name, or none), or take it out of `{}` first",
            user.address, user.address
        );
        Finding::at(
            &source.address,
            source.declared.as_deref().unwrap_or_default(),
            why,
        )
    };
    Error::Findings(held.iter().map(finding).collect())
}

/// Something new that has the very identity of something that goes must wait for it.
fn same_identity(
    ordered: &[Ordered<'_>],
    ups: &[Option<Chain>],
    downs: &HashMap<RecordKey, Chain>,
    removed: &[&Record],
    b: &mut Builder,
) {
    let going: HashMap<(&str, &str), &Record> = removed
        .iter()
        .filter_map(|r| Some(((r.kind.as_str(), r.id.as_deref()?), *r)))
        .collect();
    for (o, up) in ordered.iter().zip(ups) {
        let (d, Some(up)) = (o.decision, up) else { continue };
        if d.action != Action::Create {
            continue;
        }
        let id = kind_of(&d.kind, &d.address)
            .ok()
            .and_then(|k| k.identity(&d.inputs).ok().flatten());
        let id = id.as_ref().and_then(serde_json::Value::as_str);
        if let Some(down) = id
            .and_then(|id| going.get(&(d.kind.as_str(), id)))
            .and_then(|r| downs.get(&r.key()))
        {
            b.edges.push((down.last, up.first));
        }
    }
}

fn finish(b: Builder) -> Result<Vec<PlannedCall>, Error> {
    let Builder { mut calls, mut edges } = b;
    edges.sort_unstable();
    edges.dedup();
    let Some(order) = topological(calls.len(), edges.iter().copied()) else {
        return Err(Error::Bug("the calls of the plan need one another".into()));
    };
    let mut place = vec![0; calls.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    for (from, to) in edges {
        calls[to].after.push(place[from]);
    }
    for call in &mut calls {
        call.after.sort_unstable();
    }
    let mut calls: Vec<Option<PlannedCall>> = calls.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|old| calls[old].take()).collect())
}
