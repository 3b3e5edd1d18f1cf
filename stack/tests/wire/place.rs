//! An environment over the wire: emulators behind proxies, a state in memory, the executor on the SDK.

use crate::{
    emulators::Emulator,
    proxy::{Proxy, Seen},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tenon_planner::{
    Declared, Options, Plan,
    event::{Event, quiet},
    execute::{Executor, Summary},
    plan,
    refresh::refresh,
};
use tenon_resources::{
    aws::{Aws, Connect, Keys},
    cloud::Cloud,
};
use tenon_state::{Holder, Identity, Memory, Store};

pub(crate) struct Place {
    pub(crate) cloud: Arc<Aws>,
    backend: Arc<Memory>,
    proxies: Arc<[Proxy; 2]>,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    emulators: Arc<[Emulator; 2]>,
}

impl Place {
    pub(crate) async fn new() -> Self {
        let emulators = [Emulator::moto(), Emulator::ministack()];
        let moto = Proxy::start(&emulators[0].url).await;
        let ministack = Proxy::start(&emulators[1].url).await;
        let connect = Connect {
            region: Some("eu-west-1".into()),
            endpoint: Some(moto.url.clone()),
            endpoints: BTreeMap::from([("cloudwatch".into(), ministack.url.clone())]),
            keys: Some(Keys {
                id: "test".into(),
                secret: "test".into(),
            }),
            ..Connect::default()
        };
        let cloud = Arc::new(Aws::connect(connect).await.unwrap());
        let (backend, events) = (Arc::new(Memory::new()), Arc::default());
        Self {
            cloud,
            backend,
            proxies: Arc::new([moto, ministack]),
            events,
            emulators: Arc::new(emulators),
        }
    }

    /// The same cloud, with a state of its own.
    pub(crate) fn with_own_state(&self) -> Self {
        let (cloud, proxies, emulators) = (self.cloud.clone(), self.proxies.clone(), self.emulators.clone());
        Self {
            cloud,
            backend: Arc::new(Memory::new()),
            proxies,
            events: Arc::default(),
            emulators,
        }
    }

    /// The ids of a stack's resources by address.
    pub(crate) async fn ids(&self, declared: &Declared) -> BTreeMap<String, String> {
        let executor = self.executor(declared).await;
        let state = executor.store.state();
        let ids = state
            .records
            .values()
            .filter_map(|r| Some((r.address.clone(), r.id.clone()?)))
            .collect();
        executor.store.close().await.unwrap();
        ids
    }

    /// The mutating calls that went over the wire since the last time, as `service:Operation`, sorted.
    pub(crate) fn mutating(&self) -> Vec<String> {
        let seen: Vec<Seen> = self.proxies.iter().flat_map(Proxy::take).collect();
        let mut names: Vec<String> = seen
            .iter()
            .filter(|s| s.mutates())
            .map(|s| format!("{}:{}", s.service, s.operation))
            .collect();
        names.sort();
        names
    }

    pub(crate) async fn executor(&self, declared: &Declared) -> Executor {
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        let store = Store::open(self.backend.clone(), Holder::here("test").unwrap(), identity)
            .await
            .unwrap();
        let events = Arc::clone(&self.events);
        let sink = Arc::new(move |event| events.lock().unwrap().push(event));
        Executor::new(self.cloud.clone(), store, sink)
    }

    pub(crate) async fn plan_with(
        &self,
        executor: &Executor,
        declared: &Declared,
        options: &Options,
    ) -> Plan {
        executor.settle().await.unwrap();
        let seen = refresh(self.cloud.as_ref(), &executor.store.state(), &quiet())
            .await
            .unwrap();
        let caller = self.cloud.caller().await.unwrap();
        plan(declared, &seen, &caller, options).unwrap()
    }

    /// Plans, without applying.
    pub(crate) async fn plan(&self, declared: &Declared) -> Plan {
        let executor = self.executor(declared).await;
        let plan = self.plan_with(&executor, declared, &Options::default()).await;
        executor.store.close().await.unwrap();
        plan
    }

    /// Plans and applies.
    pub(crate) async fn apply(&self, declared: &Declared, options: &Options) -> (Plan, Summary) {
        let executor = self.executor(declared).await;
        let plan = self.plan_with(&executor, declared, options).await;
        let summary = executor.apply(&plan).await.unwrap();
        executor.store.close().await.unwrap();
        (plan, summary)
    }
}
