//! Renamed addresses: the records of a stack under the addresses that it declares now.

use crate::{Declared, Finding, refresh::Refreshed};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tenon_state::{Record, RecordKey, State, StateWrite};

/// The moves that were applied to a state.
pub(super) struct Moves {
    /// The record writes that apply them to the stored state.
    pub(super) writes: Vec<StateWrite>,
    /// New address to the one that is recorded.
    pub(super) renamed: BTreeMap<String, String>,
}

/// The rest of `address` after `scope`, when it is that or in it.
pub(crate) fn below<'a>(address: &'a str, scope: &str) -> Option<&'a str> {
    let rest = address.strip_prefix(scope)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// The address that `address` has after every declared move.
///
/// A move names a resource or a scope, and each may move again, alone or with a scope around it, so moves are followed to
/// the end: a state may be several releases behind the program. The longest match counts, because a resource that is named
/// alone need not go where its old scope went.
///
/// Nothing here relies on there being no cycle: [`findings`] reports cycles, and until then this must still end. `None`:
/// following the moves comes back to an address that was passed before.
fn destination(moved: &BTreeMap<String, String>, address: &str) -> Option<String> {
    let mut current = address.to_owned();
    let mut passed = BTreeSet::from([current.clone()]);
    loop {
        let matching = moved.iter().filter_map(|(old, new)| {
            let rest = below(&current, old)?;
            // A scope that moved into a scope of its own: what is inside of that has arrived.
            let arrived = old != new && below(new, old).is_some() && below(&current, new).is_some();
            (!arrived).then(|| (old.len(), format!("{new}{rest}")))
        });
        let Some((_, next)) = matching.max_by_key(|(length, _)| *length) else {
            return Some(current);
        };
        // The second limit is for moves that only ever make an address longer: `a` to `b`, and `b` to `a/c`.
        if !passed.insert(next.clone()) || passed.len() > moved.len() + 1 {
            return None;
        }
        current = next;
    }
}

/// The moves that cannot be: those that lead back to themselves, and those whose end is not declared, because with such a
/// move the recorded resource would be deleted as one that is no longer declared.
pub(crate) fn findings(declared: &Declared) -> Vec<Finding> {
    let is_declared = |address: &str| declared.resources.keys().any(|a| below(a, address).is_some());
    let mut findings = vec![];
    for (old, new) in &declared.moved {
        let at = |why: String| {
            let location = declared.moved_at.get(old).map_or("", String::as_str);
            Finding::at(old, location, why)
        };
        if let Some(declaration) = declared.resources.get(old) {
            let why = format!("is declared, and also said to have moved to `{new}`; remove one of the two");
            findings.push(Finding::at(old, &declaration.location, why));
            continue;
        }
        match destination(&declared.moved, old) {
            None => findings.push(at(format!(
                "is said to have moved to `{new}`, and by way of that back again; remove one of these moves"
            ))),
            Some(end) if !is_declared(&end) => findings.push(at(format!(
                "is said to have moved to `{end}`, which is not declared; correct that address, or remove the move"
            ))),
            Some(_) => {}
        }
    }
    findings
}

/// Renames the records of the refreshed state to the addresses that the program uses now.
///
/// A record stays where it is when its new address is recorded already: two resources cannot become one, and which of them
/// goes is for the rest of the plan to show.
pub(super) fn apply(declared: &Declared, refreshed: &Refreshed) -> (State, Moves) {
    let mut state = refreshed.state.clone();
    let mut moves = Moves {
        writes: vec![],
        renamed: BTreeMap::new(),
    };
    // Every generation of an address moves together, so targets are judged by the state before any move.
    let occupied: BTreeSet<String> = state.records.keys().map(|k| k.address.clone()).collect();
    let keys: Vec<RecordKey> = state.records.keys().cloned().collect();
    for key in keys {
        let Some(new) = destination(&declared.moved, &key.address) else {
            continue;
        };
        if new == key.address || declared.resources.contains_key(&key.address) || occupied.contains(&new) {
            continue;
        }
        let earlier = moves.renamed.get(&new);
        if earlier.is_some_and(|old| *old != key.address) {
            continue;
        }
        if let Some(record) = state.records.remove(&key) {
            let RecordKey { address, generation } = key;
            moves.renamed.insert(new.clone(), address.clone());
            moves.writes.push(StateWrite::Remove { address, generation });
            let record = Record {
                address: new,
                ..Arc::unwrap_or_clone(record)
            };
            moves.writes.push(StateWrite::Put(record.clone()));
            state.insert(record);
        }
    }
    if !moves.renamed.is_empty() {
        let new_by_old: BTreeMap<&String, &String> = moves.renamed.iter().map(|(n, o)| (o, n)).collect();
        for record in state.records.values_mut() {
            if !record.dependencies.iter().any(|d| new_by_old.contains_key(d)) {
                continue;
            }
            let record = Arc::make_mut(record);
            for dependency in &mut record.dependencies {
                if let Some(new) = new_by_old.get(dependency) {
                    *dependency = (*new).clone();
                }
            }
            moves.writes.push(StateWrite::Put(record.clone()));
        }
    }
    (state, moves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(o, n)| ((*o).into(), (*n).into())).collect()
    }

    #[test]
    fn chains_of_resources_and_scopes_are_followed_to_their_end() {
        let moves = moved(&[
            ("a", "b"),
            ("b", "net/b"),
            ("net", "network"),
            ("network/b", "network/subnets/b"),
            ("old/one", "alone"),
            ("old", "new"),
            ("flat", "flat/inner"),
        ]);
        for (old, new) in [
            ("a", "network/subnets/b"),
            ("net/c", "network/c"),
            ("old/one", "alone"),
            ("old/two", "new/two"),
            ("older", "older"),
            ("flat/vpc", "flat/inner/vpc"),
            ("flat/inner/vpc", "flat/inner/vpc"),
        ] {
            assert_eq!(destination(&moves, old).as_deref(), Some(new), "{old}");
        }
    }

    #[test]
    fn a_cycle_has_no_end() {
        for pairs in [
            &[("a", "b"), ("b", "a")][..],
            &[("a", "a")],
            &[("a", "b"), ("b", "a/c")],
            &[("a/b", "c"), ("c", "a/b")],
        ] {
            assert_eq!(destination(&moved(pairs), pairs[0].0), None, "{pairs:?}");
        }
    }
}
