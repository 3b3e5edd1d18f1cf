//! The calls of a saved plan against its decisions and the registry.
//!
//! What a call does, what its errors mean, what it needs to be allowed and what it loses is the registry's to say. So that
//! a plan can be shown without its state, each decision says what it removes; whether that is what the state records is
//! seen when the plan is made again.

use crate::{
    Action, Decision, Error, Plan, PlannedCall,
    declare::kind_of,
    order::{limit, show_while_pending},
};
use std::collections::HashMap;
use tenon_resources::{
    call::{Effect, Step},
    resource::ResourceType,
};

/// The calls that a decision may lead to, about one object.
enum Expected {
    /// These and no others, all of them.
    Exactly(Vec<Step>),
    /// Those that the type has for changes; which of them depends on what is recorded.
    Changes(&'static dyn ResourceType),
}

/// Checks every call.
///
/// # Errors
/// A call that no decision leads to, or that is not as the registry has it; a decision without its calls.
pub(super) fn check(plan: &Plan) -> Result<(), Error> {
    let mut calls: HashMap<(&str, u32), Vec<&PlannedCall>> = HashMap::new();
    for call in &plan.calls {
        calls
            .entry((&call.address, call.generation))
            .or_default()
            .push(call);
    }
    for decision in &plan.decisions {
        for (kind, generation, expected) in expected(decision)? {
            let calls = calls.remove(&(decision.address.as_str(), generation));
            let calls = calls.unwrap_or_default();
            let elsewhere = calls.iter().find(|c| c.place != *decision.place_of(generation));
            if let Some(call) = elsewhere {
                return Err(forged(
                    call,
                    "is made in another account or region than what it is about",
                ));
            }
            compare(decision, kind, &expected, &calls)?;
        }
    }
    // The first in the plan's order, so that the same plan is refused with the same words.
    let stray = plan
        .calls
        .iter()
        .find(|c| calls.contains_key(&(c.address.as_str(), c.generation)));
    match stray {
        None => Ok(()),
        Some(call) => Err(forged(call, "belongs to no decision that allows it")),
    }
}

/// The outcome of a decision: type, generation and calls of each object that it is about.
fn expected(decision: &Decision) -> Result<Vec<(&str, u32, Expected)>, Error> {
    let invalid = |source| Error::InvalidInputs {
        address: decision.address.clone(),
        source,
    };
    let mut all = vec![];
    let kind = kind_of(&decision.kind, &decision.address)?;
    match decision.action {
        Action::Create | Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => {
            // Bytes in the place of a secret's source can be read and never be written: that is refused first.
            kind.canonical(&decision.inputs).map_err(invalid)?;
            let mut steps = kind.create(&decision.inputs).map_err(invalid)?;
            limit(&mut steps, decision.options.time_limits);
            all.push((
                decision.kind.as_str(),
                decision.generation,
                Expected::Exactly(steps),
            ));
        }
        Action::Update | Action::Forget => all.push((
            decision.kind.as_str(),
            decision.generation,
            Expected::Changes(kind),
        )),
        Action::None | Action::Delete => {}
    }
    let removes = decision.action == Action::Delete || decision.action.replaces();
    match &decision.removed {
        Some(removed) if removes => {
            let kind = kind_of(&removed.kind, &decision.address)?;
            kind.canonical(&removed.inputs).map_err(invalid)?;
            let mut steps = kind.delete(&removed.inputs).map_err(invalid)?;
            if removed.accepted {
                steps.retain(|s| matches!(s.effect, Effect::Gone(_)));
            }
            limit(&mut steps, decision.options.time_limits);
            all.push((
                removed.kind.as_str(),
                removed.generation,
                Expected::Exactly(steps),
            ));
        }
        None if !removes => {}
        _ => {
            let why = format!(
                "the decision on `{}` does not say what it removes",
                decision.address
            );
            return Err(Error::PlanForged { why });
        }
    }
    Ok(all)
}

fn compare(
    decision: &Decision,
    kind: &str,
    expected: &Expected,
    calls: &[&PlannedCall],
) -> Result<(), Error> {
    if let Some(call) = calls.iter().find(|c| c.kind != kind) {
        return Err(forged(call, "is of another type than what it is about"));
    }
    match expected {
        Expected::Exactly(steps) => {
            let mut steps = steps.clone();
            // Whether there is this wait depends on who uses the resource. It changes nothing.
            if calls.iter().any(|c| matches!(c.step.effect, Effect::Shown(_))) {
                show_while_pending(&mut steps);
            }
            if let Some((call, _)) = calls.iter().zip(&steps).find(|(call, step)| call.step != **step) {
                return Err(forged(call, "is not as its type makes it"));
            }
            if let Some(call) = calls.get(steps.len()) {
                return Err(forged(call, "belongs to no decision that allows it"));
            }
            if calls.len() < steps.len() {
                let why = format!("calls about `{}` are missing", decision.address);
                return Err(Error::PlanForged { why });
            }
            Ok(())
        }
        Expected::Changes(kind) => {
            let wrong = calls.iter().find(|call| !is_change(&call.step, *kind));
            wrong.map_or(Ok(()), |call| {
                Err(forged(call, "is none with which its type is changed"))
            })
        }
    }
}

/// `true` for a call that changes a resource of this type in place, or waits for that.
fn is_change(step: &Step, kind: &'static dyn ResourceType) -> bool {
    let same = |actions: &[&str]| step.actions.iter().map(AsRef::as_ref).eq(actions.iter().copied());
    match step.effect {
        Effect::Update => {
            step.destroys.is_none()
                && kind.calls().iter().any(|c| {
                    (c.service, c.operation, c.on) == (&*step.service, &*step.operation, &*step.on)
                        && same(c.actions)
                })
        }
        Effect::Ready(_) | Effect::Shown(_) => {
            let read = kind.read();
            (read.service, read.operation) == (&*step.service, &*step.operation) && same(read.actions)
        }
        Effect::Create | Effect::Delete | Effect::Gone(_) => false,
    }
}

fn forged(call: &PlannedCall, why: &str) -> Error {
    Error::PlanForged {
        why: format!("{} of `{}` {why}", call.title(), call.address),
    }
}
