//! The calls of each type, as text: what a type does to an account, for a reviewer.
//!
//! One file a type in `tests/snapshots/`. A change of a type shows up there as a difference; write it with
//! `INSTA_UPDATE=always cargo test -p tenon-resources --test snapshots`, and read it before it is committed.
//! What is right is not asked here: that is the contract test's.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fmt::{self, Write},
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};
use tenon_resources::{
    call::{Effect, OnError, Step},
    registry::TYPES,
    resource::{Mutability, ResourceType},
};

#[test]
fn calls() {
    // Every difference is written before the first one fails.
    let mut different = vec![];
    for kind in TYPES {
        let text = describe(*kind).expect("writing to a string succeeds");
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path("snapshots");
        let compare = || settings.bind(|| insta::assert_snapshot!(kind.name(), text));
        if catch_unwind(AssertUnwindSafe(compare)).is_err() {
            different.push(kind.name());
        }
    }
    assert!(different.is_empty(), "not as in tests/snapshots: {different:?}");
}

#[test]
fn no_snapshot_is_left_behind() {
    let known: BTreeSet<String> = TYPES.iter().map(|k| format!("{}.snap", k.name())).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let files = fs::read_dir(folder).expect("the snapshots are there");
    let names = files.map(|f| {
        f.expect("a file can be listed")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    let left: Vec<String> = names
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "snap") && !known.contains(name))
        .collect();
    assert!(left.is_empty(), "snapshots of no type, remove them: {left:?}");
}

fn describe(kind: &dyn ResourceType) -> Result<String, fmt::Error> {
    let [first, second] = kind.samples();
    let mut out = String::new();
    let read = kind.read();
    writeln!(out, "{}: {}", kind.name(), kind.doc())?;
    writeln!(out, "found again by {}", recovery(kind, &second))?;
    writeln!(
        out,
        "read by {}:{}, {} a call",
        read.service, read.operation, read.batch
    )?;
    if let Some(seconds) = kind.ready() {
        writeln!(out, "ready within {seconds} s")?;
    }
    if kind.stateful() {
        writeln!(out, "holds data")?;
    }
    if kind.delete_first() {
        writeln!(out, "replaced by deleting first")?;
    }

    writeln!(out, "\ncreate")?;
    steps(&mut out, &kind.create(&second).expect("a sample can be planned"))?;
    for field in kind.fields().iter().filter(|f| f.change == Mutability::InPlace) {
        writeln!(out, "\nset {}", field.name)?;
        let mut want = first.clone();
        want[field.name] = second.get(field.name).cloned().unwrap_or(Value::Null);
        steps(
            &mut out,
            &kind
                .set(&want, &first, &[field.name])
                .expect("a sample can be planned"),
        )?;
    }
    let immutable = kind.fields().iter().filter(|f| f.change == Mutability::Replace);
    let immutable: Vec<&str> = immutable.map(|f| f.name).collect();
    if !immutable.is_empty() {
        writeln!(out, "\nreplace\n  {}", immutable.join(", "))?;
    }
    writeln!(out, "\ndelete")?;
    steps(&mut out, &kind.delete(&second).expect("a sample can be planned"))?;

    writeln!(out, "\npermissions")?;
    let reads = read.actions.iter().map(|a| format!("  {a} on *"));
    let calls = kind
        .calls()
        .into_iter()
        .flat_map(|c| c.actions.iter().map(move |a| format!("  {a} on {}", c.on)));
    for line in reads.chain(calls).collect::<BTreeSet<_>>() {
        writeln!(out, "{line}")?;
    }
    Ok(out)
}

/// How a create is found again whose reply was lost.
fn recovery(kind: &dyn ResourceType, inputs: &Value) -> String {
    if let Some(id) = kind.identity(inputs).expect("a sample fits its type") {
        return format!("its id, which follows from its inputs: {id}");
    }
    let found = if kind.keeps_token() {
        "the token of its call"
    } else {
        "its tags"
    };
    found.into()
}

fn steps(out: &mut String, steps: &[Step]) -> fmt::Result {
    if steps.is_empty() {
        return writeln!(out, "  nothing");
    }
    for step in steps {
        let (service, operation) = (&step.service, &step.operation);
        match step.effect {
            Effect::Shown(seconds) => write!(
                out,
                "  {service}:{operation} until its outputs are shown, {seconds} s"
            )?,
            Effect::Ready(seconds) => write!(out, "  {service}:{operation} until ready, {seconds} s")?,
            Effect::Gone(seconds) => write!(out, "  {service}:{operation} until gone, {seconds} s")?,
            Effect::Create => write!(out, "  {service}:{operation} {} creates", step.params)?,
            Effect::Update => write!(out, "  {service}:{operation} {} changes", step.params)?,
            Effect::Delete => write!(out, "  {service}:{operation} {} deletes", step.params)?,
        }
        if let Some(lost) = &step.destroys {
            write!(out, " | destroys {lost}")?;
        }
        for rule in &step.rules {
            let part = if rule.part.is_empty() {
                String::new()
            } else {
                format!(" \"{}\"", rule.part)
            };
            match rule.then {
                OnError::Done => write!(out, " | {}{part}: done", rule.code)?,
                OnError::Retry(seconds) => write!(out, " | {}{part}: again for {seconds} s", rule.code)?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
