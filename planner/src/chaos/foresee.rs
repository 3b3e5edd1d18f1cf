//! An experiment as it is reviewed: the calls of both halves, and what stops working in between.

use super::disturb::{disturbed, find};
use crate::{
    Declared, Error, Options, Plan,
    decide::plan,
    event::quiet,
    execute::Executor,
    plan::hash,
    refresh::{Refreshed, refresh},
    rehearse::{copy, here},
    sandbox::{Sandbox, SandboxConfig, schedule},
};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use tenon_resources::cloud::Caller;
use tenon_state::State;

/// An experiment, foreseen.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The plan that puts the faults in.
    pub disturb: Plan,
    /// The plan that takes them out, as a rehearsal makes it: ids of what the first half creates are those of a sandbox.
    pub restore: Plan,
    /// Requests and connections that are served now and not while the faults last.
    pub stops: Vec<Stopped>,
    /// Requests and connections that are served now and not afterwards: none, unless the stack cannot be put back.
    pub stays: Vec<Stopped>,
    /// The digest of the experiment and the calls of both halves: it stays the same as long as the experiment would do the same.
    pub digest: String,
    /// The time that the restoring half takes at AWS, in seconds, from durations of public logs.
    pub restoring_seconds: u64,
}

/// Requests or connections that are not served any more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stopped {
    /// Requests to a load balancer, or connections of a service to a database: the addresses, and the port with what a rule asks for.
    pub what: String,
    /// Why.
    pub why: String,
}

// Long: one half after the other, in one sandbox, which is looked at before, in between and afterwards.
/// Foresees the experiment `name` of a stack that is as it is declared: makes both plans, and rehearses them in a sandbox with what the
/// state records.
///
/// # Errors
/// There is no such experiment; the stack is not as it is declared; a half is refused by the model of AWS.
pub async fn foresee(
    declared: &Declared,
    refreshed: &Refreshed,
    caller: &Caller,
    name: &str,
    state: &State,
) -> Result<Foreseen, Error> {
    let experiment = find(declared, name)?;
    let disturbed = disturbed(declared, caller, name)?;
    let options = Options::default();
    let rest = plan(declared, refreshed, caller, &options)?;
    if !rest.is_empty() {
        let calls = rest.mutating().map(|call| call.address.clone());
        let mut addresses: Vec<String> = calls.collect();
        addresses.dedup();
        return Err(Error::NotAtRest {
            addresses: addresses.join("`, `"),
        });
    }
    let disturb = plan(&disturbed, refreshed, caller, &options)?;

    let store = copy(&disturb, state).await?;
    let sandbox = Arc::new(Sandbox::recorded(&store.state(), SandboxConfig::instant())?);
    let mut executor = Executor::new(Arc::clone(&sandbox) as _, store.clone(), quiet());
    executor.settings.parallelism = 1;
    let addresses = |state: &State| -> BTreeMap<String, String> {
        let records = state.records.values();
        records
            .filter_map(|r| Some((r.id.clone()?, r.address.clone())))
            .collect()
    };
    let known = addresses(&store.state());
    let before = refused(&sandbox, &known);
    let carried = executor
        .carry_out(&here(&disturb, &store), BTreeMap::new())
        .await?;
    accepted(name, &carried.failed)?;
    let during = refused(&sandbox, &known);
    let mut seen = refresh(sandbox.as_ref(), &store.state(), &quiet()).await?;
    // The sandbox does not have what is looked up; that was found when the stack was read.
    seen.lookups.clone_from(&refreshed.lookups);
    let restore = plan(declared, &seen, caller, &options)?;
    let carried = executor
        .carry_out(&here(&restore, &store), BTreeMap::new())
        .await?;
    accepted(name, &carried.failed)?;
    let after = refused(&sandbox, &known);
    store.close().await?;
    let new = |now: Vec<Stopped>| {
        now.into_iter()
            .filter(|s| !before.iter().any(|b| b.what == s.what))
            .collect()
    };
    let what = (name, &experiment.faults, &experiment.alarm, experiment.seconds);
    Ok(Foreseen {
        digest: hash(&(what, &disturb.calls_digest, &restore.calls_digest)),
        restoring_seconds: schedule(&restore).total().as_secs(),
        disturb,
        restore,
        stops: new(during),
        stays: new(after),
    })
}

/// Refuses an experiment of which a call is refused.
fn accepted(name: &str, failed: &[crate::execute::Failure]) -> Result<(), Error> {
    match failed.first() {
        None => Ok(()),
        Some(failure) => Err(Error::Experiment {
            name: name.into(),
            why: format!("{}: {}: {}", failure.address, failure.title, failure.why),
        }),
    }
}

/// Requests and connections that are refused in a sandbox, by address.
fn refused(sandbox: &Sandbox, addresses: &BTreeMap<String, String>) -> Vec<Stopped> {
    let address = |id: &str| addresses.get(id).map_or(id, String::as_str).to_owned();
    let named = |why: String| {
        let ids = addresses.iter();
        ids.fold(why, |why, (id, address)| {
            why.replace(&format!("`{id}`"), &format!("`{address}`"))
        })
    };
    let requests = sandbox.requests().into_iter().filter_map(|path| {
        let what = format!(
            "requests to {} on {}",
            address(&path.load_balancer),
            path.way.trim()
        );
        Some(Stopped {
            what,
            why: named(path.refused?),
        })
    });
    let connections = sandbox.connections().into_iter().filter_map(|c| {
        let (from, to) = (address(&c.from), address(&c.to));
        Some(Stopped {
            what: format!("connections of {from} to {to} on {}", c.port),
            why: named(c.refused?),
        })
    });
    requests.chain(connections).collect()
}
