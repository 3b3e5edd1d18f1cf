//! Events that the transcripts need to have happened: damage, a cloud that somebody else changed, a lock that is held.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus, Stdio},
    sync::Arc,
};
use tenon::planner::sandbox::{Sandbox, SandboxConfig};
use tenon_state::{File, Holder, Identity, Intent, Phase, Record, StateWrite, Store};

/// `fixture WHAT ARGUMENT...`
// Long: one arm for each thing that a transcript needs to have happened.
pub(crate) fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match args.as_slice() {
        ["become-changed"] => fs::write("changed", "").expect("a writable folder"),
        ["become-linked"] => std::os::unix::fs::symlink("first.plan", "linked.plan").expect("a link"),
        ["settings", text] => {
            let text = text.replace(';', "\n");
            fs::write("tenon.toml", text).expect("a writable folder");
        }
        ["empty", file] => fs::write(file, "").expect("a writable file"),
        ["cut", file] => {
            let text = fs::read(file).expect("a file");
            fs::write(file, &text[..text.len() / 2]).expect("a writable file");
        }
        ["replace", from, to, file] => {
            let text = fs::read_to_string(file).expect("a file");
            assert!(text.contains(from), "{file} has no `{from}`");
            fs::write(file, text.replace(from, to)).expect("a writable file");
        }
        ["quietly", command @ ..] => {
            let (variable, command) = match command {
                ["with", variable, command @ ..] => (variable.split_once('='), command),
                _ => (None, command),
            };
            let status = specimen(command)
                .envs(variable)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            assert!(status.expect("the specimen runs").success(), "{command:?}");
        }
        ["lose", files @ ..] => files.iter().for_each(|f| fs::remove_file(f).expect("a file")),
        ["sandbox-is-empty", folder] => {
            let sandbox = Sandbox::open(&Path::new(folder).join("sandbox"), SandboxConfig::instant());
            assert_eq!(sandbox.expect("a sandbox").inventory(), []);
        }
        ["with", variable, command @ ..] => {
            let (name, value) = variable.split_once('=').expect("NAME=VALUE");
            let status = specimen(command).env(name, value).status();
            return exit_code(status.expect("the specimen runs"));
        }
        ["with-the", digest, file, command @ ..] => return with_digest(digest, Path::new(file), command),
        ["as-foreseen", env, experiment] => return as_foreseen(env, experiment),
        ["nowhere", text, folder] => {
            let files = files(Path::new(folder));
            assert!(files.len() > 3, "{files:?}");
            files.iter().for_each(|file| lacks(text, file));
        }
        ["lacks", text, file] => lacks(text, Path::new(file)),
        ["key", number, file] => {
            let keys = [
                "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN",
                "AGE-SECRET-KEY-1QGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ0N3JDM",
            ];
            let key = keys[number.parse::<usize>().expect("a number")];
            fs::write(file, key).expect("a writable file");
        }
        ["remember", file] => drop(fs::copy(file, "remembered").expect("a file")),
        ["unchanged", file] => assert_eq!(
            fs::read(file).expect("a file"),
            fs::read("remembered").expect("a file")
        ),
        ["unknown-type", folder, env] => runtime.block_on(unknown_type(folder, env)),
        ["unsettled", folder, env] => runtime.block_on(unsettled(folder, env)),
        ["pin", folder, env] => runtime.block_on(pin(folder, env)),
        ["tamper", folder, kind, field, value] => {
            let (sandbox, kind, id) = sandbox(folder, kind);
            let value = serde_json::from_str(value).expect("JSON");
            assert!(sandbox.tamper(kind, &id, field, value));
        }
        ["stranger", folder, kind, field, value] => {
            let sandbox = Sandbox::open(&Path::new(folder).join("sandbox"), SandboxConfig::instant());
            let kind = tenon::resources::registry::find(kind).expect("a type");
            let [mut inputs, _] = kind.samples();
            inputs[*field] = (*value).into();
            let made = sandbox.expect("a sandbox").create_outside(kind.name(), &inputs);
            made.expect("nobody has it yet");
        }
        ["says", folder, group, stream, text] => {
            let sandbox = Sandbox::open(&Path::new(folder).join("sandbox"), SandboxConfig::instant());
            assert!(sandbox.expect("a sandbox").log(group, stream, text));
        }
        ["vanish", folder, kind] => {
            let (sandbox, kind, id) = sandbox(folder, kind);
            assert!(sandbox.vanish(kind, &id));
        }
        ["holding", folder, env, command @ ..] => return runtime.block_on(holding(folder, env, command)),
        _ => panic!("no such fixture: {args:?}"),
    }
    ExitCode::SUCCESS
}

fn lacks(text: &str, file: &Path) {
    let bytes = fs::read(file).expect("a file");
    let has = bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(!has, "{}", file.display());
}

/// Runs a command with a digest of that plan: its `digest` or its `calls_digest`.
fn with_digest(member: &str, plan: &Path, command: &[&str]) -> ExitCode {
    let text = fs::read_to_string(plan).expect("a file");
    let plan: serde_json::Value = serde_json::from_str(&text).expect("a plan");
    let digest = plan[member].as_str().expect("a digest");
    let status = specimen(command).args(["--digest", digest]).status();
    exit_code(status.expect("the specimen runs"))
}

/// Runs an experiment by the digest that its plan has as JSON, whose halves must be plans.
fn as_foreseen(env: &str, experiment: &str) -> ExitCode {
    let planned = specimen(&["--env", env, "chaos", "plan", experiment, "--json"]).output();
    let text = planned.expect("the specimen runs").stdout;
    let plan: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    for half in ["disturb", "restore"] {
        let calls = plan[half]["calls"].as_array();
        assert!(calls.is_some_and(|calls| !calls.is_empty()), "{half}");
    }
    let digest = plan["digest"].as_str().expect("a digest");
    let run = ["--env", env, "chaos", "run", experiment, "--digest", digest];
    exit_code(specimen(&run).status().expect("the specimen runs"))
}

fn specimen(args: &[&str]) -> Command {
    let mut command =
        Command::new(Path::new(&env::args().next().expect("a name")).with_file_name("specimen"));
    command.args(args);
    command
}

fn exit_code(status: ExitStatus) -> ExitCode {
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}

/// Every file in a folder, however deep.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|e| e.path());
    let (folders, mut all): (Vec<_>, Vec<_>) = entries.partition(|p| p.is_dir());
    all.extend(folders.iter().flat_map(|f| files(f)));
    all
}

async fn open(folder: &str, env: &str) -> Store {
    let identity = Identity {
        stack: "specimen".into(),
        env: env.into(),
    };
    let holder = Holder {
        who: "ada@build-7".into(),
        pid: 42,
        ..Holder::here("apply").expect("a holder")
    };
    Store::open(Arc::new(File::new(folder)), holder, identity)
        .await
        .expect("a state")
}

async fn unknown_type(folder: &str, env: &str) {
    let store = open(folder, env).await;
    let record = Record {
        address: "queue".into(),
        kind: "test.no_such_type".into(),
        generation: 0,
        id: Some("queue-1".into()),
        inputs: serde_json::json!({}),
        outputs: serde_json::json!({}),
        dependencies: vec![],
        phase: Phase::Ready,
        declared: None,
        unmarked: false,
        options: serde_json::Value::Null,
        place: serde_json::Value::Null,
    };
    store
        .record(vec![StateWrite::Put(record)])
        .await
        .expect("a record");
    store.close().await.expect("a closed state");
}

/// As if a run had been killed during a call.
async fn unsettled(folder: &str, env: &str) {
    let store = open(folder, env).await;
    let intent = Intent {
        op: "0".repeat(32),
        address: "network/eu-west-1c".into(),
        generation: 0,
        kind: "ec2.subnet".into(),
        service: "ec2".into(),
        operation: "CreateSubnet".into(),
        effect: "create".into(),
        digest: "0".repeat(64),
        key: None,
        at_ms: 1_790_000_000_000,
    };
    store.begin(intent).await.expect("an open call");
}

/// As if the environment had first been applied somewhere else.
async fn pin(folder: &str, env: &str) {
    let store = open(folder, env).await;
    let target = StateWrite::Target {
        account: "222222222222".into(),
        region: "us-east-1".into(),
    };
    store.record(vec![target]).await.expect("a target");
    store.close().await.expect("a closed state");
}

/// The sandbox in a folder, with the type and the id of one of its objects: the first of a type, or with `TYPE@ADDRESS` the one of that
/// address.
fn sandbox<'a>(folder: &str, object: &'a str) -> (Sandbox, &'a str, String) {
    let sandbox =
        Sandbox::open(&Path::new(folder).join("sandbox"), SandboxConfig::instant()).expect("a sandbox");
    let (kind, address) = match object.split_once('@') {
        Some((kind, address)) => (kind, Some(address)),
        None => (object, None),
    };
    let id = sandbox
        .contents()
        .into_iter()
        .find(|((k, _), inputs)| k == kind && address.is_none_or(|a| inputs["tags"]["tenon:address"] == a))
        .expect("one of that type")
        .0
        .1;
    (sandbox, kind, id)
}

async fn holding(folder: &str, env: &str, command: &[&str]) -> ExitCode {
    let store = open(folder, env).await;
    let status = specimen(command).status().expect("the specimen runs");
    store.close().await.expect("a closed state");
    exit_code(status)
}
