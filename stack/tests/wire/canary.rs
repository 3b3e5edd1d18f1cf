//! A canary in every field that is secret is found nowhere but in the cloud: not in the state, the journal or the plan, nor
//! in anything that is printed, not even by an error that repeats the whole request.
//!
//! The test starts itself again as the process that knows the canary.

use crate::{emulators::Emulator, gaps::Home, mischief::Mischief, place::connect, proxy::Proxy};
use std::{
    path::Path,
    process::{Command, Output},
    sync::Arc,
};
use tenon::{Anywhere, resources::value};
use tenon_planner::{Declared, Options, execute::Executor, plan, refresh::refresh};
use tenon_resources::{cloud::Cloud, secretsmanager::Secret, ssm::Parameter};
use tenon_state::{File, FingerprintKey, Holder, Identity, Store};

const ENDPOINT: &str = "TENON_WIRE_CANARY_ENDPOINT";
const FOLDER: &str = "TENON_WIRE_CANARY_FOLDER";
const NAME: &str = "TENON_WIRE_CANARY_NAME";
const CANARY: &str = "TENON_WIRE_CANARY";
/// With what forms and JSON write in another way.
const BIRD: &str = "canary-7f3a9c \"yellow\" & singing";

/// Every type that takes a secret, in an environment of its own.
fn declared(name: &str) -> Declared {
    let mut declared = tenon::declare("canary", Anywhere::Aws, |s| {
        s.add("kept", Secret::new().value(value::Secret::env(CANARY)));
        s.add("told", Parameter::secure(value::Secret::env(CANARY)));
    });
    declared.env = name.into();
    declared.disposable = true;
    declared
}

/// The process that knows the canary: plans, applies, and prints whatever it has in its hands.
#[test]
#[expect(clippy::print_stderr, reason = "it says all it knows")]
fn other_process() {
    let (Ok(endpoint), Ok(folder), Ok(name)) = (
        std::env::var(ENDPOINT),
        std::env::var(FOLDER),
        std::env::var(NAME),
    ) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let cloud = Arc::new(connect(&endpoint, &endpoint).await);
        let mut declared = declared(&name);
        let key = FingerprintKey::new([7; 32]);
        let unread = tenon_planner::secrets::fingerprint(cloud.as_ref(), &mut declared, &key).await;
        assert!(unread.is_empty(), "{unread:?}");
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        let backend = Arc::new(File::new(Path::new(&folder)));
        let store = Store::open(backend, Holder::here("test").unwrap(), identity)
            .await
            .unwrap();
        let sink = Arc::new(|event| eprintln!("{event:?}"));
        let executor = Executor::new(cloud.clone(), store, sink.clone());
        let seen = refresh(cloud.as_ref(), &executor.store.state(), &(sink as _))
            .await
            .unwrap();
        let caller = cloud.caller().await.unwrap();
        let made = plan(&declared, &seen, &caller, &Options::default()).unwrap();
        eprintln!(
            "{declared:?}\n{made:?}\n{}",
            serde_json::to_string(&made).unwrap()
        );
        let summary = executor.apply(&made).await.unwrap();
        eprintln!(
            "{summary:?}\n{:?}\n{:?}",
            executor.store.state(),
            executor.store.open_intents()
        );
        // What a crash would leave: the journal, and no snapshot.
        std::mem::forget(executor);
    });
}

fn run(endpoint: &str, folder: &Path, name: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "canary::other_process", "--nocapture"])
        .envs([
            (ENDPOINT, endpoint),
            (CANARY, BIRD),
            (NAME, name),
            ("RUST_LOG", "trace"),
        ])
        .env(FOLDER, folder)
        .output()
        .unwrap()
}

/// Whether the canary, or the part of it that nothing writes in another way, is in there.
fn heard(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains("canary-7f3a9c")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_canary_is_in_the_cloud_and_nowhere_else() {
    let emulator = Emulator::moto(1);
    let proxy = Proxy::start(&emulator.url, Home::Moto).await;
    let above = tempfile::tempdir().unwrap();
    for (run_of, mischief) in [("refused", Some(Mischief::Echo)), ("done", None)] {
        let folder = above.path().join(run_of);
        if let Some(mischief) = mischief {
            proxy.trouble().plan(0, mischief);
        }
        let output = run(&proxy.url, &folder, run_of);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        assert!(
            !heard(&output.stdout) && !heard(&output.stderr),
            "{run_of}: it was said:\n{said}"
        );
        let refused = said.contains("failed: [Failure");
        assert_eq!(refused, mischief.is_some(), "{said}");
        // What the error repeated is struck out.
        assert_eq!(said.contains("****"), refused, "{said}");
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            assert!(
                !heard(&std::fs::read(&path).unwrap()),
                "it is in {}",
                path.display()
            );
        }
    }
    let cloud = connect(&emulator.url, &emulator.url).await;
    let kept = cloud.secretsmanager.list_secrets().send().await.unwrap();
    let name = kept.secret_list()[0].name().unwrap();
    let value = cloud
        .secretsmanager
        .get_secret_value()
        .secret_id(name)
        .send()
        .await
        .unwrap();
    assert_eq!(value.secret_string(), Some(BIRD), "the cloud has it");
}
