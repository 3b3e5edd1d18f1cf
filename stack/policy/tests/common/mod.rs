//! Plans made by the planner from stacks in the sandbox.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses its own part")]

use std::sync::Arc;
use tenon_planner::{
    Declaration, Declared, Options, Plan,
    event::quiet,
    execute::Executor,
    plan,
    refresh::refresh,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    cloud::Cloud,
    registry,
    resource::{Lifecycle, Outputs},
};
use tenon_state::{Holder, Identity, Memory, Store};

/// Declares a resource at an address.
pub(crate) fn add<R: Lifecycle>(
    declared: &mut Declared,
    address: &str,
    resource: &R,
) -> <R::Outputs as Outputs>::Refs {
    let inputs = serde_json::to_value(resource).unwrap();
    let kind = registry::find(R::TYPE).unwrap();
    let location = format!("main.rs:{}", declared.resources.len() + 10);
    declared.add(address, Declaration::new(kind, inputs, location));
    <R::Outputs as Outputs>::refs(address)
}

/// An account and a state in memory.
pub(crate) struct World {
    pub(crate) cloud: Arc<Sandbox>,
    backend: Arc<Memory>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            cloud: Arc::new(Sandbox::in_memory(SandboxConfig::instant())),
            backend: Arc::default(),
        }
    }

    async fn executor(&self, declared: &Declared) -> Executor {
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        let store = Store::open(self.backend.clone(), Holder::here("test").unwrap(), identity);
        Executor::new(self.cloud.clone(), store.await.unwrap(), quiet())
    }

    pub(crate) fn plan(&self, declared: &Declared, options: &Options) -> Plan {
        block_on(async {
            let executor = self.executor(declared).await;
            let plan = self.planned(&executor, declared, options).await;
            executor.store.close().await.unwrap();
            plan
        })
    }

    async fn planned(&self, executor: &Executor, declared: &Declared, options: &Options) -> Plan {
        let state = executor.store.state();
        let refreshed = refresh(&*self.cloud, &state, &quiet()).await.unwrap();
        let caller = self.cloud.caller().await.unwrap();
        plan(declared, &refreshed, &caller, options).unwrap()
    }

    pub(crate) fn apply(&self, declared: &Declared) {
        block_on(async {
            let executor = self.executor(declared).await;
            let plan = self.planned(&executor, declared, &Options::default()).await;
            let summary = executor.apply(&plan).await.unwrap();
            assert!(summary.complete(), "{:?}", summary.failed);
            executor.store.close().await.unwrap();
        });
    }
}

pub(crate) fn block_on<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(test)
}
