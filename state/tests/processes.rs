//! Real processes: one that is killed at a random moment, two that want the same state, one that is stopped.
//!
//! The test starts itself again as the other process, told by an environment variable what to do. That process says on
//! its output what was acknowledged, so that the test can hold the state to it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tenon_state::{
    Error, File, Holder, Identity, Intent, Outcome, Phase, Record, StateWrite, Store, inspect,
};

const FOLDER: &str = "TENON_STATE_TEST_FOLDER";

fn op(n: u32) -> String {
    format!("{n:032x}")
}

fn intent(n: u32) -> Intent {
    Intent {
        op: op(n),
        address: format!("queue-{n}"),
        generation: 0,
        kind: "sqs.queue".into(),
        service: "sqs".into(),
        operation: "CreateQueue".into(),
        effect: "create".into(),
        digest: "0".repeat(64),
        key: None,
        at_ms: 0,
    }
}

fn record(n: u32) -> Record {
    Record {
        address: format!("queue-{n}"),
        kind: "sqs.queue".into(),
        generation: 0,
        id: Some(format!("https://queue/{n}")),
        inputs: json!({ "name": format!("queue-{n}"), "n": n }),
        outputs: json!({}),
        dependencies: vec![],
        phase: Phase::Ready,
        declared: None,
        unmarked: false,
        options: serde_json::Value::Null,
        place: serde_json::Value::Null,
    }
}

async fn open(folder: &Path) -> Result<Store, Error> {
    let identity = Identity {
        stack: "shop".into(),
        env: "test".into(),
    };
    Store::open(
        Arc::new(File::new(folder)),
        Holder::here("test").unwrap(),
        identity,
    )
    .await
}

/// The other process: makes calls from three tasks until it is killed, with a checkpoint now and then.
#[test]
fn other_process() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let say = |what: &str, n: u32| {
            let mut out = std::io::stdout().lock();
            writeln!(out, "@{what} {n}").and_then(|()| out.flush()).unwrap();
        };
        let store = match open(Path::new(&folder)).await {
            Ok(store) => store,
            Err(Error::Locked { .. }) => return say("locked", 0),
            Err(error) => panic!("{error}"),
        };
        say("opened", 0);
        let first = u32::try_from(store.state().records.len() + store.open_intents().len()).unwrap() * 10;
        let callers = (0..3).map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in (first + caller..).step_by(3) {
                    say("begins", n);
                    store.begin(intent(n)).await.unwrap();
                    say("began", n);
                    store
                        .end(&op(n), Outcome::Done, vec![StateWrite::Put(record(n))])
                        .await
                        .unwrap();
                    say("ended", n);
                    if n % 7 == 0 {
                        store.checkpoint().await.unwrap();
                    }
                }
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.unwrap();
        }
    });
}

fn start(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "other_process", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The next thing that a process says, without what the test harness says.
fn next(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<(String, u32)> {
    lines.find_map(|line| {
        let line = line.unwrap();
        let (_, said) = line.split_once('@')?;
        let (what, n) = said.split_once(' ')?;
        Some((what.to_owned(), n.parse().unwrap()))
    })
}

#[tokio::test]
async fn fifty_kills_lose_nothing() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("state");
    let (mut begun, mut ended) = (BTreeSet::new(), BTreeSet::new());
    let mut tried = BTreeSet::new();
    for run in 0..50_u64 {
        let mut process = start(&folder);
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        assert_eq!(
            next(&mut lines).unwrap().0,
            "opened",
            "run {run}: the dead do not hold the lock"
        );
        std::thread::sleep(Duration::from_micros(run * 7919 % 30_000));
        process.kill().unwrap();
        process.wait().unwrap();
        while let Some((what, n)) = next(&mut lines) {
            match what.as_str() {
                "begins" => tried.insert(n),
                "began" => begun.insert(n),
                "ended" => ended.insert(n),
                other => panic!("{other}"),
            };
        }
        let view = inspect(&File::new(&folder)).await.unwrap().unwrap();
        let open: BTreeSet<String> = view.open_intents.iter().map(|intent| intent.op.clone()).collect();
        let done: BTreeSet<String> = view.state.records.keys().map(|key| key.address.clone()).collect();
        for n in &ended {
            assert!(
                done.contains(&format!("queue-{n}")),
                "run {run}: outcome {n} was acknowledged and is lost"
            );
        }
        for n in &begun {
            let known = open.contains(&op(*n)) || done.contains(&format!("queue-{n}"));
            assert!(known, "run {run}: intent {n} was acknowledged and is lost");
        }
        assert!(
            open.len() + done.len() <= tried.len(),
            "run {run}: something came from nowhere"
        );
    }
    assert!(
        ended.len() > 50,
        "only {} calls were made in 50 runs",
        ended.len()
    );
}

#[test]
fn of_two_processes_one_gets_the_state() {
    for run in 0..50 {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("state");
        let mut processes = [start(&folder), start(&folder)];
        // Heard to the end: who cannot say what it does ends, and gives the state back.
        let mut outputs = processes
            .each_mut()
            .map(|process| BufReader::new(process.stdout.take().unwrap()).lines());
        let said = outputs.each_mut().map(|lines| next(lines).unwrap().0);
        for process in &mut processes {
            process.kill().unwrap();
            process.wait().unwrap();
        }
        let mut said = said.to_vec();
        said.sort();
        assert_eq!(said, ["locked", "opened"], "run {run}");
    }
}

#[tokio::test]
async fn a_stopped_process_keeps_its_state() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("state");
    let mut process = start(&folder);
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert_eq!(next(&mut lines).unwrap().0, "opened");
    let pid = Pid::from_child(&process);
    kill_process(pid, Signal::STOP).unwrap();
    // The kernel's lock has no end but the process's, so that there is nothing to be overtaken by.
    let Err(Error::Locked { held, .. }) = open(&folder).await else {
        panic!("two writers")
    };
    assert_eq!(held.holder.pid, process.id());
    kill_process(pid, Signal::CONT).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    open(&folder).await.unwrap().close().await.unwrap();
}
