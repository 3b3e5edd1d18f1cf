//! Users of what is removed: those that are recorded. What a program declares now does not say who uses an object of yesterday.

use super::{
    builder::Builder,
    ordered::{Chains, Ordered},
};
use crate::{Action, Error, Finding, declare::kind_of, places::is_named_from, recorded};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use tenon_resources::declaration::Place;
use tenon_state::{Record, State};

/// Uses: for each record, the addresses that it uses.
///
/// It uses what it refers to. It uses also what it knows through another's output: a service that was given the target group of
/// a listener uses that target group, though it refers to the listener alone. And it uses what it names where an id of that type
/// belongs, without any reference: a policy that is attached to a role by the role's name uses that role.
pub(super) struct Uses<'a> {
    state: &'a State,
    /// The texts by which each removed resource is known. Resources of several types may have one name.
    known_as: HashMap<&'a str, Vec<KnownAs<'a>>>,
}

/// A removed resource, and the Rust type of the output by whose text it is known.
struct KnownAs<'a> {
    address: &'a str,
    kind: &'a str,
    /// The place; `None` where that cannot be read.
    place: Option<Place>,
    type_name: &'static str,
}

impl<'a> Uses<'a> {
    pub(super) fn of(state: &'a State, removed: impl Iterator<Item = &'a Record>) -> Self {
        let mut known_as: HashMap<&'a str, Vec<KnownAs<'a>>> = HashMap::new();
        for record in removed {
            let outputs = kind_of(&record.kind, &record.address).map_or(&[][..], |kind| kind.outputs());
            let type_name = |name: &str| {
                let output = outputs.iter().find(|o| o.name == name);
                output.map_or("", |o| (o.type_name)())
            };
            // Only what names it alone: a host name or a port is not it.
            let arn = record.outputs["arn"].as_str().map(|arn| (arn, "arn"));
            for (text, output) in record.id.as_deref().map(|id| (id, "id")).into_iter().chain(arn) {
                known_as.entry(text).or_default().push(KnownAs {
                    address: record.address.as_str(),
                    kind: record.kind.as_str(),
                    place: recorded::place(record).ok(),
                    type_name: type_name(output),
                });
            }
        }
        Self { state, known_as }
    }

    /// The addresses that `user` uses, and whether that is sure: what is only named may be named by what it needs itself, as a trail
    /// is by the policy of the bucket that it writes to.
    pub(super) fn by(&self, user: &'a Record) -> Vec<(&'a str, bool)> {
        let sure = self.surely_by(user);
        let named = self.named(user, &user.inputs, true).into_iter();
        let named: Vec<_> = named.filter(|address| !sure.contains(address)).collect();
        let sure = sure.into_iter().map(|address| (address, true));
        sure.chain(named.into_iter().map(|address| (address, false)))
            .collect()
    }

    fn surely_by(&self, user: &'a Record) -> BTreeSet<&'a str> {
        let mut used: BTreeSet<&str> = user.dependencies.iter().map(String::as_str).collect();
        if self.known_as.is_empty() {
            return used;
        }
        let mut known = BTreeSet::new();
        texts(&user.inputs, &mut |text| {
            known.extend(self.known_as.get(text).into_iter().flatten().map(|k| k.address));
        });
        known.retain(|address| !used.contains(*address) && *address != user.address);
        if known.is_empty() {
            return used;
        }
        let reached = self.reached(user);
        used.extend(known.into_iter().filter(|address| reached.contains(address)));
        used
    }

    /// The addresses that `inputs` of the type of `user` name where an id of that type belongs, and with `arns` also those that they
    /// name by an ARN, which a policy does of what it is about.
    pub(super) fn named(&self, user: &Record, inputs: &Value, arns: bool) -> BTreeSet<&'a str> {
        let kind = kind_of(&user.kind, &user.address).ok();
        let texts = kind
            .and_then(|kind| kind.typed_texts(inputs).ok())
            .unwrap_or_default();
        let place = &recorded::place(user).ok();
        let named = texts.iter().flat_map(|(text, wanted)| {
            let known = self.known_as.get(text.as_str()).into_iter().flatten();
            // An ARN has its type, account and region in it.
            let by_arn = text.starts_with("arn:");
            let here = |k: &KnownAs<'_>| match (place, &k.place) {
                (Some(place), Some(of)) => is_named_from((&user.kind, place), (k.kind, of)),
                _ => true,
            };
            known.filter(move |k| {
                if by_arn {
                    arns
                } else {
                    k.type_name == *wanted && here(k)
                }
            })
        });
        let others =
            named.filter(|k| k.address != user.address && k.type_name != std::any::type_name::<String>());
        others.map(|k| k.address).collect()
    }

    /// Everything that `user` depends on, through whatever lies between.
    fn reached(&self, user: &'a Record) -> BTreeSet<&'a str> {
        let start = user.dependencies.iter().map(String::as_str).collect();
        crate::graph::closure(start, |address: &str| {
            let record = self.state.current(address);
            let dependencies = record.map(|r| r.dependencies.as_slice()).unwrap_or_default();
            dependencies.iter().map(String::as_str).collect()
        })
    }
}

fn texts<'v>(value: &'v Value, take: &mut impl FnMut(&'v str)) {
    match value {
        Value::String(text) => take(text),
        Value::Array(items) => items.iter().for_each(|v| texts(v, take)),
        Value::Object(map) => map.values().for_each(|v| texts(v, take)),
        _ => {}
    }
}

/// Types that AWS wants removed first, although nothing refers to what goes after them, are removed first: what has public addresses
/// before the internet gateway of its VPC.
pub(super) fn after_neighbours(
    ordered: &[Ordered<'_>],
    chains: &Chains,
    state: &State,
    builder: &mut Builder,
) {
    let removed: Vec<&Record> = ordered.iter().filter_map(|o| o.removed).collect();
    let by_id: HashMap<&str, &Record> = state
        .records
        .values()
        .filter_map(|r| Some((r.id.as_deref()?, &**r)))
        .collect();
    for last in &removed {
        let Some(kind) = kind_of(&last.kind, &last.address).ok() else {
            continue;
        };
        let Some(vpc) = last.inputs["vpc"].as_str() else {
            continue;
        };
        for first in &removed {
            if kind.removed_after().contains(&first.kind.as_str())
                && is_in(first, vpc, &by_id)
                && let (Some(first), Some(last)) =
                    (chains.downs.get(&first.key()), chains.downs.get(&last.key()))
            {
                builder.want(first.last, last.first);
            }
        }
    }
}

/// `true` if the inputs of a record lead to the VPC, through whatever they name.
fn is_in(record: &Record, vpc: &str, by_id: &HashMap<&str, &Record>) -> bool {
    let start = BTreeSet::from([record.id.as_deref().unwrap_or_default()]);
    let reached = crate::graph::closure(start, |id: &str| {
        let mut named = vec![];
        if let Some(record) = by_id.get(id) {
            texts(&record.inputs, &mut |text| named.push(text));
        }
        named.retain(|text| *text == vpc || by_id.contains_key(text));
        named
    });
    reached.contains(vpc)
}

/// Deletes come before those of what the deleted referred to, and after its users that stay have been switched away.
///
/// # Errors
/// A resource that is to go before its successor is made, while one that stays uses it and AWS refuses that.
// Long: each way in which a use orders a removal, with its reason.
pub(super) fn after_users(
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
    let uses = Uses::of(state, removed_at.values().flatten().copied());
    let mut held: Vec<Held<'_>> = vec![];
    for user in state.records.values() {
        let decision = by_address
            .get(user.address.as_str())
            .map(|&i| ordered[i].decision);
        let kept = decision.filter(|d| d.action == Action::None || d.action == Action::Update);
        let kept = kept
            .filter(|_| !uses.known_as.is_empty())
            .map(|d| uses.named(user, &d.inputs.value(), false))
            .unwrap_or_default();
        let sources = uses.by(user).into_iter();
        let removed = sources.filter_map(|(a, sure)| Some((removed_at.get(a)?, sure)));
        for (source, sure) in removed.flat_map(|(records, sure)| records.iter().map(move |r| (r, sure))) {
            let Some(source_down) = chains.downs.get(&source.key()) else {
                continue;
            };
            if let Some(user_down) = chains.downs.get(&user.key()) {
                if user.key() != source.key() && sure {
                    builder.edges.push((user_down.last, source_down.first));
                } else if user.key() != source.key() {
                    builder.want(user_down.last, source_down.first);
                }
                continue;
            }
            let index = by_address.get(source.address.as_str());
            let goes_first = index.is_some_and(|&i| ordered[i].decision.action == Action::ReplaceDeleteFirst);
            let refused = refuses_removal_while_used(source) && user.id.is_some();
            if refused && (goes_first || kept.contains(source.address.as_str())) {
                held.push(Held {
                    source,
                    user,
                    goes_first,
                });
                continue;
            }
            // A user that stays is switched away first, unless its source was decided to go first: then the switch needs the
            // successor, which needs the delete.
            let user_up = by_address.get(user.address.as_str());
            let user_up = user_up.and_then(|&i| chains.ups[i]);
            match user_up.filter(|_| !goes_first) {
                Some(user_up) if sure => builder.edges.push((user_up.last, source_down.first)),
                Some(user_up) => builder.want(user_up.last, source_down.first),
                None => {}
            }
        }
    }
    if held.is_empty() {
        Ok(())
    } else {
        Err(in_use(&held))
    }
}

/// Widens first and narrows last: what lets others reach one another (a rule of a security group, a policy of a role, a route) is
/// made before those that it is about change, and goes after they have changed. Wanted only, because some of it cannot stand
/// twice.
pub(super) fn around_changes(ordered: &[Ordered<'_>], chains: &Chains, builder: &mut Builder) {
    let mut changes: HashMap<&str, Vec<(&str, usize, usize)>> = HashMap::new();
    for (o, up) in ordered.iter().zip(&chains.ups) {
        let Some(up) = up.filter(|_| o.decision.action == Action::Update) else {
            continue;
        };
        let first = up.early.map_or(up.first, |(first, _)| first);
        for source in &o.decision.dependencies {
            let of_source = changes.entry(source).or_default();
            of_source.push((&o.decision.address, first, up.last));
        }
    }
    if changes.is_empty() {
        return;
    }
    for (o, up) in ordered.iter().zip(&chains.ups) {
        let attaches = |kind: &str| {
            let kind = tenon_resources::registry::find(kind);
            kind.is_some_and(|kind| kind.fields().iter().any(|f| f.attachment))
        };
        let about = |dependencies: &[String]| -> BTreeSet<(usize, usize)> {
            let lists = dependencies.iter().filter_map(|d| changes.get(d.as_str()));
            let others = lists.flatten().filter(|(user, ..)| *user != o.decision.address);
            others.map(|(_, first, last)| (*first, *last)).collect()
        };
        if let (Some(up), true) = (up, attaches(&o.decision.kind)) {
            let made = matches!(o.decision.action, Action::Create | Action::ReplaceCreateFirst);
            for (first, _) in about(&o.decision.dependencies).into_iter().filter(|_| made) {
                builder.want(up.last, first);
            }
        }
        let Some(record) = o.removed.filter(|record| attaches(&record.kind)) else {
            continue;
        };
        if let Some(down) = chains.downs.get(&record.key()) {
            for (_, last) in about(&record.dependencies) {
                builder.want(last, down.first);
            }
        }
    }
}

/// `true` if AWS refuses to remove such a resource while another uses it.
fn refuses_removal_while_used(record: &Record) -> bool {
    let kind = kind_of(&record.kind, &record.address).ok();
    kind.is_some_and(|k| !k.facts().in_use.is_empty())
}

/// A resource that is to be removed while another uses it.
struct Held<'a> {
    source: &'a Record,
    user: &'a Record,
    /// The resource is to go before its successor is made; otherwise, its user keeps it in this plan.
    goes_first: bool,
}

/// The error of resources that are to go while others still use them. The calls before the one that AWS refuses would already
/// have taken away what lives on them.
fn in_use(held: &[Held<'_>]) -> Error {
    let finding = |Held {
                       source,
                       user,
                       goes_first,
                   }: &Held<'_>| {
        let user = &user.address;
        let why = if *goes_first {
            format!(
                "cannot be replaced: it must be removed before its successor is made, because the two cannot exist side by side, and AWS refuses that while `{user}` uses it; give the successor what the old one does not hold (another range, another name, or none), or take it out of `{user}` first"
            )
        } else {
            format!(
                "cannot be removed: `{user}` keeps `{}` in this plan, and AWS refuses to remove what is in use; take it out of `{user}` first, which must not be stopped for that, or leave this one as it is",
                source.id.as_deref().unwrap_or_default()
            )
        };
        Finding::at(
            &source.address,
            source.declared.as_deref().unwrap_or_default(),
            why,
        )
    };
    Error::Findings(held.iter().map(finding).collect())
}
