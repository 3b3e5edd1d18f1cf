//! Every type, every mutable field: create, an empty plan, each change by its own call alone, an empty plan again,
//! delete.
//!
//! The inputs are the type's own samples; literal ids in them stand for resources of a support stack.

use crate::{gaps, place::Place};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tenon_planner::{Action, Declaration, Declared, Options};
use tenon_resources::{
    call::Effect,
    cloud::Cloud,
    registry::{self, TYPES},
    resource::{Mutability, ResourceType},
};

fn declare(declared: &mut Declared, address: &str, kind: &str, inputs: Value) {
    let kind = registry::find(kind).unwrap_or_else(|| panic!("there is no `{kind}`"));
    let inputs = kind
        .canonical(&inputs)
        .unwrap_or_else(|e| panic!("{address}: {e}"));
    declared.add(
        address,
        Declaration {
            kind,
            inputs,
            after: vec![],
            location: "each.rs:1".into(),
        },
    );
}

fn of(address: &str) -> Value {
    json!({ "$ref": format!("{address}.id") })
}

/// A stack with nothing in it, whose data may go.
fn empty(name: &str) -> Declared {
    let mut declared = Declared::new(name, "wire", None);
    declared.disposable = true;
    declared
}

/// What the samples stand on. Addresses are the literals that samples use.
fn support() -> Declared {
    let mut d = empty("support");
    for (n, range) in [(1, "10.0.0.0/16"), (2, "10.1.0.0/16")] {
        let vpc = format!("vpc-{n}");
        let mut sample = registry::find("ec2.vpc").unwrap().samples()[0].clone();
        sample["cidr_block"] = json!(range);
        declare(&mut d, &vpc, "ec2.vpc", sample);
        declare(
            &mut d,
            &format!("igw-{n}"),
            "ec2.internet_gateway",
            json!({"vpc": of(&vpc), "tags": {}}),
        );
        declare(
            &mut d,
            &format!("rtb-{n}"),
            "ec2.route_table",
            json!({"vpc": of(&vpc), "tags": {}}),
        );
        let elastic = json!({"tags": {}, "network_border_group": null, "public_ipv4_pool": null});
        declare(&mut d, &format!("eipalloc-{n}"), "ec2.elastic_ip", elastic);
    }
    for n in 1..=4u8 {
        // The first two in one VPC, the others in the other; neighbours in two zones.
        let (vpc, zone) = (
            if n <= 2 { "vpc-1" } else { "vpc-2" },
            if n % 2 == 1 { "a" } else { "b" },
        );
        let range = format!("10.{}.{}.0/24", if n <= 2 { 0 } else { 1 }, 200 + n);
        let subnet = json!({"vpc": of(vpc), "cidr_block": range, "availability_zone": format!("eu-west-1{zone}"), "map_public_ip_on_launch": false, "tags": {}});
        declare(&mut d, &format!("subnet-{n}"), "ec2.subnet", subnet);
        let group =
            json!({"vpc": of("vpc-1"), "description": format!("group {n}"), "group_name": null, "tags": {}});
        declare(&mut d, &format!("sg-{n}"), "ec2.security_group", group);
    }
    gaps::more_support(&mut d, &declare);
    d
}

/// `value` with every literal that stands for something replaced.
fn stand_in(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = ids.get(text) {
                text.clone_from(id);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| stand_in(v, ids)),
        Value::Object(map) => map
            .iter_mut()
            .filter(|(k, _)| *k != "tags")
            .for_each(|(_, v)| stand_in(v, ids)),
        _ => {}
    }
}

/// A sample of the type, standing on the support stack.
fn sample(kind: &'static dyn ResourceType, n: usize, ids: &BTreeMap<String, String>) -> Value {
    let mut inputs = kind.samples()[n].clone();
    gaps::adapt(kind.name(), n, &mut inputs, ids);
    stand_in(&mut inputs, ids);
    inputs
}

/// Tries one type; returns what is wrong.
async fn try_type(
    place: &Place,
    kind: &'static dyn ResourceType,
    ids: &BTreeMap<String, String>,
) -> Result<usize, String> {
    let name = kind.name().replace(['.', '_'], "-");
    let mut inputs = sample(kind, 0, ids);
    let other = sample(kind, 1, ids);
    let stack = |inputs: &Value| {
        let mut d = empty(&name);
        declare(&mut d, "it", kind.name(), inputs.clone());
        d
    };
    let place = place.with_own_state();
    place.mutating();
    let (plan, summary) = place.apply(&stack(&inputs), &Options::default()).await;
    if !summary.complete() {
        return Err(format!("create: {:?}", summary.failed));
    }
    same_calls(&place, &plan, "create")?;
    settled(&place, &stack(&inputs), kind.name(), "create").await?;
    let mut changed = 0;
    for field in kind.fields().iter().filter(|f| f.change == Mutability::InPlace) {
        if gaps::field(kind.name(), field.name) || inputs[field.name] == other[field.name] {
            continue;
        }
        let mut next = inputs.clone();
        next[field.name] = other[field.name].clone();
        // Some fields change only together with others; the type's own check says so.
        if next[field.name].is_null() || stack(&next).check().is_err() {
            continue;
        }
        let what = format!("change of `{}`", field.name);
        let (plan, summary) = place.apply(&stack(&next), &Options::default()).await;
        if plan.decisions[0].action != Action::Update {
            return Err(format!("{what}: planned {:?}", plan.decisions[0]));
        }
        let stray = plan
            .mutating()
            .find(|c| c.step.effect == Effect::Change && c.step.sets != [field.name]);
        if let Some(stray) = stray {
            return Err(format!(
                "{what}: also plans {} for {:?}",
                stray.title(),
                stray.step.sets
            ));
        }
        if !summary.complete() {
            return Err(format!("{what}: {:?}", summary.failed));
        }
        same_calls(&place, &plan, &what)?;
        settled(&place, &stack(&next), kind.name(), &what).await?;
        inputs = next;
        changed += 1;
    }
    let destroy = Options {
        destroy: true,
        ..Options::default()
    };
    let (plan, summary) = place.apply(&stack(&inputs), &destroy).await;
    if !summary.complete() {
        return Err(format!("delete: {:?}", summary.failed));
    }
    same_calls(&place, &plan, "delete")?;
    let left = place
        .cloud
        .find(kind, &stack(&inputs).owner())
        .await
        .map_err(|e| e.to_string())?;
    if left.is_empty() {
        Ok(changed)
    } else {
        Err(format!("delete left {left:?}"))
    }
}

/// The mutating calls on the wire are the plan's.
fn same_calls(place: &Place, plan: &tenon_planner::Plan, what: &str) -> Result<(), String> {
    let mut planned: Vec<String> = plan.mutating().map(|c| c.step.operation.clone()).collect();
    let mut seen: Vec<String> = place
        .mutating()
        .into_iter()
        .map(|s| gaps::operation(&s))
        .collect();
    planned.sort();
    seen.sort();
    if planned == seen {
        Ok(())
    } else {
        Err(format!("{what}: planned {planned:?}, and the wire saw {seen:?}"))
    }
}

/// Nothing is left to do.
async fn settled(place: &Place, declared: &Declared, kind: &str, what: &str) -> Result<(), String> {
    let next = place.plan(declared).await;
    place.mutating();
    let changes: Vec<_> = next.decisions.iter().flat_map(|d| &d.changes).collect();
    let real: Vec<_> = changes.iter().filter(|c| !gaps::field(kind, &c.field)).collect();
    let acts = next
        .decisions
        .iter()
        .any(|d| !matches!(d.action, Action::None | Action::Update));
    if real.is_empty() && !acts {
        Ok(())
    } else {
        Err(format!(
            "after {what} the plan is not empty: {:#?}",
            next.decisions
        ))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_is_created_changed_field_by_field_and_deleted() {
    let place = Place::new().await;
    let support = support();
    let (_, summary) = place.apply(&support, &Options::default()).await;
    assert!(summary.complete(), "{:#?}", summary.failed);
    let ids = place.ids(&support).await;
    let only = std::env::var("TENON_WIRE_TYPE").ok();
    let (mut wrong, mut tried, mut changes) = (vec![], BTreeSet::new(), 0);
    for kind in TYPES
        .iter()
        .filter(|k| only.as_deref().is_none_or(|o| k.name().starts_with(o)))
    {
        if let Some(why) = gaps::kind(kind.name()) {
            println!("{}: left out: {why}", kind.name());
            continue;
        }
        match try_type(&place, *kind, &ids).await {
            Ok(n) => {
                println!("{}: {n} fields", kind.name());
                changes += n;
            }
            Err(why) => {
                println!("{}: {why}", kind.name());
                wrong.push(format!("{}: {why}", kind.name()));
            }
        }
        tried.insert(kind.name());
    }
    println!(
        "{} types created and deleted, {changes} fields changed one by one",
        tried.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        tried.len(),
        wrong.join("\n\n")
    );
}
