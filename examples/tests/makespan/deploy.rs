//! From a commit to production, and from a bad image to the healthy old version: the shop's API in virtual time, stage by stage.
//!
//! What a deployment does at AWS takes as long as `planner/src/sandbox/model/durations.rs` says. What comes before it, on the machines
//! that build, is a budget: a pipeline that keeps to it is in time.
//!
//! `cargo test -p tenon-examples --test makespan deploy -- --nocapture`

use crate::declared;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tenon_planner::{
    Declared, Options,
    event::{Event, quiet},
    execute::{Executor, Summary, Verdict},
    plan,
    refresh::refresh,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::cloud::{Cloud, Status};
use tenon_state::{Backend, Holder, Identity, Memory, State, Store};
use tokio::time::Instant;

/// The budget of each stage before the calls: the longer of tests and images, which are made side by side, the push of the layers that
/// changed, and a declaration with its plan.
const BEFORE: [(&str, Duration); 3] = [
    ("tests and images, side by side", Duration::from_secs(300)),
    ("push of the images", Duration::from_secs(45)),
    ("declaration, plan and gate", Duration::from_secs(45)),
];

/// The limit from a commit to production.
const TO_PRODUCTION: Duration = Duration::from_secs(600);
/// The limit from a bad image to the healthy old version.
const TO_HEALTHY: Duration = Duration::from_secs(300);

/// A deployment: its summary, and the end of each of its calls, from its beginning on.
struct Deployment {
    summary: Summary,
    began: Instant,
    ends: Vec<(String, Duration)>,
}

struct Shop {
    cloud: Arc<Sandbox>,
    backend: Arc<dyn Backend>,
}

impl Shop {
    fn new() -> Self {
        let config = SandboxConfig {
            speed: 1.0,
            ..SandboxConfig::default()
        };
        Self {
            cloud: Arc::new(Sandbox::in_memory(config)),
            backend: Arc::new(Memory::new()),
        }
    }

    async fn store(&self) -> Store {
        let (stack, env) = ("ecommerce".into(), "local".into());
        let holder = Holder::here("deploy").unwrap();
        Store::open(self.backend.clone(), holder, Identity { stack, env })
            .await
            .unwrap()
    }

    /// Plans and applies what is declared.
    async fn deploy(&self, declared: &Declared) -> Deployment {
        let (began, ends) = (Instant::now(), Arc::<Mutex<Vec<(String, Duration)>>>::default());
        let sink = ends.clone();
        let on_event = move |event| {
            if let Event::Done { address, title, .. } | Event::Failed { address, title, .. } = event {
                let text = format!("{title} of {address}");
                sink.lock().unwrap().push((text, began.elapsed()));
            }
        };
        let executor = Executor::new(self.cloud.clone(), self.store().await, Arc::new(on_event));
        let seen = refresh(self.cloud.as_ref(), &executor.store.state(), &quiet())
            .await
            .unwrap();
        let caller = self.cloud.caller().await.unwrap();
        let plan = plan(declared, &seen, &caller, &Options::default()).unwrap();
        let summary = executor.apply(&plan).await.unwrap();
        executor.store.close().await.unwrap();
        let ends = ends.lock().unwrap().clone();
        Deployment { summary, began, ends }
    }

    async fn state(&self) -> State {
        let view = tenon_state::inspect(&*self.backend).await.unwrap();
        view.unwrap().state
    }

    /// The image of the API as the state has it, and the id of its service.
    async fn api(&self) -> (String, String) {
        let state = self.state().await;
        let service = state.current("api/service").unwrap();
        let version = service.inputs["task_definition"].as_str();
        let mut versions = state.records.values();
        let version = versions.find(|r| r.kind == "ecs.task_definition" && r.id.as_deref() == version);
        let image = &version.unwrap().inputs["containers"][0]["image"];
        (image.as_str().unwrap().to_owned(), service.id.clone().unwrap())
    }

    async fn is_healthy(&self, service: &str) -> bool {
        let kind = tenon_resources::registry::find("ecs.service").unwrap();
        let found = self.cloud.read(kind, &[service.to_owned()]).await.unwrap();
        found.iter().any(|o| o.status == Status::Ready)
    }
}

fn virtual_time<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    runtime.unwrap().block_on(test)
}

fn stage(what: &str, end: Duration) {
    println!("| {what} | {:.0} s |", end.as_secs_f64());
}

#[test]
fn a_commit_is_in_production_within_ten_minutes() {
    virtual_time(async {
        let shop = Shop::new();
        assert!(shop.deploy(&declared("1")).await.summary.complete());
        println!("| stage | done after |");
        println!("|---|---|");
        let mut clock = Duration::ZERO;
        for (what, budget) in BEFORE {
            clock += budget;
            stage(what, clock);
        }
        let deployed = shop.deploy(&declared("2")).await;
        assert!(deployed.summary.complete(), "{:?}", deployed.summary.failed);
        let served =
            |(what, _): &&(String, Duration)| what.contains("until ready of") && what.contains("service");
        let production = deployed.ends.iter().filter(served).map(|(_, end)| *end).max();
        let production = production.expect("a service is waited for");
        for (what, end) in &deployed.ends {
            stage(what, clock + *end);
        }
        let (image, service) = shop.api().await;
        assert!(
            image.ends_with(":2") && shop.is_healthy(&service).await,
            "{image}"
        );
        // The rollout counts, and not only the budgets: without it, nothing would be measured.
        assert!(production > Duration::from_secs(60), "{production:?}");
        assert!(clock + production < TO_PRODUCTION, "{:?}", clock + production);
    });
}

#[test]
fn a_bad_image_gives_way_to_the_healthy_old_one_within_five_minutes() {
    virtual_time(async {
        let shop = Shop::new();
        assert!(shop.deploy(&declared("1")).await.summary.complete());
        let (good, service) = shop.api().await;
        let bad = good.strip_suffix(":1").map(|name| format!("{name}:2")).unwrap();
        shop.cloud
            .break_image(&bad, "Task failed container health checks");
        println!("| stage | done after |");
        println!("|---|---|");
        let deployed = shop.deploy(&declared("2")).await;
        assert_eq!(
            deployed.summary.verdict(),
            Some(Verdict::RolledBack),
            "{:?}",
            deployed.summary.failed
        );
        for (what, end) in deployed.ends.iter().filter(|(what, _)| what.contains("api/")) {
            stage(what, *end);
        }
        while !shop.is_healthy(&service).await && deployed.began.elapsed() < TO_HEALTHY * 2 {
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let healthy = deployed.began.elapsed();
        stage("the old version alone and healthy", healthy);
        assert_eq!(shop.api().await.0, good, "the state says what runs");
        assert!(healthy < TO_HEALTHY, "{healthy:?}");
    });
}
