//! Rollbacks: a plan that puts a service back to the task definition that ran before.
//!
//! The plan is made from the state alone: no program is needed, and none of its changes that nobody has applied yet is in it. AWS takes
//! no deregistered revision (<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html>: one
//! that is inactive can neither run new tasks nor be set on a service), so the old one is registered again, with the inputs that
//! the state kept of it.

use crate::{
    Action, Declaration, Declared, Error, Options, Plan,
    declare::kind_of,
    event::Sink,
    execute::runs_the_same,
    recorded,
    refresh::{Refreshed, refresh, unrefreshed},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenon_resources::{
    cloud::{Caller, Cloud},
    value::Owner,
};
use tenon_state::{Deployed, Record, State};

/// The field of a service that names what it runs.
const VERSION: &str = "task_definition";

/// A plan that puts a service back, and the version that it puts back.
#[derive(Clone, Debug)]
pub struct Rollback {
    /// The plan.
    pub plan: Plan,
    /// The version that runs when the plan is carried out.
    pub to: Deployed,
    /// The version that runs now, by its id.
    pub from: String,
}

/// Plans to put the service at `address` back to what ran before it, or to the version that `to` names: a revision's ARN, or its
/// `family:revision`.
///
/// # Errors
/// Nothing, or another type, is recorded there; nothing else is known to have run; what the service needs is not as it was recorded; a
/// read fails.
pub async fn rollback(
    cloud: &dyn Cloud,
    caller: &Caller,
    state: &State,
    (address, to): (&str, Option<&str>),
    sink: &Sink,
) -> Result<Rollback, Error> {
    let service = service_at(state, address)?;
    let impossible = |why: String| Error::NoWayBack {
        address: address.into(),
        why,
    };
    let refreshed = read(cloud, state, service, sink).await?;
    let Some(service) = refreshed.state.current(address) else {
        return Err(impossible("it is gone; `apply` makes it again".into()));
    };
    let from = service.inputs[VERSION].as_str().unwrap_or_default().to_owned();
    let to = chosen(state, service, to).map_err(impossible)?;
    let declared = declared(&refreshed.state, service, to)?;
    let options = Options {
        targets: vec![address.into(), to.address.clone()],
        ..Options::default()
    };
    let plan = crate::plan(&declared, &refreshed, caller, &options)?;
    let meant = [address, to.address.as_str()];
    let others = plan
        .decisions
        .iter()
        .filter(|d| d.action != Action::None && !meant.contains(&d.address.as_str()));
    let others: Vec<&str> = others.map(|d| d.address.as_str()).collect();
    if !others.is_empty() {
        let why = format!(
            "`{}` would change with it; apply what is declared first",
            others.join("`, `")
        );
        return Err(impossible(why));
    }
    Ok(Rollback {
        plan,
        to: to.clone(),
        from,
    })
}

fn service_at<'s>(state: &'s State, address: &str) -> Result<&'s Record, Error> {
    let Some(record) = state.current(address) else {
        let near = crate::nearest(address, state.records.values().map(|r| r.address.as_str()));
        return Err(Error::NoSuchAddress {
            address: address.into(),
            near: near.map(ToOwned::to_owned),
        });
    };
    if record.kind == "ecs.service" {
        return Ok(record);
    }
    Err(Error::NoWayBack {
        address: address.into(),
        why: format!("it is a `{}`; name an `ecs.service`", record.kind),
    })
}

/// The record of the version with this id, among those that a service depends on.
pub(crate) fn version_of<'s>(state: &'s State, service: &Record, id: &str) -> Option<&'s Record> {
    let candidates = service.dependencies.iter().flat_map(|address| state.at(address));
    let mut versions = candidates.filter(|r| r.kind == "ecs.task_definition");
    versions.find(|r| r.id.as_deref() == Some(id))
}

/// Reads the service and what it runs; the rest is taken as recorded, because a rollback does not change it.
async fn read(cloud: &dyn Cloud, state: &State, service: &Record, sink: &Sink) -> Result<Refreshed, Error> {
    let mut part = State {
        records: std::collections::BTreeMap::new(),
        ..state.clone()
    };
    let versions = service.dependencies.iter().flat_map(|address| state.at(address));
    let versions = versions.filter(|r| r.kind == "ecs.task_definition");
    for record in versions.chain([service]) {
        part.insert(record.clone());
    }
    let seen = refresh(cloud, &part, sink).await?;
    let mut whole = unrefreshed(state);
    for key in part.records.keys() {
        match seen.state.records.get(key) {
            Some(record) => whole.state.records.insert(key.clone(), record.clone()),
            None => whole.state.records.remove(key),
        };
    }
    Ok(Refreshed {
        state: whole.state,
        lookups: whole.lookups,
        ..seen
    })
}

/// The version to put back.
fn chosen<'s>(state: &'s State, service: &Record, to: Option<&str>) -> Result<&'s Deployed, String> {
    let ran = state
        .deployed
        .get(&service.address)
        .map_or(&[] as &[_], Vec::as_slice);
    let running = service.inputs[VERSION].as_str().unwrap_or_default();
    let inputs = version_of(state, service, running).map(|r| &r.inputs);
    let is_running =
        |v: &&Deployed| v.id == running || inputs.is_some_and(|inputs| runs_the_same(inputs, &v.inputs));
    let mut others = ran.iter().filter(|v| !is_running(v));
    let Some(wanted) = to else {
        return others.next().ok_or_else(|| {
            format!(
                "nothing else is known to have run; {running} runs: apply the commit whose version is to run"
            )
        });
    };
    let named = |v: &&Deployed| v.id == wanted || name(&v.id) == wanted;
    if ran.iter().filter(is_running).any(|v| named(&v)) {
        return Err(format!("`{wanted}` is what runs"));
    }
    let known: Vec<&str> = others.clone().map(|v| name(&v.id)).collect();
    others.find(named).ok_or_else(|| match known.as_slice() {
        [] => format!("`{wanted}` is not known to have run, and nothing else is"),
        known => format!(
            "`{wanted}` is not known to have run; these are: {}",
            known.join(", ")
        ),
    })
}

/// The `family:revision` of a revision's ARN.
pub fn name(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// The service and what it needs as a program would declare them, with `to` in the place of what the service runs.
fn declared(state: &State, service: &Record, to: &Deployed) -> Result<Declared, Error> {
    let mut declared = Declared::new(&state.stack, &state.env, None);
    let mut left = vec![service.address.clone(), to.address.clone()];
    let mut needed = BTreeSet::new();
    while let Some(address) = left.pop() {
        let Some(record) = state.current(&address) else {
            continue;
        };
        if needed.insert(address) {
            left.extend(record.dependencies.iter().cloned());
            left.extend(recorded::options(record)?.replaced_with);
        }
    }
    for address in &needed {
        let Some(record) = state.current(address) else {
            continue;
        };
        let mut inputs = record.inputs.clone();
        if *address == to.address {
            inputs = to.inputs.clone();
        } else if *address == service.address {
            inputs[VERSION] = json!({ "$ref": format!("{}.id", to.address) });
        }
        declared.add(address, declaration(record, inputs, &needed)?);
    }
    declared.outputs = state.outputs.clone();
    let version = state.current(&to.address).and_then(|r| r.id.clone());
    for output in declared.outputs.values_mut() {
        // One that says which version runs goes on doing so.
        if output.is_string() && output.as_str() == version.as_deref() {
            *output = json!({ "$ref": format!("{}.id", to.address) });
        }
    }
    Ok(declared)
}

fn declaration(record: &Record, mut inputs: Value, needed: &BTreeSet<String>) -> Result<Declaration, Error> {
    if let Some(tags) = inputs["tags"].as_object_mut() {
        tags.retain(|key, _| ![Owner::STACK, Owner::ADDRESS, Owner::GENERATION].contains(&key.as_str()));
    }
    let after = record.dependencies.iter().filter(|d| needed.contains(*d));
    let location = record.declared.clone().unwrap_or_default();
    let declaration = Declaration::new(kind_of(&record.kind, &record.address)?, inputs, location);
    Ok(Declaration {
        after: after.cloned().collect(),
        options: recorded::options(record)?,
        place: recorded::place(record)?,
        ..declaration
    })
}
