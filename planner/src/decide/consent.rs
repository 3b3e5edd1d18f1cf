//! Consent: data goes only when the environment, or a person by name, says so.

use super::{options::Options, select};
use crate::{Action, Decision, Declared, Error, Finding, Reason, declare::kind_of};
use tenon_state::{Record, RecordKey, State};

/// Refuses decisions that lose data which nobody has agreed to lose.
///
/// Asked of the recorded state, not of the program: what a program no longer declares is exactly what it cannot protect.
pub(super) fn require(
    decisions: &[Decision],
    state: &State,
    declared: &Declared,
    options: &Options,
) -> Result<(), Error> {
    let mut findings = vec![];
    for decision in decisions {
        let agreed = |pattern: &String| select::matches(pattern, &decision.address);
        if options.consent.iter().any(agreed) {
            continue;
        }
        let lost = if declared.disposable {
            None
        } else {
            loss(decision, state)?
        };
        let guarded = || guarded(decision, decisions, state);
        if let Some(why) = lost.map_or_else(guarded, |lost| Ok(Some(lost)))? {
            findings.push(Finding {
                address: decision.address.clone(),
                location: decision.declared.clone().unwrap_or_default(),
                why,
            });
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::NeedsConsent(findings))
    }
}

/// The record that a decision removes, and the word for that.
fn removed<'s>(decision: &Decision, state: &'s State) -> Option<(&'s Record, &'static str)> {
    match decision.action {
        Action::Delete => {
            let key = RecordKey::new(decision.address.clone(), decision.generation);
            Some((state.get(&key)?, "deleted"))
        }
        action if action.replaces() => Some((state.current(&decision.address)?, "replaced")),
        _ => None,
    }
}

/// The reason for a removal, as the end of a clause.
fn because(decision: &Decision) -> String {
    match &decision.reason {
        Some(Reason::Immutable(fields)) => format!(" because `{}` changes", fields.join("`, `")),
        _ => String::new(),
    }
}

/// The data that a decision would lose, as the rest of a sentence about the resource; `None` when it loses none.
fn loss(decision: &Decision, state: &State) -> Result<Option<String>, Error> {
    let Some((record, verb)) = removed(decision, state) else {
        return Ok(None);
    };
    let kind = kind_of(&record.kind, &record.address)?;
    let steps = kind.delete(&record.inputs).unwrap_or_default();
    let lost = steps.iter().find_map(|s| s.destroys.as_deref());
    if !kind.stateful() && lost.is_none() {
        return Ok(None);
    }
    let (because, lost) = (because(decision), lost.unwrap_or("the data in it"));
    Ok(Some(format!(
        "would be {verb}{because}, and {lost} would be lost"
    )))
}

/// The guard that a decision would break, as the rest of a sentence about the resource; `None` when it breaks none. What was
/// recorded counts: a program that takes a guard off and removes what it guards in one go has not taken it off before.
///
/// What an earlier run has let go of already, by a plan that somebody agreed to, is not asked for again.
fn guarded(decision: &Decision, all: &[Decision], state: &State) -> Result<Option<String>, Error> {
    let Some((record, verb)) = removed(decision, state) else {
        return Ok(None);
    };
    let kind = kind_of(&record.kind, &record.address)?;
    let guard = kind.guard(&record.inputs).unwrap_or_default();
    let Some(guard) = guard.filter(|guard| guard.replaced || !decision.action.replaces()) else {
        return Ok(None);
    };
    let goes = |id: &String| {
        let mut removals = all.iter().filter(|d| d.action == Action::Delete);
        removals.any(|d| d.id.as_ref() == Some(id))
    };
    // What AWS has accepted to delete is only waited for.
    let let_go = matches!(decision.reason, Some(Reason::Deposed | Reason::Unfinished));
    if let_go || guard.unless_with.as_ref().is_some_and(goes) {
        return Ok(None);
    }
    let (because, why, otherwise) = (because(decision), guard.why, guard.otherwise);
    Ok(Some(format!("would be {verb}{because}, {why}; or {otherwise}")))
}
