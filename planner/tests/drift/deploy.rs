//! Deployments that do not succeed: the verdict, the state that says what runs, the next plan, and the time until the old version is alone.

use crate::common::{Fixture, add, block_on};
use std::time::Duration;
use tenon_planner::{Declared, Options, execute::Verdict, sandbox::SandboxConfig};
use tenon_resources::ecs::{CircuitBreaker, Cluster, ContainerDefinition, Service, TaskDefinition};

/// A service that runs an image.
fn service(image: &str, breaker: CircuitBreaker) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    let cluster = add(&mut declared, "cluster", Cluster::new().cluster_name("main"));
    let task = TaskDefinition::new("web").containers([ContainerDefinition::new("web", image)]);
    let task = add(&mut declared, "task", task);
    let service = Service::new(&cluster.id, &task.id)
        .desired_count(2)
        .subnets(["subnet-1"])
        .circuit_breaker(breaker);
    add(&mut declared, "web", service.service_name("web"));
    declared
}

/// What the state says that the service runs: the image of its task definition.
async fn runs(fixture: &Fixture, declared: &Declared) -> String {
    let store = fixture.store(declared).await;
    let state = store.state();
    let definition = state.current("web").unwrap().inputs["task_definition"].clone();
    let all = state.records.values().filter(|r| r.kind == "ecs.task_definition");
    let mut of = all.filter(|r| r.id.as_deref() == definition.as_str());
    let image = of
        .next()
        .map(|r| r.inputs["containers"][0]["image"].as_str().unwrap().to_owned());
    store.close().await.unwrap();
    image.unwrap_or_default()
}

fn at_aws() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::instant()
    }
}

#[test]
// Long: a deployment, its end, and what follows.
fn a_bad_image_is_turned_back_within_minutes_and_the_state_says_what_runs() {
    for (config, breaker) in [
        (at_aws(), CircuitBreaker::RollBack),
        (SandboxConfig::instant(), CircuitBreaker::RollBack),
    ] {
        block_on(async {
            let fixture = Fixture::new(config);
            let good = service("shop:1", breaker);
            let (_, summary) = fixture.apply(&good, &Options::default()).await;
            assert!(summary.complete(), "{:?}", summary.failed);
            fixture
                .cloud
                .break_image("shop:2", "Task failed ELB health checks");
            let bad = service("shop:2", breaker);
            let began = tokio::time::Instant::now();
            let (_, summary) = fixture.apply(&bad, &Options::default()).await;
            let decided = began.elapsed();
            assert_eq!(
                summary.verdict(),
                Some(Verdict::RolledBack),
                "{:?}",
                summary.failed
            );
            assert_eq!(runs(&fixture, &bad).await, "shop:1");
            // Until what ran before is alone again, which the next read sees.
            let kind = tenon_resources::registry::find("ecs.service").unwrap();
            let ready = async || {
                let found =
                    tenon_resources::cloud::Cloud::read(&*fixture.cloud, kind, &["main/web".into()]).await;
                found
                    .unwrap()
                    .iter()
                    .any(|o| o.status == tenon_resources::cloud::Status::Ready)
            };
            while config.speed < 2.0 && !ready().await && began.elapsed() < Duration::from_secs(600) {
                tokio::time::advance(Duration::from_secs(1)).await;
            }
            println!(
                "a bad image: decided after {:.0} s, the old version alone after {:.0} s of virtual time",
                decided.as_secs_f64(),
                began.elapsed().as_secs_f64()
            );
            assert!(
                began.elapsed() < Duration::from_secs(300),
                "{:?}",
                began.elapsed()
            );
            // The next plan with a good image deploys it, and with the old one there is nothing to deploy.
            let (_, summary) = fixture
                .apply(&service("shop:3", breaker), &Options::default())
                .await;
            assert!(summary.complete(), "{:?}", summary.failed);
            assert_eq!(runs(&fixture, &bad).await, "shop:3");
            let next = fixture.next(&service("shop:3", breaker)).await;
            assert!(next.is_empty(), "{:?}", next.decisions);
        });
    }
}

#[test]
fn a_deployment_that_nothing_watches_over_is_undecided() {
    block_on(async {
        let fixture = Fixture::new(at_aws());
        fixture
            .apply(&service("shop:1", CircuitBreaker::Off), &Options::default())
            .await;
        fixture.cloud.break_image("shop:2", "CannotPullContainerError");
        let (_, summary) = fixture
            .apply(&service("shop:2", CircuitBreaker::Off), &Options::default())
            .await;
        assert_eq!(
            summary.verdict(),
            Some(Verdict::Undecided),
            "{:?}",
            summary.failed
        );
    });
}
