//! Decisions become a graph of calls. Nothing else orders anything.
//!
//! Creates and changes come after what they refer to; deletes before what they referred to; an old object goes only
//! when its successor is ready and whoever used it has been switched (create-first), or before its successor is made
//! (delete-first). Ties are in the order of decisions, so the same decisions give the same list.

mod builder;
mod ordered;
mod reach;
mod steps;
mod users;

use crate::{
    Action, Error, PlannedCall,
    claims::{GivenUp, Handover},
    declare::kind_of,
    graph::Dependency,
};
use builder::{Builder, Work};
use ordered::Chains;
pub(crate) use ordered::Ordered;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
pub(crate) use steps::{limit, show_while_pending};
use tenon_resources::value::refs;
use tenon_state::State;

/// Why there is no order.
pub(crate) enum Unordered {
    /// The handovers, by their place, of which each waits for another.
    Circle(BTreeSet<usize>),
    /// An error.
    Error(Error),
}

impl From<Error> for Unordered {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
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
) -> Result<Vec<PlannedCall>, Unordered> {
    let mut builder = Builder::default();
    let beside = beside(ordered)?;
    let chains = chains(ordered, &beside, &mut builder)?;
    after_sources(ordered, &chains, &mut builder);
    users::after_users(ordered, &chains, state, &mut builder)?;
    users::after_neighbours(ordered, &chains, state, &mut builder);
    after_holders(ordered, &chains, handovers, &mut builder)?;
    users::around_changes(ordered, &chains, &mut builder);
    reach::after_ways_in(ordered, &chains, &mut builder);
    builder.add_wanted();
    Ok(builder.finish()?)
}

/// Inputs that changed resources have for a while, in which what is new stands beside what goes: by the index of the decision.
///
/// A target group that is replaced has no targets at first. Whoever routes to it first knows it without sending it anything, then
/// the service registers with both, and only then the requests move. This needs both ends: where only one of the two can know
/// both, it changes in one step.
fn beside(ordered: &[Ordered<'_>]) -> Result<HashMap<usize, Value>, Error> {
    let removed: HashMap<&str, &str> = ordered
        .iter()
        .filter_map(|o| o.removed)
        .filter_map(|record| Some((record.id.as_deref()?, record.address.as_str())))
        .collect();
    let mut found: HashMap<usize, (Value, BTreeSet<&str>)> = HashMap::new();
    if removed.is_empty() {
        return Ok(HashMap::new());
    }
    for (index, o) in ordered.iter().enumerate() {
        let Some(prior) = o.prior.filter(|_| o.decision.action == Action::Update) else {
            continue;
        };
        let kind = kind_of(&o.decision.kind, &o.decision.address)?;
        for change in &o.decision.changes {
            let moved = moved(&change.from, &change.to, &removed);
            if moved.is_empty() {
                continue;
            }
            let invalid = |source| Error::InvalidInputs {
                address: o.decision.address.clone(),
                source,
            };
            let both = kind.beside(&o.decision.inputs, &prior.inputs, &change.field);
            if let Some(both) = both.map_err(invalid)? {
                found.insert(index, (both, moved));
                break;
            }
        }
    }
    let paired = |index: &usize, moved: &BTreeSet<&str>| {
        let other = |other: &usize| found.get(other).is_some_and(|(_, m)| !m.is_disjoint(moved));
        let below = ordered[*index].dependencies.iter().any(|d| other(&d.on));
        let above = ordered
            .iter()
            .enumerate()
            .any(|(user, o)| other(&user) && o.dependencies.iter().any(|d| d.on == *index));
        below || above
    };
    let both = found.iter().filter(|(index, (_, moved))| paired(index, moved));
    Ok(both
        .map(|(index, (inputs, _))| (*index, inputs.clone()))
        .collect())
}

/// The addresses of what is removed that `from` knows and for which `to` has a successor.
fn moved<'a>(from: &Value, to: &Value, removed: &HashMap<&str, &'a str>) -> BTreeSet<&'a str> {
    let mut next = BTreeSet::new();
    refs(to, &mut next);
    let known = |text: &str| removed.get(text).copied();
    let mut out = BTreeSet::new();
    for (id, address) in removed {
        if known(id).is_some() && mentions(from, id) && next.iter().any(|r| r.resource == *address) {
            out.insert(*address);
        }
    }
    out
}

fn mentions(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Array(items) => items.iter().any(|v| mentions(v, text)),
        Value::Object(map) => map.values().any(|v| mentions(v, text)),
        _ => false,
    }
}

fn chains(
    ordered: &[Ordered<'_>],
    beside: &HashMap<usize, Value>,
    builder: &mut Builder,
) -> Result<Chains, Error> {
    let mut ups = Vec::with_capacity(ordered.len());
    let dependencies = ordered.iter().flat_map(|o| &o.dependencies);
    let used: HashSet<usize> = dependencies.filter(|d| d.while_pending).map(|d| d.on).collect();
    for (index, o) in ordered.iter().enumerate() {
        let d = o.decision;
        let mut work = steps::up(o, o.parked.or(beside.get(&index)))?;
        if used.contains(&index) {
            show_while_pending(&mut work.rest);
        }
        ups.push(builder.chain(&d.address, d.generation, &d.kind, work));
    }
    // The last to be declared is the first to be removed, where nothing else orders the two.
    let mut downs = HashMap::new();
    let removed = ordered.iter().rev();
    for (o, record) in removed.filter_map(|o| Some((o, o.removed?))) {
        let work: Work = steps::down(record, o.decision.options.time_limits)?;
        if let Some(chain) = builder.chain(&record.address, record.generation, &record.kind, work) {
            downs.insert(record.key(), chain);
        }
    }
    Ok(Chains { ups, downs })
}

/// Creates and changes come after what they refer to, and the two halves of a replacement in the order that was decided.
fn after_sources(ordered: &[Ordered<'_>], chains: &Chains, builder: &mut Builder) {
    for (o, up) in ordered.iter().zip(&chains.ups) {
        let Some(up) = up else { continue };
        let down = o.removed.and_then(|r| chains.downs.get(&r.key()));
        let goes_first = down.filter(|_| o.decision.action == Action::ReplaceDeleteFirst);
        for Dependency { on, while_pending } in &o.dependencies {
            // A source without calls of its own is there already.
            let Some(source) = chains.ups[*on] else { continue };
            let from = match source.shown {
                Some(shown) if *while_pending => shown,
                _ => source.last,
            };
            builder.edges.push((from, up.first));
            match (source.early, up.early) {
                (Some((_, known)), Some((first, last))) => {
                    builder.edges.push((known, first));
                    builder.edges.push((last, source.first));
                }
                (None, Some((first, _))) => builder.edges.push((from, first)),
                (_, None) => {}
            }
            // Nothing of what lives is taken away before its successor can exist.
            if let Some(down) = goes_first {
                builder.want(from, down.first);
            }
        }
        if let Some(down) = down {
            builder.edges.push(match o.decision.action {
                Action::ReplaceDeleteFirst => (down.last, up.first),
                _ => (up.last, down.first),
            });
        }
    }
}

/// A resource that takes what only one may hold comes after the holder has given it up: AWS refuses the second holder.
fn after_holders(
    ordered: &[Ordered<'_>],
    chains: &Chains,
    handovers: &[Handover],
    builder: &mut Builder,
) -> Result<(), Unordered> {
    let mut edges = vec![];
    for handover in handovers {
        let Some(taker) = chains.ups[handover.taker] else {
            edges.push(None);
            continue;
        };
        let given = match handover.given_up {
            GivenUp::ByRemoval => {
                let down = chains.downs.get(&handover.holder);
                down.map(|down| {
                    for Dependency { on, .. } in &ordered[handover.taker].dependencies {
                        if let Some(source) = chains.ups[*on] {
                            builder.want(source.last, down.first);
                        }
                    }
                    down.last
                })
            }
            GivenUp::ByUpdate(index) => chains.ups[index].map(|up| match up.early {
                Some((_, parked)) if ordered[index].parked.is_some() => parked,
                _ => up.last,
            }),
            GivenUp::No => None,
        };
        let edge = given.map(|given| (given, taker.first));
        builder.edges.extend(edge);
        edges.push(edge);
    }
    let sccs = builder.sccs();
    let tied = |edge: &Option<(usize, usize)>| {
        edge.is_some_and(|(from, to)| sccs.iter().any(|scc| scc.contains(&from) && scc.contains(&to)))
    };
    let circle: BTreeSet<usize> = (0..edges.len()).filter(|&n| tied(&edges[n])).collect();
    if circle.is_empty() {
        Ok(())
    } else {
        Err(Unordered::Circle(circle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Decision;
    use crate::claims::Claims;
    use serde_json::json;
    use std::sync::Arc;
    use tenon_resources::registry;
    use tenon_state::Record;
    use tenon_state::{Identity, Phase};

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
                Value::Null.into()
            } else {
                inputs.into()
            },
            dependencies: dependencies.iter().map(|d| (*d).into()).collect(),
            id: None,
            declared: None,
            moved_from: None,
            note: None,
            removed: None,
            options: tenon_resources::declaration::ResourceOptions::default(),
            options_before: None,
            place: tenon_resources::declaration::Place::default(),
        }
    }

    fn record(address: &str, dependencies: &[&str]) -> Record {
        let decision = topic(address, Action::None, dependencies);
        Record {
            address: address.into(),
            kind: decision.kind,
            generation: 0,
            id: Some(format!("arn:{address}")),
            inputs: decision.inputs.into_value(),
            outputs: json!({}),
            dependencies: decision.dependencies,
            phase: Phase::Ready,
            declared: None,
            unmarked: false,
            options: Value::Null,
            place: Value::Null,
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
                parked: None,
            })
            .collect();
        let all: Vec<Decision> = decisions.iter().map(|(d, _)| d.clone()).collect();
        let handovers = Claims::new(&all, &state).handovers(&all);
        let Ok(calls) = order(&ordered, &state, &handovers) else {
            panic!("no order")
        };
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
