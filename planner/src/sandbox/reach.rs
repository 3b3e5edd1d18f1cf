//! Packets between subnets, and the tasks of a service in them: what a zone that fails takes with it.
//!
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>: entries are evaluated in the order of their numbers, the first that
//! matches decides, and what none matches is denied. A network ACL keeps no connections, so the reply needs an entry of its own.
//!
//! Tasks are spread over the zones of their subnets
//! (<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html>); where there are fewer tasks than zones, the
//! model has them in the first by name. ECS knows nothing of a network ACL, so the model starts no task elsewhere because of one: a
//! service that serves here does so with the tasks that it has.

use super::{
    model::{View, texts},
    object::Object,
};
use serde_json::Value;
use std::collections::BTreeMap;
use tenon_resources::{
    ec2::{AclAction, AclEntry, AclRange, Direction, Traffic},
    value::Cidr4,
};

/// A port of a client: <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports>.
const CLIENT_PORT: u64 = 40_000;

/// True if a connection to `port` passes from a subnet to another. Packets within one meet no network ACL.
pub(super) fn crosses(view: View<'_>, from: &str, to: &str, port: u64) -> bool {
    if from == to {
        return true;
    }
    match (range(view, from), range(view, to)) {
        (Some(here), Some(there)) => {
            lets(view, from, Direction::Egress, port, there)
                && enters(view, to, port, here)
                && lets(view, from, Direction::Ingress, CLIENT_PORT, there)
        }
        // The sandbox knows nothing of subnets that it did not make.
        _ => true,
    }
}

/// True if a connection to `port` enters a subnet from `peer`, and the reply leaves it.
pub(super) fn enters(view: View<'_>, subnet: &str, port: u64, peer: Cidr4) -> bool {
    lets(view, subnet, Direction::Ingress, port, peer)
        && lets(view, subnet, Direction::Egress, CLIENT_PORT, peer)
}

/// The address range of a subnet.
pub(super) fn range(view: View<'_>, subnet: &str) -> Option<Cidr4> {
    let subnet = view.get("ec2.subnet", subnet)?;
    serde_json::from_value(subnet.inputs["cidr_block"].clone()).ok()
}

/// True if the network ACL of a subnet lets packets pass. The default one does:
/// <https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html>.
fn lets(view: View<'_>, subnet: &str, direction: Direction, port: u64, peer: Cidr4) -> bool {
    let association = view.get("ec2.network_acl_association", subnet);
    let acl = association.and_then(|a| view.get("ec2.network_acl", a.inputs["network_acl"].as_str()?));
    let Some(acl) = acl else { return true };
    let mut entries: Vec<AclEntry> =
        serde_json::from_value(acl.inputs["entries"].clone()).unwrap_or_default();
    entries.sort_by_key(|entry| entry.number);
    let matches = |entry: &&AclEntry| {
        let to_port = match entry.traffic {
            Traffic::All => true,
            Traffic::Tcp(ports) => (u64::from(ports.from)..=ports.to.into()).contains(&port),
            _ => false,
        };
        let of_peer =
            matches!(&entry.range, AclRange::Cidr(range) if range.known().is_some_and(|r| r.contains(&peer)));
        entry.direction == direction && to_port && of_peer
    };
    let first = entries.iter().find(matches);
    first.is_some_and(|entry| entry.action == AclAction::Allow)
}

/// The subnets in which a service has tasks, by the members with which it works.
pub(super) fn with_tasks(view: View<'_>, service: &Object, working: &Value) -> Vec<String> {
    let mut zones: BTreeMap<String, String> = BTreeMap::new();
    for subnet in texts(working, "network_configuration.subnets") {
        let zone = view.get("ec2.subnet", &subnet).and_then(|s| {
            let zone = s.inputs["availability_zone"].as_str()?;
            Some(zone.to_owned())
        });
        zones
            .entry(zone.unwrap_or_else(|| subnet.clone()))
            .or_insert(subnet);
    }
    let tasks = tasks(view, service, working);
    zones
        .into_values()
        .take(usize::try_from(tasks).unwrap_or(usize::MAX))
        .collect()
}

/// The number of tasks: the desired count, within the limits of what scales it.
fn tasks(view: View<'_>, service: &Object, working: &Value) -> u64 {
    let desired = working["desired_count"].as_u64().unwrap_or(1);
    let scalable = service.outputs["scalable"].as_str().unwrap_or_default();
    let targets = view.users("appscaling.scalable_target", "resource_id", scalable);
    let limit = |target: &Object, member: &str| target.members[member].as_u64();
    targets.into_iter().fold(desired, |tasks, (_, target)| {
        let least = limit(target, "min_capacity").unwrap_or(0);
        let most = limit(target, "max_capacity").unwrap_or(u64::MAX);
        tasks.clamp(least, most.max(least))
    })
}
