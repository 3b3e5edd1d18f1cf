//! The plan that restores what drifted, and nothing else.

use crate::common::{Fixture, add, block_on};
use serde_json::json;
use tenon_planner::{
    Action, Declared, Error, Options, Plan, SavedPlan, event::quiet, only_drift, refresh::refresh,
    sandbox::SandboxConfig,
};
use tenon_resources::ec2::{SecurityGroup, Subnet, Vpc};

fn network(hostnames: bool, description: &str, second: bool) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    let vpc = add(
        &mut d,
        "vpc",
        Vpc::new("10.0.0.0/16").enable_dns_hostnames(hostnames),
    )
    .id;
    add(&mut d, "subnet", Subnet::new(&vpc, "10.0.1.0/24", "eu-west-1a"));
    add(
        &mut d,
        "door",
        SecurityGroup::new(&vpc, description).group_name("door"),
    );
    if second {
        add(&mut d, "other", SecurityGroup::new(&vpc, "other"));
    }
    d
}

async fn cure(fixture: &Fixture, declared: &Declared) -> Result<Plan, Error> {
    let executor = fixture.executor(declared).await;
    let state = executor.store.state();
    let refreshed = refresh(executor.cloud.as_ref(), &state, &quiet()).await.unwrap();
    let caller = executor.cloud.caller().await.unwrap();
    let plan = only_drift(declared, &state, &refreshed, &caller, &Options::default());
    drop(state);
    executor.store.close().await.unwrap();
    plan
}

fn changes(plan: &Plan) -> Vec<(&str, Vec<&str>)> {
    let acts = plan.decisions.iter().filter(|d| d.action != Action::None);
    acts.map(|d| {
        (
            d.address.as_str(),
            d.changes.iter().map(|c| c.field.as_str()).collect(),
        )
    })
    .collect()
}

#[test]
fn the_cure_restores_the_drifted_fields_and_leaves_the_programs_own_changes_alone() {
    block_on(async {
        let was = network(true, "web", false);
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&was, &Options::default()).await;
        let id = |kind: &str| {
            let all = fixture.cloud.inventory();
            all.into_iter().find(|(k, _)| k == kind).unwrap().1
        };
        // Nothing drifted, and the program wants more: the cure is empty.
        let more = network(true, "web", true);
        let empty = cure(&fixture, &more).await.unwrap();
        assert_eq!((changes(&empty), empty.calls.len()), (vec![], 0));

        fixture
            .cloud
            .tamper("ec2.vpc", &id("ec2.vpc"), "enable_dns_hostnames", json!(false));
        let plan = cure(&fixture, &more).await.unwrap();
        assert_eq!(changes(&plan), [("vpc", vec!["enable_dns_hostnames"])]);
        assert_eq!(plan.mutating().count(), 1);

        // A document with a digest, like any other plan: it is made again before it is applied.
        let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
        let executor = fixture.executor(&more).await;
        let caller = executor.cloud.caller().await.unwrap();
        let verified = executor.verify(&saved, &caller).await.unwrap();
        assert_eq!(verified.digest, plan.digest);
        assert!(executor.apply(&verified).await.unwrap().complete());
        executor.store.close().await.unwrap();
        assert_eq!(changes(&cure(&fixture, &more).await.unwrap()), []);
        assert_eq!(changes(&fixture.next(&more).await).len(), 1);
    });
}

#[test]
fn a_cure_that_would_take_the_programs_own_changes_along_is_refused_and_names_them() {
    block_on(async {
        let was = network(true, "web", false);
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&was, &Options::default()).await;
        let vpc = fixture
            .cloud
            .inventory()
            .into_iter()
            .find(|(k, _)| k == "ec2.vpc")
            .unwrap()
            .1;
        fixture
            .cloud
            .tamper("ec2.vpc", &vpc, "enable_dns_support", json!(false));
        // The program turns off hostnames of the same VPC.
        let refused = cure(&fixture, &network(false, "web", false)).await.unwrap_err();
        assert!(
            matches!(&refused, Error::PendingChanges { addresses } if addresses == "vpc"),
            "{refused}"
        );
    });
}

#[test]
fn what_is_gone_is_made_again_with_what_must_follow_it() {
    block_on(async {
        let was = network(true, "web", false);
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&was, &Options::default()).await;
        let mut group = fixture.cloud.inventory().into_iter();
        let group = group.rfind(|(k, _)| k == "ec2.security_group").unwrap().1;
        assert!(fixture.cloud.vanish("ec2.security_group", &group));
        let plan = cure(&fixture, &network(true, "web", true)).await.unwrap();
        let all: Vec<_> = changes(&plan).into_iter().map(|(a, _)| a).collect();
        assert_eq!(all, ["door"]);
    });
}
