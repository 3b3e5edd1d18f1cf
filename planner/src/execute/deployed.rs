//! Deployments that succeeded: recorded when they do, so that what ran can be put back after its record is gone.

use super::{context::Context, executor::Executor, failed::Failed};
use crate::rollback::version_of;
use serde_json::Value;
use tenon_state::{Deployed, Phase, Record, RecordKey, State, StateWrite};

/// The number of versions that are kept of a service.
const KEPT: usize = 5;

impl Executor {
    /// Records what a service runs now, and, where nothing is known yet, what it ran before.
    pub(super) async fn record_deployed(&self, key: &RecordKey, context: &Context<'_>) -> Result<(), Failed> {
        let Some(service) = context.record(key) else {
            return Ok(());
        };
        let state = self.store.state();
        let at_ms = (self.settings.now_ms)();
        let Some(now) = version_of(&state, &service, service_version(&service)) else {
            return Ok(());
        };
        let known = state.deployed.get(&key.address).cloned().unwrap_or_default();
        let first = known
            .is_empty()
            .then(|| before(&state, &service, context))
            .flatten();
        let known: Vec<Deployed> = first
            .map(|r| deployed(r, at_ms))
            .into_iter()
            .chain(known)
            .collect();
        let versions = with(known.clone(), deployed(now, at_ms));
        if versions == known {
            return Ok(());
        }
        drop(state);
        let address = key.address.clone();
        Ok(self
            .store
            .record(vec![StateWrite::Deployed { address, versions }])
            .await?)
    }
}

/// The bytes that are written of the versions of the resource at an address.
pub(super) fn length(state: &State, address: &str) -> usize {
    let versions = state.deployed.get(address).into_iter().flatten();
    versions.map(|v| v.inputs.to_string().len()).sum()
}

fn service_version(service: &Record) -> &str {
    service.inputs["task_definition"].as_str().unwrap_or_default()
}

/// The version from which this plan changes the service: its record goes when the plan is done.
fn before<'s>(state: &'s State, service: &Record, context: &Context<'_>) -> Option<&'s Record> {
    let decision = context.decision(&service.address)?;
    let from = decision.changes.iter().find(|c| c.field == "task_definition")?;
    version_of(state, service, from.from.value().as_str()?)
}

/// The writes after which the version that a service runs is the one at its address again, and what came after it waits for its deletion:
/// then a plan with that version deploys nothing.
pub(super) fn versions_that_run(state: &State, service: &Record) -> Vec<StateWrite> {
    let Some(running) = version_of(state, service, service_version(service)) else {
        return vec![];
    };
    let newer = state
        .at(&running.address)
        .filter(|r| r.generation > running.generation);
    let newer = newer
        .filter(|r| r.phase == Phase::Ready)
        .map(|r| (r, Phase::Deposed));
    let again = Some((running, Phase::Ready)).filter(|(r, _)| r.phase == Phase::Deposed);
    let writes = newer.chain(again).map(|(record, phase)| {
        StateWrite::Put(Record {
            phase,
            ..record.clone()
        })
    });
    writes.collect()
}

fn deployed(version: &Record, at_ms: u64) -> Deployed {
    Deployed {
        address: version.address.clone(),
        id: version.id.clone().unwrap_or_default(),
        inputs: version.inputs.clone(),
        at_ms,
    }
}

/// The versions that ran, with the one that runs now. One that was put back takes its old place: what ran in between was given up.
fn with(mut known: Vec<Deployed>, now: Deployed) -> Vec<Deployed> {
    if known.first().is_some_and(|first| first.id == now.id) {
        return known;
    }
    if let Some(place) = known
        .iter()
        .position(|earlier| runs_the_same(&earlier.inputs, &now.inputs))
    {
        known.drain(..=place);
    }
    known.insert(0, now);
    known.truncate(KEPT);
    known
}

/// `true` if two versions differ in nothing but tags.
pub(crate) fn runs_the_same(one: &Value, other: &Value) -> bool {
    let bare = |inputs: &Value| {
        let mut inputs = inputs.clone();
        if let Some(members) = inputs.as_object_mut() {
            members.remove("tags");
        }
        inputs
    };
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn version(n: u64, image: &str) -> Deployed {
        Deployed {
            address: "task".into(),
            id: format!("task-definition/web:{n}"),
            inputs: json!({ "image": image, "tags": { "generation": n } }),
            at_ms: n,
        }
    }

    fn images(versions: &[Deployed]) -> Vec<&str> {
        versions
            .iter()
            .map(|v| v.inputs["image"].as_str().unwrap())
            .collect()
    }

    #[test]
    fn what_was_put_back_takes_its_old_place() {
        let mut known = vec![];
        for (n, image) in [(1, "a"), (2, "b"), (3, "c")] {
            known = with(known, version(n, image));
        }
        assert_eq!(images(&known), ["c", "b", "a"]);
        // The same deployment, seen again.
        assert_eq!(images(&with(known.clone(), version(3, "c"))), ["c", "b", "a"]);
        // Put back: the next one back is `a`, and not `c`, from which it was put back.
        known = with(known, version(4, "b"));
        assert_eq!(images(&known), ["b", "a"]);
        assert_eq!(known[0].id, "task-definition/web:4");
        for n in 5..20 {
            known = with(known, version(n, &n.to_string()));
        }
        assert_eq!(known.len(), KEPT);
    }
}
