//! The plan for programs: the document itself, with its figures beside it.

use crate::{Note, Plan, plan::Counts};
use serde::Serialize;
use std::collections::BTreeSet;
use tenon_resources::value::SecretSource;

/// The document's own members, `summary`, and beside the `params` of each call its `request`: the same in AWS's own shape, as
/// `aws SERVICE OPERATION --cli-input-json` takes it. It is still a plan: reading it back drops both, and the digest covers all the
/// rest.
#[derive(Serialize)]
struct Document<'p> {
    summary: Summary<'p>,
    #[serde(flatten)]
    plan: &'p Plan,
}

#[derive(Serialize)]
struct Summary<'p> {
    empty: bool,
    #[serde(flatten)]
    counts: Counts,
    /// The longest chain of calls, each of which needs the one before.
    depth: usize,
    /// Calls that lose data for good.
    destroys: Vec<Loss<'p>>,
    iam_actions: BTreeSet<&'p str>,
    /// Secrets that are read when the plan is applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<Read<'p>>,
    /// Resources that are stopped, impaired or failed and stay so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Noted<'p>>,
}

#[derive(Serialize)]
struct Noted<'p> {
    address: &'p str,
    #[serde(flatten)]
    note: &'p Note,
}

#[derive(Serialize)]
struct Read<'p> {
    source: SecretSource,
    addresses: BTreeSet<&'p str>,
}

#[derive(Serialize)]
struct Loss<'p> {
    address: &'p str,
    call: String,
    what: &'p str,
}

/// The plan and its figures as JSON, indented.
pub fn json(plan: &Plan) -> String {
    let destroys = plan.destroys().map(|(call, what)| Loss {
        address: &call.address,
        call: call.title(),
        what,
    });
    let summary = Summary {
        empty: plan.is_empty(),
        counts: plan.counts(),
        depth: plan.depth(),
        destroys: destroys.collect(),
        iam_actions: plan.iam_actions(),
        secrets: plan
            .secret_sources()
            .into_iter()
            .map(|(source, addresses)| Read { source, addresses })
            .collect(),
        notes: plan
            .noted()
            .map(|(decision, note)| Noted {
                address: &decision.address,
                note,
            })
            .collect(),
    };
    let mut document = serde_json::to_value(Document { summary, plan }).expect("a plan is plain data");
    let calls = document["calls"].as_array_mut().into_iter().flatten();
    for (shown, call) in calls.zip(&plan.calls).filter(|(_, c)| c.step.effect.mutates()) {
        shown["request"] = call.step.request();
    }
    serde_json::to_string_pretty(&document).expect("a plan is plain data")
}
