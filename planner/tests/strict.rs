//! What AWS does and public emulators do not, on the sandbox: and what the engine makes of it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared by value, as in a program"
)]

mod common;

use common::{Fixture, add, block_on};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tenon_planner::{
    Declared, Options,
    event::Event,
    execute::Summary,
    sandbox::{FaultInjector, FaultTarget, SandboxConfig},
};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Cloud, Reply, Request},
    ec2::{FlowLog, FlowLogDestination, SecurityGroup, Vpc},
    iam::{Policy, Role},
    logs::LogGroup,
    registry,
    secretsmanager::Secret,
};

fn slow() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }
}

fn down() -> Options {
    Options {
        destroy: true,
        consent: vec!["*".to_owned()],
        ..Options::default()
    }
}

/// A log of packets, written under a role of its own.
fn packets() -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    let vpc = add(&mut declared, "vpc", Vpc::new("10.0.0.0/16"));
    let role = Role::new(Policy::assumed_by_service("vpc-flow-logs.amazonaws.com"));
    let role = add(&mut declared, "role", role);
    let group = add(&mut declared, "group", LogGroup::new());
    let destination = FlowLogDestination::log_group(&group.arn, &role.arn);
    add(&mut declared, "packets", FlowLog::new(&vpc.id, destination));
    declared
}

#[test]
fn a_new_role_cannot_be_assumed_at_once() {
    block_on(async {
        let (fixture, declared) = (Fixture::new(slow()), packets());
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let events = fixture.events.lock().unwrap();
        let told = |e: &Event| matches!(e, Event::Retrying { address, why, .. } if address == "packets" && why.contains("Unable to assume"));
        assert!(events.iter().any(told), "{events:#?}");
    });
}

#[test]
fn a_role_that_stays_unknown_fails_what_needs_it_and_the_next_run_goes_on() {
    block_on(async {
        let config = SandboxConfig {
            role_unknown: Duration::from_secs(5 * 60),
            ..slow()
        };
        let (fixture, declared) = (Fixture::new(config), packets());
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        let failed: Vec<_> = summary.failed.iter().map(|f| f.address.as_str()).collect();
        assert_eq!(failed, ["packets"]);
        assert!(
            summary.failed[0].why.contains("Unable to assume"),
            "{}",
            summary.failed[0].why
        );
        tokio::time::sleep(Duration::from_secs(5 * 60)).await;
        let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(
            summary.complete() && plan.counts().create == 1,
            "{:?}",
            summary.failed
        );
    });
}

async fn again(fixture: &Fixture, declared: &Declared) -> Summary {
    let (_, summary) = fixture.apply(declared, &down()).await;
    assert!(
        summary.complete() && fixture.cloud.is_empty(),
        "{:?}",
        summary.failed
    );
    fixture.apply(declared, &Options::default()).await.1
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/4467>, <https://github.com/hashicorp/terraform-provider-aws/issues/10259>
#[test]
fn a_secret_keeps_its_name_while_it_can_be_restored() {
    let secret = |days: u32| {
        let mut declared = Declared::new("shop", "test", None);
        let secret = Secret::new().name("key").recovery_window_in_days(days);
        add(&mut declared, "key", secret);
        declared
    };
    block_on(async {
        let (fixture, declared) = (Fixture::new(slow()), secret(0));
        fixture.apply(&declared, &Options::default()).await;
        let summary = again(&fixture, &declared).await;
        assert!(summary.complete(), "{:?}", summary.failed);

        let (fixture, declared) = (Fixture::new(slow()), secret(7));
        fixture.apply(&declared, &Options::default()).await;
        let summary = again(&fixture, &declared).await;
        let why = &summary.failed[0].why;
        assert!(why.contains("already scheduled for deletion"), "{why}");
        assert!(why.contains("restore that one and import it"), "{why}");
        tokio::time::sleep(Duration::from_secs(7 * 24 * 3600)).await;
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/4467>, <https://github.com/hashicorp/terraform-provider-aws/issues/10259>
#[test]
fn a_secret_that_was_destroyed_does_not_keep_the_stack_from_coming_back() {
    let mut declared = Declared::new("shop", "test", None);
    add(&mut declared, "key", Secret::new());
    block_on(async {
        let fixture = Fixture::new(slow());
        let (plan, _) = fixture.apply(&declared, &Options::default()).await;
        let name = plan.decisions[0].inputs["name"].clone();
        assert!(fixture.next(&declared).await.is_empty());
        let (_, summary) = fixture.apply(&declared, &down()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_ne!(plan.decisions[0].inputs["name"], name);
        assert!(fixture.next(&declared).await.is_empty());
    });
}

/// Makes a NAT gateway in `subnet` with a token, past the engine.
async fn nat(cloud: &dyn Cloud, op: &str, subnet: &str) -> Result<Reply, CallError> {
    let kind = registry::find("ec2.nat_gateway").unwrap();
    let [mut inputs, _] = kind.samples();
    inputs["subnet"] = json!(subnet);
    let step = kind.create(&inputs).unwrap().remove(0);
    let params = serde_json::from_str(
        &step
            .params
            .to_string()
            .replace(r#"{"$token":true}"#, &format!("\"{op}\"")),
    );
    let request = Request {
        op,
        kind,
        id: None,
        service: &step.service,
        operation: &step.operation,
        effect: Effect::Create,
        sets: &step.sets,
        params: &params.unwrap(),
        inputs: &inputs,
    };
    cloud.send(request).await
}

#[test]
fn a_token_is_good_for_one_request_and_for_a_time() {
    block_on(async {
        let fixture = Fixture::new(slow());
        let (cloud, op) = (fixture.cloud.as_ref(), "0123456789abcdef0123456789abcdef");
        let made = nat(cloud, op, "subnet-1").await.unwrap();
        assert_eq!(nat(cloud, op, "subnet-1").await.unwrap(), made);
        let other = nat(cloud, op, "subnet-2").await.unwrap_err();
        assert_eq!(other.code, "IdempotentParameterMismatch");
        assert_eq!(cloud.len(), 1);
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_ne!(nat(cloud, op, "subnet-1").await.unwrap(), made);
        assert_eq!(cloud.len(), 2);
    });
}

#[test]
fn a_service_that_throttles_is_asked_less() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        let vpc = add(&mut declared, "vpc", Vpc::new("10.0.0.0/16"));
        for n in 0..200 {
            add(
                &mut declared,
                &format!("group-{n}"),
                SecurityGroup::new(&vpc.id, "one of many"),
            );
        }
        let fixture = Fixture::new(slow());
        let mut executor = fixture.executor(&declared).await;
        let injector =
            Arc::new(FaultInjector::new(fixture.cloud.clone(), FaultTarget::Nothing).at_most(10, 2));
        executor.cloud = injector.clone();
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        let began = tokio::time::Instant::now();
        let summary = executor.apply(&plan).await.unwrap();
        let (calls, away) = (plan.mutating().count(), injector.turned_away());
        println!(
            "{calls} calls at 2 a second, 16 hands: {away} turned away, {} s",
            began.elapsed().as_secs()
        );
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(away * 4 < calls, "{away} of {calls} calls were turned away");
    });
}
