//! A world, how it is run, and what must hold of it in the end.

use crate::{
    cut::{CutBackend, CutCloud, Moments},
    stack::{NAME, platform},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};
use tenon_planner::{
    Action, Declared, Error, Options, Plan,
    event::quiet,
    execute::{Executor, Summary},
    plan,
    sandbox::{Sandbox, SandboxConfig},
    survey::{Extent, survey},
};
use tenon_resources::{cloud::Cloud, registry};
use tenon_state::{FaultDisk, File, Holder, Identity, Phase, Record, Store};

/// How a run ends before its end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Death {
    /// The process is killed; everything it wrote is there.
    Killed,
    /// The machine loses power; of what was not synced, the seed says what is there.
    PowerLost(u64),
}

/// What there is in a cloud: type and id, and the inputs.
type Contents = BTreeMap<(String, String), Value>;

/// An AWS account in a sandbox, with resources of others in it, and a disk with the state.
pub(crate) struct Account {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) disk: FaultDisk,
    decoys: Arc<Contents>,
}

static OPS: AtomicU64 = AtomicU64::new(1);

impl Account {
    /// AWS's own waits; and the same platform of another environment, whose names and marks are as close as can be.
    pub(crate) async fn new() -> Self {
        let config = SandboxConfig {
            speed: 1.0,
            ..SandboxConfig::default()
        };
        let mut account = Self {
            sandbox: Arc::new(Sandbox::in_memory(config)),
            disk: FaultDisk::new(),
            decoys: Arc::default(),
        };
        let summary = account
            .run(&neighbour(), &Options::default(), &Moments::all())
            .await
            .unwrap();
        assert!(summary.complete(), "{:#?}", summary.failed);
        account.decoys = Arc::new(account.sandbox.contents());
        account.disk = FaultDisk::new();
        account
    }

    /// A copy of the account, to go another way from it.
    pub(crate) fn fork(&self) -> Self {
        Self {
            sandbox: Arc::new(self.sandbox.fork()),
            disk: self.disk.copy(),
            decoys: Arc::clone(&self.decoys),
        }
    }

    async fn executor(&self, declared: &Declared, moments: &Arc<Moments>) -> Result<Executor, Error> {
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        let backend = CutBackend {
            file: File::on(self.disk.process()),
            moments: moments.clone(),
        };
        let store = Store::open(Arc::new(backend), Holder::here("survive")?, identity).await?;
        let cloud = CutCloud {
            sandbox: self.sandbox.clone(),
            moments: moments.clone(),
            disk: self.disk.clone(),
            journalled: AtomicUsize::new(0),
        };
        let mut executor = Executor::new(Arc::new(cloud), store, quiet());
        executor.settings.new_op = Arc::new(|| format!("{:032x}", OPS.fetch_add(1, Ordering::Relaxed)));
        Ok(executor)
    }

    /// One whole run, as the CLI does it.
    pub(crate) async fn run(
        &self,
        declared: &Declared,
        options: &Options,
        moments: &Arc<Moments>,
    ) -> Result<Summary, Error> {
        self.run_on(declared, options, moments, |cloud| cloud).await
    }

    /// One whole run on a cloud that stands before this place's.
    pub(crate) async fn run_on(
        &self,
        declared: &Declared,
        options: &Options,
        moments: &Arc<Moments>,
        before: impl FnOnce(Arc<dyn Cloud>) -> Arc<dyn Cloud>,
    ) -> Result<Summary, Error> {
        let mut executor = self.executor(declared, moments).await?;
        executor.cloud = before(executor.cloud.clone());
        executor.settle().await?;
        let made = self.planned(&executor, declared, options).await?;
        let summary = executor.apply(&made).await?;
        executor.store.close().await?;
        Ok(summary)
    }

    async fn planned(
        &self,
        executor: &Executor,
        declared: &Declared,
        options: &Options,
    ) -> Result<Plan, Error> {
        let caller = self.sandbox.caller().await.unwrap();
        let (cloud, state) = (executor.cloud.as_ref(), executor.store.state());
        let extent = Extent {
            refresh: true,
            destroy: options.destroy,
        };
        let seen = survey(cloud, declared, &caller, &state, extent, &quiet()).await?;
        plan(declared, &seen, &caller, options)
    }

    /// A run that dies at the last of `moments`, or ends before it. Returns how many calls may have to be made again: those
    /// in flight, and for what was half made or half removed those that show in no field, which know "already so".
    pub(crate) async fn die(
        &self,
        declared: &Declared,
        options: &Options,
        moments: &Arc<Moments>,
        death: Death,
    ) -> usize {
        tokio::select! {
            done = self.run(declared, options, moments) => drop(done.unwrap()),
            () = moments.dead.notified() => {}
        }
        match death {
            Death::Killed => self.disk.kill(),
            Death::PowerLost(seed) => self.disk.power_loss(seed),
        }
        // What the dead run had spawned goes with it.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let left = tenon_state::inspect(&File::on(self.disk.process()))
            .await
            .unwrap();
        left.map_or(0, |view| {
            let half_made = |r: &&Record| r.phase == Phase::Creating && r.id.is_some();
            let half_made = view
                .state
                .records
                .values()
                .map(|r| &**r)
                .filter(half_made)
                .count();
            view.open_intents.len() + half_made + moments.half_removed()
        })
    }

    /// Holds the place against what `declared` says: nothing twice, nothing lost, nothing left over, nothing of anybody
    /// else's touched, no lock held, nothing to do.
    pub(crate) async fn check(&self, declared: &Declared, destroyed: bool) -> Result<(), String> {
        let executor = self
            .executor(declared, &Moments::all())
            .await
            .map_err(|e| e.to_string())?;
        let open = executor.store.open_intents();
        if !open.is_empty() {
            return Err(format!("still open: {open:?}"));
        }
        let state = executor.store.state();
        let recorded: BTreeSet<_> = state
            .records
            .values()
            // What no call makes is in the state alone.
            .filter(|r| !registry::find(&r.kind).unwrap().is_local())
            .filter_map(|r| Some((r.kind.clone(), r.id.clone()?)))
            .collect();
        drop(state);
        let mut contents = self.sandbox.contents();
        for (key, inputs) in &*self.decoys {
            if contents.remove(key).as_ref() != Some(inputs) {
                return Err(format!("{key:?} is somebody else's, and was touched"));
            }
        }
        let live: BTreeSet<_> = contents.into_keys().collect();
        if live != recorded {
            let orphans: Vec<_> = live.difference(&recorded).collect();
            let lost: Vec<_> = recorded.difference(&live).collect();
            return Err(format!("orphans {orphans:?}, lost {lost:?}"));
        }
        let made = declared.resources.values().filter(|d| !d.kind.is_local());
        let expected = if destroyed { 0 } else { made.count() };
        if live.len() != expected {
            return Err(format!("{} exist instead of {expected}", live.len()));
        }
        let next = if destroyed {
            vec![]
        } else {
            let next = self.planned(&executor, declared, &Options::default()).await;
            next.map_err(|e| e.to_string())?.decisions
        };
        executor.store.close().await.map_err(|e| e.to_string())?;
        let to_do: Vec<_> = next
            .iter()
            .filter(|d| d.action != Action::None)
            .map(|d| format!("{} {:?} {:?} {:?}", d.address, d.action, d.reason, d.changes))
            .collect();
        if to_do.is_empty() {
            Ok(())
        } else {
            Err(format!("the next plan is not empty:\n{}", to_do.join("\n")))
        }
    }
}

/// The same platform in an environment next door.
fn neighbour() -> Declared {
    let mut declared = platform();
    declared.env = "local2".into();
    let name = format!("{NAME}-local");
    let text = |value: &Value| value.to_string().replace(&name, &format!("{name}2"));
    for resource in declared.resources.values_mut() {
        resource.inputs = serde_json::from_str(&text(&resource.inputs)).unwrap();
    }
    declared
}

/// Every how many-th one is taken, of what `variable` counts; `otherwise`, where it is not set.
pub(crate) fn number(variable: &str, otherwise: usize) -> usize {
    let set = std::env::var(variable).ok().and_then(|s| s.parse().ok());
    set.unwrap_or(otherwise)
}

/// Runs a test in virtual time.
pub(crate) fn block_on<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(test)
}
