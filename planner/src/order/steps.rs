//! The calls of one decision.

use super::{builder::Work, ordered::Ordered};
use crate::{Action, Error, decide::left_to_aws, declare::kind_of};
use serde_json::Value;
use tenon_resources::{
    call::{Effect, Step},
    declaration::TimeLimits,
    resource::{InvalidInputs, ResourceType},
};
use tenon_state::{Phase, Record};

/// The calls that make or change a resource. `before`: inputs that it has on the way, when it goes to its new ones by way of
/// others.
pub(super) fn up(o: &Ordered<'_>, before: Option<&Value>) -> Result<Work, Error> {
    let d = o.decision;
    let invalid = |source| Error::InvalidInputs {
        address: d.address.clone(),
        source,
    };
    let kind = kind_of(&d.kind, &d.address)?;
    match (d.action, o.prior) {
        (Action::None | Action::Delete, _) | (Action::Forget, None) => Ok(Work::default()),
        (Action::Forget, Some(prior)) => {
            let mut rest = vec![];
            if d.inputs["tags"] != prior.inputs["tags"] {
                rest = kind.set(&d.inputs, &prior.inputs, &["tags"]).map_err(invalid)?;
                // What it becomes afterwards is nobody's business here.
                rest.retain(|s| s.effect.mutates());
            }
            Ok(Work { early: vec![], rest })
        }
        (Action::Update, Some(prior)) => {
            let sent = d.changes.iter().filter(|c| !left_to_aws(kind, &c.field, &c.to));
            let changed: Vec<&str> = sent.map(|c| c.field.as_str()).collect();
            let early = before.map_or_else(|| Ok(vec![]), |before| passing(kind, before, prior));
            let early = early.map_err(invalid)?;
            let was = before.unwrap_or(&prior.inputs);
            let mut rest = kind.set(&d.inputs, was, &changed).map_err(invalid)?;
            if prior.phase == Phase::Creating {
                rest = unfinished(kind, &d.inputs, rest).map_err(invalid)?;
            }
            limit(&mut rest, d.options.time_limits);
            Ok(Work { early, rest })
        }
        _ => {
            let mut rest = kind.create(&d.inputs).map_err(invalid)?;
            limit(&mut rest, d.options.time_limits);
            Ok(Work { early: vec![], rest })
        }
    }
}

/// Gives waits the limits that are set by hand.
pub(crate) fn limit(steps: &mut [Step], limits: TimeLimits) {
    for step in steps {
        match &mut step.effect {
            Effect::Ready(seconds) | Effect::Shown(seconds) => *seconds = limits.ready.unwrap_or(*seconds),
            Effect::Gone(seconds) => *seconds = limits.gone.unwrap_or(*seconds),
            Effect::Create | Effect::Update | Effect::Delete => {}
        }
    }
}

/// Puts a wait for the outputs that AWS returns of a pending resource after its create call, where there would only be one
/// until it is ready.
pub(crate) fn show_while_pending(steps: &mut Vec<Step>) {
    let create = steps.iter().position(|s| s.effect == Effect::Create);
    let ready = steps
        .iter()
        .find(|s| matches!(s.effect, Effect::Ready(_)))
        .cloned();
    if let (Some(create), Some(mut shown)) = (create, ready)
        && let Effect::Ready(seconds) = shown.effect
    {
        shown.effect = Effect::Shown(seconds);
        steps.insert(create + 1, shown);
    }
}

/// The calls that lead to inputs which are not the last ones. Nothing of them is recorded as what the resource has: a run that is
/// cut off between them and the rest finds them as drift, and goes on.
fn passing(
    kind: &'static dyn ResourceType,
    before: &Value,
    prior: &Record,
) -> Result<Vec<Step>, InvalidInputs> {
    let fields = kind.fields().iter().map(|f| f.name);
    let changed: Vec<&str> = fields.filter(|f| before[*f] != prior.inputs[*f]).collect();
    let mut steps = kind.set(before, &prior.inputs, &changed)?;
    steps.iter_mut().for_each(|step| step.sets.clear());
    Ok(steps)
}

/// An earlier run made it and was cut off. What creating it takes besides (a rule to revoke, an attachment) shows in no field,
/// so it is done again: such calls know "already so". Then the wait.
fn unfinished(
    kind: &'static dyn ResourceType,
    inputs: &Value,
    mut steps: Vec<Step>,
) -> Result<Vec<Step>, InvalidInputs> {
    let mut rest = kind.create(inputs)?;
    let wait = rest.pop();
    rest.retain(|s| s.effect == Effect::Update && s.sets.is_empty());
    // What is not ready refuses to be changed; and what was changed may take its time again.
    let first = if kind.ready().is_some() || steps.is_empty() {
        wait.clone()
    } else {
        None
    };
    if steps.last().is_some_and(|s| s.effect.mutates()) {
        steps.extend(wait);
    }
    steps.splice(0..0, rest.into_iter().chain(first));
    Ok(steps)
}

/// The calls that remove what is recorded.
pub(super) fn down(record: &Record, limits: TimeLimits) -> Result<Work, Error> {
    let kind = kind_of(&record.kind, &record.address)?;
    let invalid = |source| Error::InvalidInputs {
        address: record.address.clone(),
        source,
    };
    let mut rest = kind.delete(&record.inputs).map_err(invalid)?;
    let waits = |s: &Step| matches!(s.effect, Effect::Gone(_));
    if record.phase == Phase::Deleting && rest.iter().any(waits) {
        // Its delete was accepted by an earlier run: only the wait is left. Where a delete has no wait of its own, its call is made
        // again, which AWS answers once the one before has ended.
        rest.retain(waits);
    }
    limit(&mut rest, limits);
    Ok(Work { early: vec![], rest })
}
