//! Consent: data goes only when the environment, or a person by name, says so.

use super::{options::Options, select};
use crate::{Action, Decision, Declared, Error, Finding, Reason, declare::kind_of};
use tenon_state::{RecordKey, State};

/// Refuses decisions that lose data which nobody has agreed to lose.
///
/// Asked of the recorded state, not of the program: what a program no longer declares is exactly what it cannot protect.
pub(super) fn require(
    decisions: &[Decision],
    state: &State,
    declared: &Declared,
    options: &Options,
) -> Result<(), Error> {
    if declared.disposable {
        return Ok(());
    }
    let mut findings = vec![];
    for decision in decisions {
        let agreed = |pattern: &String| select::matches(pattern, &decision.address);
        if options.consent.iter().any(agreed) {
            continue;
        }
        if let Some(why) = loss(decision, state)? {
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

/// The data that a decision would lose, as the rest of a sentence about the resource; `None` when it loses none.
fn loss(decision: &Decision, state: &State) -> Result<Option<String>, Error> {
    let (record, verb) = match decision.action {
        Action::Delete => {
            let key = RecordKey::new(decision.address.clone(), decision.generation);
            (state.get(&key), "deleted")
        }
        action if action.replaces() => (state.current(&decision.address), "replaced"),
        _ => return Ok(None),
    };
    let Some(record) = record else { return Ok(None) };
    let kind = kind_of(&record.kind, &record.address)?;
    let steps = kind.delete(&record.inputs).unwrap_or_default();
    let lost = steps.iter().find_map(|s| s.destroys.as_deref());
    if !kind.stateful() && lost.is_none() {
        return Ok(None);
    }
    let because = match &decision.reason {
        Some(Reason::Immutable(fields)) => format!(" because `{}` changes", fields.join("`, `")),
        _ => String::new(),
    };
    let lost = lost.unwrap_or("the data in it");
    Ok(Some(format!(
        "would be {verb}{because}, and {lost} would be lost"
    )))
}
