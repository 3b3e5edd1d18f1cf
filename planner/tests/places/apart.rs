//! What is the same in two places is two things: to an approval, to a lost state, and to what goes and stays.

use super::{
    common::{Fixture, block_on},
    empty, here_, other, put, virginia,
};
use std::collections::BTreeMap;
use tenon_planner::{
    Action, Check, Declared, Options, SavedPlan, execute::Again, recover::recover, sandbox::SandboxConfig,
};
use tenon_resources::{
    cloud::Cloud,
    declaration::{LookupDeclaration, Place, Target},
    ec2, iam,
    lookup::{self, Erased, Lookup},
    resource::Outputs,
    sns,
};

#[test]
fn the_own_region_said_by_name_is_home() {
    let mut d = empty();
    d.target = Some(Target {
        account: "111111111111".into(),
        region: "eu-west-1".into(),
    });
    let vpc = put(&mut d, &here_(), "vpc", &ec2::Vpc::new("10.0.0.0/16"));
    put(
        &mut d,
        &here_().in_region("eu-west-1"),
        "subnet",
        &ec2::Subnet::new(&vpc.id, "10.0.0.0/20", "eu-west-1a"),
    );
    assert!(d.check().is_ok(), "{:?}", d.check());
    let alone = Place {
        account: Some("222222222222".into()),
        ..here_()
    };
    put(&mut d, &alone, "topic", &sns::Topic::new());
    let error = d.check().unwrap_err().to_string();
    assert!(
        error.contains("`topic` is in account 222222222222 without a role"),
        "{error}"
    );
}

#[test]
fn a_lost_state_takes_neither_of_two_that_are_in_two_places() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        for place in [here_(), virginia()] {
            // Its state is lost between the two.
            let one = Fixture {
                cloud: fixture.cloud.clone(),
                ..Fixture::new(SandboxConfig::instant())
            };
            let mut d = empty();
            put(&mut d, &place, "vpc", &ec2::Vpc::new("10.0.0.0/16"));
            one.apply(&d, &Options::default()).await;
        }
        let mut d = empty();
        put(&mut d, &virginia(), "vpc", &ec2::Vpc::new("10.0.0.0/16"));
        let executor = fixture.executor(&d).await;
        let caller = executor.cloud.caller().await.unwrap();
        let state = executor.store.state();
        let found = recover(executor.cloud.as_ref(), &d, &caller, &state)
            .await
            .unwrap();
        assert!(found.records.is_empty(), "{found:?}");
        assert_eq!(found.doubtful.len(), 1);
        assert_eq!(found.doubtful[0].ids.len(), 2);
        executor.store.close().await.unwrap();
    });
}

#[test]
fn a_role_of_another_account_that_goes_is_no_reason_to_keep_the_own() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let role = || {
            let trust = iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com");
            iam::Role::new(trust).role_name("app")
        };
        let reading =
            |bucket: &str| iam::Policy::allow(["s3:GetObject"]).on([format!("arn:aws:s3:::{bucket}/*")]);
        let declared = |away: bool, bucket: &str| {
            let mut d = empty();
            let own = put(&mut d, &here_(), "role", &role());
            put(
                &mut d,
                &here_(),
                "policy",
                &iam::RolePolicy::new(&own.id, reading(bucket)),
            );
            if away {
                put(&mut d, &other(), "away", &role());
            }
            d
        };
        fixture.apply(&declared(true, "a"), &Options::default()).await;
        let (plan, summary) = fixture.apply(&declared(false, "b"), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let acts: BTreeMap<_, _> = plan.decisions.iter().map(|d| (&*d.address, d.action)).collect();
        assert_eq!((acts["away"], acts["policy"]), (Action::Delete, Action::Update));
    });
}

#[test]
fn a_name_means_what_has_it_in_the_same_account() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut d = empty();
        let reading = || iam::Policy::allow(["s3:GetObject"]).on(["*"]);
        put(
            &mut d,
            &other(),
            "far-policy",
            &iam::RolePolicy::new("app", reading()),
        );
        for (address, place) in [("far", other()), ("near", here_())] {
            let trust = iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com");
            put(&mut d, &place, address, &iam::Role::new(trust).role_name("app"));
        }
        let (plan, summary) = fixture.apply(&d, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let call = plan.calls.iter().find(|c| c.address == "far-policy").unwrap();
        let before: Vec<&str> = call.after.iter().map(|n| &*plan.calls[*n].address).collect();
        assert_eq!(before, ["far"]);
    });
}

#[test]
fn an_approval_is_of_one_place_alone() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let at = |place: &Place| {
            let mut d = empty();
            put(&mut d, place, "vpc", &ec2::Vpc::new("10.0.0.0/16"));
            d
        };
        let home = at(&here_());
        let executor = fixture.executor(&home).await;
        let plan = fixture.plan(&executor, &home, &Options::default()).await;
        let saved = SavedPlan::from_json(&plan.unwrap().to_json()).unwrap();
        let caller = fixture.cloud.caller().await.unwrap();
        for (place, within) in [(here_(), true), (virginia(), false), (other(), false)] {
            let again = executor.plan_again(&saved, Some(at(&place)), &caller).await;
            assert_eq!(
                matches!(again, Ok(Again::Within(_))),
                within,
                "{place}: {again:?}"
            );
        }
        executor.store.close().await.unwrap();
    });
}

/// A VPC that is looked for at `place`.
fn found_vpc(d: &mut Declared, place: &Place) -> <<lookup::Vpc as Lookup>::Found as Outputs>::Refs {
    let looked_for = LookupDeclaration {
        kind: &const { Erased::<lookup::Vpc>::NEW },
        query: serde_json::to_value(lookup::Vpc::tagged([("Name", "shared")])).unwrap(),
        location: "main.rs:1".into(),
        place: place.clone(),
    };
    d.look_up("shared", looked_for);
    <lookup::Vpc as Lookup>::Found::refs(&lookup::resource("shared"))
}

#[test]
fn what_a_lookup_finds_is_used_where_it_was_looked_for() {
    for (there, refused) in [(here_(), false), (virginia(), true)] {
        let mut d = empty();
        let vpc = found_vpc(&mut d, &there);
        put(
            &mut d,
            &here_(),
            "subnet",
            &ec2::Subnet::new(&vpc.id, "10.0.0.0/20", "eu-west-1a"),
        );
        let said = d.check().err().map(|e| e.to_string()).unwrap_or_default();
        assert_eq!(
            said.contains("which is in us-east-1, and this is in"),
            refused,
            "{said}"
        );
        // Its range means the same everywhere.
        let mut d = empty();
        let vpc = found_vpc(&mut d, &there);
        put(&mut d, &here_(), "vpc", &ec2::Vpc::new(&vpc.cidr_block));
        assert!(d.check().is_ok(), "{:?}", d.check());
    }
}

#[test]
fn a_place_is_shown_wherever_a_resource_is() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut d = empty();
        put(&mut d, &virginia(), "vpc", &ec2::Vpc::new("10.0.0.0/16"));
        let (plan, _) = fixture.apply(&d, &Options::default()).await;
        for page in [
            tenon_planner::render::markdown(&plan),
            tenon_planner::render::html(&plan),
        ] {
            assert!(page.contains("in us-east-1"), "{page}");
        }
        let executor = fixture.executor(&d).await;
        let state = executor.store.state();
        executor.store.close().await.unwrap();
        let there = fixture.cloud.at_place(&virginia());
        let (_, id) = there.inventory().remove(0);
        assert!(there.vanish("ec2.vpc", id.rsplit('/').next().unwrap()));
        let quiet = tenon_planner::event::quiet();
        let found = tenon_planner::drift::survey(&*fixture.cloud, &state, &[], &quiet)
            .await
            .unwrap();
        assert_eq!(found.drifted.len(), 1, "{found:?}");
        assert_eq!(found.drifted[0].place, virginia());
    });
}

#[test]
fn what_a_destroy_leaves_elsewhere_is_found_although_no_record_says_where() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut d = empty();
        put(&mut d, &virginia(), "vpc", &ec2::Vpc::new("10.0.0.0/16"));
        fixture.apply(&d, &Options::default()).await;
        let executor = fixture.executor(&d).await;
        let before = executor.store.state();
        let mut after = tenon_state::State::clone(&before);
        after.records.clear();
        executor.store.close().await.unwrap();
        let left = tenon_planner::drift::left_over(&*fixture.cloud, &before, &after)
            .await
            .unwrap();
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!((left[0].kind.as_str(), &left[0].place), ("ec2.vpc", &virginia()));
    });
}
