//! Two changes at once: a type that folds them into one call loses nothing of either.

use crate::{Findings, Type, every_type};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_resources::{call::Step, resource::Mutability};

/// An operation, the path of a member in it, and the member's value.
type Leaf = (String, String, String);

/// Everything that calls say, a line for each member. Lists are sets of what is in them: a folded call joins them.
fn leaves(steps: &[Step]) -> BTreeSet<Leaf> {
    fn walk(value: &Value, path: &str, operation: &str, out: &mut BTreeSet<Leaf>) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (member, value) in members {
                    walk(value, &format!("{path}.{member}"), operation, out);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    out.insert((operation.into(), format!("{path}[]"), item.to_string()));
                }
            }
            leaf => drop(out.insert((operation.into(), path.into(), leaf.to_string()))),
        }
    }
    let mut out = BTreeSet::new();
    for step in steps.iter().filter(|step| step.effect.mutates()) {
        walk(&step.params, "", &step.operation, &mut out);
    }
    out
}

/// The fields that a type changes in place and that differ between its samples.
fn changed(kind: Type, [from, to]: &[Value; 2]) -> Vec<&'static str> {
    let fields = kind.fields().iter();
    let in_place = fields.filter(|f| f.change == Mutability::InPlace);
    in_place
        .map(|f| f.name)
        .filter(|name| from[name] != to[name])
        .collect()
}

/// Holds the calls of the change of both fields against those of each of the two alone, between the same inputs.
fn try_pair(kind: Type, [from, other]: &[Value; 2], pair: [&str; 2], findings: &mut Findings) {
    let mut to = from.clone();
    for field in pair {
        to[field] = other[field].clone();
    }
    let steps = |fields: &[&str]| kind.set(&to, from, fields);
    let (Ok(both), Ok(first), Ok(second)) = (steps(&pair), steps(&pair[..1]), steps(&pair[1..])) else {
        return findings.add(kind, format!("{pair:?} cannot be set at once"));
    };
    let said = leaves(&both);
    for (field, alone) in pair.iter().zip([&first, &second]) {
        let lost: Vec<_> = leaves(alone).difference(&said).cloned().collect();
        findings.add_unless(
            lost.is_empty(),
            kind,
            format!("{pair:?} at once loses of `{field}`: {lost:?}"),
        );
    }
    let set: BTreeSet<&str> = both.iter().flat_map(|s| &s.sets).map(AsRef::as_ref).collect();
    let alone = first.iter().chain(&second).flat_map(|s| &s.sets);
    let expected: BTreeSet<&str> = alone.map(AsRef::as_ref).collect();
    findings.add_unless(set == expected, kind, format!("{pair:?} at once sets {set:?}"));
}

#[test]
fn every_pair_of_fields_changes_at_once_without_a_loss() {
    let mut pairs = 0;
    every_type(|kind, findings| {
        let samples = kind.samples();
        let turned = [samples[1].clone(), samples[0].clone()];
        for inputs in [&samples, &turned] {
            let fields = changed(kind, inputs);
            for (n, first) in fields.iter().enumerate() {
                for second in &fields[n + 1..] {
                    pairs += 1;
                    try_pair(kind, inputs, [first, second], findings);
                }
            }
        }
    });
    assert!(pairs > 1_000, "{pairs} pairs");
}
