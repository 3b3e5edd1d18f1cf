//! Create, change, replace, drift, move, destroy: on the sandbox, with AWS's own waits in virtual time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    clippy::redundant_closure_for_method_calls,
    reason = "as the test reads best"
)]

mod common;

use common::{Fixture, add};
use serde_json::json;
use tenon_planner::{Action, Check, Declared, Options, Reason, sandbox::SandboxConfig};
use tenon_resources::{
    ec2::{NatGateway, SecurityGroup, Subnet, Vpc},
    iam::{Policy, Role},
};

fn network(cidr: &str, public: bool, description: &str) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    let vpc = add(&mut d, "network/vpc", Vpc::new(cidr).enable_dns_hostnames(true));
    for (i, zone) in ["a", "b"].iter().enumerate() {
        let cidr = format!("{}.{}.0/24", &cidr[..4], i);
        let subnet = Subnet::new(&vpc.id, cidr.as_str(), format!("eu-west-1{zone}").as_str());
        add(
            &mut d,
            &format!("network/subnet-{zone}"),
            subnet.map_public_ip_on_launch(public),
        );
    }
    add(
        &mut d,
        "network/nat",
        NatGateway::new(
            tenon_resources::value::Output::new("network/subnet-a", "id"),
            "eipalloc-1",
        ),
    );
    add(&mut d, "door", SecurityGroup::new(&vpc.id, description));
    d.outputs
        .insert("vpc_id".into(), json!({"$ref": "network/vpc.id"}));
    d
}

fn config() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }
}

#[tokio::test(start_paused = true)]
async fn plan_after_apply_is_empty_and_destroy_leaves_nothing() {
    let fixture = Fixture::new(config());
    let declared = network("10.0.0.0/16", true, "web");
    let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
    assert!(summary.complete(), "{summary:#?}");
    assert_eq!(plan.counts().create, 5);
    assert_eq!(fixture.cloud.len(), 5);
    assert!(summary.outputs["vpc_id"].as_str().unwrap().starts_with("vpc-"));

    let next = fixture.next(&declared).await;
    assert!(next.is_empty(), "{:#?}", next.decisions);

    let (_, summary) = fixture
        .apply(
            &declared,
            &Options {
                destroy: true,
                ..Options::default()
            },
        )
        .await;
    assert!(summary.complete(), "{summary:#?}");
    assert!(fixture.cloud.is_empty(), "{:?}", fixture.cloud.inventory());
}

#[tokio::test(start_paused = true)]
async fn a_change_makes_only_its_own_calls() {
    let fixture = Fixture::new(config());
    fixture
        .apply(&network("10.0.0.0/16", false, "web"), &Options::default())
        .await;
    let declared = network("10.0.0.0/16", true, "web");
    let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
    let calls: Vec<String> = plan
        .mutating()
        .map(|c| format!("{} {}", c.title(), c.address))
        .collect();
    assert_eq!(
        calls,
        [
            "ec2:ModifySubnetAttribute network/subnet-a",
            "ec2:ModifySubnetAttribute network/subnet-b"
        ]
    );
    assert!(summary.complete());
    assert!(fixture.next(&declared).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_immutable_change_replaces_create_first_and_what_hangs_on_it() {
    let fixture = Fixture::new(config());
    fixture
        .apply(&network("10.0.0.0/16", false, "web"), &Options::default())
        .await;
    let declared = network("10.1.0.0/16", false, "web");
    let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
    assert!(summary.complete(), "{summary:#?}");
    // A NAT gateway keeps its Elastic IP address, which AWS associates with one at a time.
    for d in &plan.decisions {
        let first = match d.kind.as_str() {
            "ec2.nat_gateway" => Action::ReplaceDeleteFirst,
            _ => Action::ReplaceCreateFirst,
        };
        assert_eq!(d.action, first, "{}", d.address);
    }
    assert_eq!(
        plan.decisions[0].reason,
        Some(Reason::Immutable(vec!["cidr_block".into()]))
    );
    assert_eq!(fixture.cloud.len(), 5);
    assert!(fixture.next(&declared).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn drift_is_seen_and_undone() {
    let fixture = Fixture::new(config());
    let declared = network("10.0.0.0/16", true, "web");
    fixture.apply(&declared, &Options::default()).await;
    let vpc = fixture
        .cloud
        .inventory()
        .into_iter()
        .find(|(k, _)| k == "ec2.vpc")
        .unwrap()
        .1;
    assert!(
        fixture
            .cloud
            .tamper("ec2.vpc", &vpc, "enable_dns_hostnames", json!(false))
    );
    let nat = fixture
        .cloud
        .inventory()
        .into_iter()
        .find(|(k, _)| k == "ec2.nat_gateway")
        .unwrap()
        .1;
    assert!(fixture.cloud.vanish("ec2.nat_gateway", &nat));
    let plan = fixture.next(&declared).await;
    let actions: Vec<_> = plan
        .decisions
        .iter()
        .map(|d| (d.address.as_str(), d.action))
        .collect();
    assert_eq!(actions[0], ("network/vpc", Action::Update));
    assert_eq!(actions[3], ("network/nat", Action::Create));
    let (_, summary) = fixture.apply(&declared, &Options::default()).await;
    assert!(summary.complete());
    assert!(fixture.next(&declared).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_move_keeps_the_resource() {
    let fixture = Fixture::new(config());
    fixture
        .apply(&network("10.0.0.0/16", true, "web"), &Options::default())
        .await;
    let before = fixture.cloud.inventory();
    let mut declared = network("10.0.0.0/16", true, "web");
    let door = declared.resources.shift_remove("door").unwrap();
    declared.add("edge/door", door);
    declared.rename("door", "edge/door", "main.rs:9");
    let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
    assert!(summary.complete());
    assert_eq!(fixture.cloud.inventory(), before);
    // The proof of ownership names the address, so the tags follow.
    assert_eq!(
        plan.mutating().map(|c| c.title()).collect::<Vec<_>>(),
        ["ec2:CreateTags"]
    );
    assert!(fixture.next(&declared).await.is_empty());
}

/// The findings of a stack with a VPC at each of `addresses` and these moves.
fn findings(addresses: &[&str], moves: &[(&str, &str)]) -> Vec<String> {
    match vpcs(addresses, moves).check() {
        Ok(()) => vec![],
        Err(tenon_planner::Error::Findings(findings)) => findings.iter().map(ToString::to_string).collect(),
        Err(other) => panic!("{other}"),
    }
}

fn vpcs(addresses: &[&str], moves: &[(&str, &str)]) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    for address in addresses {
        add(&mut d, address, Vpc::new("10.0.0.0/16"));
    }
    for (n, (old, new)) in moves.iter().enumerate() {
        d.rename(old, new, &format!("moves.rs:{n}"));
    }
    d
}

/// <https://github.com/hashicorp/terraform/issues/29126>: a state that missed a release, or ten, still keeps its resources.
#[tokio::test(start_paused = true)]
async fn no_resource_is_replaced_because_it_moved_twice() {
    let chain = [
        ("a", "b"),
        ("b", "net/b"),
        ("net", "network"),
        ("network/b", "network/subnets/b"),
    ];
    let declared = vpcs(&["network/subnets/b", "network/x"], &chain);
    for old in [["a", "net/x"], ["b", "network/x"], ["network/b", "net/x"]] {
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&vpcs(&old, &[]), &Options::default()).await;
        let before = fixture.cloud.inventory();
        let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete());
        assert_eq!(fixture.cloud.inventory(), before, "{old:?}");
        assert_eq!(plan.decisions[0].moved_from.as_deref(), Some(old[0]));
        assert!(fixture.next(&declared).await.is_empty());
    }
}

#[test]
fn a_move_that_would_delete_what_it_names_is_a_finding() {
    assert_eq!(findings(&["b"], &[("a", "b")]), [""; 0]);
    assert_eq!(
        findings(&["net/vpc"], &[("a", "net"), ("net/old", "net/vpc")]),
        [""; 0]
    );
    assert_eq!(
        findings(&["b"], &[("a", "bb")]),
        [
            "moves.rs:0: `a` is said to have moved to `bb`, which is not declared; correct that address, or remove the move"
        ]
    );
    assert_eq!(
        findings(&["c"], &[("a", "b"), ("b", "a")]),
        [
            "moves.rs:0: `a` is said to have moved to `b`, and by way of that back again; remove one of these moves",
            "moves.rs:1: `b` is said to have moved to `a`, and by way of that back again; remove one of these moves"
        ]
    );
    assert_eq!(
        findings(&["b", "c"], &[("a", "b"), ("a", "c")]),
        ["moves.rs:1: `a` is said to have moved to `b` and to `c`; remove one of the two"]
    );
}

/// What a program no longer sets is taken back where unset means none, and left alone where AWS chooses.
#[tokio::test(start_paused = true)]
async fn what_is_unset_again_is_taken_back() {
    let fixture = Fixture::new(config());
    let stack = |boundary: Option<&str>| {
        let mut d = Declared::new("shop", "test", None);
        let mut role = Role::new(Policy::assumed_by_service("lambda.amazonaws.com"));
        if let Some(boundary) = boundary {
            role = role.permissions_boundary(boundary);
        }
        add(&mut d, "role", role);
        d
    };
    let bounded = stack(Some("arn:aws:iam::aws:policy/PowerUserAccess"));
    let (_, summary) = fixture.apply(&bounded, &Options::default()).await;
    assert!(summary.complete(), "{summary:#?}");
    let (plan, summary) = fixture.apply(&stack(None), &Options::default()).await;
    assert!(summary.complete(), "{summary:#?}");
    let calls: Vec<_> = plan.mutating().map(|c| c.title()).collect();
    assert_eq!(calls, ["iam:DeleteRolePermissionsBoundary"]);
    assert!(fixture.next(&stack(None)).await.is_empty());
}
