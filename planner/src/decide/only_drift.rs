//! A plan of what restores what drifted, and of nothing else.
//!
//! The program may have moved on since it was applied. What follows from the drift is what the full plan decides and a plan from the
//! recorded state, as if nothing had drifted, does not; the plan is limited to that.

use super::{Options, plan};
use crate::{
    Action, Decision, Declared, Error, Plan,
    refresh::{Refreshed, unrefreshed},
};
use std::collections::BTreeSet;
use tenon_resources::cloud::Caller;
use tenon_state::State;

/// Plans what restores what drifted. `recorded` is the state as it is stored, `refreshed` the same as the cloud has it.
///
/// # Errors
/// As [`plan`]; and a resource that drifted has changes of the program's own, too, or needs one that has.
pub fn only_drift(
    declared: &Declared,
    recorded: &State,
    refreshed: &Refreshed,
    caller: &Caller,
    options: &Options,
) -> Result<Plan, Error> {
    // Consent to a loss that only the program's own changes bring is not asked for here: those changes are not in the result.
    let anything = Options {
        consent: vec!["*".into()],
        ..options.clone()
    };
    let wants_all = declared.resources.is_empty() && recorded.records.is_empty();
    let anything = if wants_all { options.clone() } else { anything };
    let as_recorded = Refreshed {
        lookups: refreshed.lookups.clone(),
        ..unrefreshed(recorded)
    };
    let before = plan(declared, &as_recorded, caller, &anything)?;
    let now = plan(declared, refreshed, caller, &anything)?;
    let pending: Vec<&Decision> = before
        .decisions
        .iter()
        .filter(|d| d.action != Action::None)
        .collect();
    let is_pending = |d: &Decision| pending.iter().any(|p| p.address == d.address);
    let same = |d: &Decision| {
        let same = |p: &&&Decision| p.address == d.address && p.action == d.action && p.changes == d.changes;
        pending.iter().any(|p| same(&p))
    };
    let caused: BTreeSet<&str> = now
        .decisions
        .iter()
        .filter(|d| d.action != Action::None && !same(d))
        .map(|d| d.address.as_str())
        .collect();
    let mut limited = options.clone();
    if caused.is_empty() {
        if !wants_all {
            limited.excludes = vec!["*".into()];
        }
    } else {
        limited.targets = caused.iter().map(|a| (*a).to_owned()).collect();
    }
    let cure = plan(declared, refreshed, caller, &limited)?;
    let mixed: BTreeSet<&str> = cure
        .decisions
        .iter()
        .filter(|d| d.action != Action::None && is_pending(d))
        .map(|d| d.address.as_str())
        .collect();
    if mixed.is_empty() {
        return Ok(cure);
    }
    Err(Error::PendingChanges {
        addresses: mixed.into_iter().collect::<Vec<_>>().join("`, `"),
    })
}
