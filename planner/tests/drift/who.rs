//! Authors of drift, what somebody else owns, and what says when an environment expires.

use crate::common::{Fixture, add, block_on};
use serde_json::{Value, json};
use tenon_planner::{
    Declared, Options, Plan,
    drift::{Class, of_aws, of_family, survey, with_authors},
    event::quiet,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    ec2::{SecurityGroup, Vpc},
    ecs::Cluster,
    iam::{Policy, Role},
    registry::{self, TYPES},
    value::{EXPIRES, EXPIRY},
};
use tenon_state::{State, StateWrite};

async fn state(fixture: &Fixture, declared: &Declared) -> State {
    let store = fixture.store(declared).await;
    let state = State::clone(&store.state());
    store.close().await.unwrap();
    state
}

/// Every type, its every field, each changed by another person.
#[test]
fn the_author_of_every_drift_is_the_one_who_made_it() {
    let (mut asked, mut right) = (0, 0);
    let mut people = (0..).map(|n| format!("arn:aws:sts::111111111111:assumed-role/Admin/person-{n}"));
    for &kind in TYPES {
        block_on(async {
            let mut declared = Declared::new("shop", "test", None);
            declared.disposable = true;
            let inputs = kind.samples()[0].clone();
            declared.add("it", tenon_planner::Declaration::new(kind, inputs, "main.rs:1"));
            let fixture = Fixture::new(SandboxConfig::instant());
            fixture.apply(&declared, &Options::default()).await;
            let state = state(&fixture, &declared).await;
            let record = state.current("it").unwrap().clone();
            let id = record.id.clone().unwrap();
            let mut check = async |who: &str| {
                let found = survey(&*fixture.cloud, &state, &[], &quiet()).await.unwrap();
                let (found, refused) = with_authors(&*fixture.cloud, &state, found).await;
                assert_eq!(refused, None);
                for drifted in &found.drifted {
                    asked += 1;
                    right += usize::from(drifted.by.as_ref().is_some_and(|by| by.who == who));
                }
            };
            for field in kind.fields().iter().filter(|f| !f.write_only) {
                let have = &record.inputs[field.name];
                if have.is_null() {
                    continue;
                }
                let who = people.next().unwrap();
                fixture
                    .cloud
                    .acting_as(&who)
                    .tamper(kind.name(), &id, field.name, Value::Null);
                check(&who).await;
                fixture.cloud.tamper(kind.name(), &id, field.name, have.clone());
            }
            let who = people.next().unwrap();
            fixture.cloud.acting_as(&who).vanish(kind.name(), &id);
            check(&who).await;
        });
    }
    println!("{asked} differences, the author right in {right}");
    assert!(asked > 300 && asked == right, "{right} of {asked}");
}

#[test]
fn an_event_is_there_minutes_after_the_call_and_for_ninety_days() {
    block_on(async {
        let config = SandboxConfig {
            speed: 1.0,
            ..SandboxConfig::instant()
        };
        let cloud = Sandbox::in_memory(SandboxConfig {
            latency: std::time::Duration::ZERO,
            ..config
        });
        let kind = registry::find("ec2.vpc").unwrap();
        let id = cloud
            .acting_as("eve")
            .create_outside("ec2.vpc", &kind.samples()[0])
            .unwrap();
        let seen = async |after_s: u64| {
            tokio::time::advance(std::time::Duration::from_secs(after_s)).await;
            let traces = tenon_resources::cloud::Cloud::traces(&cloud, kind, &id)
                .await
                .unwrap();
            traces.into_iter().map(|t| t.who).collect::<Vec<_>>()
        };
        assert_eq!(seen(60).await, Vec::<String>::new());
        assert_eq!(seen(300).await, ["eve"]);
        assert_eq!(seen(90 * 24 * 3600).await, Vec::<String>::new());
    });
}

#[test]
fn what_somebody_else_owns_is_counted_and_no_drift() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        let vpc = add(&mut declared, "vpc", Vpc::new("10.0.0.0/16"));
        add(&mut declared, "door", SecurityGroup::new(&vpc.id, "door"));
        let options = &mut declared.resources["vpc"].options;
        options.owned_elsewhere.insert("enable_dns_hostnames".into());
        options.tags_owned_elsewhere.insert("scan:*".into());
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&declared, &Options::default()).await;
        let state = state(&fixture, &declared).await;
        let record = state.current("vpc").unwrap().clone();
        let id = record.id.clone().unwrap();
        let now = async || {
            let found = survey(&*fixture.cloud, &state, &[], &quiet()).await.unwrap();
            (found.drifted.len(), found.owned_elsewhere)
        };
        assert_eq!(now().await, (0, 0));
        let hostnames = !record.inputs["enable_dns_hostnames"].as_bool().unwrap();
        fixture
            .cloud
            .tamper("ec2.vpc", &id, "enable_dns_hostnames", json!(hostnames));
        assert_eq!(now().await, (0, 1));
        let mut tags = record.inputs["tags"].clone();
        tags["scan:last"] = json!("today");
        fixture.cloud.tamper("ec2.vpc", &id, "tags", tags.clone());
        assert_eq!(now().await, (0, 2));
        // Drift beside it is drift.
        tags["team"] = json!("web");
        fixture.cloud.tamper("ec2.vpc", &id, "tags", tags);
        assert_eq!(now().await, (1, 1));
    });
}

/// A preview, as the command line declares one.
fn preview(team: &str, description: &str) -> Declared {
    let mut declared = Declared::new("shop", "pr-7", None);
    declared.disposable = true;
    declared.tags.0.insert(EXPIRES.into(), EXPIRY.into());
    let vpc = add(
        &mut declared,
        "vpc",
        Vpc::new("10.0.0.0/16").tags([("team", team)]),
    );
    add(&mut declared, "door", SecurityGroup::new(&vpc.id, description));
    add(
        &mut declared,
        "role",
        Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")),
    );
    add(&mut declared, "cluster", Cluster::new().cluster_name("main"));
    declared
}

fn group_called(name: &str) -> Value {
    let kind = registry::find("logs.log_group").unwrap();
    let mut inputs = kind.samples()[0].clone();
    inputs["log_group_name"] = json!(name);
    inputs["kms_key"] = Value::Null;
    inputs["tags"] = json!({});
    inputs
}

async fn expires(fixture: &Fixture, declared: &Declared, at_ms: u64) {
    let store = fixture.store(declared).await;
    store
        .record(vec![StateWrite::Expires { at_ms: Some(at_ms) }])
        .await
        .unwrap();
    store.close().await.unwrap();
}

#[test]
fn the_time_of_expiry_comes_with_creates_and_is_never_a_change_or_drift_by_itself() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let first = preview("shop", "door");
        expires(&fixture, &first, 1_795_867_200_000).await;
        let tag = |fixture: &Fixture, kind: &str| {
            let all = fixture.cloud.contents();
            let (_, inputs) = all.iter().find(|((k, _), _)| k == kind).unwrap();
            inputs["tags"][EXPIRES].as_str().unwrap_or_default().to_owned()
        };
        let (plan, summary) = fixture.apply(&first, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        // A plan says the same whenever it is made.
        assert!(serde_json::to_string(&plan).unwrap().contains(EXPIRY));
        for kind in ["ec2.vpc", "ec2.security_group", "iam.role", "ecs.cluster"] {
            assert_eq!(tag(&fixture, kind), "2026-11-28T12:00:00Z", "{kind}");
        }
        let calls = |plan: &Plan| {
            plan.calls
                .iter()
                .filter(|c| c.step.effect.mutates())
                .map(|c| c.step.operation.clone())
                .collect::<Vec<_>>()
        };
        // The state expires later; nothing is called for that, and an update of a resource leaves the tag as it is.
        expires(&fixture, &first, 1_795_953_600_000).await;
        let (plan, _) = fixture.apply(&first, &Options::default()).await;
        assert_eq!(calls(&plan), Vec::<String>::new());
        let (plan, _) = fixture.apply(&preview("web", "door"), &Options::default()).await;
        assert_eq!(calls(&plan), ["CreateTags"]);
        assert_eq!(tag(&fixture, "ec2.vpc"), "2026-11-28T12:00:00Z");
        // What is made anew has the time of its apply.
        let (plan, summary) = fixture.apply(&preview("web", "gate"), &Options::default()).await;
        assert!(
            !plan.calls.is_empty() && summary.complete(),
            "{:?}",
            summary.failed
        );
        assert_eq!(tag(&fixture, "ec2.security_group"), "2026-11-29T12:00:00Z");
        // By hand it is no drift, wherever it stands, and a resource of before the tag gets none for its own sake.
        let state = state(&fixture, &first).await;
        for (address, value) in [("vpc", json!("2027-01-01T00:00:00Z")), ("role", Value::Null)] {
            let record = state.current(address).unwrap();
            let mut tags = record.inputs["tags"].clone();
            if value.is_null() {
                tags.as_object_mut().unwrap().remove(EXPIRES);
            } else {
                tags[EXPIRES] = value;
            }
            fixture
                .cloud
                .tamper(&record.kind, record.id.as_deref().unwrap(), "tags", tags);
        }
        let found = survey(&*fixture.cloud, &state, &[], &quiet()).await.unwrap();
        assert_eq!(found.drifted, []);
        let (plan, _) = fixture.apply(&preview("web", "gate"), &Options::default()).await;
        assert_eq!(calls(&plan), Vec::<String>::new());
    });
}

#[test]
fn what_has_the_tags_of_a_preview_without_a_state_and_what_aws_made_by_itself_are_found() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let declared = preview("shop", "door");
        fixture.apply(&declared, &Options::default()).await;
        let (left, unread) = of_family(&*fixture.cloud, "shop", "pr-").await;
        assert_eq!(unread, []);
        let found: Vec<_> = left.iter().map(|l| (l.env.as_str(), l.kind.as_str())).collect();
        let all = ["ec2.security_group", "ec2.vpc", "ecs.cluster", "iam.role"];
        assert_eq!(found, all.map(|kind| ("pr-7", kind)));
        for (stack, prefix) in [("shop", "pr-8"), ("shop", "prod"), ("bank", "pr-")] {
            assert_eq!(of_family(&*fixture.cloud, stack, prefix).await.0, []);
        }
        // Container Insights makes a log group for a cluster, and nothing deletes it.
        let state = state(&fixture, &declared).await;
        assert_eq!(of_aws(&*fixture.cloud, &state).await.unwrap(), []);
        let group = "/aws/ecs/containerinsights/main/performance";
        for name in [group, "/aws/ecs/containerinsights/main/performance-of-another"] {
            fixture
                .cloud
                .create_outside("logs.log_group", &group_called(name))
                .unwrap();
        }
        let left = of_aws(&*fixture.cloud, &state).await.unwrap();
        assert_eq!(left.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), [group]);
        let found = survey(&*fixture.cloud, &state, &[], &quiet()).await.unwrap();
        assert_eq!(found.count(Class::Unrecorded), 0);
    });
}
