//! An environment over the wire: emulators behind proxies, a state in memory, the executor on the SDK.

use crate::{
    emulators::Emulator,
    gaps::Home,
    mischief::Mischief,
    pages::Pages,
    proxy::{Proxy, Seen},
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tenon_planner::{
    Declared, Options, Plan,
    event::quiet,
    execute::{Executor, Summary},
    plan,
    refresh::refresh,
};
use tenon_resources::{
    aws::{Aws, Connect, Keys},
    cloud::Cloud,
};
use tenon_state::{Holder, Identity, Memory, Store};

/// The emulators, which all places of a test share.
pub(crate) struct Emulators {
    pub(crate) moto: Emulator,
    pub(crate) ministack: Emulator,
    /// The lists that their proxies saw.
    pub(crate) pages: Arc<Pages>,
}

impl Emulators {
    /// Both, started; moto has every new ECS service run `tasks` tasks, whatever it is asked for.
    pub(crate) fn start(tasks: u32) -> Arc<Self> {
        let (moto, ministack) = (Emulator::moto(tasks), Emulator::ministack());
        Arc::new(Self {
            moto,
            ministack,
            pages: Arc::default(),
        })
    }

    /// Proxies in front of both: first where everything goes, then where CloudWatch goes.
    pub(crate) async fn proxies(&self, home: Home) -> [Proxy; 2] {
        let main = match home {
            Home::Moto => &self.moto,
            Home::Ministack => &self.ministack,
        };
        [
            Proxy::paging(&main.url, home, self.pages.clone()).await,
            Proxy::paging(&self.ministack.url, Home::Ministack, self.pages.clone()).await,
        ]
    }
}

/// The key's id; both emulators take it for the account, so that they agree on one.
pub(crate) const KEY: &str = "123456789012";

/// The SDK's clients, for everything and for CloudWatch.
pub(crate) async fn connect(everything: &str, cloudwatch: &str) -> Aws {
    let connect = Connect {
        region: Some("eu-west-1".into()),
        endpoint: Some(everything.into()),
        endpoints: BTreeMap::from([("cloudwatch".into(), cloudwatch.into())]),
        keys: Some(Keys {
            id: KEY.into(),
            secret: "test".into(),
        }),
        ..Connect::default()
    };
    Aws::connect(connect).await.unwrap()
}

pub(crate) struct TestEnvironment {
    pub(crate) cloud: Arc<Aws>,
    backend: Arc<Memory>,
    proxies: [Proxy; 2],
    _emulators: Arc<Emulators>,
}

impl TestEnvironment {
    /// An environment of its own, with a record of its own of what goes over the wire.
    pub(crate) async fn new(emulators: &Arc<Emulators>, home: Home) -> Self {
        let proxies = emulators.proxies(home).await;
        Self {
            cloud: Arc::new(connect(&proxies[0].url, &proxies[1].url).await),
            backend: Arc::new(Memory::new()),
            proxies,
            _emulators: Arc::clone(emulators),
        }
    }

    /// The next mutating call is executed, and the reply to it lost.
    pub(crate) fn lose_a_reply(&self) {
        for proxy in &self.proxies {
            proxy.trouble().plan(0, Mischief::ResetAfter);
        }
    }

    /// What a stack's resources give, by `address.output`.
    pub(crate) async fn outputs(&self, declared: &Declared) -> BTreeMap<String, Value> {
        let executor = self.executor(declared).await;
        let state = executor.store.state();
        let mut ids = BTreeMap::new();
        for record in state.records.values() {
            for (output, value) in record.outputs.as_object().into_iter().flatten() {
                ids.insert(format!("{}.{output}", record.address), value.clone());
            }
        }
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
        let told = std::env::var_os("TENON_WIRE_EVENTS").is_some();
        let sink = Arc::new(move |event| {
            if told {
                eprintln!("{event:?}");
            }
        });
        let mut executor = Executor::new(self.cloud.clone(), store, sink);
        // An emulator answers at once and shows at once what it made.
        executor.settings.poll = (Duration::from_millis(10), Duration::from_millis(500));
        executor.settings.visible = Duration::from_secs(3);
        executor.settings.consistency = Duration::from_secs(3);
        executor.settings.throttled = Duration::from_secs(10);
        executor
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
