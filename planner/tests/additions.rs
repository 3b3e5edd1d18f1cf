//! What somebody puts into a resource of ours: it is found, it can be taken up or removed, and it is named when it is in the way.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use serde_json::{Value, json};
use std::time::Duration;
use tenon_planner::{
    Declared, Options,
    additions::{Addition, additions},
    refresh::DriftKind,
    sandbox::SandboxConfig,
};
use tenon_resources::{
    ec2::{
        EgressOnlyInternetGateway, EgressRule, IngressRule, Route, RouteTable, SecurityGroup, Traffic, Vpc,
    },
    elb::{Action, Condition, Listener, ListenerProtocol, ListenerRule},
    iam::{Policy, PolicyAttachment, Role, RolePolicy, User},
    logs::{LogGroup, MetricFilter, MetricTransformation, SubscriptionFilter},
    registry,
    route53::{Record, RecordType, Zone},
    s3::Bucket,
    sns::Topic,
};
use tenon_state::StateWrite;

/// A stack with one of everything that is managed piece by piece, and one piece in each.
fn stack() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
    let group = add(&mut d, "group", SecurityGroup::new(&vpc, "one")).id;
    add(
        &mut d,
        "in",
        IngressRule::new(&group, "10.0.0.0/8", Traffic::tcp(443)),
    );
    add(
        &mut d,
        "out",
        EgressRule::new(&group, "10.0.0.0/8", Traffic::tcp(443)),
    );
    let role = Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com"));
    let role = add(&mut d, "role", role).id;
    let policy = Policy::from(Policy::allow(["s3:GetObject"]).on(["*"]));
    add(&mut d, "policy", RolePolicy::new(&role, policy));
    add(
        &mut d,
        "attachment",
        PolicyAttachment::new(&role, "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    );
    let table = add(&mut d, "table", RouteTable::new(&vpc)).id;
    let gateway = add(&mut d, "gateway", EgressOnlyInternetGateway::new(&vpc)).id;
    let anywhere: tenon_resources::value::Cidr6 = "::/0".parse().unwrap();
    add(&mut d, "route", Route::new(&table, anywhere, &gateway));
    let action = Action::respond(404, "text/plain", "");
    let listener = add(
        &mut d,
        "listener",
        Listener::new("lb-1", 80, ListenerProtocol::Http, action),
    )
    .id;
    let rule = ListenerRule::new(&listener, 10, Action::respond(410, "text/plain", "gone"));
    add(&mut d, "rule", rule.conditions([Condition::path(["/old"])]));
    let zone = add(&mut d, "zone", Zone::new("example.com")).id;
    add(
        &mut d,
        "record",
        Record::new(&zone, "www.example.com", RecordType::A).values(["10.0.0.1"]),
    );
    let logs = add(&mut d, "logs", LogGroup::new()).id;
    let errors = MetricTransformation::count("shop", "errors");
    add(&mut d, "errors", MetricFilter::new(&logs, "ERROR", errors));
    let stream = "arn:aws:kinesis:eu-west-1:111111111111:stream/ours";
    add(&mut d, "stream", SubscriptionFilter::new(&logs, stream, ""));
    // The one policy of these is somebody's.
    add(&mut d, "user", User::new());
    add(&mut d, "topic", Topic::new());
    add(&mut d, "bucket", Bucket::new());
    d
}

/// What somebody adds: a type, the address of what it is put into, and a field that tells it from ours.
const ADDED: [(&str, &str, &str, &str); 12] = [
    ("ec2.ingress_rule", "group", "source", r#"{"cidr":"0.0.0.0/0"}"#),
    (
        "ec2.egress_rule",
        "group",
        "destination",
        r#"{"cidr":"0.0.0.0/0"}"#,
    ),
    ("iam.role_policy", "role", "policy_name", r#""everything""#),
    (
        "iam.policy_attachment",
        "role",
        "policy",
        r#""arn:aws:iam::aws:policy/AdministratorAccess""#,
    ),
    (
        "ec2.route",
        "table",
        "destination",
        r#"{"cidr":"198.51.100.0/24"}"#,
    ),
    ("elb.listener_rule", "listener", "priority", "7"),
    ("route53.record", "zone", "name", r#""evil.example.com""#),
    ("sns.topic_policy", "topic", "policy", ANYONE),
    ("s3.bucket_policy", "bucket", "policy", ANYONE),
    ("logs.metric_filter", "logs", "filter_name", r#""theirs""#),
    ("logs.subscription_filter", "logs", "filter_name", r#""theirs""#),
    ("iam.user_policy", "user", "policy_name", r#""everything""#),
];

const ANYONE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;

async fn put(
    fixture: &Fixture,
    declared: &Declared,
    (kind, into, field, value): (&str, &str, &str, &str),
) -> String {
    let kind = registry::find(kind).unwrap();
    let executor = fixture.executor(declared).await;
    let parent = executor.store.state().current(into).unwrap().id.clone();
    executor.store.close().await.unwrap();
    let [mut inputs, _] = kind.samples();
    inputs[kind.inside().unwrap().field] = json!(parent);
    inputs[field] = serde_json::from_str::<Value>(value).unwrap();
    fixture.cloud.create_outside(kind.name(), &inputs).unwrap()
}

async fn found(fixture: &Fixture, declared: &Declared) -> Vec<Addition> {
    let executor = fixture.executor(declared).await;
    let found = additions(fixture.cloud.as_ref(), &executor.store.state())
        .await
        .unwrap();
    executor.store.close().await.unwrap();
    found
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/220>, <https://github.com/hashicorp/terraform-provider-aws/issues/2599>,
/// <https://github.com/hashicorp/terraform/issues/37239>
#[test]
fn nothing_is_added_inside_of_what_is_ours_without_being_seen() {
    block_on(async {
        let declared = stack();
        let fixture = Fixture::new(SandboxConfig::instant());
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        // What is ours, and what AWS itself puts there, is no addition.
        assert!(found(&fixture, &declared).await.is_empty());
        let mut put_in = vec![];
        for one in ADDED {
            put_in.push((one.1.to_owned(), put(&fixture, &declared, one).await));
        }
        let additions = found(&fixture, &declared).await;
        let mut drift: Vec<_> = additions.iter().map(Addition::drift).collect();
        assert!(drift.iter().all(|d| d.what == DriftKind::Added));
        let mut seen: Vec<_> = drift.drain(..).map(|d| (d.address, d.id.unwrap())).collect();
        seen.sort();
        put_in.sort();
        assert_eq!(seen, put_in);
        // Every type that is a part of another is tried here.
        let parts = registry::TYPES.iter().filter(|kind| kind.inside().is_some());
        assert!(
            parts
                .into_iter()
                .all(|kind| ADDED.iter().any(|(k, ..)| *k == kind.name()))
        );

        // Taken up, they are what is not declared: the next apply removes them, and nothing else.
        let executor = fixture.executor(&declared).await;
        for addition in &additions {
            let record = addition.record(&executor.store.state());
            executor
                .store
                .record(vec![StateWrite::Put(record)])
                .await
                .unwrap();
        }
        executor.store.close().await.unwrap();
        let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!((plan.counts().delete, plan.mutating().count()), (12, 12));
        assert!(found(&fixture, &declared).await.is_empty());
        assert!(fixture.next(&declared).await.is_empty());
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/3402>, <https://github.com/hashicorp/terraform/issues/12407>: fourteen tries in two minutes, and a message that does not name what is in the way.
#[test]
fn a_destroy_that_something_is_in_the_way_of_says_what_within_seconds() {
    block_on(async {
        for (one, operation) in [
            (ADDED[2], "iam:DeleteRole"),
            (ADDED[3], "iam:DeleteRole"),
            (ADDED[6], "route53:DeleteHostedZone"),
        ] {
            let declared = stack();
            let fixture = Fixture::new(SandboxConfig::instant());
            fixture.apply(&declared, &Options::default()).await;
            let id = put(&fixture, &declared, one).await;
            let began = tokio::time::Instant::now();
            let down = Options {
                destroy: true,
                ..Options::default()
            };
            let (_, summary) = fixture.apply(&declared, &down).await;
            assert_eq!(summary.failed.len(), 1, "{:?}", summary.failed);
            let failed = &summary.failed[0];
            assert_eq!(failed.title, operation);
            let named = format!("this stack did not put into it: {} `{id}`", one.0);
            assert!(
                failed.why.contains(&named) && failed.why.contains("drift --record"),
                "{}",
                failed.why
            );
            assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());

            // Recorded, it goes first.
            let executor = fixture.executor(&declared).await;
            let state = executor.store.state();
            let additions = additions(fixture.cloud.as_ref(), &state).await.unwrap();
            let record = additions[0].record(&state);
            drop(state);
            executor
                .store
                .record(vec![StateWrite::Put(record)])
                .await
                .unwrap();
            executor.store.close().await.unwrap();
            let (_, summary) = fixture.apply(&declared, &down).await;
            assert!(summary.complete(), "{:?}", summary.failed);
            assert!(fixture.cloud.is_empty(), "{:?}", fixture.cloud.inventory());
        }
    });
}
