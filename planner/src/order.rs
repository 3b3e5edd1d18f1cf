//! Decisions become a graph of calls. Nothing else orders anything.
//!
//! Creates and changes come after what they refer to; deletes before what they referred to; an old object goes only
//! when its successor is ready and whoever used it has been switched (create-first), or before its successor is made
//! (delete-first). Ties are in the order of decisions, so the same decisions give the same list.

use crate::{
    Action, Decision, Error, Finding, PlannedCall,
    claims::{self, GivenUp, Handover},
    declare::kind_of,
    graph::{Dependency, closure, topological},
    ownership::Recovery,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use tenon_resources::call::{Effect, Step};
use tenon_state::{Phase, Record, RecordKey, State};

/// A decision with everything that ordering needs besides.
pub(crate) struct Ordered<'a> {
    pub(crate) decision: &'a Decision,
    /// The dependencies of the resource, by index among the decisions; empty for what is only deleted.
    pub(crate) dependencies: Vec<Dependency>,
    /// The record of what exists, when that is changed or replaced.
    pub(crate) prior: Option<&'a Record>,
    /// The record of what is removed: an older generation, or the resource itself.
    pub(crate) removed: Option<&'a Record>,
}

/// A chain of calls about one resource, by number.
#[derive(Clone, Copy)]
struct Chain {
    first: usize,
    last: usize,
    /// The wait for the outputs that AWS returns while it is pending.
    shown: Option<usize>,
}

#[derive(Default)]
struct Builder {
    calls: Vec<PlannedCall>,
    edges: Vec<(usize, usize)>,
}

impl Builder {
    fn chain(&mut self, address: &str, generation: u32, kind: &str, steps: Vec<Step>) -> Option<Chain> {
        let first = self.calls.len();
        let shown = steps
            .iter()
            .position(|s| matches!(s.effect, Effect::Shown(_)))
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
            shown,
        })
    }

    /// `true` if call `to` comes after call `from`.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let after = |n: usize| {
            let edges = self.edges.iter().filter(|(before, _)| *before == n);
            edges.map(|(_, after)| *after).collect()
        };
        closure(BTreeSet::from([from]), after).contains(&to)
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

/// Puts a wait for the outputs that AWS returns of a pending resource after its create call, where it would otherwise only be
/// waited for until it is ready.
fn show_early(steps: &mut Vec<Step>) {
    let create = steps.iter().position(|s| s.effect == Effect::Create);
    let ready = steps
        .iter()
        .find(|s| matches!(s.effect, Effect::Ready(_)))
        .cloned();
    if let (Some(create), Some(mut shown)) = (create, ready)
        && let Effect::Ready(seconds) = shown.effect
    {
        shown.effect = Effect::Shown(seconds);
        steps.insert(create + 1, shown);
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

/// The chains of calls of all decisions.
struct Chains {
    /// The chain that makes or changes a resource, by the index of its decision.
    ups: Vec<Option<Chain>>,
    /// The chain that removes an object, by its record.
    downs: HashMap<RecordKey, Chain>,
}

/// The calls, in an order in which they could be made one by one.
///
/// Nothing but the edges that are added here may be relied on: calls without a path between them run at the same time and
/// end in any order.
///
/// # Errors
/// A replaced resource that must go first while a user that stays still uses it; resources that exchange their claims.
pub(crate) fn order(
    ordered: &[Ordered<'_>],
    state: &State,
    handovers: &[Handover],
) -> Result<Vec<PlannedCall>, Error> {
    let mut builder = Builder::default();
    let chains = chains(ordered, &mut builder)?;
    after_sources(ordered, &chains, &mut builder);
    after_users(ordered, &chains, state, &mut builder)?;
    after_the_same_identity(ordered, &chains, &mut builder);
    after_holders(ordered, &chains, handovers, &mut builder)?;
    finish(builder)
}

fn chains(ordered: &[Ordered<'_>], builder: &mut Builder) -> Result<Chains, Error> {
    let mut ups = Vec::with_capacity(ordered.len());
    let dependencies = ordered.iter().flat_map(|o| &o.dependencies);
    let wanted: HashSet<usize> = dependencies.filter(|d| d.while_pending).map(|d| d.on).collect();
    for (i, o) in ordered.iter().enumerate() {
        let d = o.decision;
        let mut steps = up_steps(o)?;
        if wanted.contains(&i) {
            show_early(&mut steps);
        }
        ups.push(builder.chain(&d.address, d.generation, &d.kind, steps));
    }
    // The last to be declared is the first to be removed, where nothing else orders the two.
    let mut downs = HashMap::new();
    for record in ordered.iter().rev().filter_map(|o| o.removed) {
        let steps = down_steps(record)?;
        if let Some(chain) = builder.chain(&record.address, record.generation, &record.kind, steps) {
            downs.insert(record.key(), chain);
        }
    }
    Ok(Chains { ups, downs })
}

/// Creates and changes come after what they refer to, and the two halves of a replacement in the order that was decided.
fn after_sources(ordered: &[Ordered<'_>], chains: &Chains, builder: &mut Builder) {
    for (o, up) in ordered.iter().zip(&chains.ups) {
        let Some(up) = up else { continue };
        for Dependency { on, while_pending } in &o.dependencies {
            // A source without calls of its own is there already.
            let Some(source) = chains.ups[*on] else { continue };
            let from = match source.shown {
                Some(shown) if *while_pending => shown,
                _ => source.last,
            };
            builder.edges.push((from, up.first));
        }
        if let Some(down) = o.removed.and_then(|r| chains.downs.get(&r.key())) {
            builder.edges.push(match o.decision.action {
                Action::ReplaceDeleteFirst => (down.last, up.first),
                _ => (up.last, down.first),
            });
        }
    }
}

/// Deletes come before those of what the deleted referred to, and after its users that stay have been switched away.
///
/// The users are those that are recorded: what a program declares now does not say who uses an object of yesterday.
fn after_users(
    ordered: &[Ordered<'_>],
    chains: &Chains,
    state: &State,
    builder: &mut Builder,
) -> Result<(), Error> {
    let mut by_address: HashMap<&str, usize> = HashMap::new();
    for (i, o) in ordered.iter().enumerate() {
        // The declared one stands before what is left of earlier generations.
        by_address.entry(&o.decision.address).or_insert(i);
    }
    let mut removed_at: HashMap<&str, Vec<&Record>> = HashMap::new();
    for record in ordered.iter().filter_map(|o| o.removed) {
        removed_at.entry(&record.address).or_default().push(record);
    }
    let mut held: Vec<(&Record, &Record)> = vec![];
    for user in state.records.values() {
        let sources = user.dependencies.iter();
        for source in sources.filter_map(|a| removed_at.get(a.as_str())).flatten() {
            let Some(source_down) = chains.downs.get(&source.key()) else {
                continue;
            };
            if let Some(user_down) = chains.downs.get(&user.key()) {
                if user.key() != source.key() {
                    builder.edges.push((user_down.last, source_down.first));
                }
                continue;
            }
            // A user that stays is switched away first, unless its source was decided to go first: then the switch needs the
            // successor, which needs the delete.
            let user_up = by_address.get(user.address.as_str());
            let Some(user_up) = user_up.and_then(|&i| chains.ups[i]) else {
                continue;
            };
            let index = by_address.get(source.address.as_str());
            if index.is_none_or(|&i| ordered[i].decision.action != Action::ReplaceDeleteFirst) {
                builder.edges.push((user_up.last, source_down.first));
            } else if refuses_removal_while_used(source) {
                held.push((source, user));
            }
        }
    }
    if held.is_empty() {
        Ok(())
    } else {
        Err(in_use(&held))
    }
}

/// `true` if AWS refuses to remove such a resource while another uses it.
fn refuses_removal_while_used(record: &Record) -> bool {
    let kind = kind_of(&record.kind, &record.address).ok();
    kind.is_some_and(|k| k.facts().is_some_and(|f| !f.in_use.is_empty()))
}

/// The error of resources that are to go before their successors are made, while others still use them. The calls before
/// the one that AWS refuses would already have taken away what lives on them.
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

/// A resource that takes what only one may hold comes after the holder has given it up: AWS refuses the second holder.
fn after_holders(
    ordered: &[Ordered<'_>],
    chains: &Chains,
    handovers: &[Handover],
    builder: &mut Builder,
) -> Result<(), Error> {
    let without = builder.edges.len();
    for handover in handovers {
        let Some(taker) = chains.ups[handover.taker] else {
            continue;
        };
        let giver = match handover.given_up {
            GivenUp::ByRemoval => chains.downs.get(&handover.holder).copied(),
            GivenUp::ByUpdate(index) => chains.ups[index],
            GivenUp::No => None,
        };
        builder.edges.extend(giver.map(|giver| (giver.last, taker.first)));
    }
    let sequential =
        |edges: &[(usize, usize)]| topological(builder.calls.len(), edges.iter().copied()).is_some();
    if !sequential(&builder.edges) && sequential(&builder.edges[..without]) {
        return Err(claims::swapped(handovers, ordered.iter().map(|o| o.decision)));
    }
    Ok(())
}

/// Something new under the id or name of something that goes must wait for that.
///
/// Where waiting is impossible, because what uses the old one waits for the new one, there is no edge: the create then
/// finds its name taken by another resource of this stack and is refused, and nothing is lost.
fn after_the_same_identity(ordered: &[Ordered<'_>], chains: &Chains, builder: &mut Builder) {
    let removed = ordered.iter().filter_map(|o| o.removed);
    let going: HashMap<(String, String), Chain> = removed
        .filter_map(|record| {
            let kind = kind_of(&record.kind, &record.address).ok()?;
            let name = kind.unique_name(&record.inputs).ok().flatten();
            let identity = name.or_else(|| record.id.clone())?;
            let down = chains.downs.get(&record.key())?;
            Some(((record.kind.clone(), identity), *down))
        })
        .collect();
    for (o, up) in ordered.iter().zip(&chains.ups) {
        let (d, Some(up)) = (o.decision, up) else { continue };
        if d.action != Action::Create {
            continue;
        }
        let Ok(kind) = kind_of(&d.kind, &d.address) else {
            continue;
        };
        let Some(identity) = Recovery::of(kind, &d.inputs).unique().map(ToOwned::to_owned) else {
            continue;
        };
        if let Some(down) = going.get(&(d.kind.clone(), identity))
            && !builder.reaches(up.first, down.last)
        {
            builder.edges.push((down.last, up.first));
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
    let mut index = vec![0; calls.len()];
    for (new, &old) in order.iter().enumerate() {
        index[old] = new;
    }
    for (from, to) in edges {
        calls[to].after.push(index[from]);
    }
    for call in &mut calls {
        call.after.sort_unstable();
    }
    let mut calls: Vec<Option<PlannedCall>> = calls.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|old| calls[old].take()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::sync::Arc;
    use tenon_resources::registry;
    use tenon_state::Identity;

    fn topic(address: &str, action: Action, dependencies: &[&str]) -> Decision {
        let [mut inputs, _] = registry::find("sns.topic").expect("a type").samples();
        let name = if address == "user" { "bills" } else { "orders" };
        inputs["topic_name"] = json!(name);
        Decision {
            address: address.into(),
            kind: "sns.topic".into(),
            action,
            reason: None,
            generation: 0,
            changes: vec![],
            inputs: if action == Action::Delete {
                Value::Null
            } else {
                inputs
            },
            dependencies: dependencies.iter().map(|d| (*d).into()).collect(),
            id: None,
            declared: None,
            moved_from: None,
            note: None,
        }
    }

    fn record(address: &str, dependencies: &[&str]) -> Record {
        let decision = topic(address, Action::None, dependencies);
        Record {
            address: address.into(),
            kind: decision.kind,
            generation: 0,
            id: Some(format!("arn:{address}")),
            inputs: decision.inputs,
            outputs: json!({}),
            dependencies: decision.dependencies,
            phase: Phase::Ready,
            declared: None,
        }
    }

    fn titles(decisions: &[(Decision, Option<&Record>)], records: &[Record]) -> Vec<String> {
        let identity = Identity {
            stack: "shop".into(),
            env: "test".into(),
        };
        let mut state = State::new(&identity, "lineage".into());
        state.records = records.iter().map(|r| (r.key(), Arc::new(r.clone()))).collect();
        let ordered: Vec<_> = decisions
            .iter()
            .map(|(decision, removed)| Ordered {
                decision,
                dependencies: vec![],
                prior: None,
                removed: *removed,
            })
            .collect();
        let calls = order(&ordered, &state, &[]).expect("an order");
        let mutating = calls.iter().filter(|c| c.step.effect.mutates());
        mutating
            .map(|c| format!("{} {}", c.step.operation, c.address))
            .collect()
    }

    #[test]
    fn a_name_is_given_up_before_it_is_taken_and_users_go_before_what_they_use() {
        let (old, user) = (record("old", &[]), record("user", &["old"]));
        let decisions = [
            (topic("new", Action::Create, &[]), None),
            (topic("old", Action::Delete, &[]), Some(&old)),
            (topic("user", Action::Delete, &["old"]), Some(&user)),
        ];
        assert_eq!(
            titles(&decisions, &[old.clone(), user.clone()]),
            ["DeleteTopic user", "DeleteTopic old", "CreateTopic new"]
        );
    }
}
