//! Rehearsals: what the sandbox says of a plan beforehand is what becomes of it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{
    Fixture, add, block_on, cases,
    random::{Blueprint, edited},
};
use proptest::prelude::*;
use tenon_planner::{
    Declared, Options, Plan,
    rehearse::{Outcome, Rehearsal, rehearse},
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    call::Effect,
    ec2::{EgressRule, IngressRule, SecurityGroup, Subnet, Traffic, Vpc},
    ecs::{Balanced, Service},
    elb::{Action, Listener, ListenerProtocol, LoadBalancer, TargetGroup},
};

async fn rehearsed(
    fixture: &Fixture,
    declared: &Declared,
    options: &Options,
    change: impl Fn(&mut Plan),
) -> Rehearsal {
    let executor = fixture.executor(declared).await;
    let mut plan = fixture.plan(&executor, declared, options).await.unwrap();
    change(&mut plan);
    let state = executor.store.state();
    executor.store.close().await.unwrap();
    let before = fixture.cloud.contents();
    let rehearsal = rehearse(&plan, &state).await.unwrap();
    assert_eq!(fixture.cloud.contents(), before, "a rehearsal changes nothing");
    rehearsal
}

fn removal() -> Options {
    Options {
        destroy: true,
        ..Options::default()
    }
}

async fn holds(before: Blueprint, after: Blueprint) -> Result<(), TestCaseError> {
    let fixture = Fixture::new(SandboxConfig::instant());
    fixture.apply(&before.declare(), &Options::default()).await;
    let executor = fixture.executor(&before.declare()).await;
    let state = executor.store.state();
    executor.store.close().await.unwrap();
    let seeded = Sandbox::recorded(&state, SandboxConfig::instant()).unwrap();
    prop_assert_eq!(seeded.contents(), fixture.cloud.contents());
    for (declared, options) in [
        (after.declare(), Options::default()),
        (before.declare(), removal()),
    ] {
        let rehearsal = rehearsed(&fixture, &declared, &options, |_| {}).await;
        prop_assert!(rehearsal.complete(), "{:#?}", rehearsal.calls);
        let (_, summary) = fixture.apply(&declared, &options).await;
        prop_assert!(summary.complete(), "{:#?}", summary.failed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 40.min(cases().cases), ..cases() })]
    /// What exists in a rehearsal is what the state records, and a plan that applies is accepted.
    #[test]
    fn a_plan_that_applies_is_accepted((before, after) in edited(8)) {
        block_on(holds(before, after))?;
    }
}

#[test]
fn a_refused_call_is_reported_with_its_reason() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        let vpc = add(&mut declared, "vpc", Vpc::new("10.0.0.0/16")).id;
        add(
            &mut declared,
            "subnet",
            Subnet::new(&vpc, "10.0.0.0/20", "eu-west-1a"),
        );
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&declared, &Options::default()).await;
        // The VPC goes before the subnet that is in it.
        let wrong_way_round = |plan: &mut Plan| {
            let of_vpc = |c: &tenon_planner::PlannedCall| c.address == "vpc";
            plan.calls.sort_by_key(|c| !of_vpc(c));
            for (n, call) in plan.calls.iter_mut().enumerate() {
                call.after = n.checked_sub(1).into_iter().collect();
            }
        };
        let report = rehearsed(&fixture, &declared, &removal(), wrong_way_round).await;
        assert!(!report.complete());
        let Outcome::Refused(why) = &report.calls[0].outcome else {
            panic!("{:#?}", report.calls)
        };
        assert!(why.contains("DependencyViolation"), "{why}");
        assert!(
            report.calls[1..].iter().all(|c| c.outcome == Outcome::NotMade),
            "{:#?}",
            report.calls
        );
        let right = rehearsed(&fixture, &declared, &removal(), |_| {}).await;
        assert!(right.complete(), "{:#?}", right.calls);
    });
}

fn shop(lets_in: bool) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    let front = add(&mut d, "front", SecurityGroup::new("vpc-1", "The load balancer")).id;
    let tasks = add(&mut d, "tasks", SecurityGroup::new("vpc-1", "The tasks")).id;
    add(&mut d, "out", EgressRule::new(&front, &tasks, Traffic::tcp(8080)));
    if lets_in {
        add(&mut d, "in", IngressRule::new(&tasks, &front, Traffic::tcp(8080)));
    }
    let balancer = LoadBalancer::new()
        .subnets(["subnet-1", "subnet-2"])
        .security_groups([&front]);
    let balancer = add(&mut d, "balancer", balancer).id;
    let group = add(&mut d, "group", TargetGroup::new("vpc-1", 8080)).id;
    let listener = Listener::new(&balancer, 80, ListenerProtocol::Http, Action::forward(&group));
    let listener = add(&mut d, "listener", listener);
    let service = Service::new("cluster", "task:1")
        .subnets(["subnet-1"])
        .security_groups([&tasks])
        .load_balancers([Balanced::new(&listener.target_group, "web", 8080)]);
    add(&mut d, "service", service);
    d
}

#[test]
fn requests_that_are_refused_are_reported() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&shop(true), &Options::default()).await;
        let report = rehearsed(&fixture, &shop(false), &Options::default(), |_| {}).await;
        assert!(report.complete(), "{:#?}", report.calls);
        let [stop] = report.interruptions.as_slice() else {
            panic!("{:#?}", report.interruptions)
        };
        assert_eq!(
            (stop.load_balancer.as_str(), stop.way.as_str(), stop.to),
            ("balancer", "80", None)
        );
        let quiet = rehearsed(&fixture, &shop(true), &Options::default(), |_| {}).await;
        assert_eq!(quiet.interruptions, []);
    });
}

#[test]
fn a_plan_of_an_older_state_is_refused() {
    block_on(async {
        let declared = shop(true);
        let fixture = Fixture::new(SandboxConfig::instant());
        let executor = fixture.executor(&declared).await;
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        assert!(plan.calls.iter().any(|c| c.step.effect == Effect::Create));
        executor.store.close().await.unwrap();
        fixture.apply(&declared, &Options::default()).await;
        let executor = fixture.executor(&declared).await;
        let state = executor.store.state();
        executor.store.close().await.unwrap();
        let error = rehearse(&plan, &state).await.unwrap_err();
        assert!(matches!(error, tenon_planner::Error::PlanStale { .. }), "{error}");
    });
}
