//! The installed tool, with crates of their own: made, built by cargo, declared and planned.
//!
//! All crates are built in one folder, so that the language is built once.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod added;
mod hostile;
mod package;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The repository, which the crates take the language from.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The tool, in `folder`.
fn tool(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
    command
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates"),
        )
        .env("TENON_SANDBOX_SPEED", "inf")
        .env("NO_COLOR", "1");
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    tool(folder).args(args).output().unwrap()
}

/// Standard output of a command that is to succeed.
fn succeeds(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    let (out, err) = texts(&output);
    assert!(output.status.success(), "{args:?}: {err}");
    out
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// The crate of a new stack, as `tenon new` makes it.
fn new_stack(folder: &Path, name: &str) -> PathBuf {
    succeeds(folder, &["new", name, "--source", repository().to_str().unwrap()]);
    folder.join(name)
}

#[test]
fn a_new_stack_is_planned_and_its_declaration_is_planned_alike() {
    let folder = tempfile::tempdir().unwrap();
    let stack = new_stack(folder.path(), "first");
    let plan = succeeds(&stack, &["--env", "local", "plan"]);
    assert!(plan.contains("Plan: 49 to create."), "{plan}");
    // Twice the same bytes, and the plan of the declaration is that of the program.
    succeeds(&stack, &["--env", "local", "declare", "--out", "one.json"]);
    let two = succeeds(&stack, &["--env", "local", "declare"]);
    assert_eq!(fs::read_to_string(stack.join("one.json")).unwrap(), two);
    succeeds(&stack, &["--env", "local", "plan", "--out", "of-program"]);
    fs::create_dir(folder.path().join("elsewhere")).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    let declared = stack.join("one.json");
    let declared = declared.to_str().unwrap();
    assert_eq!(succeeds(&elsewhere, &["--declared", declared, "plan"]), plan);
    succeeds(
        &elsewhere,
        &["--declared", declared, "plan", "--out", "of-declaration"],
    );
    assert_eq!(
        fs::read(stack.join("of-program")).unwrap(),
        fs::read(elsewhere.join("of-declaration")).unwrap()
    );
    // A mistake is shown by the compiler, and nothing is planned.
    let source = fs::read_to_string(stack.join("src/main.rs")).unwrap();
    let wrong = source.replace("Logs::new(s, 7)", "Logs::new(s, \"seven\")");
    fs::write(stack.join("src/main.rs"), wrong).unwrap();
    let output = run(&stack, &["--env", "local", "plan"]);
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(
        out.is_empty() && err.contains("error[E0308]: mismatched types"),
        "{err}"
    );
    assert!(
        err.contains("the stack's program, package `first`, was not built"),
        "{err}"
    );
}

/// By name: it builds the engine into the folder of the crates, which takes minutes.
#[test]
#[ignore = "builds the engine for the crate: `cargo verify package`"]
fn a_new_stack_passes_its_own_tests() {
    let folder = tempfile::tempdir().unwrap();
    let stack = new_stack(folder.path(), "tested");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates");
    let output = Command::new(env!("CARGO"))
        .current_dir(&stack)
        .env("CARGO_TARGET_DIR", target)
        .args(["test", "--quiet"])
        .output()
        .unwrap();
    let (out, err) = texts(&output);
    assert!(output.status.success(), "{out}{err}");
    assert!(out.contains("1 passed"), "{out}");
}

#[test]
fn what_cannot_be_declared_or_planned_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |args: &[&str], expected: &[&str]| {
        let output = run(folder.path(), args);
        let (_, err) = texts(&output);
        assert_eq!(output.status.code(), Some(3), "{args:?}: {err}");
        for text in expected {
            assert!(err.contains(text), "{args:?}: {err}");
        }
    };
    refused(
        &["plan"],
        &[
            "there is no Cargo.toml in",
            "`tenon new NAME` makes the crate of a stack",
        ],
    );
    refused(&["new", "No_Name"], &["lower-case letters"]);
    refused(&["new", "a", "--source", "."], &[". is no checkout of Tenon"]);
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("newer.json", r#"{"format": 7}"#);
    refused(
        &["--declared", "newer.json", "plan"],
        &[
            "the declaration is of format 7, and this version reads 1",
            "hint: declare it again",
        ],
    );
    write("other.json", r#"{"format": 1, "engine": "9.9.9"}"#);
    refused(
        &["--declared", "other.json", "plan"],
        &[
            "made by version 9.9.9 of the language",
            "`cargo install tenon@9.9.9`",
        ],
    );
    write(
        "changed.json",
        &format!(r#"{{"format": 1, "engine": "{}"}}"#, env!("CARGO_PKG_VERSION")),
    );
    refused(
        &["--declared", "changed.json", "plan"],
        &["it was changed after it was made"],
    );
}
