//! Resources before and after a plan, as inputs by address.

use serde_json::Value;
use std::collections::BTreeMap;
use tenon_planner::{Action, Decision, Plan};

/// A resource at one side of a plan.
pub(super) struct Side<'a> {
    pub(super) address: &'a str,
    pub(super) kind: &'a str,
    pub(super) inputs: Value,
}

/// The resources as they were: what is created is not among them.
pub(super) fn before(plan: &Plan) -> Vec<Side<'_>> {
    let one = |d: &Decision| match (&d.removed, d.action) {
        (Some(removed), _) => Some((removed.kind.clone(), removed.inputs.value())),
        (None, Action::Create) => None,
        (None, _) => {
            let mut inputs = d.inputs.value();
            for change in &d.changes {
                inputs[&change.field] = change.from.value();
            }
            Some((d.kind.clone(), inputs))
        }
    };
    let sides = plan.decisions.iter().filter_map(|d| {
        let (kind, inputs) = one(d)?;
        let kind = tenon_resources::registry::find(&kind)?.name();
        Some(Side {
            address: &d.address,
            kind,
            inputs,
        })
    });
    sides.collect()
}

/// The resources as they will be.
pub(super) fn after(plan: &Plan) -> Vec<Side<'_>> {
    let stay = plan.decisions.iter().filter(|d| d.action != Action::Delete);
    stay.map(|d| Side {
        address: &d.address,
        kind: &d.kind,
        inputs: match (&d.removed, d.action) {
            // A resource that is forgotten stays in AWS as it is.
            (Some(removed), Action::Forget) => removed.inputs.value(),
            _ => d.inputs.value(),
        },
    })
    .collect()
}

/// Addresses by what refers to them: ids, names, and promises of their outputs.
pub(super) struct Names<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let ids = plan
            .decisions
            .iter()
            .filter_map(|d| Some((d.id.as_deref()?, d.address.as_str())));
        Self(ids.collect())
    }

    /// The address that a value refers to, or the value itself.
    pub(super) fn of(&self, value: &Value) -> String {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            return reference
                .rsplit_once('.')
                .map_or(reference, |(address, _)| address)
                .to_owned();
        }
        match value.as_str() {
            Some(text) => (*self.0.get(text).unwrap_or(&text)).to_owned(),
            None => text(value),
        }
    }
}

/// A value on one line, as a plan shows it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => tenon_planner::render::value_lines(other).join(" "),
    }
}
