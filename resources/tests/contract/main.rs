//! What every resource type promises, asked of each one in the registry.
//!
//! A type that is added is held to all of it without a line here. What is allowed to differ stands in a table with
//! its reason ([`exceptions`]); an entry that is no longer needed fails as well. What AWS does is not asked here.

mod calls;
mod exceptions;
mod marks;
mod pairs;
mod rules;
mod statuses;
mod words;

use serde_json::Value;
use std::fmt::Write;
use tenon_resources::{
    call::Step,
    registry::TYPES,
    resource::{Field, InvalidInputs, ResourceType},
};

/// A resource type, as the registry holds it.
type Type = &'static dyn ResourceType;

/// What was found wrong, all of it, so that one run shows everything.
#[derive(Default)]
struct Findings(String);

impl Findings {
    fn add(&mut self, kind: Type, what: impl std::fmt::Display) {
        writeln!(self.0, "{}: {what}", kind.name()).expect("writing to a string succeeds");
    }

    fn add_unless(&mut self, fine: bool, kind: Type, what: impl std::fmt::Display) {
        if !fine {
            self.add(kind, what);
        }
    }

    #[track_caller]
    fn none(self) {
        assert!(self.0.is_empty(), "\n{}", self.0);
    }
}

/// Asks `check` of every type.
#[track_caller]
fn every_type(mut check: impl FnMut(Type, &mut Findings)) {
    assert!(!TYPES.is_empty());
    let mut findings = Findings::default();
    for kind in TYPES {
        check(*kind, &mut findings);
    }
    findings.none();
}

/// Fails for entries of a table that excuse nothing.
#[track_caller]
fn all_needed<T: std::fmt::Debug>(table: &[T], needed: impl Fn(&T) -> bool) {
    let stale: Vec<&T> = table.iter().filter(|entry| !needed(entry)).collect();
    assert!(
        stale.is_empty(),
        "exceptions that excuse nothing, remove them: {stale:#?}"
    );
}

/// Each sample, and the same with one field as in the other.
fn changed(kind: Type, field: &Field) -> [(Value, Value); 2] {
    let [a, b] = kind.samples();
    let with = |base: &Value, other: &Value| {
        let mut base = base.clone();
        base[field.name] = other.get(field.name).cloned().unwrap_or(Value::Null);
        base
    };
    let (ab, ba) = (with(&a, &b), with(&b, &a));
    [(a, ab), (b, ba)]
}

/// The steps. A type that cannot make them has none here, and fails `samples_can_be_planned`.
fn made(steps: Result<Vec<Step>, InvalidInputs>) -> Vec<Step> {
    steps.unwrap_or_default()
}

#[test]
fn samples_can_be_planned() {
    every_type(|kind, findings| {
        for sample in kind.samples() {
            for steps in [kind.create(&sample), kind.delete(&sample)] {
                findings.add_unless(steps.is_ok(), kind, format!("{steps:?}"));
            }
        }
        for field in kind.fields() {
            for (was, want) in changed(kind, field) {
                let steps = kind.set(&want, &was, &[field.name]);
                findings.add_unless(steps.is_ok(), kind, format!("{steps:?}"));
            }
        }
    });
}

#[test]
fn is_named_service_dot_type() {
    let word = |w: &str| {
        !w.is_empty()
            && w.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    every_type(|kind, findings| {
        let parts: Vec<&str> = kind.name().split('.').collect();
        findings.add_unless(
            parts.len() == 2 && parts.iter().all(|p| word(p)),
            kind,
            "is not named `service.snake_type`",
        );
        let read = kind.read();
        findings.add_unless(
            parts[0] == read.service,
            kind,
            format!("is read from service `{}`", read.service),
        );
        findings.add_unless(read.batch > 0, kind, "reads nothing in a batch");
        findings.add_unless(!kind.doc().is_empty(), kind, "has no documentation");
    });
}

#[test]
fn samples_differ_in_every_field() {
    every_type(|kind, findings| {
        let [a, b] = kind.samples();
        for field in kind.fields() {
            findings.add_unless(
                a.get(field.name) != b.get(field.name),
                kind,
                format!("samples have the same `{}`", field.name),
            );
        }
    });
}

#[test]
fn inputs_have_one_form_and_survive_json() {
    every_type(|kind, findings| {
        for sample in kind.samples() {
            let text = sample.to_string();
            let read: Value = serde_json::from_str(&text).expect("what was written is JSON");
            let once = kind.canonical(&read).expect("a sample fits its type");
            findings.add_unless(
                once == sample,
                kind,
                format!("the canonical form is another\n  was {text}\n  is  {once}"),
            );
            let twice = kind.canonical(&once).expect("the canonical form fits its type");
            findings.add_unless(
                twice == once,
                kind,
                format!("a canonical form has another\n  was {once}\n  is  {twice}"),
            );
        }
    });
}

#[test]
fn samples_pass_their_own_check() {
    every_type(|kind, findings| {
        for sample in kind.samples() {
            for wrong in kind.check(&sample).expect("a sample fits its type") {
                findings.add(kind, wrong);
            }
        }
    });
}

#[test]
fn what_does_not_fit_is_refused() {
    every_type(|kind, findings| {
        findings.add_unless(
            kind.create(&Value::from("nonsense")).is_err(),
            kind,
            "takes a text for its inputs",
        );
        for field in kind
            .fields()
            .iter()
            .filter(|f| !f.optional && f.default.is_none())
        {
            let [mut sample, _] = kind.samples();
            sample[field.name] = serde_json::json!({ "no": ["such", "thing"] });
            let refused = kind.canonical(&sample).is_err();
            findings.add_unless(refused, kind, format!("takes nonsense for `{}`", field.name));
        }
    });
}

#[test]
fn outputs_begin_with_the_id_and_can_be_made_up() {
    every_type(|kind, findings| {
        let outputs = kind.outputs();
        findings.add_unless(
            outputs.first().is_some_and(|o| o.name == "id"),
            kind,
            "its first output is not `id`",
        );
        for output in outputs {
            for place in output
                .shape
                .split('{')
                .skip(1)
                .filter_map(|s| s.split('}').next())
            {
                let input = format!("/{}", place.replace('.', "/"));
                let known = ["hex17", "hex6", "hex8", "digits", "region", "account", "id"].contains(&place)
                    || kind
                        .samples()
                        .iter()
                        .any(|sample| sample.pointer(&input).is_some());
                findings.add_unless(
                    known,
                    kind,
                    format!("`{}` is shaped after `{place}`, which is nothing", output.name),
                );
            }
        }
    });
}

#[test]
fn exceptions_name_types_and_fields_that_exist() {
    let exists = |kind: &str, field: Option<&str>| {
        tenon_resources::registry::find(kind).is_some_and(|k| field.is_none_or(|f| k.field(f).is_some()))
    };
    all_needed(exceptions::MARKS, |(kind, field, _)| exists(kind, Some(field)));
    all_needed(exceptions::NO_CALL, |(kind, field, _)| exists(kind, Some(field)));
    all_needed(exceptions::NO_SCHEMA, |(kind, _)| exists(kind, None));
}
