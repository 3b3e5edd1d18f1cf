//! Deployments that do not succeed: the verdict, the state that says what runs, the next plan, and the time until the old version is alone.

use crate::common::{Fixture, add, block_on};
use std::time::Duration;
use tenon_planner::{
    Declared, Error, Options, SavedPlan,
    event::quiet,
    execute::{Summary, Verdict},
    rollback::{name, rollback},
    sandbox::SandboxConfig,
};
use tenon_resources::{
    ecs::{CircuitBreaker, Cluster, ContainerDefinition, LogConfiguration, Service, TaskDefinition},
    logs::LogGroup,
};

/// A service that runs an image.
fn service(image: &str, breaker: CircuitBreaker) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    let cluster = add(&mut declared, "cluster", Cluster::new().cluster_name("main"));
    let logs = add(&mut declared, "logs", LogGroup::new().log_group_name("/shop/web"));
    let logs = LogConfiguration::awslogs(&logs.id, "eu-west-1", "web");
    let container = ContainerDefinition::new("web", image).log_configuration(logs);
    let role = "arn:aws:iam::111111111111:role/execution";
    let task = TaskDefinition::new("web")
        .execution_role(role)
        .containers([container]);
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
            // With why its tasks stopped, and what they logged last: they, and not those of before.
            let [failure] = &summary.failed[..] else {
                panic!("{:?}", summary.failed)
            };
            assert!(
                failure.why.contains("stopped: Task failed ELB health checks"),
                "{failure:?}"
            );
            assert_eq!(
                failure.lines,
                ["web: the sandbox runs no container: this line stands for the log of shop:2"]
            );
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
            // With the old image there is nothing to deploy: what was turned back is removed, and that is all.
            let next = fixture.next(&service("shop:1", breaker)).await;
            let calls: Vec<_> = next.mutating().map(|c| c.step.operation.to_string()).collect();
            assert_eq!(calls, ["DeregisterTaskDefinition"]);
            // A good image is deployed.
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

/// Plans a rollback of `web`, as the command line does, and carries it out.
async fn roll_back(fixture: &Fixture, declared: &Declared, to: Option<&str>) -> Result<Summary, Error> {
    let executor = fixture.executor(declared).await;
    let state = executor.store.state();
    let caller = executor.cloud.caller().await.unwrap();
    let made = rollback(executor.cloud.as_ref(), &caller, &state, ("web", to), &quiet()).await;
    drop(state);
    let Ok(made) = made else {
        executor.store.close().await.unwrap();
        return Err(made.unwrap_err());
    };
    let calls: Vec<String> = made
        .plan
        .mutating()
        .map(|c| c.step.operation.to_string())
        .collect();
    assert_eq!(
        calls,
        [
            "RegisterTaskDefinition",
            "UpdateService",
            "DeregisterTaskDefinition"
        ]
    );
    // A document like any other: it is made again from what is in it, and comes out the same.
    let saved = SavedPlan::from_json(&made.plan.to_json()).unwrap();
    let again = executor.verify(&saved, &caller).await.unwrap();
    assert_eq!(again.digest, made.plan.digest);
    let summary = executor.apply(&again).await.unwrap();
    executor.store.close().await.unwrap();
    Ok(summary)
}

#[test]
fn a_service_goes_back_to_what_ran_before_and_further() {
    block_on(async {
        let fixture = Fixture::new(at_aws());
        let breaker = CircuitBreaker::RollBack;
        fixture.cloud.break_image("shop:2", "CannotPullContainerError");
        for image in ["shop:1", "shop:2", "shop:3", "shop:4"] {
            let (_, summary) = fixture.apply(&service(image, breaker), &Options::default()).await;
            assert_eq!(summary.complete(), image != "shop:2", "{:?}", summary.failed);
        }
        let declared = service("shop:4", breaker);
        // What is declared and not applied yet has no part in it.
        for expected in ["shop:3", "shop:1"] {
            let summary = roll_back(&fixture, &declared, None).await.unwrap();
            assert!(summary.complete(), "{:?}", summary.failed);
            assert_eq!(runs(&fixture, &declared).await, expected);
            assert!(fixture.next(&service(expected, breaker)).await.is_empty());
        }
        // `shop:2` never ran, and nothing is left to go back to.
        let error = roll_back(&fixture, &declared, None).await.unwrap_err();
        assert!(
            error.to_string().contains("nothing else is known to have run"),
            "{error}"
        );
        let next = fixture.next(&declared).await;
        let changed: Vec<_> = next.mutating().map(|c| c.address.as_str()).collect();
        assert_eq!(
            changed,
            ["task", "web", "task"],
            "the program still declares shop:4"
        );
    });
}

#[test]
fn a_rollback_has_the_verdict_of_a_deployment() {
    block_on(async {
        let fixture = Fixture::new(at_aws());
        let breaker = CircuitBreaker::RollBack;
        for image in ["shop:1", "shop:2"] {
            fixture.apply(&service(image, breaker), &Options::default()).await;
        }
        // Its image is no longer there.
        fixture
            .cloud
            .break_image("shop:1", "CannotPullContainerError: manifest unknown");
        let declared = service("shop:2", breaker);
        let summary = roll_back(&fixture, &declared, None).await.unwrap();
        assert_eq!(
            summary.verdict(),
            Some(Verdict::RolledBack),
            "{:?}",
            summary.failed
        );
        assert!(
            summary.failed[0].why.contains("manifest unknown"),
            "{:?}",
            summary.failed
        );
        assert_eq!(runs(&fixture, &declared).await, "shop:2");
    });
}

#[test]
fn a_rollback_says_what_it_can_go_back_to() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let breaker = CircuitBreaker::RollBack;
        for image in ["shop:1", "shop:2", "shop:3"] {
            fixture.apply(&service(image, breaker), &Options::default()).await;
        }
        let declared = service("shop:3", breaker);
        let store = fixture.store(&declared).await;
        let ran: Vec<String> = store.state().deployed["web"]
            .iter()
            .map(|v| v.id.clone())
            .collect();
        store.close().await.unwrap();
        let [three, two, one] = ran.iter().map(|id| name(id)).collect::<Vec<_>>()[..] else {
            panic!("{ran:?}")
        };
        let error = roll_back(&fixture, &declared, Some("web:77")).await.unwrap_err();
        assert!(
            error.to_string().contains(&format!("these are: {two}, {one}")),
            "{error}"
        );
        let error = roll_back(&fixture, &declared, Some(three)).await.unwrap_err();
        assert!(error.to_string().contains("is what runs"), "{error}");
        roll_back(&fixture, &declared, Some(one)).await.unwrap();
        assert_eq!(runs(&fixture, &declared).await, "shop:1");
        let executor = fixture.executor(&declared).await;
        let (state, caller) = (executor.store.state(), executor.cloud.caller().await.unwrap());
        let of = async |address: &str| {
            let made = rollback(
                executor.cloud.as_ref(),
                &caller,
                &state,
                (address, None),
                &quiet(),
            )
            .await;
            made.unwrap_err().to_string()
        };
        assert!(of("clustr").await.contains("did you mean `cluster`"));
        assert!(of("cluster").await.contains("name an `ecs.service`"));
    });
}

#[test]
fn a_deployment_that_another_takes_over_from_is_undecided() {
    block_on(async {
        let fixture = Fixture::new(at_aws());
        let breaker = CircuitBreaker::RollBack;
        fixture
            .apply(&service("shop:1", breaker), &Options::default())
            .await;
        let foreign = TaskDefinition::new("web").containers([ContainerDefinition::new("web", "shop:9")]);
        let foreign = serde_json::to_value(&foreign).unwrap();
        let foreign = fixture
            .cloud
            .create_outside("ecs.task_definition", &foreign)
            .unwrap();
        // While ours is under way, somebody else deploys.
        let elsewhere = async {
            tokio::time::sleep(Duration::from_secs(20)).await;
            fixture.cloud.tamper(
                "ecs.service",
                "main/web",
                "task_definition",
                foreign.clone().into(),
            )
        };
        let second = service("shop:2", breaker);
        let options = Options::default();
        let ((_, summary), tampered) = tokio::join!(fixture.apply(&second, &options), elsewhere);
        assert!(tampered);
        assert_eq!(
            summary.verdict(),
            Some(Verdict::Undecided),
            "{:?}",
            summary.failed
        );
        assert!(summary.failed[0].why.contains(&foreign), "{:?}", summary.failed);
        // The state says what runs, and the next plan deploys ours again.
        let next = fixture.next(&second).await;
        let changed: Vec<_> = next.mutating().map(|c| c.step.operation.to_string()).collect();
        assert!(changed.contains(&"UpdateService".to_owned()), "{changed:?}");
    });
}
