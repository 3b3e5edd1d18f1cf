//! The calls: each one declared, each declared one made, no field forgotten, each create recoverable.

use super::{Findings, Type, all_needed, changed, every_type, exceptions, made};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenon_resources::{
    call::{Effect, OnError, Step},
    registry::TYPES,
    resource::{Field, Mutability},
};

/// Inputs that differ in `field` alone: from one sample's value to the other's, back, and to none and from none where there can be none.
fn pairs(kind: Type, field: &Field) -> Vec<(Value, Value)> {
    let none = match field.name {
        "tags" => Some(json!({})),
        _ => field
            .default
            .map(|d| d())
            .or_else(|| field.optional.then_some(Value::Null)),
    };
    let mut pairs = vec![];
    for (base, other) in changed(kind, field) {
        if let Some(none) = &none {
            let mut without = base.clone();
            without[field.name] = none.clone();
            let both = [&base, &other]
                .into_iter()
                .filter(|v| v[field.name] != without[field.name]);
            pairs.extend(both.flat_map(|v| [(v.clone(), without.clone()), (without.clone(), v.clone())]));
        }
        pairs.extend([(base.clone(), other.clone()), (other, base)]);
    }
    pairs
}

/// Everything that a type ever does with its samples.
fn everything(kind: Type) -> Vec<Step> {
    let mut steps = vec![];
    for sample in kind.samples() {
        steps.extend(made(kind.create(&sample)));
        steps.extend(made(kind.delete(&sample)));
    }
    for field in kind.fields() {
        for (was, want) in pairs(kind, field) {
            steps.extend(made(kind.create(&want)));
            steps.extend(made(kind.set(&want, &was, &[field.name])));
            steps.extend(made(kind.delete(&was)));
        }
    }
    steps
}

fn mutating(steps: &[Step]) -> impl Iterator<Item = &Step> {
    steps.iter().filter(|s| s.effect.mutates())
}

fn excused(kind: Type, field: &Field) -> bool {
    exceptions::NO_CALL
        .iter()
        .any(|(k, f, _)| *k == kind.name() && *f == field.name)
}

#[test]
fn calls_are_declared_and_declared_calls_are_made() {
    every_type(|kind, findings| {
        let declared: BTreeSet<_> = kind.calls().iter().map(|c| (c.service, c.operation)).collect();
        let steps = everything(kind);
        let done: BTreeSet<_> = mutating(&steps).map(|s| (&*s.service, &*s.operation)).collect();
        for (service, operation) in done.difference(&declared) {
            findings.add(
                kind,
                format!("makes {service}:{operation}, which is not in its CALLS"),
            );
        }
        for (service, operation) in declared.difference(&done) {
            findings.add(
                kind,
                format!("has {service}:{operation} in its CALLS, and its samples never make it"),
            );
        }
        let read = kind.read();
        for wait in steps.iter().filter(|s| !s.effect.mutates()) {
            let same = wait.service == read.service && wait.operation == read.operation;
            findings.add_unless(
                same,
                kind,
                format!("waits by {}:{}", wait.service, wait.operation),
            );
        }
    });
}

#[test]
fn calls_say_what_they_need() {
    every_type(|kind, findings| {
        let lists = kind.calls().into_iter().map(|c| (c.operation, c.actions));
        for (operation, actions) in lists.chain([(kind.read().operation, kind.read().actions)]) {
            findings.add_unless(
                !actions.is_empty(),
                kind,
                format!("{operation} needs no IAM action"),
            );
            for action in actions {
                let well_formed = action.split_once(':').is_some_and(|(prefix, name)| {
                    prefix
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                        && name.starts_with(|c: char| c.is_ascii_uppercase())
                });
                findings.add_unless(
                    well_formed,
                    kind,
                    format!("{operation} needs `{action}`, which is no IAM action"),
                );
            }
        }
        for step in everything(kind) {
            for rule in &step.rules {
                findings.add_unless(
                    !rule.code.is_empty(),
                    kind,
                    format!("{} has a rule without a code", step.operation),
                );
            }
        }
    });
}

#[test]
fn an_immutable_field_has_no_calls() {
    every_type(|kind, findings| {
        for field in kind.fields().iter().filter(|f| f.change == Mutability::Replace) {
            let none = pairs(kind, field)
                .iter()
                .all(|(was, want)| made(kind.set(want, was, &[field.name])).is_empty());
            findings.add_unless(none, kind, format!("changes immutable `{}` in place", field.name));
        }
    });
}

#[test]
fn a_mutable_field_has_calls_that_set_it() {
    every_type(|kind, findings| {
        for field in kind.fields().iter().filter(|f| f.change == Mutability::InPlace) {
            // Some fields count only beside others: a certificate for HTTPS, and none without. One pair has to tell.
            let mut told = false;
            for (was, want) in pairs(kind, field) {
                let steps = made(kind.set(&want, &was, &[field.name]));
                told |= mutating(&steps).next().is_some();
                well_made(kind, field, &steps, findings);
            }
            let kept = !create_says(kind, field) && delete_says(kind, field);
            let fine = told || kept || excused(kind, field);
            findings.add_unless(fine, kind, format!("has no call that sets `{}`", field.name));
        }
    });
}

fn well_made(kind: Type, field: &Field, steps: &[Step], findings: &mut Findings) {
    for step in mutating(steps) {
        let fine = step.effect == Effect::Update && step.sets == [field.name];
        findings.add_unless(
            fine,
            kind,
            format!("{} is no change of `{}` alone", step.operation, field.name),
        );
    }
    if let (Some(ready), Some(last)) = (kind.ready(), steps.last()) {
        findings.add_unless(
            !last.effect.mutates(),
            kind,
            format!("does not wait, up to {ready} s, after `{}`", field.name),
        );
    }
}

/// So that no field is forgotten on the way: another value makes other calls.
#[test]
fn create_or_delete_says_every_field() {
    every_type(|kind, findings| {
        for field in kind.fields().iter().filter(|f| !excused(kind, f)) {
            let said = create_says(kind, field) || delete_says(kind, field);
            findings.add_unless(said, kind, format!("create says nothing of `{}`", field.name));
        }
    });
}

fn create_says(kind: Type, field: &Field) -> bool {
    says(kind, field, |inputs| made(kind.create(inputs)))
}

/// Some fields are kept until the end: how long a key's deletion takes, whether a snapshot is left.
fn delete_says(kind: Type, field: &Field) -> bool {
    says(kind, field, |inputs| made(kind.delete(inputs)))
}

fn says(kind: Type, field: &Field, steps: impl Fn(&Value) -> Vec<Step>) -> bool {
    let calls = |inputs: &Value| -> Vec<_> {
        mutating(&steps(inputs))
            .map(|s| (s.operation.clone(), s.params.clone()))
            .collect()
    };
    changed(kind, field)
        .iter()
        .any(|(base, other)| calls(base) != calls(other))
}

#[test]
fn create_ends_with_a_look_at_what_was_made() {
    every_type(|kind, findings| {
        for sample in kind.samples() {
            let steps = made(kind.create(&sample));
            let first = steps.first().is_some_and(|s| s.effect == Effect::Create);
            findings.add_unless(first, kind, "its first call is no create");
            let once = steps.iter().filter(|s| s.effect == Effect::Create).count() == 1;
            findings.add_unless(once, kind, "creates more than once");
            let seen = steps.last().is_some_and(|s| matches!(s.effect, Effect::Ready(_)));
            findings.add_unless(seen, kind, "does not read what it made");
        }
    });
}

/// Whether `value` holds `part` anywhere.
fn holds(value: &Value, part: &dyn Fn(&Value) -> bool) -> bool {
    part(value)
        || match value {
            Value::Array(items) => items.iter().any(|v| holds(v, part)),
            Value::Object(map) => map.values().any(|v| holds(v, part)),
            _ => false,
        }
}

/// A reply can be lost. What AWS names is found again by tags that it was born with, or by the token of its call where AWS
/// keeps that.
#[test]
fn what_aws_names_can_be_found_after_a_lost_reply() {
    every_type(|kind, findings| {
        for sample in kind.samples() {
            if kind.identity(&sample).expect("a sample fits its type").is_some() {
                continue;
            }
            let steps = made(kind.create(&sample));
            let Some(create) = steps.iter().find(|s| s.effect == Effect::Create) else {
                continue;
            };
            let token = holds(&create.params, &|v| *v == json!({ "$token": true })) && kind.keeps_token();
            let tags = sample.get("tags").filter(|t| **t != json!({}));
            let born = tags.is_some_and(|tags| holds(&create.params, &|v| v == tags));
            findings.add_unless(
                token || born,
                kind,
                format!("{} has neither tags nor a token that is kept", create.operation),
            );
        }
    });
}

/// A type whose name is ours and whose id is AWS's is looked up by its name before a create, and no other is.
#[test]
fn what_has_a_name_and_an_assigned_id_is_looked_up_by_name() {
    every_type(|kind, findings| {
        let named = kind.samples().iter().any(|sample| {
            kind.unique_name(sample)
                .expect("a sample fits its type")
                .is_some()
        });
        findings.add_unless(
            named == kind.by_name(),
            kind,
            format!(
                "a name of its own: {named}, the mark `by_name`: {}",
                kind.by_name()
            ),
        );
    });
}

#[test]
fn a_natural_id_names_what_does_not_change() {
    every_type(|kind, findings| {
        let id = |inputs: &Value| kind.identity(inputs).expect("a sample fits its type");
        for field in kind.fields().iter().filter(|f| f.change == Mutability::InPlace) {
            let same = changed(kind, field)
                .iter()
                .all(|(base, other)| id(base) == id(other));
            findings.add_unless(
                same,
                kind,
                format!("has another id once `{}` is changed in place", field.name),
            );
        }
    });
}

/// A delete may be repeated after a crash: what is gone already is no error.
#[test]
fn delete_knows_what_is_gone_already() {
    let done = |kind: Type| {
        let [first, _] = kind.samples();
        let steps = made(kind.delete(&first));
        let last = steps.iter().rfind(|s| s.effect == Effect::Delete);
        last.map(|s| s.rules.iter().any(|r| r.then == OnError::Done))
    };
    every_type(|kind, findings| match done(kind) {
        // Somebody else made it, and it stays.
        None if kind.awaited() => {}
        None => findings.add(kind, "has no delete"),
        Some(knows) => findings.add_unless(knows, kind, "its delete fails once it is gone"),
    });
}

#[test]
fn nothing_is_excused_that_makes_a_call() {
    all_needed(exceptions::NO_CALL, |(name, field, _)| {
        TYPES.iter().filter(|k| k.name() == *name).any(|kind| {
            let Some(field) = kind.field(field) else {
                return false;
            };
            let set = pairs(*kind, field)
                .iter()
                .any(|(was, want)| !made(kind.set(want, was, &[field.name])).is_empty());
            let silent = !create_says(*kind, field) && !delete_says(*kind, field);
            silent || (field.change == Mutability::InPlace && !set)
        })
    });
}
