//! What only one can hold, and what AWS takes for the same: reports of other tools that no list of this repository has.

use crate::{add, applied, apply, block_on, common::Fixture, operations, stack};
use tenon_planner::{Check, Declared, Error, Options, Plan, event::Event, render, sandbox::SandboxConfig};
use tenon_resources::{
    appscaling::{Metric, ScalableTarget, ScalingPolicy},
    ec2::{IngressRule, SecurityGroup, Subnet, Traffic, Volume, Vpc},
    ecs::Service,
    iam::{Policy, Role},
    kms::{Alias, Key, KeySpec, KeyUsage},
    logs::LogGroup,
    rds::{DbInstance, DbParameterGroup},
    route53::{Record, RecordType, Routing, Zone, ZoneVpc},
    s3::Bucket,
    sns::{Protocol, Subscription},
    sqs::Queue,
    ssm::Parameter,
};

/// Applies `before`, then `after`: no call is refused, and nothing is left to do.
pub(crate) async fn changed(before: &Declared, after: &Declared) -> Plan {
    let fixture = applied(before).await;
    fixture.events.lock().unwrap().clear();
    let plan = apply(&fixture, after).await;
    let events = fixture.events.lock().unwrap();
    let retried: Vec<_> = events
        .iter()
        .filter(|e| matches!(e, Event::Retrying { .. }))
        .collect();
    assert!(retried.is_empty(), "{retried:#?}");
    plan
}

/// The plan of `after` where `before` is, which must be refused with findings.
pub(crate) async fn refused(before: &Declared, after: &Declared) -> String {
    let fixture = applied(before).await;
    let executor = fixture.executor(after).await;
    match fixture.plan(&executor, after, &Options::default()).await {
        Err(error @ Error::Findings(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn at(plan: &Plan, call: &str) -> usize {
    let calls = operations(plan);
    calls
        .iter()
        .position(|c| c == call)
        .unwrap_or_else(|| panic!("{call}: {calls:?}"))
}

fn record(address: &str, kind: RecordType, value: &str) -> Declared {
    let mut declared = stack();
    let zone = add(&mut declared, "zone", Zone::new("shop.example"));
    let record = Record::new(&zone.id, "www.shop.example", kind).values([value]);
    add(&mut declared, address, record);
    declared
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/20815>, <https://github.com/hashicorp/terraform/issues/9732>
#[test]
fn an_address_record_that_becomes_a_cname_is_never_asked_for_beside_it() {
    block_on(async {
        let (a, cname) = (
            record("www", RecordType::A, "192.0.2.1"),
            record("www", RecordType::Cname, "shop.example.net"),
        );
        for (before, after) in [(&a, &cname), (&cname, &a)] {
            let plan = changed(before, after).await;
            let calls: Vec<_> = plan
                .mutating()
                .map(|c| c.step.params["change_batch"]["action"].clone())
                .collect();
            assert_eq!(calls, ["DELETE", "CREATE"]);
            // That nobody finds the name meanwhile is said.
            let text = render::text(&plan, &render::Look::default());
            assert!(text.contains("neither exists between calls"), "{text}");
        }
        // Under another address, too.
        changed(&a, &record("other", RecordType::Cname, "shop.example.net")).await;
        // Two in one program.
        let mut both = cname;
        let zone = tenon_resources::value::Output::new("zone", "id");
        add(
            &mut both,
            "text",
            Record::new(&zone, "www.shop.example", RecordType::Txt).values(["x"]),
        );
        let text = both.check().unwrap_err().to_string();
        assert!(text.contains("answer for the name"), "{text}");
    });
}

/// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-shared.html>
#[test]
fn a_record_with_a_routing_policy_never_stands_beside_one_without() {
    let routed = |d: &mut Declared, address: &str, of: &str| {
        let zone = tenon_resources::value::Output::new("zone", "id");
        let routed = Record::new(&zone, "www.shop.example", RecordType::A).values(["192.0.2.2"]);
        add(d, address, routed.set_identifier(of).routing(Routing::Weight(10)));
    };
    let simple = record("www", RecordType::A, "192.0.2.1");
    let mut both = simple.clone();
    routed(&mut both, "blue", "blue");
    let text = both.check().unwrap_err().to_string();
    assert!(text.contains("routing for the name and type"), "{text}");
    let mut two = stack();
    add(&mut two, "zone", Zone::new("shop.example"));
    routed(&mut two, "blue", "blue");
    routed(&mut two, "green", "green");
    two.check().unwrap();
    block_on(async {
        // The sandbox takes the new ones only after the old one is gone, which the calls are ordered for; and so on the way back.
        for (before, after) in [(&simple, &two), (&two, &simple)] {
            changed(before, after).await;
        }
    });
}

/// <https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html>
#[test]
fn a_volume_never_shrinks() {
    let of = |size: u32| {
        let mut declared = stack();
        add(&mut declared, "data", Volume::new("eu-west-1a").size(size));
        declared
    };
    block_on(async {
        changed(&of(10), &of(20)).await;
        let text = refused(&of(20), &of(10)).await;
        assert!(text.contains("has 20 GiB, and a volume never shrinks"), "{text}");
    });
}

/// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat>
#[test]
fn a_cname_is_never_planned_for_the_name_of_its_zone() {
    let mut declared = stack();
    let zone = add(&mut declared, "zone", Zone::new("shop.example")).id;
    let record = Record::new(&zone, "shop.example", RecordType::Cname).values(["lb.example"]);
    add(&mut declared, "apex", record);
    let text = declared.check().unwrap_err().to_string();
    assert!(text.contains("can have no CNAME"), "{text}");
}

fn scaled(policies: &[(&str, Metric)]) -> Declared {
    let mut declared = stack();
    let service = Service::new("shop", "task:1")
        .subnets(["subnet-1"])
        .security_groups(["sg-1"]);
    let service = add(&mut declared, "web", service);
    let target = add(
        &mut declared,
        "target",
        ScalableTarget::new(&service.scalable, 2, 10),
    );
    for (address, metric) in policies {
        let policy = ScalingPolicy::new(&target.registered, metric.clone(), 60.0);
        add(&mut declared, address, policy);
    }
    declared
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/41179>
#[test]
fn two_policies_never_track_one_metric_not_even_for_the_time_of_a_rename() {
    let (cpu, memory) = (Metric::EcsServiceAverageCpu, Metric::EcsServiceAverageMemory);
    block_on(async {
        let plan = changed(
            &scaled(&[("cpu", cpu.clone())]),
            &scaled(&[("busy", cpu.clone())]),
        )
        .await;
        assert!(at(&plan, "DeleteScalingPolicy cpu") < at(&plan, "PutScalingPolicy busy"));
        // Another metric is another policy's business.
        changed(
            &scaled(&[("cpu", cpu.clone())]),
            &scaled(&[("cpu", cpu.clone()), ("memory", memory.clone())]),
        )
        .await;
        // One that changes its metric gives the one that it had to another.
        changed(
            &scaled(&[("a", cpu.clone())]),
            &scaled(&[("a", memory.clone()), ("b", cpu.clone())]),
        )
        .await;
        let twice = scaled(&[("a", cpu.clone()), ("b", cpu.clone())]).check();
        let text = twice.unwrap_err().to_string();
        assert!(text.contains("tracking of the metric"), "{text}");
        // Two that exchange theirs have no free one in between.
        let text = refused(
            &scaled(&[("a", cpu.clone()), ("b", memory.clone())]),
            &scaled(&[("a", memory), ("b", cpu)]),
        )
        .await;
        assert!(text.contains("they wait for one another"), "{text}");
    });
}

/// A private zone, with a record in it or without.
fn private(address: &str, vpcs: &[&str], record: bool) -> Declared {
    let mut declared = stack();
    let vpcs = vpcs.iter().map(|vpc| ZoneVpc::new(*vpc, "eu-west-1"));
    let zone = add(&mut declared, address, Zone::new("shop.internal").vpcs(vpcs)).id;
    if record {
        let record = Record::new(&zone, "db.shop.internal", RecordType::Cname).values(["db.example"]);
        add(&mut declared, "db", record);
    }
    declared
}

/// <https://github.com/infrablocks/terraform-aws-base-networking/issues/4>
#[test]
fn a_second_private_zone_of_a_name_is_never_made_for_the_same_vpc() {
    block_on(async {
        let plan = changed(
            &private("zone", &["vpc-1"], false),
            &private("renamed", &["vpc-1"], false),
        )
        .await;
        assert!(at(&plan, "DeleteHostedZone zone") < at(&plan, "CreateHostedZone renamed"));
        // A record that moves from one to the other needs both at once: it is refused, with the remedy.
        let (zone, renamed) = (
            private("zone", &["vpc-1"], true),
            private("renamed", &["vpc-1"], true),
        );
        let text = refused(&zone, &renamed).await;
        assert!(text.contains("moved(\"zone\", \"renamed\")"), "{text}");
        let mut moved = renamed;
        moved.moved.insert("zone".into(), "renamed".into());
        let plan = changed(&zone, &moved).await;
        assert!(
            plan.mutating()
                .all(|c| c.step.operation == "ChangeTagsForResource"),
            "{:?}",
            operations(&plan)
        );
        let (one, two) = (
            private("zone", &["vpc-1"], true),
            private("zone", &["vpc-1", "vpc-2"], true),
        );
        changed(&one, &two).await;
        changed(&two, &private("zone", &["vpc-2"], true)).await;
    });
    let mut twice = private("zone", &["vpc-1"], true);
    let again = Zone::new("shop.internal").vpcs([ZoneVpc::new("vpc-1", "eu-west-1")]);
    add(&mut twice, "again", again);
    let text = twice.check().unwrap_err().to_string();
    assert!(text.contains("private hosted zone"), "{text}");
}

fn aliased(spec: KeySpec, usage: KeyUsage, name: &str) -> Declared {
    let mut declared = stack();
    let key = add(&mut declared, "key", Key::new().key_spec(spec).key_usage(usage)).id;
    add(&mut declared, "alias", Alias::new(&key).name(name));
    declared
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html>
#[test]
fn an_alias_is_never_moved_to_a_key_of_another_type() {
    block_on(async {
        let (encrypt, sign) = (KeyUsage::EncryptDecrypt, KeyUsage::SignVerify);
        let before = aliased(KeySpec::SymmetricDefault, encrypt, "shop");
        let text = refused(&before, &aliased(KeySpec::Rsa2048, encrypt, "shop")).await;
        assert!(text.contains("of another type or usage"), "{text}");
        // With another name there are two, one after the other.
        changed(&before, &aliased(KeySpec::Rsa2048, encrypt, "shop-2")).await;
        // Of the same type it moves.
        let rsa = aliased(KeySpec::Rsa2048, sign, "shop");
        let plan = changed(&rsa, &aliased(KeySpec::Rsa3072, sign, "shop")).await;
        assert!(at(&plan, "UpdateAlias alias") < at(&plan, "ScheduleKeyDeletion key"));
    });
}

/// <https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html>: a second create returns the one that exists.
#[test]
fn a_subscription_of_another_address_never_ends_with_the_old_one() {
    let subscribed = |address: &str| {
        let mut declared = stack();
        let email = Subscription::new(
            "arn:aws:sns:eu-west-1:111111111111:alarms",
            Protocol::Email,
            "ops@example.com",
        );
        add(&mut declared, address, email);
        declared
    };
    block_on(async {
        let fixture = applied(&subscribed("email")).await;
        apply(&fixture, &subscribed("oncall")).await;
        assert_eq!(fixture.cloud.len(), 1);
    });
}

/// <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
#[test]
fn a_rule_is_never_taken_for_that_of_another_protocol_or_peer() {
    let mut declared = stack();
    let group = add(&mut declared, "group", SecurityGroup::new("vpc-1", "one")).id;
    for (address, traffic) in [
        ("tcp", Traffic::tcp(53)),
        ("udp", Traffic::udp(53)),
        ("all", Traffic::All),
    ] {
        add(
            &mut declared,
            address,
            IngressRule::new(&group, "10.0.0.0/8", traffic),
        );
        let own = format!("{address}-own");
        add(&mut declared, &own, IngressRule::new(&group, &group, traffic));
    }
    block_on(async {
        let fixture = applied(&declared).await;
        let down = Options {
            destroy: true,
            ..Options::default()
        };
        let (_, summary) = fixture.apply(&declared, &down).await;
        assert!(
            summary.complete() && fixture.cloud.is_empty(),
            "{:?}",
            summary.failed
        );
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/2283>
#[test]
fn a_service_of_a_name_is_never_made_while_the_old_one_drains() {
    let service = |launch: &str| {
        let mut declared = stack();
        let service = Service::new(launch, "task:1")
            .service_name("web")
            .subnets(["subnet-1"])
            .security_groups(["sg-1"]);
        add(&mut declared, "web", service);
        declared
    };
    block_on(async {
        // It is replaced where its cluster keeps its name and another resource has it.
        let mut renamed = service("shop");
        let web = renamed.resources.shift_remove("web").unwrap();
        renamed.add("front", web);
        let plan = changed(&service("shop"), &renamed).await;
        let delete = plan
            .calls
            .iter()
            .position(|c| c.step.operation == "DeleteService")
            .unwrap();
        let create = plan
            .calls
            .iter()
            .position(|c| c.step.operation == "CreateService")
            .unwrap();
        // Between them stands the wait until it is inactive.
        assert!(delete + 1 < create, "{:?}", operations(&plan));
        // In another cluster it is another service.
        changed(&service("shop"), &service("other")).await;
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/6448>
#[test]
fn a_parameter_group_of_a_name_in_use_is_refused_and_not_deleted_first() {
    let on = |family: &str, major: &str, name: Option<&str>| {
        let mut declared = stack();
        let mut group = DbParameterGroup::new(family, "text");
        if let Some(name) = name {
            group = group.db_parameter_group_name(name);
        }
        let group = add(&mut declared, "parameters", group).id;
        let database = DbInstance::new("postgres", major, "db.t4g.micro")
            .allocated_storage(20u32)
            .vpc_security_groups(["sg-1"])
            .db_subnet_group("private")
            .db_parameter_group(&group);
        add(&mut declared, "db", database);
        declared
    };
    block_on(async {
        let before = on("postgres16", "16", Some("shop"));
        let text = refused(&before, &on("postgres17", "17", Some("shop"))).await;
        assert!(text.contains("while `db` uses it"), "{text}");
        changed(&before, &on("postgres17", "17", Some("shop-17"))).await;
        changed(&before, &on("postgres17", "17", None)).await;
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/831>, <https://github.com/hashicorp/terraform/issues/15139>
#[test]
fn what_comes_back_under_its_name_at_once_is_never_lost_to_its_predecessor() {
    type Made = fn(&mut Declared, &str);
    let named: [(&str, Made); 5] = [
        ("log group", |d, a| {
            add(d, a, LogGroup::new().log_group_name("/ecs/web"));
        }),
        ("queue", |d, a| {
            add(d, a, Queue::new().queue_name("orders"));
        }),
        ("parameter", |d, a| {
            add(d, a, Parameter::string("info").name("/shop/level"));
        }),
        ("bucket", |d, a| {
            add(d, a, Bucket::new().bucket_name("shop-logs-1"));
        }),
        ("role", |d, a| {
            let role = Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com"));
            add(d, a, role.role_name("web"));
        }),
    ];
    for (what, made) in named {
        block_on(async {
            let declared = |address: &str| {
                let mut declared = stack();
                made(&mut declared, address);
                declared
            };
            let fixture = Fixture::new(SandboxConfig {
                speed: 1.0,
                ..SandboxConfig::default()
            });
            let all = Options {
                consent: vec!["*".into()],
                ..Options::default()
            };
            let (_, summary) = fixture.apply(&declared("old"), &all).await;
            assert!(summary.complete(), "{what}: {:?}", summary.failed);
            // The old one goes and the new one comes in one apply.
            let (_, summary) = fixture.apply(&declared("new"), &all).await;
            assert!(summary.complete(), "{what}: {:?}", summary.failed);
            assert_eq!(fixture.cloud.len(), 1, "{what}");
            assert!(fixture.next(&declared("new")).await.is_empty(), "{what}");
        });
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>: the path is no part of the name.
#[test]
fn a_named_role_that_moves_to_another_path_is_never_made_beside_itself() {
    let role = |path: &str, name: Option<&str>| {
        let mut declared = stack();
        let mut role = Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")).path(path);
        if let Some(name) = name {
            role = role.role_name(name);
        }
        add(&mut declared, "role", role);
        declared
    };
    block_on(async {
        let plan = changed(&role("/", Some("web")), &role("/apps/", Some("web"))).await;
        assert!(at(&plan, "DeleteRole role") < at(&plan, "CreateRole role"));
        let plan = changed(&role("/", None), &role("/apps/", None)).await;
        assert!(at(&plan, "CreateRole role") < at(&plan, "DeleteRole role"));
    });
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html>
#[test]
fn a_vpc_that_is_replaced_is_never_refused_for_what_stands_in_it() {
    let network = |range: &str, subnet: &str| {
        let mut declared = stack();
        let vpc = add(&mut declared, "vpc", Vpc::new(range)).id;
        add(&mut declared, "a", Subnet::new(&vpc, subnet, "eu-west-1a"));
        let group = add(
            &mut declared,
            "group",
            SecurityGroup::new(&vpc, "one").group_name("web"),
        )
        .id;
        add(
            &mut declared,
            "in",
            IngressRule::new(&group, "10.0.0.0/8", Traffic::tcp(443)),
        );
        declared
    };
    block_on(async {
        // The same name in the other VPC, which stands beside the first until everything has moved.
        let plan = changed(
            &network("10.0.0.0/16", "10.0.0.0/20"),
            &network("10.1.0.0/16", "10.1.0.0/20"),
        )
        .await;
        assert!(at(&plan, "CreateVpc vpc") < at(&plan, "DeleteVpc vpc"));
    });
}
