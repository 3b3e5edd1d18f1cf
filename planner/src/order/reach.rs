//! Ways in for requests, made before listeners send them elsewhere.

use super::{
    builder::Builder,
    ordered::{Chains, Ordered},
};
use crate::{Action, graph::closure};
use std::collections::{BTreeSet, HashMap};

/// The type of what lets requests in, through the security group that it belongs to.
const LETS_IN: &str = "ec2.ingress_rule";

/// The types of what sends requests on: listeners and rules of a load balancer.
const SENDS_ON: [&str; 2] = ["elb.listener", "elb.listener_rule"];

/// Listeners and rules are changed and removed after new ingress rules of their load balancer's security groups are made: a listener
/// that redirects to a port to which nobody gets yet serves nobody. A listener refers to its load balancer alone, and that to its groups.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html>: "you must verify that the
/// security groups associated with the load balancer allow traffic on the new port in both directions".
pub(super) fn after_ways_in(ordered: &[Ordered<'_>], chains: &Chains, builder: &mut Builder) {
    let sends_on = |o: &Ordered<'_>| SENDS_ON.contains(&o.decision.kind.as_str());
    let goes = |o: &Ordered<'_>| o.removed.is_some() || o.decision.action == Action::Update;
    if !ordered.iter().any(|o| sends_on(o) && goes(o)) {
        return;
    }
    let mut users: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    for (index, o) in ordered.iter().enumerate() {
        let before = o.removed.map_or(&[][..], |record| &record.dependencies);
        for source in o.decision.dependencies.iter().chain(before) {
            users.entry(source).or_default().insert(index);
        }
    }
    let used_by = |address: &str| users.get(address).into_iter().flatten().copied();
    for (o, up) in ordered.iter().zip(&chains.ups) {
        let made = matches!(o.decision.action, Action::Create | Action::ReplaceCreateFirst);
        let Some(way_in) = up.filter(|_| made && o.decision.kind == LETS_IN) else {
            continue;
        };
        let groups = o.decision.dependencies.iter().flat_map(|group| used_by(group));
        let behind = closure(groups.collect(), |index: usize| {
            used_by(&ordered[index].decision.address).collect()
        });
        for index in behind.into_iter().filter(|&index| sends_on(&ordered[index])) {
            let user = &ordered[index];
            let changed = chains.ups[index].filter(|_| user.decision.action == Action::Update);
            let changed = changed.map(|up| up.early.map_or(up.first, |(first, _)| first));
            let removed = user.removed.and_then(|record| chains.downs.get(&record.key()));
            for first in changed.into_iter().chain(removed.map(|down| down.first)) {
                builder.want(way_in.last, first);
            }
        }
    }
}
