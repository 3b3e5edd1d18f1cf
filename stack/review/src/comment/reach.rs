//! New reach from the internet: what a plan opens that was not open.

use super::before::{Names, Side, after, before};
use crate::policy::{documents, internet};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_planner::Plan;

/// Something that the internet reaches, in words: the resource, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// The address.
    pub address: String,
    /// The way to it: `tcp 443`, `a public address`.
    pub how: String,
}

/// The resources that the internet reaches after `plan` and did not before.
pub fn new_reach(plan: &Plan) -> Vec<Reach> {
    let names = Names::new(plan);
    let was = reach(&before(plan), &names);
    let all = reach(&after(plan), &names);
    all.difference(&was).cloned().collect()
}

fn reach(sides: &[Side<'_>], names: &Names<'_>) -> BTreeSet<Reach> {
    let mut all = BTreeSet::new();
    for side in sides {
        let inputs = &side.inputs;
        let mut say = |address: &str, how: String| {
            all.insert(Reach {
                address: address.into(),
                how,
            });
        };
        if let Some(traffic) = open(side) {
            let group = names.of(&inputs["group"]);
            let users = users(sides, &group, names);
            if users.is_empty() {
                say(&group, traffic.clone());
            }
            for user in users {
                say(user, format!("{traffic}, through `{group}`"));
            }
        }
        match side.kind {
            "elb.load_balancer" if inputs["scheme"] == "internet-facing" => {
                say(side.address, "an address on the internet".into());
            }
            "rds.db_instance" if inputs["publicly_accessible"] == true => {
                say(side.address, "an address on the internet".into());
            }
            "ecs.service" if inputs["assign_public_ip"] == true => {
                say(side.address, "tasks with public addresses".into());
            }
            "ec2.route" if everywhere(&inputs["destination"]) && is_internet_gateway(inputs) => {
                let table = names.of(&inputs["route_table"]);
                say(&table, "a route to and from an internet gateway".into());
            }
            _ => {}
        }
        if documents(inputs).iter().any(|statement| public(statement)) && side.kind != "iam.role" {
            say(side.address, "a policy that lets anyone in".into());
        }
        if side.kind == "iam.role" && documents(inputs).iter().any(|statement| public(statement)) {
            say(side.address, "anyone may assume this role".into());
        }
    }
    all
}

/// The traffic that a rule lets in from any address, in words.
fn open(side: &Side<'_>) -> Option<String> {
    let (from, to) = match (internet(side.kind, &side.inputs), side.kind) {
        (Some(ports), _) => ports,
        (None, "ec2.ingress_rule") if everywhere(&side.inputs["source"]) => {
            // ICMP, and protocols by number.
            return Some(super::before::text(&side.inputs["traffic"]));
        }
        _ => return None,
    };
    let protocol = match &side.inputs["traffic"] {
        Value::Object(map) => map.keys().next().cloned().unwrap_or_default(),
        _ => return Some("every protocol and port".into()),
    };
    Some(if from == to {
        format!("{protocol} {from}")
    } else {
        format!("{protocol} {from} to {to}")
    })
}

fn everywhere(peer: &Value) -> bool {
    let cidr = ["cidr", "cidr6"]
        .iter()
        .find_map(|k| peer[*k].as_str())
        .or_else(|| peer.as_str());
    cidr.is_some_and(|cidr| cidr.ends_with("/0"))
}

fn is_internet_gateway(inputs: &Value) -> bool {
    let target = inputs["target"].to_string();
    target.contains("internet_gateway") && !target.contains("egress_only")
}

/// The resources that have a security group, other than its rules.
fn users<'a>(sides: &'a [Side<'a>], group: &str, names: &Names<'_>) -> Vec<&'a str> {
    let has = |side: &&Side<'_>| {
        let lists = ["security_groups", "vpc_security_groups"];
        let groups = lists
            .iter()
            .filter_map(|list| side.inputs[*list].as_array())
            .flatten();
        groups.map(|g| names.of(g)).any(|g| g == group)
    };
    sides.iter().filter(has).map(|side| side.address).collect()
}

fn public(statement: &Value) -> bool {
    crate::policy::lets_anyone_in(statement)
}
