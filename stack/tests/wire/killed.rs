//! Over HTTP, with the state on a real disk: a process that is killed, at random moments and while the emulator's reply to
//! a mutating call is held back, when the call is executed and nobody knows; and calls that the wire breaks.
//!
//! The test starts itself again as the process to be killed. `TENON_KILLS` says how many are (default 12; the README's
//! figures are for 200).

use crate::{emulators::Emulator, gaps::Home, mischief::Mischief, proxy::Proxy};
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tenon::{
    Anywhere,
    component::{Nat, Network, NetworkConfig},
};
use tenon_planner::{
    Action, Declared, Error, Options,
    event::quiet,
    execute::{Executor, Summary},
    plan,
    refresh::refresh,
};
use tenon_resources::{
    aws::{Aws, Connect, Keys},
    cloud::Cloud,
    ec2::Traffic,
    registry::TYPES,
};
use tenon_state::{File, Holder, Identity, Store};

const ENDPOINT: &str = "TENON_WIRE_KILLED_ENDPOINT";
const FOLDER: &str = "TENON_WIRE_KILLED_FOLDER";
const NAME: &str = "TENON_WIRE_KILLED_NAME";

/// A network over two zones, in an environment of its own.
fn network(name: &str) -> Declared {
    let config = NetworkConfig {
        cidr_block: "10.20.0.0/16".parse().unwrap(),
        zones: vec!["a".into(), "b".into()],
        nat: Nat::Single,
        isolated_ingress: Traffic::tcp(5432),
    };
    let mut declared = tenon::declare("killed", Anywhere::Aws, |s| {
        s.within("network", |s| drop(Network::new(s, &config)));
    });
    declared.env = name.into();
    declared.disposable = true;
    declared
}

/// What a run works with.
struct Site {
    cloud: Arc<Aws>,
    declared: Declared,
    folder: std::path::PathBuf,
}

impl Site {
    async fn new(endpoint: &str, folder: &Path, name: &str) -> Self {
        let connect = Connect {
            region: Some("eu-west-1".into()),
            endpoint: Some(endpoint.into()),
            keys: Some(Keys {
                id: "test".into(),
                secret: "test".into(),
            }),
            ..Connect::default()
        };
        Self {
            cloud: Arc::new(Aws::connect(connect).await.unwrap()),
            declared: network(name),
            folder: folder.into(),
        }
    }

    async fn executor(&self) -> Result<Executor, Error> {
        let identity = Identity {
            stack: self.declared.stack.clone(),
            env: self.declared.env.clone(),
        };
        let store = Store::open(Arc::new(File::new(&self.folder)), Holder::here("test")?, identity).await?;
        let mut executor = Executor::new(self.cloud.clone(), store, quiet());
        // An emulator shows at once what it made.
        executor.settings.poll = (Duration::from_millis(10), Duration::from_millis(100));
        executor.settings.visible = Duration::from_secs(1);
        Ok(executor)
    }

    /// One whole run, as the CLI does it.
    async fn run(&self, options: &Options) -> Result<Summary, Error> {
        let executor = self.executor().await?;
        executor.settle().await?;
        let seen = refresh(self.cloud.as_ref(), &executor.store.state(), &quiet()).await?;
        let caller = self.cloud.caller().await.unwrap();
        let made = plan(&self.declared, &seen, &caller, options)?;
        let summary = executor.apply(&made).await?;
        executor.store.close().await?;
        Ok(summary)
    }

    /// What carries our mark in the emulator, by type and id.
    async fn ours(&self) -> BTreeSet<(String, String)> {
        let owner = self.declared.owner();
        let mut found = BTreeSet::new();
        for kind in TYPES
            .iter()
            .filter(|k| k.name().starts_with("ec2.") && k.taggable())
        {
            let seen = self.cloud.find(*kind, &owner).await.unwrap();
            found.extend(seen.into_iter().map(|o| (kind.name().to_owned(), o.id)));
        }
        found
    }

    /// Nothing twice, nothing lost, nothing left over, nothing to do.
    async fn check(&self) -> Result<(), String> {
        let executor = self.executor().await.map_err(|e| e.to_string())?;
        let open = executor.store.open_intents();
        let state = executor.store.state();
        let taggable = |name: &str| TYPES.iter().any(|k| k.name() == name && k.taggable());
        let recorded: BTreeSet<_> = state
            .records
            .values()
            .filter(|r| taggable(&r.kind))
            .filter_map(|r| Some((r.kind.clone(), r.id.clone()?)))
            .collect();
        let seen = refresh(self.cloud.as_ref(), &state, &quiet())
            .await
            .map_err(|e| e.to_string())?;
        let caller = self.cloud.caller().await.unwrap();
        let next = plan(&self.declared, &seen, &caller, &Options::default()).map_err(|e| e.to_string())?;
        let live = self.ours().await;
        let count = state.records.len();
        drop(state);
        executor.store.close().await.map_err(|e| e.to_string())?;
        let to_do: Vec<_> = next
            .decisions
            .iter()
            .filter(|d| d.action != Action::None)
            .collect();
        if !open.is_empty() {
            Err(format!("still open: {open:?}"))
        } else if live != recorded {
            let orphans: Vec<_> = live.difference(&recorded).collect();
            let lost: Vec<_> = recorded.difference(&live).collect();
            Err(format!("orphans or duplicates {orphans:?}, lost {lost:?}"))
        } else if count != self.declared.resources.len() {
            Err(format!(
                "{count} recorded instead of {}",
                self.declared.resources.len()
            ))
        } else if !to_do.is_empty() {
            Err(format!("the next plan is not empty: {to_do:?}"))
        } else {
            Ok(())
        }
    }

    /// Takes everything down, so that the emulator stays small.
    async fn clear(&self) -> Result<(), String> {
        let options = Options {
            destroy: true,
            consent: vec!["*".to_owned()],
            ..Options::default()
        };
        let summary = self.run(&options).await.map_err(|e| e.to_string())?;
        let left = self.ours().await;
        if summary.complete() && left.is_empty() {
            Ok(())
        } else {
            Err(format!("destroy: {:?}, left {left:?}", summary.failed))
        }
    }
}

/// The process that is killed: one whole run.
#[test]
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
        let site = Site::new(&endpoint, Path::new(&folder), &name).await;
        let summary = site.run(&Options::default()).await.unwrap();
        assert!(summary.complete(), "{:?}", summary.failed);
    });
}

fn start(endpoint: &str, folder: &Path, name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::other_process", "--test-threads=1"])
        .envs([(ENDPOINT, endpoint), (NAME, name)])
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a run that nothing happens to takes.
struct Whole {
    calls: usize,
    time: Duration,
}

fn whole(proxy: &Proxy, folder: &Path) -> Whole {
    let (mut calls, mut time) = (0, Duration::ZERO);
    // The first has the emulator load what it needs; the second tells how long one takes.
    for name in ["first", "second"] {
        let began = Instant::now();
        let done = start(&proxy.url, &folder.join(name), name).wait().unwrap();
        assert!(done.success(), "a run that nothing happens to fails");
        calls = proxy.take().iter().filter(|s| s.mutates()).count();
        time = began.elapsed();
    }
    Whole { calls, time }
}

/// Kills a run, lets another finish, and judges. Returns whether the first was killed before its end.
async fn kill(proxy: &Proxy, folder: &Path, whole: &Whole, n: usize) -> Result<bool, String> {
    let name = format!("kill-{n}");
    let folder = folder.join(&name);
    // Scattered over the run's calls, and over its time.
    let scattered = n.wrapping_mul(7919);
    let held = n.is_multiple_of(2);
    if held {
        proxy.trouble().plan(scattered / 2 % whole.calls, Mischief::Hold);
    }
    let mut process = start(&proxy.url, &folder, &name);
    let moment = whole
        .time
        .mul_f64(f64::from(u32::try_from(scattered % 1000).unwrap()) / 1000.0);
    let ended = tokio::time::timeout(Duration::from_secs(60), async {
        if held {
            proxy.trouble().held.notified().await;
        } else {
            tokio::time::sleep(moment).await;
        }
    });
    let ended = ended.await;
    let killed = process.try_wait().unwrap().is_none();
    process.kill().unwrap();
    process.wait().unwrap();
    ended.map_err(|_| "no call was held back")?;
    let site = Site::new(&proxy.url, &folder, &name).await;
    let summary = site.run(&Options::default()).await.map_err(|e| e.to_string())?;
    if !summary.complete() {
        return Err(format!("{:?}", summary.failed));
    }
    site.check().await?;
    site.clear().await?;
    Ok(killed)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_nothing_twice_and_nothing_behind() {
    let runs: usize = std::env::var("TENON_KILLS").map_or(12, |n| n.parse().unwrap());
    let emulator = Emulator::moto(2);
    let proxy = Proxy::start(&emulator.url, Home::Moto).await;
    let folder = tempfile::tempdir().unwrap();
    let whole = whole(&proxy, folder.path());
    let (mut killed, mut wrong) = (0, vec![]);
    for n in 0..runs {
        match kill(&proxy, folder.path(), &whole, n).await {
            Ok(in_time) => killed += usize::from(in_time),
            Err(why) => wrong.push(format!("run {n}: {why}")),
        }
    }
    println!(
        "{runs} runs of {} calls, {killed} killed before their end, {} with a duplicate, an orphan or a loss",
        whole.calls,
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        killed * 3 >= runs * 2,
        "only {killed} of {runs} were killed before their end"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_wire_breaks_ends_well() {
    let every: usize = std::env::var("TENON_WIRE_FAULTS_EVERY").map_or(9, |n| n.parse().unwrap());
    let emulator = Emulator::moto(2);
    let proxy = Proxy::start(&emulator.url, Home::Moto).await;
    let folder = tempfile::tempdir().unwrap();
    let whole = whole(&proxy, folder.path());
    let (mut runs, mut wrong) = (0, vec![]);
    for mischief in Mischief::ALL {
        for call in (0..whole.calls).step_by(every) {
            let name = format!("{mischief:?}-{call}").to_lowercase();
            let site = Site::new(&proxy.url, &folder.path().join(&name), &name).await;
            proxy.trouble().plan(call, mischief);
            let verdict = async {
                let summary = site.run(&Options::default()).await.map_err(|e| e.to_string())?;
                if !summary.complete() {
                    return Err(format!("{:?}", summary.failed));
                }
                site.check().await?;
                site.clear().await
            };
            runs += 1;
            if let Err(why) = verdict.await {
                wrong.push(format!("{mischief:?} at call {call}: {why}"));
            }
        }
    }
    println!(
        "{} kinds of broken replies: {runs} runs, {} broken",
        Mischief::ALL.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
