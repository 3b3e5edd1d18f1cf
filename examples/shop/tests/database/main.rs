//! States that are kept in a real `PostgreSQL` database, and encrypted ones: whole commands in processes of their own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use server::Server;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

/// Identities as `age-keygen` writes them, of bytes that are all 1 and all 2.
const KEYS: [&str; 2] = [
    "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN",
    "AGE-SECRET-KEY-1QGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ0N3JDM",
];

/// The shop in `folder`, with its state at `state`.
fn tenon(folder: &Path, state: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
    command
        .args(["--env", "local"])
        .args(args)
        .env("TENON_SANDBOX_SPEED", "inf")
        .env("TENON_STATE", state)
        .env("PGPASSWORD", "canary-password")
        .env("NO_COLOR", "1")
        // What was seen of a state stays with the test, and not in somebody's home.
        .env("XDG_STATE_HOME", folder.join("seen"))
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

#[track_caller]
fn ends(mut command: Command, code: i32) -> String {
    let output = command.output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(code), "{command:?}: {text}");
    assert!(!text.contains("canary-password"), "{text}");
    text
}

#[test]
fn two_processes_share_one_state_and_never_write_at_once() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let run = |args: &[&str]| tenon(folder.path(), &server.url(), args);

    // The first is slow: a call takes three seconds.
    let mut first = run(&["apply", "--yes", "--json"]);
    let mut first = first
        .env("TENON_SANDBOX_SPEED", "0.1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(first.stdout.take().unwrap()).lines();
    assert!(events.any(|line| line.unwrap().contains(r#""event":"begun""#)));

    let refused = ends(run(&["apply", "--yes"]), 5);
    assert!(
        refused.contains("is in use by") && refused.contains("ecommerce/local in the PostgreSQL database"),
        "{refused}"
    );
    assert!(ends(run(&["unlock"]), 5).contains("holds the lock"));
    assert!(ends(run(&["state", "list", "--json"]), 0).starts_with('['));

    // Killed, it leaves its lease behind, and its open calls in the journal.
    first.kill().unwrap();
    first.wait().unwrap();
    ends(run(&["apply", "--yes"]), 5);
    ends(run(&["unlock", "--force"]), 0);
    ends(run(&["apply", "--yes"]), 0);
    ends(run(&["plan", "--detailed-exitcode"]), 0);
    let rows =
        server.query("SELECT name, position('vpc-' in convert_from(snapshot, 'UTF8')) > 0 FROM tenon.state");
    assert_eq!(said(&rows), "ecommerce/local|t\n");
    assert!(!fs::exists(folder.path().join(".tenon/ecommerce/local/state.json")).unwrap());

    ends(run(&["destroy", "--yes"]), 0);
    ends(run(&["plan", "--detailed-exitcode"]), 2);
}

#[test]
fn an_encrypted_state_says_nothing_and_opens_with_its_key_alone() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    for (name, key) in [("key", KEYS[0]), ("other-key", KEYS[1])] {
        fs::write(folder.path().join(name), key).unwrap();
    }
    let run = |key: Option<&str>, args: &[&str]| {
        let mut command = tenon(folder.path(), &server.url(), args);
        command.envs(key.map(|key| ("TENON_STATE_KEY_FILE", key)));
        command
    };
    ends(run(Some("key"), &["apply", "--yes"]), 0);
    ends(run(Some("key"), &["plan", "--detailed-exitcode"]), 0);
    let stored = said(&server.query("SELECT convert_from(snapshot, 'UTF8') FROM tenon.state"));
    assert!(
        stored.contains("tenon-sealed") && !stored.contains("vpc-"),
        "{stored}"
    );
    for key in [None, Some("other-key")] {
        let refused = ends(run(key, &["apply", "--yes"]), 7);
        assert!(refused.contains("is encrypted"), "{refused}");
        ends(run(key, &["recover", "--yes"]), 7);
        ends(run(key, &["state", "repair", "--yes"]), 7);
    }
    ends(run(Some("key"), &["plan", "--detailed-exitcode"]), 0);
}

#[test]
fn a_state_moves_into_the_database_and_out_of_it_with_all_its_records() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("key"), KEYS[0]).unwrap();
    let run = |state: &str, args: &[&str]| tenon(folder.path(), state, args);
    let database = server.url();
    ends(run("file:.tenon", &["apply", "--yes"]), 0);
    let records = ends(run("file:.tenon", &["state", "list", "--json"]), 0);
    assert!(records.contains("vpc-"), "{records}");

    let text = ends(run("file:.tenon", &["state", "migrate", &database]), 0);
    assert!(
        text.contains("postgres://…") && text.contains("state.json."),
        "{text}"
    );
    assert_eq!(ends(run(&database, &["state", "list", "--json"]), 0), records);
    ends(run(&database, &["plan", "--detailed-exitcode"]), 0);
    let moved = ends(run("file:.tenon", &["apply", "--yes"]), 7);
    assert!(
        moved.contains("was moved to ecommerce/local in the PostgreSQL database"),
        "{moved}"
    );

    // Another key, where it is; then back, with it.
    ends(run(&database, &["state", "rekey", "--new-key-file", "key"]), 0);
    let keyed = |state: &str, args: &[&str]| {
        let mut command = run(state, args);
        command.env("TENON_STATE_KEY_FILE", "key");
        command
    };
    let stored = said(&server.query("SELECT convert_from(snapshot, 'UTF8') FROM tenon.state"));
    assert!(
        stored.contains("tenon-sealed") && !stored.contains("vpc-"),
        "{stored}"
    );
    ends(run(&database, &["plan"]), 7);
    ends(keyed(&database, &["plan", "--detailed-exitcode"]), 0);
    ends(
        keyed(&database, &["state", "migrate", "file:.tenon", "--decrypt"]),
        0,
    );
    assert_eq!(ends(run("file:.tenon", &["state", "list", "--json"]), 0), records);
    ends(run("file:.tenon", &["plan", "--detailed-exitcode"]), 0);
    assert!(ends(run(&database, &["plan"]), 7).contains("was moved to .tenon/ecommerce/local"));
    // What was set aside there is still in the database, and encrypted as it was.
    let names = said(&server.query("SELECT name FROM tenon.state ORDER BY name"));
    assert!(names.contains("ecommerce/local@"), "{names}");
    ends(run("file:.tenon", &["destroy", "--yes"]), 0);
}

#[test]
fn a_passphrase_is_a_key_too() {
    let folder = tempfile::tempdir().unwrap();
    let run = |passphrase: &str, args: &[&str]| {
        let mut command = tenon(folder.path(), "file:states", args);
        command.env("TENON_STATE_PASSPHRASE", passphrase);
        command
    };
    ends(run("canary-password of the state", &["apply", "--yes"]), 0);
    let stored = fs::read_to_string(folder.path().join("states/ecommerce/local/state.json")).unwrap();
    assert!(
        stored.contains("tenon-sealed") && !stored.contains("canary-password"),
        "{stored}"
    );
    ends(run("another", &["plan"]), 7);
    ends(run("", &["plan"]), 3);
    ends(
        run("canary-password of the state", &["plan", "--detailed-exitcode"]),
        0,
    );
}

#[test]
fn a_database_that_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let text = ends(
        tenon(folder.path(), "postgres://tenon@127.0.0.1:1/nowhere", &["plan"]),
        1,
    );
    assert!(
        text.contains("127.0.0.1:1/nowhere") && text.contains("check that it can be reached"),
        "{text}"
    );
}
