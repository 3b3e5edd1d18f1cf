//! What AWS lets only one hold: a plan gives it up before it is taken, or is refused before its first call.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use tenon_planner::{Check, Declared, Error, Options, sandbox::SandboxConfig};
use tenon_resources::{
    ec2::{Subnet, Vpc},
    elb::LoadBalancer,
};

/// A VPC and its subnets by name, range and zone, some of them under a load balancer.
fn network(subnets: &[(&str, &str, &str)], balanced: &[&str]) -> Declared {
    let mut d = Declared::new("net", "test", None);
    d.disposable = true;
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
    let mut under = vec![];
    for (name, range, zone) in subnets {
        let id = add(&mut d, name, Subnet::new(&vpc, *range, *zone)).id;
        if balanced.contains(name) {
            under.push(id);
        }
    }
    if !under.is_empty() {
        let balancer = LoadBalancer::new().subnets(&under).security_groups(["sg-1"]);
        add(&mut d, "balancer", balancer);
    }
    d
}

fn position(plan: &tenon_planner::Plan, operation: &str, address: &str) -> usize {
    let is = |c: &tenon_planner::PlannedCall| c.step.operation == operation && c.address == address;
    plan.calls.iter().position(is).unwrap()
}

/// Applies `before`, then plans `after` with `replace`.
async fn planned(
    before: &Declared,
    after: &Declared,
    replace: &[&str],
) -> Result<tenon_planner::Plan, Error> {
    let fixture = Fixture::new(SandboxConfig::instant());
    let (_, summary) = fixture.apply(before, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let options = Options {
        replace: replace.iter().map(|&a| a.to_owned()).collect(),
        ..Options::default()
    };
    let executor = fixture.executor(after).await;
    fixture.plan(&executor, after, &options).await
}

fn refusal(plan: Result<tenon_planner::Plan, Error>) -> String {
    match plan {
        Err(error @ Error::Findings(_)) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

const A: (&str, &str, &str) = ("a", "10.0.0.0/20", "eu-west-1a");
const B: (&str, &str, &str) = ("b", "10.0.16.0/20", "eu-west-1b");

#[test]
fn two_declared_subnets_never_overlap() {
    // https://github.com/hashicorp/terraform/issues/7516
    let declared = network(&[A, ("c", "10.0.8.0/24", "eu-west-1b")], &[]);
    let Err(error) = declared.check() else {
        panic!("it was taken")
    };
    let text = error.to_string();
    assert!(
        text.contains("10.0.8.0/24") && text.contains("`a` (main.rs:1)"),
        "{text}"
    );
}

#[test]
fn a_renamed_subnet_is_removed_before_its_range_is_asked_for() {
    // https://github.com/hashicorp/terraform/issues/567
    block_on(async {
        let after = network(&[("renamed", A.1, A.2)], &[]);
        let plan = planned(&network(&[A], &[]), &after, &[]).await.unwrap();
        assert!(position(&plan, "DeleteSubnet", "a") < position(&plan, "CreateSubnet", "renamed"));
    });
}

#[test]
fn a_subnet_that_moves_to_another_zone_is_removed_before_its_successor_is_made() {
    block_on(async {
        let after = network(&[("a", A.1, "eu-west-1c")], &[]);
        let plan = planned(&network(&[A], &[]), &after, &[]).await.unwrap();
        assert!(position(&plan, "DeleteSubnet", "a") < position(&plan, "CreateSubnet", "a"));
    });
}

#[test]
fn two_subnets_that_exchange_their_ranges_are_refused_before_the_first_call() {
    // https://github.com/cloudposse/terraform-aws-dynamic-subnets/issues/120
    block_on(async {
        let after = network(&[("a", B.1, A.2), ("b", A.1, B.2)], &[]);
        let text = refusal(planned(&network(&[A, B], &[]), &after, &[]).await);
        assert!(text.contains("they wait for one another"), "{text}");
    });
}

#[test]
fn a_range_that_its_holder_keeps_is_not_taken() {
    block_on(async {
        // What is left out of the plan keeps what it has.
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&network(&[A], &[]), &Options::default()).await;
        let after = network(&[("renamed", A.1, A.2)], &[]);
        let options = Options {
            excludes: vec!["a".into()],
            ..Options::default()
        };
        let executor = fixture.executor(&after).await;
        let text = refusal(fixture.plan(&executor, &after, &options).await);
        assert!(
            text.contains("which `a`") && text.contains("keeps in this plan"),
            "{text}"
        );
    });
}

#[test]
fn a_subnet_under_a_load_balancer_is_not_torn_down_for_a_successor_that_cannot_exist() {
    // https://github.com/infrablocks/terraform-aws-base-networking/issues/63
    block_on(async {
        let declared = network(&[A, B], &["a", "b"]);
        let text = refusal(planned(&declared, &declared, &["a"]).await);
        assert!(text.contains("while `balancer` uses it"), "{text}");
        // Another range can stand beside the old one, so that nothing needs to be taken away first.
        let after = network(&[("a", "10.0.32.0/20", A.2), B], &["a", "b"]);
        let plan = planned(&declared, &after, &[]).await.unwrap();
        assert!(position(&plan, "CreateSubnet", "a") < position(&plan, "SetSubnets", "balancer"));
        assert!(position(&plan, "SetSubnets", "balancer") < position(&plan, "DeleteSubnet", "a"));
    });
}
