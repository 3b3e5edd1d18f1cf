//! History of a state: the runs that changed it, and what each of them changed.
//!
//! The journal names the holder of each fencing number and has every change, so the history follows from folding it: a
//! run that was cut off is in it with what it had done by then, and nobody has to write it.
//!
//! The newest [`WHOLE_RUNS`] runs are kept whole. Of older ones only that is kept which nothing newer covers, so that the
//! run which last changed a field is known for as long as the resource exists.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use serde_json::Value;

use crate::{
    intent::StateWrite,
    lease::Holder,
    record::{Record, RecordKey, State},
    runs::{Change, Run, WHOLE_RUNS},
};

/// Changes that `writes` make to `state`, as the history has them.
pub(crate) fn changes(state: &State, writes: &[StateWrite]) -> Vec<(String, Change)> {
    let removed = |write: &StateWrite| match write {
        StateWrite::Remove { address, generation } => {
            state.get(&RecordKey::new(address.clone(), *generation))
        }
        _ => None,
    };
    let moved_from = |record: &Record| {
        let same = |old: &&Record| {
            old.address != record.address
                && old.id.is_some()
                && old.id == record.id
                && old.kind == record.kind
        };
        writes.iter().filter_map(removed).find(same)
    };
    let moved_to = |old: &Record| {
        writes.iter().any(|write| {
            matches!(write, StateWrite::Put(new) if new.address != old.address && old.id.is_some() && new.id == old.id && new.kind == old.kind)
        })
    };
    let mut found = vec![];
    for write in writes {
        match write {
            StateWrite::Put(record) => {
                if let Some(change) = put(state, record, moved_from(record)) {
                    found.push((record.address.clone(), change));
                }
            }
            StateWrite::Remove { address, generation } => {
                let gone = removed(write).is_some_and(|old| !moved_to(old));
                let others = state.at(address).any(|r| r.generation != *generation);
                if gone && !others {
                    found.push((address.clone(), Change::Removed));
                }
            }
            StateWrite::Outputs(_)
            | StateWrite::Target { .. }
            | StateWrite::Expires { .. }
            | StateWrite::Deployed { .. } => {}
        }
    }
    found
}

fn put(state: &State, record: &Record, moved_from: Option<&Record>) -> Option<Change> {
    if let Some(old) = state.get(&record.key()) {
        let fields = differing(&old.inputs, &record.inputs);
        return (!fields.is_empty()).then_some(Change::Changed(fields));
    }
    match moved_from {
        Some(old) => Some(Change::Moved {
            from: old.address.clone(),
            fields: differing(&old.inputs, &record.inputs),
        }),
        None if state.at(&record.address).next().is_some() => Some(Change::Replaced),
        None => Some(Change::Added),
    }
}

/// Names of the members in which two objects differ.
fn differing(one: &Value, other: &Value) -> BTreeSet<String> {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else {
        return BTreeSet::new();
    };
    let names = one.keys().chain(other.keys());
    let differs = |name: &&String| one.get(*name) != other.get(*name);
    names.filter(differs).cloned().collect()
}

/// Adds `changes` to the run of fencing number `fence` at the end of `runs`, which begins with them if it is not there yet.
pub(crate) fn add(
    state: &mut State,
    fence: u64,
    holder: Option<&Holder>,
    changes: Vec<(String, Change)>,
    outputs: BTreeSet<String>,
) {
    if changes.is_empty() && outputs.is_empty() {
        return;
    }
    if state.runs.last().is_none_or(|run| run.fence != fence) {
        let unknown = || Run {
            fence,
            at_ms: 0,
            who: String::new(),
            command: String::new(),
            commit: None,
            changes: BTreeMap::new(),
            outputs: BTreeSet::new(),
        };
        let run = holder.map_or_else(unknown, |holder| Run {
            at_ms: holder.since_ms,
            who: holder.who.clone(),
            command: holder.command.clone(),
            commit: holder.commit.clone(),
            ..unknown()
        });
        state.runs.push(Arc::new(run));
        prune(state);
    }
    let Some(run) = state.runs.last_mut().map(Arc::make_mut) else {
        return;
    };
    run.outputs.extend(outputs);
    for (address, change) in changes {
        let change = match run.changes.remove(&address) {
            Some(first) => first.then(change),
            None => Some(change),
        };
        if let Some(change) = change {
            run.changes.insert(address, change);
        }
    }
}

/// Names of the outputs in which two lists of them differ.
pub(crate) fn differing_outputs(
    one: &BTreeMap<String, Value>,
    other: &BTreeMap<String, Value>,
) -> BTreeSet<String> {
    let names = one.keys().chain(other.keys());
    names
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect()
}

/// Drops from all but the newest runs what newer ones cover, and what is about addresses where nothing is recorded.
fn prune(state: &mut State) {
    let Some(old) = state.runs.len().checked_sub(WHOLE_RUNS).filter(|old| *old > 0) else {
        return;
    };
    let mut seen: HashSet<(String, Option<String>)> = HashSet::new();
    let mut kept = vec![];
    let mut moved_from: HashSet<String> = HashSet::new();
    for (index, run) in state.runs.iter().enumerate().rev() {
        let mut run = Arc::clone(run);
        if index < old {
            let left = Arc::make_mut(&mut run);
            left.outputs.clear();
            left.changes.retain(|address, change| {
                let recorded = moved_from.contains(address) || state.at(address).next().is_some();
                let open = |field: &String| !seen.contains(&(address.clone(), Some(field.clone())));
                let whole = seen.contains(&(address.clone(), None));
                match change {
                    Change::Removed => false,
                    Change::Added | Change::Replaced => recorded && !whole,
                    Change::Changed(fields) => {
                        fields.retain(open);
                        recorded && !whole && !fields.is_empty()
                    }
                    Change::Moved { .. } => recorded && !whole,
                }
            });
        }
        for (address, change) in &run.changes {
            match change {
                Change::Added | Change::Replaced | Change::Removed => {
                    seen.insert((address.clone(), None));
                }
                Change::Changed(fields) | Change::Moved { fields, .. } => {
                    seen.extend(fields.iter().map(|f| (address.clone(), Some(f.clone()))));
                }
            }
        }
        moved_from.extend(run.changes.values().filter_map(|change| match change {
            Change::Moved { from, .. } => Some(from.clone()),
            _ => None,
        }));
        if index >= old || !run.changes.is_empty() {
            kept.push(run);
        }
    }
    kept.reverse();
    state.runs = kept;
}

impl State {
    /// The run that last changed `field` of what is recorded at `address`, or anything of it; follows it back to where it
    /// was recorded before. `None` when that was before the history begins.
    pub fn last_change(&self, address: &str, field: Option<&str>) -> Option<(&Run, &Change)> {
        let mut address = address;
        for run in self.runs.iter().rev() {
            let Some(change) = run.changes.get(address) else {
                continue;
            };
            if field.is_none_or(|field| change.covers(field)) {
                return Some((run, change));
            }
            if let Change::Moved { from, .. } = change {
                address = from;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::{Identity, Phase};

    fn record(address: &str, generation: u32, id: &str, inputs: Value) -> StateWrite {
        StateWrite::Put(Record {
            address: address.into(),
            kind: "ec2.vpc".into(),
            generation,
            id: Some(id.into()),
            inputs,
            outputs: json!({}),
            dependencies: vec![],
            phase: Phase::Ready,
            declared: None,
            unmarked: false,
            options: serde_json::Value::Null,
            place: serde_json::Value::Null,
        })
    }

    fn remove(address: &str, generation: u32) -> StateWrite {
        StateWrite::Remove {
            address: address.into(),
            generation,
        }
    }

    fn state() -> State {
        let (stack, env) = ("shop".into(), "test".into());
        State::new(&Identity { stack, env }, String::new())
    }

    /// Makes `writes` as the run with this fencing number.
    fn write(state: &mut State, fence: u64, writes: &[StateWrite]) {
        let found = changes(state, writes);
        for change in writes {
            match change {
                StateWrite::Put(record) => state.insert(record.clone()),
                StateWrite::Remove { address, generation } => {
                    state
                        .records
                        .remove(&RecordKey::new(address.clone(), *generation));
                }
                _ => {}
            }
        }
        add(state, fence, None, found, BTreeSet::new());
    }

    fn last(state: &State, address: &str, field: Option<&str>) -> Option<u64> {
        state.last_change(address, field).map(|(run, _)| run.fence)
    }

    #[test]
    fn each_field_has_the_run_that_last_changed_it() {
        let mut state = state();
        write(
            &mut state,
            1,
            &[record("vpc", 0, "vpc-1", json!({"a": 1, "b": 1}))],
        );
        write(
            &mut state,
            2,
            &[record("vpc", 0, "vpc-1", json!({"a": 2, "b": 1}))],
        );
        // The same again is no change, and no run.
        write(
            &mut state,
            3,
            &[record("vpc", 0, "vpc-1", json!({"a": 2, "b": 1}))],
        );
        assert_eq!(
            (last(&state, "vpc", Some("a")), last(&state, "vpc", Some("b"))),
            (Some(2), Some(1))
        );
        assert_eq!((last(&state, "vpc", None), state.runs.len()), (Some(2), 2));
        // A replacement covers everything; the end of what it replaced is no deletion.
        write(
            &mut state,
            4,
            &[record("vpc", 1, "vpc-2", json!({"a": 2, "b": 1}))],
        );
        write(&mut state, 5, &[remove("vpc", 0)]);
        assert_eq!(state.runs.last().unwrap().changes["vpc"], Change::Replaced);
        assert_eq!(last(&state, "vpc", Some("b")), Some(4));
        write(&mut state, 6, &[remove("vpc", 1)]);
        assert_eq!(state.runs.last().unwrap().changes["vpc"], Change::Removed);
    }

    #[test]
    fn a_move_is_followed_back_and_what_came_to_nothing_is_left_out() {
        let mut state = state();
        write(&mut state, 1, &[record("a", 0, "vpc-1", json!({"x": 1, "y": 1}))]);
        write(
            &mut state,
            2,
            &[remove("a", 0), record("b", 0, "vpc-1", json!({"x": 1, "y": 2}))],
        );
        assert_eq!(
            (last(&state, "b", Some("y")), last(&state, "b", Some("x"))),
            (Some(2), Some(1))
        );
        assert_eq!(state.runs[1].changes.len(), 1);
        // Refused: its record is put before the call and removed after it.
        write(&mut state, 3, &[record("c", 0, "vpc-3", json!({}))]);
        write(&mut state, 3, &[remove("c", 0)]);
        assert!(!state.runs.last().unwrap().changes.contains_key("c"));
    }

    #[test]
    fn old_runs_keep_what_nothing_newer_covers() {
        let mut state = state();
        write(
            &mut state,
            1,
            &[
                record("kept", 0, "k", json!({"a": 1})),
                record("gone", 0, "g", json!({})),
            ],
        );
        write(
            &mut state,
            2,
            &[record("busy", 0, "b", json!({"n": 0, "still": 1}))],
        );
        write(&mut state, 3, &[remove("gone", 0)]);
        let runs = u64::try_from(WHOLE_RUNS).unwrap();
        for n in 0..2 * runs {
            write(
                &mut state,
                4 + n,
                &[record("busy", 0, "b", json!({"n": n + 1, "still": 1}))],
            );
        }
        assert_eq!(
            state.runs.len(),
            WHOLE_RUNS + 2,
            "the newest, and the two that added what is there"
        );
        assert_eq!(
            (
                last(&state, "kept", Some("a")),
                last(&state, "busy", Some("still"))
            ),
            (Some(1), Some(2))
        );
        assert_eq!(last(&state, "busy", Some("n")), Some(3 + 2 * runs));
        assert_eq!(last(&state, "gone", None), None);
    }
}
