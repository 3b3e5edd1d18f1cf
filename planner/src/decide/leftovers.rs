//! Records that no declared resource continues: what is no longer declared, and what earlier replacements and deletes left.

use super::{moves::below, select::Selection};
use crate::{
    Action, Decision, Declared, Error, Finding, Reason, Removed, declare::kind_of, recorded,
    refresh::Refreshed,
};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_resources::{
    declaration::ResourceOptions,
    resource::ResourceType,
    value::{EXPIRES, Owner},
};
use tenon_state::{Phase, Record, State};

/// The decisions on everything that is recorded and that `decisions` do not continue.
///
/// # Errors
/// A record of a type, or with options, that this version does not know.
// Long: an arm for each phase, and the members of a decision.
pub(super) fn decide(
    decisions: &[Decision],
    (declared, refreshed, state): (&Declared, &Refreshed, &State),
    selection: &Selection,
    destroy: bool,
) -> Result<Vec<Decision>, Error> {
    let continued: BTreeSet<(&str, u32)> = decisions
        .iter()
        .filter_map(|d| state.current(&d.address))
        .map(|r| (r.address.as_str(), r.generation))
        .collect();
    let mut out = vec![];
    for record in state.records.values().rev() {
        if continued.contains(&(record.address.as_str(), record.generation)) {
            continue;
        }
        // A type that this version does not know cannot be deleted by it, so there is no plan at all.
        let kind = kind_of(&record.kind, &record.address)?;
        let included = selection.includes(&record.address);
        let options = options(declared, record)?;
        let lives = !matches!(record.phase, Phase::Deleting | Phase::Deposed);
        let forgotten = declared
            .forgotten
            .keys()
            .any(|scope| below(&record.address, scope).is_some());
        let (action, reason) = match record.phase {
            _ if !included => (Action::None, Reason::Excluded),
            Phase::Deleting => (Action::Delete, Reason::Unfinished),
            Phase::Deposed => (Action::Delete, Reason::Deposed),
            // One whose create was cut off before anybody knew its id is not there to be forgotten.
            _ if lives && forgotten && record.id.is_some() => (Action::Forget, Reason::Named),
            _ if lives && kind.awaited() => (Action::Forget, Reason::Awaited),
            _ if lives && options.kept && record.id.is_some() => (Action::Forget, Reason::Kept),
            _ if refreshed.added.contains(&record.address) => (Action::Delete, Reason::Added),
            _ if destroy => (Action::Delete, Reason::Asked),
            _ => (Action::Delete, Reason::NotDeclared),
        };
        let inputs = match action {
            Action::Forget => unmarked(kind, record),
            _ => Value::Null,
        };
        out.push(Decision {
            address: record.address.clone(),
            kind: record.kind.clone(),
            action,
            reason: Some(reason),
            generation: record.generation,
            changes: vec![],
            inputs: inputs.into(),
            dependencies: record.dependencies.clone(),
            id: record.id.clone(),
            declared: record.declared.clone(),
            moved_from: None,
            note: None,
            removed: (action == Action::Delete)
                .then(|| Removed::of(record).map(Box::new))
                .transpose()?,
            options,
            options_before: None,
            place: recorded::place(record)?,
        });
    }
    Ok(out)
}

/// The options of a recorded resource: those that the program says, as long as it says anything of it.
fn options(declared: &Declared, record: &Record) -> Result<ResourceOptions, Error> {
    match declared.resources.get(&record.address) {
        Some(declaration) => Ok(declaration.options.clone()),
        None => recorded::options(record),
    }
}

/// The recorded inputs without the stack's ownership tags: with them, a lost state would find it again and remove it.
fn unmarked(kind: &'static dyn ResourceType, record: &Record) -> Value {
    let mut inputs = record.inputs.clone();
    if kind.taggable()
        && let Some(tags) = inputs["tags"].as_object_mut()
    {
        tags.retain(|key, _| {
            ![Owner::STACK, Owner::ADDRESS, Owner::GENERATION, EXPIRES].contains(&key.as_str())
        });
    }
    inputs
}

/// Refuses to forget what cannot go on without something that is deleted.
///
/// # Errors
/// All such at once, each with its remedy.
pub(super) fn refuse_halves(decisions: &[Decision]) -> Result<(), Error> {
    let deleted: BTreeSet<&str> = decisions
        .iter()
        .filter(|d| d.action == Action::Delete && d.reason != Some(Reason::Deposed))
        .map(|d| d.address.as_str())
        .collect();
    let mut findings = vec![];
    for d in decisions.iter().filter(|d| d.action == Action::Forget) {
        let kind = kind_of(&d.kind, &d.address)?;
        let guard = kind.guard(&d.inputs).unwrap_or_default();
        if kind.awaited() || guard.is_some_and(|guard| guard.stays_alone) {
            continue;
        }
        for used in d.dependencies.iter().filter(|a| deleted.contains(a.as_str())) {
            let why = format!(
                "is forgotten and stays, and uses `{used}`, which this plan deletes; keep or forget that, too, or let this one be deleted"
            );
            let location = d.declared.as_deref().unwrap_or_default();
            findings.push(Finding::at(&d.address, location, why));
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
    }
}
