//! The declaration with the faults of an experiment in it.

use crate::{Declaration, Declared, Error, Finding, Plan};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenon_resources::{
    cloud::Caller,
    declaration::{Experiment, Fault},
    ec2::{NetworkAcl, NetworkAclAssociation, NetworkAclId, SubnetId, VpcId},
    registry,
    resource::Lifecycle,
    value::{Output, Ref},
};

/// The scope of what experiments add to a stack.
const SCOPE: &str = "chaos";

/// The declaration with the faults of the experiment `name` in it.
///
/// # Errors
/// There is no such experiment, or one of its faults hits nothing.
pub fn disturbed(declared: &Declared, caller: &Caller, name: &str) -> Result<Declared, Error> {
    let experiment = find(declared, name)?;
    let about = format!("experiment {name}");
    let mut out = declared.clone();
    for fault in &experiment.faults {
        let (hit, of) = match fault {
            Fault::StopTasks { service, leave } => (stop_tasks(&mut out, service, *leave), service),
            Fault::FailZone { vpc, zone } => (fail_zone(&mut out, caller, name, (vpc, zone)), vpc),
            Fault::CutNetwork { group } => (cut_network(&mut out, group), group),
        };
        if !hit {
            let why = match fault {
                Fault::StopTasks { .. } => format!(
                    "stops no task: `{of}` has no scalable target and no desired count in this stack; declare one of them"
                ),
                Fault::FailZone { zone, .. } => {
                    format!(
                        "fails no zone: the stack has no subnet of `{of}` in `{zone}`; name a zone that it has"
                    )
                }
                Fault::CutNetwork { .. } => {
                    format!(
                        "cuts nothing off: the stack has no rule that lets traffic into `{of}`; name the group of what is to be cut off"
                    )
                }
            };
            return Err(Error::Findings(vec![Finding::at(
                &about,
                &experiment.location,
                why,
            )]));
        }
    }
    Ok(out)
}

/// The experiment `name`.
pub(super) fn find<'a>(declared: &'a Declared, name: &str) -> Result<&'a Experiment, Error> {
    declared
        .experiments
        .get(name)
        .ok_or_else(|| Error::NoSuchAddress {
            address: name.into(),
            near: crate::nearest(name, declared.experiments.keys().map(String::as_str))
                .map(ToOwned::to_owned),
        })
}

/// Holds `plan`, one of what is declared, to nothing but taking the faults of experiments out again. An experiment whose faults hit
/// nothing has left none, and does not stand in the way of those of the others.
///
/// # Errors
/// The plan does more: the addresses.
pub fn restores_only(declared: &Declared, caller: &Caller, plan: &Plan) -> Result<(), Error> {
    let mut touched = BTreeSet::new();
    let each = declared.experiments.keys();
    for disturbed in each.filter_map(|name| disturbed(declared, caller, name).ok()) {
        let (before, after) = (&declared.resources, &disturbed.resources);
        let differs = |address: &&String| before.get(*address) != after.get(*address);
        touched.extend(before.keys().chain(after.keys()).filter(differs).cloned());
    }
    let within = |address: &String| touched.contains(address) || address.starts_with(&format!("{SCOPE}/"));
    let beyond: BTreeSet<&str> = plan
        .mutating()
        .filter(|call| !within(&call.address))
        .map(|call| call.address.as_str())
        .collect();
    if beyond.is_empty() {
        return Ok(());
    }
    let addresses: Vec<&str> = beyond.into_iter().collect();
    Err(Error::MoreThanFaults {
        addresses: addresses.join("`, `"),
    })
}

/// Limits what scales a service to `leave` tasks, or its desired count where nothing does.
fn stop_tasks(declared: &mut Declared, service: &str, leave: u32) -> bool {
    let scales = |d: &Declaration| {
        let of = d.inputs["resource"]["$ref"]
            .as_str()
            .and_then(|r| r.parse::<Ref>().ok());
        d.kind.name() == "appscaling.scalable_target" && of.is_some_and(|r| r.resource == service)
    };
    let mut hit = false;
    for target in declared.resources.values_mut().filter(|d| scales(d)) {
        let inputs = target.inputs.to_mut();
        inputs["min_capacity"] = json!(leave);
        inputs["max_capacity"] = json!(leave);
        hit = true;
    }
    if !hit
        && let Some(service) = declared.resources.get_mut(service)
        && service.inputs["desired_count"].is_number()
    {
        service.inputs.to_mut()["desired_count"] = json!(leave);
        hit = true;
    }
    hit
}

/// Puts a network ACL without entries before the subnets of a zone.
fn fail_zone(declared: &mut Declared, caller: &Caller, experiment: &str, (vpc, zone): (&str, &str)) -> bool {
    let filled = declared.with_caller(caller);
    let is_there = |d: &&Declaration| {
        let there = d.inputs["availability_zone"].as_str().unwrap_or_default();
        let region = d.place.caller(caller).region;
        there == zone || there.strip_prefix(region.as_str()) == Some(zone)
    };
    let subnets = filled.resources.iter().filter(|(_, d)| {
        d.kind.name() == "ec2.subnet" && origin(&filled, &d.inputs["vpc"]).as_deref() == Some(vpc)
    });
    let subnets: Vec<(String, Declaration)> = subnets
        .filter(|(_, d)| is_there(d))
        .map(|(address, d)| (address.clone(), d.clone()))
        .collect();
    let Some((_, first)) = subnets.first() else {
        return false;
    };
    let acl = format!("{SCOPE}/{experiment}/{}-{zone}-denies-all", vpc.replace('/', "-"));
    let vpc = Output::<VpcId>::new(vpc, "id");
    declared.add(&acl, beside(first, NetworkAcl::new(&vpc)));
    let acl = Output::<NetworkAclId>::new(&acl, "id");
    for (address, subnet) in &subnets {
        let association = NetworkAclAssociation::new(Output::<SubnetId>::new(address, "id"), &acl);
        let own = filled.resources.iter().find(|(_, d)| {
            let of = origin(&filled, &d.inputs["subnet"]);
            d.kind.name() == "ec2.network_acl_association" && of.as_deref() == Some(address.as_str())
        });
        if let Some(own) = own.and_then(|(own, _)| declared.resources.get_mut(own)) {
            own.inputs.to_mut()["network_acl"] = json!(acl);
        } else {
            let name = format!("{SCOPE}/{experiment}/{}", address.replace('/', "-"));
            declared.add(&name, beside(subnet, association));
        }
    }
    true
}

/// Takes the rules away that let anything into a security group.
fn cut_network(declared: &mut Declared, group: &str) -> bool {
    let lets_in = |d: &Declaration| {
        d.kind.name() == "ec2.ingress_rule" && origin(declared, &d.inputs["group"]).as_deref() == Some(group)
    };
    let rules = declared.resources.iter().filter(|(_, d)| lets_in(d));
    let rules: BTreeSet<String> = rules.map(|(address, _)| address.clone()).collect();
    declared.resources.retain(|address, _| !rules.contains(address));
    for declaration in declared.resources.values_mut() {
        declaration.after.retain(|address| !rules.contains(address));
    }
    !rules.is_empty()
}

/// A declaration in the account and region of `of`, at its line, with its tags.
fn beside<R: Lifecycle>(of: &Declaration, resource: R) -> Declaration {
    let mut inputs = serde_json::to_value(resource).expect("a resource is plain data");
    if let (Some(tags), Some(own)) = (of.inputs.value().get("tags"), inputs.get_mut("tags")) {
        *own = tags.clone();
    }
    let kind = registry::find(R::TYPE).expect("every type is in the registry");
    Declaration {
        place: of.place.clone(),
        ..Declaration::new(kind, inputs, of.location.clone())
    }
}

/// The address of the resource whose id a value is, through outputs that repeat an input.
fn origin(declared: &Declared, value: &Value) -> Option<String> {
    let mut at: Ref = value.get("$ref")?.as_str()?.parse().ok()?;
    // An output that repeats an input has its name; each step leads to another resource, as references have no circles.
    while let Some(next) = declared.resources.get(&at.resource)?.inputs.value()[&at.output]["$ref"].as_str() {
        at = next.parse().ok()?;
    }
    (at.output == "id").then_some(at.resource)
}
