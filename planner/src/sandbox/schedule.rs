//! Beginning and end of each call of a plan, by the durations that public logs show.
//!
//! No call waits for anything but the calls that it comes after, as the executor has it, so the end of the last one is the critical path.
//! Durations are those of the model of AWS; none of them is a promise of AWS's.

use super::{SandboxConfig, model};
use crate::{Decision, Plan, plan::Gap};
use std::{collections::HashMap, time::Duration};
use tenon_resources::call::Effect;

/// Beginning and end of the calls of a plan, from its first call on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The beginning and the end of each call.
    pub calls: Vec<(Duration, Duration)>,
}

/// The schedule of `plan`.
pub fn schedule(plan: &Plan) -> Schedule {
    let reply = SandboxConfig::default().latency;
    let mut calls: Vec<(Duration, Duration)> = Vec::with_capacity(plan.calls.len());
    let bakes = |kind: &str, address: &str| {
        let decision = plan
            .decisions
            .iter()
            .find(|d| kind == "ecs.service" && d.address == address);
        decision.map_or(0, |d| model::bakes(kind, &d.inputs))
    };
    let mut made: HashMap<(&str, u32), Effect> = HashMap::new();
    for call in &plan.calls {
        let begins = call
            .after
            .iter()
            .filter_map(|&n| calls.get(n))
            .map(|(_, end)| *end)
            .max();
        let begins = begins.unwrap_or_default();
        let key = (call.address.as_str(), call.generation);
        let states = model::find(&call.kind).map_or(model::AT_ONCE, |entry| entry.states);
        let seconds = match call.step.effect {
            Effect::Create | Effect::Update | Effect::Delete => 0,
            Effect::Shown(_) => 0,
            Effect::Gone(_) => states.delete.1,
            Effect::Ready(_) => match made.get(&key) {
                Some(Effect::Create) => states.until_ready(),
                _ => states.change.1 + bakes(&call.kind, &call.address),
            },
        };
        if call.step.effect.mutates() {
            // A create that is completed by changes is awaited as a create.
            made.entry(key).or_insert(call.step.effect);
        }
        calls.push((begins, begins + reply + Duration::from_secs(seconds)));
    }
    Schedule { calls }
}

impl Schedule {
    /// The time from the first call to the end of the last.
    pub fn total(&self) -> Duration {
        self.calls.iter().map(|(_, end)| *end).max().unwrap_or_default()
    }

    /// The time during which a resource does not exist because its predecessor goes first; none where nothing goes.
    pub fn downtime(&self, plan: &Plan, decision: &Decision) -> Option<Duration> {
        let Gap { from, to, .. } = plan.gap(decision);
        let (from, to) = (self.calls.get(from?)?, self.calls.get(to?)?);
        to.1.checked_sub(from.0)
    }
}
