//! Being stopped, and not being read: what a transcript cannot show.

use crate::{FOLDER, folder};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use tenon::planner::sandbox::{Sandbox, SandboxConfig};

/// Every test of this file.
pub(crate) const ALL: [fn(); 10] = [
    interrupted_once,
    terminated_once,
    hung_up_once,
    left_by_its_terminal,
    interrupted_twice,
    cancelled_as_ci_does,
    unread,
    unread_with_changes,
    unread_while_applying,
    following,
];

/// A specimen in `folder`, whose calls take `speed`'s time.
fn specimen(folder: &Path, speed: &str, args: &[&str]) -> Command {
    let mut command = Command::new(folder.join("bare/specimen"));
    command
        .args(["--env", "local", "--sandbox-speed", speed])
        .args(args);
    command
        .env(FOLDER, folder)
        .current_dir(folder.join("work"))
        .stdin(Stdio::null());
    command
}

fn output(folder: &Path, args: &[&str]) -> Output {
    // Fast, but not without delays: what a slow run left under way must still get ready.
    specimen(folder, "1000", args)
        .output()
        .expect("the specimen runs")
}

/// Begins an apply in which a call takes three seconds at `speed` 0.1, and returns when the first is on its way.
fn applying(folder: &Path, speed: &str) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut command = specimen(folder, speed, &["apply", "--yes", "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the specimen runs");
    let mut events = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    while !line.contains(r#""event":"begun""#) {
        line.clear();
        assert_ne!(
            events.read_line(&mut line).expect("events"),
            0,
            "it ended before it began a call"
        );
    }
    // The event comes before the journal is written and the call leaves.
    sleep(Duration::from_millis(700));
    (child, events)
}

fn signal(child: &Child, name: &str) {
    let killed = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status();
    assert!(killed.expect("kill runs").success());
}

fn ended(
    mut child: Child,
    mut events: BufReader<std::process::ChildStdout>,
) -> (Option<i32>, String, String) {
    let (mut out, mut err) = (String::new(), String::new());
    events.read_to_string(&mut out).expect("events");
    child
        .stderr
        .take()
        .expect("its talk")
        .read_to_string(&mut err)
        .expect("talk");
    (child.wait().expect("an end").code(), out, err)
}

/// The next run finishes, and nothing is there twice.
fn finishes(folder: &Path) {
    let next = output(folder, &["apply", "--yes"]);
    assert!(next.status.success(), "{}", String::from_utf8_lossy(&next.stderr));
    let sandbox = Sandbox::open(
        &folder.join("work/.tenon/specimen/local/sandbox"),
        SandboxConfig::instant(),
    )
    .expect("a sandbox");
    assert_eq!(sandbox.len(), 5, "{:?}", sandbox.inventory());
    let plan = output(folder, &["plan", "--detailed-exitcode"]);
    assert!(plan.status.success(), "{}", String::from_utf8_lossy(&plan.stdout));
}

fn stopped_by(name: &str) {
    let folder = folder();
    let (child, events) = applying(folder.path(), "0.1");
    signal(&child, name);
    let (code, out, err) = ended(child, events);
    assert_eq!(code, Some(4), "{err}");
    assert!(
        out.contains(r#""event":"done","call":0"#),
        "the call in flight was not awaited: {out}"
    );
    assert!(
        out.contains(r#""event":"stopping""#) && !out.contains(r#""event":"begun","call":2"#),
        "{out}"
    );
    assert!(
        err.contains("press Ctrl-C again") && err.contains("apply stopped on request"),
        "{err}"
    );
    finishes(folder.path());
}

fn interrupted_once() {
    stopped_by("INT");
}

fn terminated_once() {
    stopped_by("TERM");
}

fn hung_up_once() {
    stopped_by("HUP");
}

/// The terminal is closed: nobody reads any more, and the hang-up comes.
fn left_by_its_terminal() {
    let folder = folder();
    let (mut child, events) = applying(folder.path(), "0.1");
    drop(events);
    drop(child.stderr.take());
    signal(&child, "HUP");
    assert_eq!(child.wait().expect("an end").code(), Some(4));
    let shown = output(folder.path(), &["show"]);
    let shown = String::from_utf8_lossy(&shown.stdout);
    assert!(
        !shown.contains("open:"),
        "the call in flight was not awaited: {shown}"
    );
    finishes(folder.path());
}

/// The signals of GitHub's runner to a cancelled job: INT, after 7.5 s TERM, after another 2.5 s KILL. A call that takes longer
/// than all of it is left at TERM, with its intent on disk.
fn cancelled_as_ci_does() {
    let folder = folder();
    let (mut child, events) = applying(folder.path(), "0.01");
    signal(&child, "INT");
    sleep(Duration::from_millis(7500));
    assert!(
        child.try_wait().expect("a state").is_none(),
        "it did not wait for its call"
    );
    signal(&child, "TERM");
    let until = Instant::now() + Duration::from_millis(2500);
    while child.try_wait().expect("a state").is_none() {
        assert!(Instant::now() < until, "KILL would have been next");
        sleep(Duration::from_millis(20));
    }
    let (code, _, err) = ended(child, events);
    assert_eq!(code, Some(130), "{err}");
    left_a_call(folder.path());
    finishes(folder.path());
}

/// The journal names the call that was left.
fn left_a_call(folder: &Path) {
    let open = output(folder, &["show"]);
    assert!(
        String::from_utf8_lossy(&open.stdout).contains("open: ec2:CreateVpc of network/vpc"),
        "the journal forgot the call"
    );
}

fn interrupted_twice() {
    let folder = folder();
    let (child, events) = applying(folder.path(), "0.1");
    signal(&child, "INT");
    sleep(Duration::from_millis(200));
    signal(&child, "INT");
    let (code, out, err) = ended(child, events);
    assert_eq!(code, Some(130), "{err}");
    assert!(!out.contains(r#""event":"done""#), "it waited: {out}");
    assert!(
        err.contains("interrupted: calls in flight were abandoned"),
        "{err}"
    );
    left_a_call(folder.path());
    finishes(folder.path());
}

fn unread() {
    let folder = folder();
    for args in [["explain", "--verbose"], ["plan", "--calls"], ["plan", "--json"]] {
        let mut child = specimen(folder.path(), "inf", &args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the specimen runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("an end");
        assert_eq!(
            (
                output.status.code(),
                String::from_utf8_lossy(&output.stderr).as_ref()
            ),
            (Some(0), ""),
            "{args:?}"
        );
    }
}

/// The exit code says how a command ended, even when nobody reads its output.
fn unread_with_changes() {
    let folder = folder();
    for args in [
        &["plan", "--detailed-exitcode", "--calls"][..],
        &["plan", "--detailed-exitcode", "--json"],
    ] {
        let mut child = specimen(folder.path(), "inf", args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the specimen runs");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("an end").code(), Some(2), "{args:?}");
    }
}

fn unread_while_applying() {
    let folder = folder();
    let mut child = specimen(folder.path(), "inf", &["apply", "--yes", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the specimen runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("an end").code(), Some(0));
    assert!(fs::exists(folder.path().join("work/.tenon/specimen/local/state.json")).expect("a folder"));
    finishes(folder.path());
}

/// Logs are followed until Ctrl-C, which is how one stops: nothing went wrong.
fn following() {
    let folder = folder();
    let work = folder.path().join("work");
    let clash = |args: &[&str]| {
        let mut command = Command::new(folder.path().join("bare/specimen"));
        command
            .args(["--env", "clash", "--sandbox-speed", "inf"])
            .args(args)
            .env(FOLDER, folder.path())
            .current_dir(&work)
            .stdin(Stdio::null());
        command
    };
    let applied = clash(&["apply", "--yes"]).output().expect("the specimen runs");
    assert!(applied.status.success());
    let sandbox = Sandbox::open(
        &work.join(".tenon/specimen/clash/sandbox"),
        SandboxConfig::instant(),
    );
    assert!(sandbox.expect("a sandbox").log("taken", "web/1", "hello"));
    let mut child = clash(&["logs", "other", "--follow"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the specimen runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("a line");
    assert!(line.ends_with("web/1  hello\n"), "{line}");
    // It reads again in between, and shows no event twice.
    sleep(Duration::from_millis(2500));
    signal(&child, "INT");
    let (code, rest, err) = ended(child, lines);
    assert_eq!((code, rest.as_str()), (Some(0), ""), "{err}");
}
