//! Stacks, sandboxes and runs that several tests share.
#![allow(dead_code)]

use std::sync::{Arc, Mutex};
use tenon_planner::{
    Declaration, Declared, Options, Plan,
    event::{Event, Sink, quiet},
    execute::{Executor, Settings, Summary},
    plan,
    refresh::refresh,
    sandbox::{Sandbox, World},
};
use tenon_resources::{
    cloud::Cloud,
    registry,
    resource::{Lifecycle, Outputs},
};
use tenon_state::{Holder, Identity, Memory, Store};

/// Declares a resource at an address.
pub fn add<R: Lifecycle>(declared: &mut Declared, address: &str, resource: R) -> <R::Outputs as Outputs>::Refs {
    let inputs = serde_json::to_value(&resource).unwrap();
    let kind = registry::find(R::TYPE).unwrap();
    let n = declared.resources.len();
    let location = format!("main.rs:{n}");
    declared.add(address, Declaration { kind, inputs, after: vec![], location });
    <R::Outputs as Outputs>::refs(address)
}

/// An environment in memory: a sandbox and a state.
pub struct Place {
    pub cloud: Arc<Sandbox>,
    pub backend: Arc<Memory>,
    pub settings: Settings,
    pub events: Arc<Mutex<Vec<Event>>>,
}

impl Place {
    pub fn new(world: World) -> Self {
        let ops = std::sync::atomic::AtomicU64::new(1);
        let settings = Settings {
            new_op: Arc::new(move || format!("{:032x}", ops.fetch_add(1, std::sync::atomic::Ordering::Relaxed))),
            ..Settings::default()
        };
        Self {
            cloud: Arc::new(Sandbox::in_memory(world)),
            backend: Arc::new(Memory::default()),
            settings,
            events: Arc::default(),
        }
    }

    pub async fn store(&self, declared: &Declared) -> Store {
        let identity = Identity { stack: declared.stack.clone(), env: declared.env.clone() };
        Store::open(self.backend.clone(), Holder::here("test").unwrap(), identity).await.unwrap()
    }

    pub fn sink(&self) -> Sink {
        let events = self.events.clone();
        Arc::new(move |event| events.lock().unwrap().push(event))
    }

    pub async fn executor(&self, declared: &Declared) -> Executor {
        let store = self.store(declared).await;
        let mut executor = Executor::new(self.cloud.clone(), store, self.sink());
        executor.settings = self.settings.clone();
        executor
    }

    /// Settles, refreshes and plans, as the CLI does.
    pub async fn plan(&self, executor: &Executor, declared: &Declared, options: &Options) -> Result<Plan, tenon_planner::Error> {
        executor.settle().await?;
        let state = executor.store.state();
        let refreshed = refresh(executor.cloud.as_ref(), &state, &quiet()).await?;
        let caller = executor.cloud.caller().await.unwrap();
        plan(declared, &refreshed, &caller, options)
    }

    /// Plans and applies; returns both.
    pub async fn apply(&self, declared: &Declared, options: &Options) -> (Plan, Summary) {
        let executor = self.executor(declared).await;
        let made = self.plan(&executor, declared, options).await.unwrap();
        let summary = executor.apply(&made).await.unwrap();
        executor.store.close().await.unwrap();
        (made, summary)
    }

    /// The plan that follows, without applying it.
    pub async fn next(&self, declared: &Declared) -> Plan {
        let executor = self.executor(declared).await;
        let made = self.plan(&executor, declared, &Options::default()).await.unwrap();
        executor.store.close().await.unwrap();
        made
    }
}
