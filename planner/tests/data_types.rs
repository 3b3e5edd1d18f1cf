//! Types that are made from a schema, beside those that have a file: in one stack, changed, drifting, failing, imported.
#![allow(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Fixture, add, block_on, normalising::Normalising};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tenon_planner::{
    Action, Check, Declaration, Declared, Options, Reason,
    adopt::import,
    event::quiet,
    permissions::{Purpose, StateAccess, needs},
    refresh::{DriftKind, refresh},
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    cfn::{self, Handle, Resource},
    cloud::{CallError, Cloud, Progress, Request},
    ec2::{Subnet, Vpc},
    forward::Forward,
    resource::{Declare, ResourceType},
    sqs::{Queue, RedrivePolicy},
    value::{Arn, Secret},
};
use tenon_state::State;

/// Declares a resource of any type.
fn any(declared: &mut Declared, address: &str, kind: &str, properties: Value) -> Handle {
    let (kind, inputs) = Resource::new(kind, properties).declare().unwrap();
    let location = format!("main.rs:{}", declared.resources.len());
    declared.add(address, Declaration::new(kind, inputs, location));
    Resource::refs(address)
}

fn empty() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    d
}

fn slow() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }
}

/// A function in a hand-written network, that reads a queue.
fn stack(delay: u32, queue_name: Option<&str>) -> Declared {
    let mut d = empty();
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16"));
    let subnet = add(
        &mut d,
        "subnet",
        Subnet::new(&vpc.id, "10.0.0.0/24", "eu-west-1a"),
    );
    let dead = any(
        &mut d,
        "dead",
        "AWS::SQS::Queue",
        json!({ "MessageRetentionPeriod": 1_209_600 }),
    );
    let mut queue = json!({
        "DelaySeconds": delay,
        "RedrivePolicy": { "deadLetterTargetArn": dead.get("Arn"), "maxReceiveCount": 5 },
    });
    if let Some(name) = queue_name {
        queue["QueueName"] = json!(name);
    }
    let queue = any(&mut d, "queue", "AWS::SQS::Queue", queue);
    let role = any(
        &mut d,
        "role",
        "AWS::IAM::Role",
        json!({ "AssumeRolePolicyDocument": { "Statement": [] } }),
    );
    any(
        &mut d,
        "worker",
        "AWS::Lambda::Function",
        json!({
            "Role": role.get("Arn"),
            "Code": { "S3Bucket": "code", "S3Key": "worker.zip" },
            "Handler": "index.handler",
            "Runtime": "nodejs22.x",
            "Environment": { "Variables": { "QUEUE": queue.get("QueueUrl") } },
            "VpcConfig": { "SubnetIds": [subnet.id] },
        }),
    );
    d
}

#[tokio::test(start_paused = true)]
async fn a_rule_between_a_type_with_a_file_and_one_without_asks_only_what_is_known() {
    let fixture = Fixture::new(SandboxConfig::instant());
    let mut d = empty();
    let dead = any(&mut d, "dead", "AWS::SQS::Queue", json!({}));
    let redrive = RedrivePolicy::new(dead.get_as::<Arn>("Arn"), 5);
    add(&mut d, "queue", Queue::new().redrive_policy(redrive));
    d.check().unwrap();
    let (_, summary) = fixture.apply(&d, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
}

#[tokio::test(start_paused = true)]
async fn a_stack_of_both_kinds_is_applied_changed_and_destroyed() {
    let fixture = Fixture::new(slow());
    let (plan, summary) = fixture.apply(&stack(0, None), &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    assert_eq!(plan.counts().create, 6);
    assert!(fixture.next(&stack(0, None)).await.is_empty());

    let (plan, summary) = fixture.apply(&stack(5, None), &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let update = plan
        .calls
        .iter()
        .find(|c| c.step.operation == "UpdateResource")
        .unwrap();
    assert_eq!(
        update.step.params["PatchDocument"],
        json!([{ "op": "add", "path": "/DelaySeconds", "value": 5 }])
    );
    assert!(fixture.next(&stack(5, None)).await.is_empty());

    let renamed = stack(5, Some("orders"));
    let consent = Options {
        consent: vec!["queue".into()],
        ..Options::default()
    };
    let (plan, summary) = fixture.apply(&renamed, &consent).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let decision = plan.decisions.iter().find(|d| d.address == "queue").unwrap();
    assert_eq!(decision.action, Action::ReplaceCreateFirst);
    assert_eq!(decision.reason, Some(Reason::Immutable(vec!["QueueName".into()])));
    assert!(fixture.next(&renamed).await.is_empty());

    let destroy = Options {
        consent: vec!["queue".into(), "dead".into()],
        destroy: true,
        ..Options::default()
    };
    let (_, summary) = fixture.apply(&renamed, &destroy).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    assert!(fixture.cloud.is_empty(), "{:?}", fixture.cloud.inventory());
}

#[test]
fn what_is_wrong_is_said_before_anything_is_made() {
    let mut d = empty();
    any(
        &mut d,
        "queue",
        "AWS::SQS::Queue",
        json!({ "DelaySecond": 5, "VisibilityTimeout": 99_999 }),
    );
    any(
        &mut d,
        "db",
        "AWS::RDS::DBInstance",
        json!({ "MasterUserPassword": "hunter2-hunter2" }),
    );
    any(
        &mut d,
        "alarm",
        "AWS::SNS::Topic",
        json!({ "TopicName": Secret::env("CANARY") }),
    );
    let queue = Resource::refs("queue");
    any(
        &mut d,
        "other",
        "AWS::SQS::Queue",
        json!({ "QueueName": queue.get("Colour") }),
    );
    let said = d.check().unwrap_err().to_string();
    for part in [
        "`DelaySecond` is no property of AWS::SQS::Queue; did you mean `DelaySeconds`?",
        "`VisibilityTimeout` is 99999, and AWS takes 0 to 43200",
        "`MasterUserPassword` is a secret",
        "has a secret at `/TopicName`, which is no field for secrets",
        "has no output `Colour`",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
    let why = Resource::new("AWS::SQS::Quue", json!({}))
        .declare()
        .map(|_| ())
        .unwrap_err();
    assert!(why.contains("did you mean `AWS::SQS::Queue`"), "{why}");
    let why = Resource::new("AWS::WAF::WebACL", json!({}))
        .declare()
        .map(|_| ())
        .unwrap_err();
    assert!(why.contains("no handlers"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn whatever_aws_makes_of_the_properties_is_no_difference() {
    let fixture = Fixture::new(SandboxConfig::instant());
    let declared = stack(7, Some("Orders"));
    let cloud: Arc<dyn Cloud> = Arc::new(Normalising::new(fixture.cloud.clone()));
    let mut executor = fixture.executor(&declared).await;
    executor.cloud = cloud.clone();
    let plan = fixture
        .plan(&executor, &declared, &Options::default())
        .await
        .unwrap();
    let summary = executor.apply(&plan).await.unwrap();
    assert!(summary.complete(), "{:?}", summary.failed);
    let next = fixture
        .plan(&executor, &declared, &Options::default())
        .await
        .unwrap();
    assert!(next.is_empty(), "{:#?}", next.decisions);
    let refreshed = refresh(cloud.as_ref(), &executor.store.state(), &quiet())
        .await
        .unwrap();
    assert!(refreshed.drift.is_empty(), "{:?}", refreshed.drift);
}

/// Changes a property of the one resource of a type behind the engine's back.
async fn tamper(fixture: &Fixture, kind: &str, property: &str, value: Value) {
    let kind = cfn::find(kind).unwrap();
    let (_, id) = fixture
        .cloud
        .inventory()
        .into_iter()
        .find(|(k, _)| k == kind.name())
        .unwrap();
    let params = json!({
        "TypeName": kind.name(), "Identifier": id, "ClientToken": format!("tamper-{property}"),
        "PatchDocument": [
            { "op": "add", "path": format!("/{property}"), "value": value },
            { "op": "add", "path": "/Code", "value": { "S3Bucket": "code", "S3Key": "worker.zip" } },
        ],
    });
    let request = Request {
        op: "tamper",
        kind,
        id: Some(&id),
        service: cfn::SERVICE,
        operation: "UpdateResource",
        effect: tenon_resources::call::Effect::Update,
        sets: &[],
        params: &params,
        inputs: &Value::Null,
    };
    fixture.cloud.send(request).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn drift_is_found_on_what_is_declared_and_nowhere_else() {
    let fixture = Fixture::new(SandboxConfig::instant());
    let declared = stack(0, None);
    fixture.apply(&declared, &Options::default()).await;
    tamper(&fixture, "AWS::Lambda::Function", "MemorySize", json!(512)).await;
    assert!(fixture.next(&declared).await.is_empty());
    tamper(
        &fixture,
        "AWS::Lambda::Function",
        "Handler",
        json!("other.handler"),
    )
    .await;
    let executor = fixture.executor(&declared).await;
    let refreshed = refresh(fixture.cloud.as_ref(), &executor.store.state(), &quiet())
        .await
        .unwrap();
    executor.store.close().await.unwrap();
    let [drift] = refreshed.drift.as_slice() else {
        panic!("{:?}", refreshed.drift)
    };
    let DriftKind::Changed(changes) = &drift.what else {
        panic!("{drift:?}")
    };
    assert_eq!((changes.len(), changes[0].field.as_str()), (1, "Handler"));
    // Mending it sends what AWS does not give back along: without the code, the handler would refuse the patch.
    let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let patch = &plan
        .calls
        .iter()
        .find(|c| c.step.operation == "UpdateResource")
        .unwrap()
        .step
        .params["PatchDocument"];
    let paths: Vec<_> = patch
        .as_array()
        .unwrap()
        .iter()
        .map(|op| op["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["/Handler", "/Code"]);
    assert!(fixture.next(&declared).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_import_is_followed_by_an_empty_plan() {
    let fixture = Fixture::new(SandboxConfig::instant());
    let table = json!({
        "TableName": "orders",
        "AttributeDefinitions": [
            { "AttributeName": "id", "AttributeType": "S" },
            { "AttributeName": "at", "AttributeType": "N" },
        ],
        "KeySchema": [
            { "AttributeName": "id", "KeyType": "HASH" },
            { "AttributeName": "at", "KeyType": "RANGE" },
        ],
        "BillingMode": "PAY_PER_REQUEST",
    });
    let kind = cfn::find("AWS::DynamoDB::Table").unwrap();
    // Somebody made it without this program, and gave it more than is declared.
    let mut theirs = table.clone();
    theirs["DeletionProtectionEnabled"] = json!(true);
    let params = json!({ "TypeName": kind.name(), "ClientToken": "theirs", "DesiredState": theirs });
    let request = Request {
        op: "theirs",
        kind,
        id: None,
        service: cfn::SERVICE,
        operation: "CreateResource",
        effect: tenon_resources::call::Effect::Create,
        sets: &[],
        params: &params,
        inputs: &Value::Null,
    };
    fixture.cloud.send(request).await.unwrap();
    let mut ours = empty();
    any(&mut ours, "table", "AWS::DynamoDB::Table", table);
    let executor = fixture.executor(&ours).await;
    let cloud = fixture.cloud.as_ref();
    let caller = cloud.caller().await.unwrap();
    let mut state = State::clone(&executor.store.state());
    let record = import(cloud, &ours, &caller, &state, "table", "orders", false)
        .await
        .unwrap();
    executor.store.close().await.unwrap();
    state.insert(record);
    let refreshed = refresh(cloud, &state, &quiet()).await.unwrap();
    let plan = tenon_planner::plan(&ours, &refreshed, &caller, &Options::default()).unwrap();
    assert!(plan.is_empty(), "{:#?}", plan.decisions);
}

/// A cloud whose creates fail after they have made something.
struct Leaving {
    cloud: Arc<Sandbox>,
    failing: Mutex<bool>,
}

#[async_trait::async_trait]
impl Forward for Leaving {
    fn to(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }
    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        Ok(match self.cloud.progress(kind, handle).await? {
            Progress::Done(id) if std::mem::take(&mut *self.failing.lock().unwrap()) => Progress::Failed {
                code: "NotStabilized".into(),
                message: "it did not come up".into(),
                id: Some(id),
            },
            other => other,
        })
    }
}

#[test]
fn what_a_failed_create_leaves_is_on_record_and_replaced() {
    block_on(async {
        let fixture = Fixture::new(slow());
        let mut declared = empty();
        any(
            &mut declared,
            "canary",
            "AWS::CloudFront::OriginAccessControl",
            json!({
                "OriginAccessControlConfig": {
                    "Name": "oac", "OriginAccessControlOriginType": "s3", "SigningBehavior": "always", "SigningProtocol": "sigv4",
                },
            }),
        );
        let mut executor = fixture.executor(&declared).await;
        executor.cloud = Arc::new(Leaving {
            cloud: fixture.cloud.clone(),
            failing: Mutex::new(true),
        });
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        let summary = executor.apply(&plan).await.unwrap();
        assert!(!summary.complete());
        let record = executor.store.state().current("canary").cloned().unwrap();
        assert!(record.id.is_some(), "{record:?}");
        let next = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        assert!(
            matches!(next.decisions[0].reason, Some(Reason::Failed(_))),
            "{:?}",
            next.decisions
        );
        let summary = executor.apply(&next).await.unwrap();
        assert!(summary.complete(), "{:?}", summary.failed);
        executor.store.close().await.unwrap();
        assert_eq!(fixture.cloud.len(), 1);
        assert!(fixture.next(&declared).await.is_empty());
    });
}

#[tokio::test(start_paused = true)]
async fn permissions_of_ten_types_are_those_of_their_handlers_and_of_cloud_control() {
    let fixture = Fixture::new(SandboxConfig::instant());
    let names = [
        "AWS::ApiGatewayV2::Api",
        "AWS::Athena::WorkGroup",
        "AWS::CloudFront::Function",
        "AWS::DynamoDB::Table",
        "AWS::EFS::FileSystem",
        "AWS::Logs::LogGroup",
        "AWS::IAM::ManagedPolicy",
        "AWS::Kinesis::Stream",
        "AWS::SQS::Queue",
        "AWS::Scheduler::Schedule",
    ];
    let kinds = names.map(|name| cfn::of(name).unwrap());
    let mut declared = empty();
    for (n, kind) in kinds.into_iter().enumerate() {
        let [inputs, _] = kind.samples();
        declared.add(&format!("it-{n}"), Declaration::new(kind, inputs, "main.rs:1"));
    }
    let plan = fixture.next(&declared).await;
    assert_eq!(plan.counts().create, kinds.len());
    let all = needs(&plan, Purpose::Apply, &StateAccess::default());
    let actions: std::collections::BTreeSet<_> = all.iter().map(|need| need.action.as_str()).collect();
    let mut wanted: std::collections::BTreeSet<&str> = [
        "sts:GetCallerIdentity",
        "tag:GetResources",
        "cloudformation:CreateResource",
        "cloudformation:GetResource",
        "cloudformation:GetResourceRequestStatus",
    ]
    .into();
    let of = |kind: &'static cfn::Type| ["create", "read"].map(|verb| kind.schema.actions[verb].iter());
    wanted.extend(kinds.into_iter().flat_map(of).flatten().map(String::as_str));
    assert!(actions.is_subset(&wanted), "{:?}", actions.difference(&wanted));
    // What a handler does with a key that a resource does not name, it does not do.
    let without_keys = |all: &std::collections::BTreeSet<&str>| {
        let kept = all.iter().filter(|action| !action.starts_with("kms:"));
        kept.map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(without_keys(&actions), without_keys(&wanted));
}
