//! Blue/green deployments: how long they take, what turns them back, and what is refused before a call is made.

use crate::common::{Fixture, add, block_on};
use std::time::Duration;
use tenon_planner::{Check, Declared, Options, execute::Verdict, sandbox::SandboxConfig};
use tenon_resources::{
    ecs::{
        Balanced, CircuitBreaker, Cluster, ContainerDefinition, DeploymentStrategy, Service, TaskDefinition,
    },
    elb::{Action, Condition, Listener, ListenerProtocol, ListenerRule, LoadBalancer, TargetGroup},
    value::IntoInput as _,
};

/// The bake time of the tests, in minutes.
const BAKES: u16 = 5;

const ROLE: &str = "arn:aws:iam::111111111111:role/shift";

/// A service behind a load balancer; `change` has the last word on it, and on whether the rule forwards to both target groups.
fn with(image: &str, both: bool, change: impl FnOnce(Service) -> Service) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    let cluster = add(&mut d, "cluster", Cluster::new().cluster_name("main"));
    let balancer = add(
        &mut d,
        "balancer",
        LoadBalancer::new()
            .subnets(["subnet-1", "subnet-2"])
            .security_groups(["sg-1"]),
    )
    .id;
    let blue = add(&mut d, "blue", TargetGroup::new("vpc-1", 8080)).id;
    let green = add(&mut d, "green", TargetGroup::new("vpc-1", 8080)).id;
    let not_found = Action::respond(404, "text/plain", "not here");
    let listener = add(
        &mut d,
        "listener",
        Listener::new(&balancer, 80, ListenerProtocol::Http, not_found),
    );
    let action = if both {
        Action::split([(&blue, 1), (&green, 0)])
    } else {
        Action::forward(&blue)
    };
    let rule = ListenerRule::new(&listener.id, 10, action).conditions([Condition::path(["/*"])]);
    let rule = add(&mut d, "rule", rule);
    let container = ContainerDefinition::new("web", image).port(8080);
    let task = add(&mut d, "task", TaskDefinition::new("web").containers([container]));
    let balanced = Balanced::new(&rule.target_group, "web", 8080).shifted(&green, &rule.id, ROLE);
    let service = Service::new(&cluster.id, &task.id)
        .service_name("web")
        .desired_count(2)
        .subnets(["subnet-1"])
        .strategy(DeploymentStrategy::BlueGreen)
        .bake_time_in_minutes(BAKES)
        .deployment_alarms(["errors".into_input()])
        .load_balancers([balanced]);
    add(&mut d, "web", change(service));
    d
}

fn shop(image: &str) -> Declared {
    with(image, true, |service| service)
}

fn at_aws() -> Fixture {
    Fixture::new(SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::instant()
    })
}

/// The image that the state says runs.
async fn runs(fixture: &Fixture) -> String {
    let view = tenon_state::inspect(&*fixture.backend).await.unwrap().unwrap();
    let service = view.state.current("web").unwrap();
    let version = service.inputs["task_definition"].as_str();
    let mut versions = view.state.at("task");
    let version = versions.find(|r| r.id.as_deref() == version).unwrap();
    version.inputs["containers"][0]["image"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_deployment_is_done_when_it_has_baked() {
    block_on(async {
        let fixture = at_aws();
        let (_, summary) = fixture.apply(&shop("shop:1"), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let began = tokio::time::Instant::now();
        let (plan, summary) = fixture.apply(&shop("shop:2"), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let (took, bakes) = (began.elapsed(), Duration::from_secs(u64::from(BAKES) * 60));
        println!(
            "a blue/green deployment took {:.0} s, {} s of them bake time",
            took.as_secs_f64(),
            bakes.as_secs()
        );
        assert!(
            took > bakes && took < bakes + Duration::from_secs(240),
            "{took:?}"
        );
        // The plan says so beforehand.
        let said = tenon_planner::sandbox::schedule(&plan).total();
        assert!(said > bakes && said < took + Duration::from_secs(30), "{said:?}");
        assert_eq!(runs(&fixture).await, "shop:2");
        assert!(fixture.next(&shop("shop:2")).await.is_empty());
    });
}

#[test]
fn an_alarm_within_the_bake_time_turns_it_back() {
    block_on(async {
        let fixture = at_aws();
        fixture.apply(&shop("shop:1"), &Options::default()).await;
        let second = shop("shop:2");
        let alarm = async {
            // The requests are shifted, and it bakes.
            tokio::time::sleep(Duration::from_secs(200)).await;
            let others = fixture.cloud.sound_alarm("latency");
            (others, fixture.cloud.sound_alarm("errors"))
        };
        let began = tokio::time::Instant::now();
        let options = Options::default();
        let ((_, summary), sounded) = tokio::join!(fixture.apply(&second, &options), alarm);
        assert_eq!(sounded, (0, 1), "only the alarm that watches over it");
        assert_eq!(
            summary.verdict(),
            Some(Verdict::RolledBack),
            "{:?}",
            summary.failed
        );
        assert!(summary.failed[0].why.contains("errors"), "{:?}", summary.failed);
        assert!(
            began.elapsed() < Duration::from_secs(300),
            "{:?}",
            began.elapsed()
        );
        assert_eq!(runs(&fixture).await, "shop:1");
        // Nothing is under way any more, so an alarm turns nothing back; the next plan is right.
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(fixture.cloud.sound_alarm("errors"), 0);
        // What was turned back is removed, and that is all.
        let next = fixture.next(&shop("shop:1")).await;
        let calls: Vec<_> = next.mutating().map(|c| c.step.operation.to_string()).collect();
        assert_eq!(calls, ["DeregisterTaskDefinition"]);
        let (_, summary) = fixture.apply(&shop("shop:3"), &options).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(runs(&fixture).await, "shop:3");
    });
}

#[test]
fn a_bad_image_is_turned_back_before_it_bakes() {
    block_on(async {
        let fixture = at_aws();
        fixture.apply(&shop("shop:1"), &Options::default()).await;
        fixture
            .cloud
            .break_image("shop:2", "Task failed ELB health checks");
        let began = tokio::time::Instant::now();
        let (_, summary) = fixture.apply(&shop("shop:2"), &Options::default()).await;
        assert_eq!(
            summary.verdict(),
            Some(Verdict::RolledBack),
            "{:?}",
            summary.failed
        );
        assert!(
            began.elapsed() < Duration::from_secs(u64::from(BAKES) * 60),
            "{:?}",
            began.elapsed()
        );
        assert_eq!(runs(&fixture).await, "shop:1");
    });
}

#[test]
fn what_cannot_shift_requests_is_refused_before_a_call_is_made() {
    let said = |d: &Declared| d.check().err().map(|e| e.to_string()).unwrap_or_default();
    assert_eq!(said(&shop("shop:1")), "");
    let unset = |s: Service| Service {
        bake_time_in_minutes: None,
        ..s
    };
    let without = with("shop:1", true, unset);
    assert!(
        said(&without).contains("`bake_time_in_minutes` is unset"),
        "{}",
        said(&without)
    );
    let rolling = with("shop:1", true, |s| s.strategy(DeploymentStrategy::Rolling));
    let found = said(&rolling);
    assert!(
        found.contains("only blue/green deployments shift requests"),
        "{found}"
    );
    assert!(found.contains("only a blue/green deployment has one"), "{found}");
    let bare = with("shop:1", true, |s| {
        let bare = s.load_balancers.iter().cloned();
        let bare = bare.map(|b| Balanced {
            advanced_configuration: None,
            ..b
        });
        Service {
            load_balancers: bare.collect(),
            ..s
        }
    });
    assert!(
        said(&bare).contains("add `.shifted(alternate, rule, role)`"),
        "{}",
        said(&bare)
    );
    // A rule that leads to one of the two alone.
    block_on(async {
        let fixture = at_aws();
        let executor = fixture.executor(&shop("shop:1")).await;
        let one = with("shop:1", false, |s| s.circuit_breaker(CircuitBreaker::RollBack));
        let refused = fixture
            .plan(&executor, &one, &Options::default())
            .await
            .unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("does not forward to the alternate target group"),
            "{refused}"
        );
        executor.store.close().await.unwrap();
    });
}
