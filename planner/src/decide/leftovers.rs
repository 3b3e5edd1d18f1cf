//! Records that no declared resource continues: what is no longer declared, and what earlier replacements and deletes left.

use super::select::Selection;
use crate::{Action, Decision, Error, Reason, Removed, declare::kind_of};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_state::{Phase, State};

/// The decisions on everything that is recorded and that `decisions` do not continue.
pub(super) fn decide(
    decisions: &[Decision],
    state: &State,
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
        kind_of(&record.kind, &record.address)?;
        let included = selection.includes(&record.address);
        let reason = match record.phase {
            _ if !included => Reason::Excluded,
            Phase::Deleting => Reason::Unfinished,
            Phase::Deposed => Reason::Deposed,
            _ if destroy => Reason::Asked,
            _ => Reason::NotDeclared,
        };
        out.push(Decision {
            address: record.address.clone(),
            kind: record.kind.clone(),
            action: if included { Action::Delete } else { Action::None },
            reason: Some(reason),
            generation: record.generation,
            changes: vec![],
            inputs: Value::Null,
            dependencies: record.dependencies.clone(),
            id: record.id.clone(),
            declared: record.declared.clone(),
            moved_from: None,
            note: None,
            removed: included.then(|| Removed::of(record)),
        });
    }
    Ok(out)
}
