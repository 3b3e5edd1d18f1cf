//! Two stacks in one account that want the same name: the second must touch nothing of the first.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared by value, as in a program"
)]

mod common;

use common::{Fixture, add, block_on};
use std::sync::Arc;
use tenon_planner::{
    Declared, Options,
    sandbox::{Aim, Fault, Storm, World},
};
use tenon_resources::{ec2, elb, logs, sns};
use tenon_state::Memory;

fn stack(name: &str, kind: &str) -> Declared {
    let mut d = Declared::new(name, "test", None);
    match kind {
        "logs.log_group" => drop(add(&mut d, "it", logs::LogGroup::new().log_group_name("shared"))),
        "sns.topic" => drop(add(&mut d, "it", sns::Topic::new().topic_name("shared"))),
        "elb.target_group" => drop(add(
            &mut d,
            "it",
            elb::TargetGroup::new("vpc-1", 8080u16).name("shared"),
        )),
        "elb.load_balancer" => drop(add(
            &mut d,
            "it",
            elb::LoadBalancer::new()
                .subnets(["subnet-1", "subnet-2"])
                .security_groups(["sg-1"])
                .name("shared"),
        )),
        _ => drop(add(
            &mut d,
            "it",
            ec2::SecurityGroup::new("vpc-1", "shared").group_name("shared"),
        )),
    }
    d
}

const KINDS: [&str; 5] = [
    "logs.log_group",
    "sns.topic",
    "elb.target_group",
    "elb.load_balancer",
    "ec2.security_group",
];

#[test]
fn no_create_takes_over_or_doubles_what_another_stack_has_named() {
    block_on(async {
        for kind in KINDS {
            let mut fixture = Fixture::new(World::instant());
            let first = stack("first", kind);
            let (_, summary) = fixture.apply(&first, &Options::default()).await;
            assert!(summary.complete(), "{kind}: {:?}", summary.failed);
            let before = fixture.cloud.contents();
            let backend = std::mem::replace(&mut fixture.backend, Arc::new(Memory::default()));

            let (_, summary) = fixture.apply(&stack("second", kind), &Options::default()).await;
            let whys: Vec<_> = summary.failed.iter().map(|f| f.why.as_str()).collect();
            assert_eq!(
                whys,
                [
                    "`shared` exists already and belongs to `it` of first/test; nothing was changed. Give the resource another name, or import that one"
                ],
                "{kind}"
            );
            assert_eq!(fixture.cloud.contents(), before, "{kind}");

            fixture.backend = backend;
            assert!(fixture.next(&first).await.is_empty(), "{kind}");
        }
    });
}

/// Without a `moved`, another address is another resource; the name must be free before that takes it.
#[test]
fn a_name_that_the_same_plan_gives_up_is_not_in_the_way() {
    block_on(async {
        for kind in ["sns.topic", "elb.target_group"] {
            let before = stack("shop", kind);
            let mut after = Declared::new("shop", "test", None);
            after.add("other", before.resources["it"].clone());
            let fixture = Fixture::new(World::instant());
            fixture.apply(&before, &Options::default()).await;
            let (_, summary) = fixture.apply(&after, &Options::default()).await;
            assert!(summary.complete(), "{kind}: {:?}", summary.failed);
            assert_eq!(fixture.cloud.len(), 1, "{kind}");
            assert!(fixture.next(&after).await.is_empty(), "{kind}");
        }
    });
}

/// A security group's name is taken in its VPC alone.
#[test]
fn the_same_name_in_another_vpc_is_free() {
    block_on(async {
        let mut d = Declared::new("shop", "test", None);
        for vpc in ["vpc-1", "vpc-2"] {
            add(
                &mut d,
                vpc,
                ec2::SecurityGroup::new(vpc, "shared").group_name("shared"),
            );
        }
        let fixture = Fixture::new(World::instant());
        let (_, summary) = fixture.apply(&d, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(fixture.cloud.len(), 2);
    });
}

#[test]
fn a_lost_reply_to_a_create_of_a_name_makes_no_second_one() {
    block_on(async {
        for kind in KINDS {
            for fault in [Fault::ErrorAfter, Fault::LostAndHidden] {
                let declared = stack("first", kind);
                let fixture = Fixture::new(World::instant());
                let mut executor = fixture.executor(&declared).await;
                executor.cloud = Arc::new(Storm::new(fixture.cloud.clone(), Aim::Call(0, fault)));
                let plan = fixture
                    .plan(&executor, &declared, &Options::default())
                    .await
                    .unwrap();
                let summary = executor.apply(&plan).await.unwrap();
                assert!(summary.complete(), "{kind}: {:?}", summary.failed);
                executor.store.close().await.unwrap();
                assert_eq!(fixture.cloud.len(), 1, "{kind}");
                assert!(fixture.next(&declared).await.is_empty(), "{kind}");
            }
        }
    });
}
