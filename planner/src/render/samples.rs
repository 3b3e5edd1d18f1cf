//! Plans made by hand for the tests of this folder.

use crate::{Action, Decision, FieldDiff, Plan, PlannedCall, Reason, plan::FORMAT};
use serde_json::{Value, json};
use tenon_resources::{call::Effect, declaration::Place};

pub(super) fn plan(decisions: Vec<Decision>, calls: Vec<PlannedCall>) -> Plan {
    Plan {
        format: FORMAT,
        engine: "0.1.0".into(),
        stack: "shop".into(),
        env: "dev".into(),
        account: "111111111111".into(),
        region: "eu-west-1".into(),
        endpoints: std::collections::BTreeMap::new(),
        lineage: "0".repeat(32),
        serial: 7,
        decisions,
        calls,
        refreshed: vec![],
        outputs: [(
            "url".to_owned(),
            json!({"$join": ["http://", {"$ref": "web/task.arn"}]}),
        )]
        .into(),
        basis: crate::Basis::default(),
        calls_digest: String::new(),
        digest: String::new(),
    }
    .with_digest()
}

pub(super) fn decision(address: &str, kind: &str, action: Action, changes: Vec<FieldDiff>) -> Decision {
    Decision {
        place: Place::default(),
        address: address.into(),
        kind: kind.into(),
        action,
        reason: None,
        generation: 0,
        changes,
        inputs: Value::Null.into(),
        dependencies: vec![],
        id: None,
        declared: Some("main.rs:38".into()),
        moved_from: None,
        note: None,
        removed: None,
        options: tenon_resources::declaration::ResourceOptions::default(),
        options_before: None,
    }
}

pub(super) fn change(field: &str, from: Value, to: Value) -> FieldDiff {
    FieldDiff {
        field: field.into(),
        from: from.into(),
        to: to.into(),
        replaces: false,
    }
}

pub(super) fn call(
    address: &str,
    operation: &str,
    effect: Effect,
    params: &Value,
    after: &[usize],
) -> PlannedCall {
    let (service, operation) = operation.split_once(':').expect("service:Operation");
    let step = json!({"service": service, "operation": operation, "params": params, "effect": effect, "actions": [format!("{service}:{operation}")], "on": "*"});
    PlannedCall {
        place: Place::default(),
        address: address.into(),
        generation: 0,
        kind: "test".into(),
        step: serde_json::from_value(step).expect("a step"),
        after: after.to_vec(),
    }
}

// Long: one plan, written out.
/// Everything at once: each action, a document, a secret, a move, a loss of data, and names that try to be markup.
pub(super) fn busy() -> Plan {
    let policy = |actions: Value| {
        json!({"version": "2012-10-17", "statement": [
            {"sid": "read", "effect": "Allow", "action": actions, "resource": ["arn:aws:s3:::assets/*"]},
            {"sid": "write", "effect": "Allow", "action": ["logs:CreateLogStream", "logs:PutLogEvents"], "resource": [{"$ref": "web/logs.arn"}]},
        ]})
    };
    let mut vpc = decision(
        "network/vpc",
        "ec2.vpc",
        Action::ReplaceCreateFirst,
        vec![
            change("cidr_block", json!("10.0.0.0/16"), json!("10.1.0.0/16")),
            change(
                "tags",
                json!({"Name": "a", "tenon:address": "network/vpc"}),
                json!({"Name": "b", "tenon:address": "network/vpc"}),
            ),
        ],
    );
    vpc.changes[0].replaces = true;
    vpc.reason = Some(Reason::Immutable(vec!["cidr_block".into()]));
    vpc.id = Some("vpc-0a1".into());
    let mut subnet = decision(
        "network/public/a",
        "ec2.subnet",
        Action::Update,
        vec![change("vpc", json!("vpc-0a1"), json!({"$ref": "network/vpc.id"}))],
    );
    subnet.dependencies = vec!["network/vpc".into()];
    let role = decision(
        "web/role",
        "iam.role",
        Action::Update,
        vec![change(
            "policy",
            policy(json!(["s3:GetObject"])),
            policy(json!(["s3:GetObject", "s3:ListBucket"])),
        )],
    );
    let mut task = decision(
        "web/task",
        "ecs.task_definition",
        Action::Create,
        vec![
            change("family", Value::Null, json!("shop-dev-web")),
            change(
                "containers",
                Value::Null,
                json!([{"name": "web", "image": "web:1", "environment": {"DATABASE_HOST": {"$ref": "database.endpoint"}}, "port": 8080}]),
            ),
            change("token", Value::Null, json!({"$secret": {"env": "PAYMENT_TOKEN"}})),
            change(
                "tags",
                Value::Null,
                json!({"tenon:stack": "shop/dev", "tenon:address": "web/task"}),
            ),
        ],
    );
    task.dependencies = vec!["web/role".into(), "database".into()];
    let mut moved = decision("web/logs", "logs.log_group", Action::None, vec![]);
    moved.moved_from = Some("logs".into());
    let mut database = decision("database", "rds.db_instance", Action::Delete, vec![]);
    database.reason = Some(Reason::NotDeclared);
    database.id = Some("shop-dev\u{1b}[2J".into());
    database.declared = None;
    let same = decision("network/gateway", "ec2.internet_gateway", Action::None, vec![]);
    let calls = vec![
        call(
            "network/vpc",
            "ec2:CreateVpc",
            Effect::Create,
            &json!({"cidr_block": "10.1.0.0/16", "tag_specifications": {"of": "vpc", "tags": {"Name": "b"}}}),
            &[],
        ),
        call(
            "database",
            "rds:DeleteDBInstance",
            Effect::Delete,
            &json!({"db_instance_identifier": {"$ref": "this.id"}}),
            &[],
        ),
        call(
            "network/vpc",
            "ec2:DescribeVpcs",
            Effect::Ready(300),
            &Value::Null,
            &[0],
        ),
        call(
            "web/task",
            "ecs:RegisterTaskDefinition",
            Effect::Create,
            &json!({"family": "shop-dev-web", "client_token": {"$token": true}}),
            &[],
        ),
        call(
            "network/public/a",
            "ec2:ModifySubnetAttribute",
            Effect::Update,
            &json!({"subnet_id": {"$ref": "this.id"}, "vpc_id": {"$ref": "network/vpc.id"}}),
            &[2],
        ),
        call(
            "database",
            "rds:DescribeDBInstances",
            Effect::Gone(5400),
            &Value::Null,
            &[1],
        ),
    ];
    let mut plan = plan(vec![vpc, subnet, same, role, task, moved, database], calls);
    plan.calls[1].step.destroys = Some("the database with all its data".into());
    plan.with_digest()
}
