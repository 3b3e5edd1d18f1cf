//! Stacks, sandboxes and runs that several tests share.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses its own part")]

use std::sync::{Arc, Mutex};
use tenon_planner::{
    Declaration, Declared, Options, Plan,
    event::{Event, Sink, quiet},
    execute::{Executor, Settings, Summary},
    plan,
    sandbox::{Sandbox, SandboxConfig},
    survey::{Extent, survey},
};
use tenon_resources::{
    registry,
    resource::{Lifecycle, Outputs},
};
use tenon_state::{Holder, Identity, Memory, Store};

/// Declares a resource at an address.
pub(crate) fn add<R: Lifecycle>(
    declared: &mut Declared,
    address: &str,
    resource: R,
) -> <R::Outputs as Outputs>::Refs {
    let inputs = serde_json::to_value(&resource).unwrap();
    let kind = registry::find(R::TYPE).unwrap();
    let n = declared.resources.len();
    let location = format!("main.rs:{n}");
    declared.add(address, Declaration::new(kind, inputs, location));
    <R::Outputs as Outputs>::refs(address)
}

/// An environment in memory: a sandbox and a state.
pub(crate) struct Fixture {
    pub(crate) cloud: Arc<Sandbox>,
    pub(crate) backend: Arc<Memory>,
    pub(crate) settings: Settings,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
}

impl Fixture {
    pub(crate) fn new(config: SandboxConfig) -> Self {
        let ops = std::sync::atomic::AtomicU64::new(1);
        let settings = Settings {
            new_op: Arc::new(move || {
                format!("{:032x}", ops.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            }),
            ..Settings::default()
        };
        Self {
            cloud: Arc::new(Sandbox::in_memory(config)),
            backend: Arc::new(Memory::default()),
            settings,
            events: Arc::default(),
        }
    }

    pub(crate) async fn store(&self, declared: &Declared) -> Store {
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        Store::open(self.backend.clone(), Holder::here("test").unwrap(), identity)
            .await
            .unwrap()
    }

    pub(crate) fn sink(&self) -> Sink {
        let events = self.events.clone();
        Arc::new(move |event| events.lock().unwrap().push(event))
    }

    pub(crate) async fn executor(&self, declared: &Declared) -> Executor {
        let store = self.store(declared).await;
        let mut executor = Executor::new(self.cloud.clone(), store, self.sink());
        executor.settings = self.settings.clone();
        executor
    }

    /// Settles, refreshes and plans, as the CLI does.
    pub(crate) async fn plan(
        &self,
        executor: &Executor,
        declared: &Declared,
        options: &Options,
    ) -> Result<Plan, tenon_planner::Error> {
        executor.settle().await?;
        let state = executor.store.state();
        let caller = executor.cloud.caller().await.unwrap();
        let extent = Extent {
            refresh: true,
            destroy: options.destroy,
        };
        let cloud = executor.cloud.as_ref();
        let refreshed = survey(cloud, declared, &caller, &state, extent, &quiet()).await?;
        plan(declared, &refreshed, &caller, options)
    }

    /// Plans and applies; returns both.
    pub(crate) async fn apply(&self, declared: &Declared, options: &Options) -> (Plan, Summary) {
        let executor = self.executor(declared).await;
        let made = self.plan(&executor, declared, options).await.unwrap();
        let summary = executor.apply(&made).await.unwrap();
        executor.store.close().await.unwrap();
        (made, summary)
    }

    /// Lets go of what a run that was cut off still holds.
    pub(crate) async fn release(&self) {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }

    /// The plan that follows, without applying it.
    pub(crate) async fn next(&self, declared: &Declared) -> Plan {
        let executor = self.executor(declared).await;
        let made = self.plan(&executor, declared, &Options::default()).await.unwrap();
        executor.store.close().await.unwrap();
        made
    }
}

pub(crate) mod normalising;
pub(crate) mod random;

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

/// How many cases each property is tried with: 1,000, or `PROPTEST_CASES`.
pub(crate) fn cases() -> proptest::test_runner::Config {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1000);
    proptest::test_runner::Config {
        cases,
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    }
}

/// A cloud that dies at its `n`th mutating call: before it is executed, or after it with the reply lost.
pub(crate) struct Dying {
    pub(crate) cloud: Arc<Sandbox>,
    pub(crate) left: std::sync::atomic::AtomicI64,
    pub(crate) after: bool,
    pub(crate) dead: tokio::sync::Notify,
}

#[async_trait::async_trait]
impl tenon_resources::forward::Forward for Dying {
    fn to(&self) -> &dyn tenon_resources::cloud::Cloud {
        self.cloud.as_ref()
    }

    async fn send(
        &self,
        request: tenon_resources::cloud::Request<'_>,
    ) -> Result<tenon_resources::cloud::Reply, tenon_resources::cloud::CallError> {
        let dies = self.left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) <= 0;
        if dies && !self.after {
            self.dead.notify_one();
            return std::future::pending().await;
        }
        let reply = tenon_resources::cloud::Cloud::send(self.cloud.as_ref(), request).await;
        if dies {
            self.dead.notify_one();
            return std::future::pending().await;
        }
        reply
    }
}
