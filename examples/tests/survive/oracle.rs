//! A world, how it is run, and what must hold of it in the end.

use crate::cut::{CutBackend, CutCloud, Moments};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tenon_planner::{
    Declared, Error, Options,
    event::quiet,
    execute::{Executor, Summary},
    plan,
    refresh::refresh,
    sandbox::{Sandbox, World},
};
use tenon_resources::cloud::Cloud;
use tenon_state::{Backend, Holder, Identity, Memory, Store, Terms};

/// A sandbox and a state.
pub(crate) struct Place {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) memory: Arc<Memory>,
}

static OPS: AtomicU64 = AtomicU64::new(1);

impl Place {
    /// Nothing, with AWS's own waits.
    pub(crate) fn new() -> Self {
        let world = World {
            speed: 1.0,
            ..World::default()
        };
        Self {
            sandbox: Arc::new(Sandbox::in_memory(world)),
            memory: Arc::default(),
        }
    }

    /// The same place once more, to go another way from it.
    pub(crate) async fn fork(&self) -> Self {
        let memory = Arc::new(Memory::new());
        if let Some(stored) = self.memory.load().await.unwrap() {
            let lease = memory
                .acquire(&Holder::here("fork").unwrap(), &Terms::default())
                .await
                .unwrap();
            memory.save(&lease, &stored.bytes, None).await.unwrap();
            let mark = self.memory.seen().await.unwrap().mark.unwrap();
            memory.reset_journal(&lease, &mark).await.unwrap();
            let lease = tenon_state::Lease {
                mark: Some(mark),
                ..lease
            };
            memory.release(&lease).await.unwrap();
        }
        Self {
            sandbox: Arc::new(self.sandbox.fork()),
            memory,
        }
    }

    pub(crate) async fn executor(
        &self,
        declared: &Declared,
        moments: &Arc<Moments>,
    ) -> Result<Executor, Error> {
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        let backend = CutBackend {
            memory: self.memory.clone(),
            moments: moments.clone(),
        };
        let store = Store::open(Arc::new(backend), Holder::here("survive")?, identity).await?;
        let cloud = CutCloud {
            sandbox: self.sandbox.clone(),
            moments: moments.clone(),
            journal: self.memory.clone(),
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
        let seen = refresh(executor.cloud.as_ref(), &executor.store.state(), &quiet()).await?;
        let caller = self.sandbox.caller().await.unwrap();
        let made = plan(declared, &seen, &caller, options)?;
        let summary = executor.apply(&made).await?;
        executor.store.close().await?;
        Ok(summary)
    }

    /// A run that dies at a moment. Returns whether it got there.
    pub(crate) async fn die(&self, declared: &Declared, options: &Options, moments: &Arc<Moments>) -> bool {
        let died = tokio::select! {
            done = self.run(declared, options, moments) => { done.unwrap(); false }
            () = moments.dead.notified() => true,
        };
        // What the dead run had spawned goes with it.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        // So does its hold on the state, as the kernel frees a dead process's lock.
        self.memory.unlock().await.unwrap();
        died
    }

    /// What exists, and what is recorded.
    pub(crate) async fn books(
        &self,
        declared: &Declared,
    ) -> (BTreeSet<(String, String)>, BTreeSet<(String, String)>) {
        let moments = Moments::until(usize::MAX);
        let executor = self.executor(declared, &moments).await.unwrap();
        let state = executor.store.state();
        let recorded = state
            .records
            .values()
            .filter_map(|r| Some((r.kind.clone(), r.id.clone()?)))
            .collect();
        assert!(executor.store.open_intents().is_empty());
        executor.store.close().await.unwrap();
        (self.sandbox.inventory().into_iter().collect(), recorded)
    }

    /// Holds the place against what `declared` says: nothing twice, nothing lost, nothing left over, nothing to do.
    pub(crate) async fn check(
        &self,
        declared: &Declared,
        destroyed: bool,
        decoys: &BTreeSet<(String, String)>,
    ) -> Result<(), String> {
        let (live, recorded) = self.books(declared).await;
        if !decoys.is_subset(&live) {
            return Err("something of somebody else's is gone".into());
        }
        let live: BTreeSet<_> = live.difference(decoys).cloned().collect();
        if live != recorded {
            let orphans: Vec<_> = live.difference(&recorded).collect();
            let lost: Vec<_> = recorded.difference(&live).collect();
            return Err(format!("orphans {orphans:?}, lost {lost:?}"));
        }
        let expected = if destroyed { 0 } else { declared.resources.len() };
        if live.len() != expected {
            return Err(format!("{} exist instead of {expected}", live.len()));
        }
        if destroyed {
            return Ok(());
        }
        let moments = Moments::until(usize::MAX);
        let executor = self.executor(declared, &moments).await.unwrap();
        let seen = refresh(executor.cloud.as_ref(), &executor.store.state(), &quiet())
            .await
            .unwrap();
        let caller = self.sandbox.caller().await.unwrap();
        let next = plan(declared, &seen, &caller, &Options::default()).unwrap();
        executor.store.close().await.unwrap();
        if next.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "the next plan is not empty:\n{}",
                next.decisions
                    .iter()
                    .filter(|d| d.action != tenon_planner::Action::None)
                    .map(|d| format!("{} {:?} {:?} {:?}", d.address, d.action, d.reason, d.changes))
                    .collect::<Vec<_>>()
                    .join("\n")
            ))
        }
    }
}

/// The built-in platform, as it stands in the sandbox.
pub(crate) fn platform() -> Declared {
    use tenon::ecommerce::{self, Env, Settings};
    tenon::declare("ecommerce", Env::Local, |s| {
        ecommerce::with(s, &Settings::default());
    })
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
