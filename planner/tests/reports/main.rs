//! Public reports of what other tools do wrong, each as a test named after what must not happen here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared by value, as in a program"
)]

#[path = "../common/mod.rs"]
mod common;
mod guards;
mod images;
mod limits;
mod others;
mod rest;
mod rivals;
mod zones;

use common::{Fixture, add, block_on};
use serde_json::json;
use tenon_planner::{Check, Declared, Error, Options, Plan, sandbox::SandboxConfig};
use tenon_resources::{
    appscaling::ScalableTarget,
    cloudwatch::{Alarm, Comparison, Metric},
    ec2::{IngressRule, SecurityGroup, Traffic},
    ecs::{ContainerDefinition, Service, TaskDefinition},
    elb::LoadBalancer,
    iam::{Policy, Role},
    logs::LogGroup,
    rds::{DbInstance, DbParameterGroup},
    route53::{AliasTarget, Record, RecordType},
};

fn stack() -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    declared
}

async fn applied(declared: &Declared) -> Fixture {
    let fixture = Fixture::new(SandboxConfig::instant());
    apply(&fixture, declared).await;
    fixture
}

async fn apply(fixture: &Fixture, declared: &Declared) -> Plan {
    let (plan, summary) = fixture.apply(declared, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let next = fixture.next(declared).await;
    assert!(next.is_empty(), "{:#?}", next.decisions);
    plan
}

fn operations(plan: &Plan) -> Vec<String> {
    let calls = plan.mutating();
    calls
        .map(|c| format!("{} {}", c.step.operation, c.address))
        .collect()
}

fn database(of: impl Fn(DbInstance) -> DbInstance) -> Declared {
    let mut declared = stack();
    let db = DbInstance::new("postgres", "17", "db.t4g.micro")
        .allocated_storage(20u32)
        .vpc_security_groups(["sg-1"])
        .db_subnet_group("private");
    add(&mut declared, "db", of(db));
    declared
}

/// A service under a scalable target.
fn scaled(count: Option<u32>) -> Declared {
    let mut declared = stack();
    let service = Service::new("shop", "task:1")
        .subnets(["subnet-1"])
        .security_groups(["sg-1"]);
    let service = match count {
        Some(count) => service.desired_count(count),
        None => service,
    };
    let service = add(&mut declared, "web", service);
    add(
        &mut declared,
        "scaling",
        ScalableTarget::new(&service.scalable, 2, 10),
    );
    declared
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/752>, <https://github.com/hashicorp/terraform-provider-aws/issues/335>,
/// <https://github.com/hashicorp/terraform/issues/10308>
#[test]
fn what_was_scaled_out_is_never_scaled_back_by_an_apply() {
    let text = scaled(Some(2)).check().unwrap_err().to_string();
    assert!(
        text.contains("`scaling`")
            && text.contains("min_capacity")
            && text.contains("Service::DESIRED_COUNT"),
        "{text}"
    );
    block_on(async {
        let declared = scaled(None);
        let fixture = applied(&declared).await;
        let id = fixture.next(&declared).await.decisions[0].id.clone().unwrap();
        assert!(
            fixture
                .cloud
                .tamper("ecs.service", &id, "desired_count", json!(6))
        );
        let next = fixture.next(&declared).await;
        assert!(next.is_empty(), "{:#?}", next.decisions);

        // The number to begin with, which is left to the scaling from then on.
        let begun = |count: u32| {
            let mut declared = scaled(Some(count));
            let options = &mut declared.resources["web"].options;
            options.owned_elsewhere.insert("desired_count".into());
            declared
        };
        let fixture = applied(&begun(2)).await;
        assert!(
            fixture
                .cloud
                .tamper("ecs.service", &id, "desired_count", json!(6))
        );
        for count in [2, 3] {
            let next = fixture.next(&begun(count)).await;
            assert!(next.is_empty(), "{:#?}", next.decisions);
        }
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/1005>, <https://github.com/hashicorp/terraform-provider-aws/issues/439>,
/// <https://github.com/hashicorp/terraform-provider-aws/pull/3119>
#[test]
fn an_alias_to_a_name_with_capitals_is_never_written_again_at_each_apply() {
    block_on(async {
        let mut declared = stack();
        let balancer = LoadBalancer::new()
            .name("Web-LB")
            .subnets(["subnet-1", "subnet-2"])
            .security_groups(["sg-1"]);
        let balancer = add(&mut declared, "balancer", balancer);
        let record = |name: &str, target: AliasTarget| Record::new("Z1", name, RecordType::A).alias(target);
        let zone = &balancer.canonical_hosted_zone_id;
        let by_reference = record("a.example", AliasTarget::new(&balancer.dns_name, zone));
        add(&mut declared, "a", by_reference);
        add(
            &mut declared,
            "b",
            record("b.example", AliasTarget::new("LB.Example", "Z3")),
        );
        let fixture = applied(&declared).await;
        let inputs = fixture.cloud.contents();
        let of = |id: &str| inputs[&("route53.record".to_owned(), id.to_owned())]["alias"].clone();
        for id in ["Z1|a.example|A", "Z1|b.example|A"] {
            let mut alias = of(id);
            let name = alias["dns_name"].as_str().unwrap().to_ascii_lowercase();
            alias["dns_name"] = json!(name);
            assert!(fixture.cloud.tamper("route53.record", id, "alias", alias));
        }
        let next = fixture.next(&declared).await;
        assert!(next.is_empty(), "{:#?}", next.decisions);
    });
    // A name that is a record's own is what its id is made of.
    let mut declared = stack();
    let host = tenon_resources::value::Output::<String>::new("balancer", "dns_name");
    let joined = tenon_resources::text!("{}.Example", &host);
    add(
        &mut declared,
        "balancer",
        LoadBalancer::new().subnets(["a", "b"]).security_groups(["sg-1"]),
    );
    add(
        &mut declared,
        "web",
        Record::new("Z1", joined, RecordType::Txt).values(["x"]),
    );
    let text = declared.check().unwrap_err().to_string();
    assert!(text.contains("`name` has capitals"), "{text}");
}

/// <https://github.com/terraform-aws-modules/terraform-aws-eks/issues/411>, <https://github.com/hashicorp/terraform/issues/20175>
#[test]
fn a_log_group_that_exists_is_never_taken_over_and_the_refusal_says_how_to_import_it() {
    block_on(async {
        let mut declared = stack();
        add(&mut declared, "logs", LogGroup::new().log_group_name("/ecs/web"));
        let fixture = Fixture::new(SandboxConfig::instant());
        let kind = tenon_resources::registry::find("logs.log_group").unwrap();
        let [mut inputs, _] = kind.samples();
        (inputs["log_group_name"], inputs["tags"]) = (json!("/ecs/web"), json!({}));
        fixture.cloud.create_outside("logs.log_group", &inputs).unwrap();
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        let why = &summary.failed[0].why;
        assert!(why.contains("import that one: its id is `/ecs/web`"), "{why}");
    });
}

#[test]
fn a_threshold_that_is_no_number_is_never_a_riddle() {
    for bad in [f64::NAN, f64::INFINITY] {
        let mut declared = stack();
        let cpu = Metric::new("AWS/RDS", "CPUUtilization");
        add(
            &mut declared,
            "cpu",
            Alarm::new(cpu, Comparison::GreaterThanThreshold, bad),
        );
        let text = declared.check().unwrap_err().to_string();
        assert!(
            text.contains("`threshold") && text.contains("NaN or infinite"),
            "{text}"
        );
    }
}

fn task(image: &str, names: [&str; 2]) -> Declared {
    let mut declared = stack();
    let web = names
        .into_iter()
        .fold(ContainerDefinition::new("web", image), |web, name| {
            web.env(name, "1")
        });
    let task = add(
        &mut declared,
        "task",
        TaskDefinition::new("web").containers([web]),
    );
    let service = Service::new("shop", &task.id)
        .subnets(["subnet-1"])
        .security_groups(["sg-1"]);
    add(&mut declared, "web", service);
    declared
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/3035>,
/// <https://github.com/cloudposse/terraform-aws-ecs-container-definition/issues/40>, <https://github.com/hashicorp/terraform/issues/17737>
#[test]
fn the_order_of_variables_never_makes_a_new_revision() {
    block_on(async {
        let fixture = applied(&task("web:1", ["B", "A"])).await;
        assert!(fixture.next(&task("web:1", ["A", "B"])).await.is_empty());
        let plan = apply(&fixture, &task("web:2", ["A", "B"])).await;
        let calls = [
            "RegisterTaskDefinition task",
            "UpdateService web",
            "DeregisterTaskDefinition task",
        ];
        assert_eq!(operations(&plan), calls);
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/41063>, <https://github.com/hashicorp/terraform-provider-aws/pull/9087>,
/// <https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/issues/92>
#[test]
fn autoscaling_of_storage_that_is_taken_out_never_goes_on() {
    block_on(async {
        let fixture = applied(&database(|db| db.max_allocated_storage(100u32))).await;
        let plan = apply(&fixture, &database(|db| db)).await;
        let sent = plan.mutating().next().unwrap();
        assert_eq!(sent.step.params["max_allocated_storage"], json!(20));
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/1671>, <https://github.com/hashicorp/terraform-provider-aws/issues/2445>
#[test]
fn a_group_in_use_never_loses_its_rules_before_its_successor_serves() {
    let guarded = |text: &str| {
        let mut declared = stack();
        let group = add(&mut declared, "group", SecurityGroup::new("vpc-1", text)).id;
        let rule = IngressRule::new(&group, "10.0.0.0/8", Traffic::tcp(443));
        add(&mut declared, "in", rule);
        let balancer = LoadBalancer::new()
            .subnets(["subnet-1", "subnet-2"])
            .security_groups([&group]);
        add(&mut declared, "balancer", balancer);
        declared
    };
    block_on(async {
        let fixture = applied(&guarded("one")).await;
        let plan = apply(&fixture, &guarded("two")).await;
        let calls = operations(&plan);
        let at = |call: &str| calls.iter().position(|c| c == call).unwrap();
        let switched = at("SetSecurityGroups balancer");
        assert!(at("AuthorizeSecurityGroupIngress in") < switched, "{calls:?}");
        assert!(switched < at("RevokeSecurityGroupIngress in"), "{calls:?}");
        assert!(switched < at("DeleteSecurityGroup group"), "{calls:?}");
    });
}

/// <https://github.com/hashicorp/terraform/issues/17599>, <https://github.com/hashicorp/terraform/issues/3874>
#[test]
fn a_database_is_never_unprotected_by_being_taken_out_of_the_program() {
    block_on(async {
        let mut declared = database(|db| db);
        declared.disposable = false;
        let fixture = applied(&declared).await;
        let mut empty = stack();
        empty.disposable = false;
        let executor = fixture.executor(&empty).await;
        let refused = fixture.plan(&executor, &empty, &Options::default()).await;
        assert!(matches!(refused, Err(Error::NeedsConsent(_))), "{refused:?}");
    });
}

/// <https://github.com/aws-controllers-k8s/community/issues/2142>, <https://github.com/hashicorp/terraform-provider-aws/issues/19349>
#[test]
fn a_trust_policy_in_another_order_is_never_a_difference() {
    block_on(async {
        let trusting = |services: [&str; 2]| {
            let mut declared = stack();
            let principals = json!({"Service": services});
            let statement = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principals});
            let policy: Policy =
                serde_json::from_value(json!({"Version": "2012-10-17", "Statement": [statement]})).unwrap();
            add(&mut declared, "role", Role::new(policy));
            declared
        };
        let fixture = applied(&trusting(["ecs.amazonaws.com", "ec2.amazonaws.com"])).await;
        let next = fixture
            .next(&trusting(["ec2.amazonaws.com", "ecs.amazonaws.com"]))
            .await;
        assert!(next.is_empty(), "{:#?}", next.decisions);
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/18035>, <https://github.com/hashicorp/terraform-provider-aws/issues/24737>
#[test]
fn a_major_upgrade_never_separates_the_version_from_its_parameters() {
    let on = |major: &str| {
        let mut declared = stack();
        let group = DbParameterGroup::new(format!("postgres{major}").as_str(), "text");
        let group = add(&mut declared, "parameters", group).id;
        let db = DbInstance::new("postgres", major, "db.t4g.micro")
            .allocated_storage(20u32)
            .vpc_security_groups(["sg-1"])
            .db_subnet_group("private")
            .db_parameter_group(&group);
        add(&mut declared, "db", db);
        declared
    };
    block_on(async {
        let fixture = applied(&on("16")).await;
        let plan = apply(&fixture, &on("17")).await;
        let calls = [
            "CreateDBParameterGroup parameters",
            "ModifyDBInstance db",
            "DeleteDBParameterGroup parameters",
        ];
        assert_eq!(operations(&plan), calls);
    });
}
