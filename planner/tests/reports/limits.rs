//! What AWS does not take, or takes for something else, found before the first call.

use crate::{add, block_on, common::Fixture, operations, rivals::changed, stack};
use serde_json::json;
use tenon_planner::{Check, Options, render, sandbox::SandboxConfig};
use tenon_resources::{
    ec2::{IngressRule, Traffic, Vpc},
    elb::{LoadBalancer, TargetGroup},
    iam::{Policy, Role, RolePolicy},
    kms::Key,
    logs::LogGroup,
    rds::{DbInstance, DbParameterGroup},
    value::{Cidr4, Cidr6, Tags},
};

/// <https://github.com/aws/aws-cdk/issues/26253>, <https://github.com/kubernetes/kops/issues/11727>
#[test]
fn a_tag_of_a_role_is_never_taken_off_under_its_other_case() {
    let role = |tags: &[(&str, &str)]| {
        let mut declared = stack();
        let role = Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com"));
        add(
            &mut declared,
            "role",
            role.tags(tags.iter().copied().collect::<Tags>()),
        );
        declared
    };
    block_on(async {
        let plan = changed(&role(&[("team", "shop")]), &role(&[("Team", "shop")])).await;
        assert_eq!(operations(&plan), ["UntagRole role", "TagRole role"]);
        let text = role(&[("team", "shop"), ("Team", "shop")])
            .check()
            .unwrap_err()
            .to_string();
        assert!(text.contains("one key to IAM"), "{text}");
        // The stack has one of them.
        let mut declared = role(&[("Team", "shop")]);
        declared.tags = [("team", "shop")].into();
        let fixture = Fixture::new(SandboxConfig::instant());
        let executor = fixture.executor(&declared).await;
        let plan = fixture.plan(&executor, &declared, &Options::default()).await;
        assert!(plan.unwrap_err().to_string().contains("one key to IAM"));
    });
}

/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
#[test]
fn the_fifty_first_tag_is_never_left_to_the_apply_to_find() {
    let tagged = |count: usize| {
        let mut declared = stack();
        let tags: Tags = (0..count).map(|n| (format!("key-{n:02}"), "x")).collect();
        add(&mut declared, "vpc", Vpc::new("10.0.0.0/16").tags(tags));
        declared
    };
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        for (count, fits) in [(45, true), (48, false), (50, false)] {
            let declared = tagged(count);
            declared.check().unwrap();
            let executor = fixture.executor(&declared).await;
            let plan = fixture.plan(&executor, &declared, &Options::default()).await;
            executor.store.close().await.unwrap();
            assert_eq!(plan.is_ok(), fits, "{count}");
        }
        assert!(tagged(51).check().is_err());
        // Those that go make room for those that come.
        let mut other = tagged(45);
        other.resources.clear();
        let tags: Tags = (0..45).map(|n| (format!("other-{n:02}"), "x")).collect();
        add(&mut other, "vpc", Vpc::new("10.0.0.0/16").tags(tags));
        let plan = changed(&tagged(45), &other).await;
        assert_eq!(operations(&plan), ["DeleteTags vpc", "CreateTags vpc"]);
    });
}

/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Tag.html>,
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html>
#[test]
fn a_tag_that_aws_keeps_to_itself_is_never_planned_in_whatever_case() {
    for (key, on_database) in [
        ("AWS:team", true),
        ("Aws:team", true),
        ("rds:team", true),
        ("rds:team", false),
    ] {
        let mut declared = stack();
        if on_database {
            let database = DbInstance::new("postgres", "17", "db.t4g.micro")
                .allocated_storage(20u32)
                .vpc_security_groups(["sg-1"])
                .tags([(key, "x")]);
            add(&mut declared, "it", database);
        } else {
            add(&mut declared, "it", LogGroup::new().tags([(key, "x")]));
        }
        assert_eq!(declared.check().is_err(), on_database, "{key}");
    }
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html>: "we modify the specified CIDR block to its canonical form".
#[test]
fn a_range_is_never_taken_for_another_because_it_is_written_another_way() {
    // AWS keeps the network address.
    assert!("10.0.0.1/8".parse::<Cidr4>().is_err());
    assert_eq!(
        "10.0.0.0/08".parse::<Cidr4>().unwrap(),
        "10.0.0.0/8".parse().unwrap()
    );
    assert!("2001:db8::1/32".parse::<Cidr6>().is_err());
    let rules = |first: &str, second: &str| {
        let mut declared = stack();
        for (address, range) in [("a", first), ("b", second)] {
            add(
                &mut declared,
                address,
                IngressRule::new("sg-1", range.parse::<Cidr6>().unwrap(), Traffic::tcp(443)),
            );
        }
        declared
    };
    let text = rules("2001:DB8::/32", "2001:db8:0:0::/32")
        .check()
        .unwrap_err()
        .to_string();
    assert!(text.contains("takes the inbound rule"), "{text}");
    rules("2001:db8::/32", "2001:db8::/33").check().unwrap();
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>: "stored as a lowercase string".
#[test]
fn a_database_is_never_asked_for_with_a_name_that_rds_writes_in_lower_case() {
    let mut declared = stack();
    let database = DbInstance::new("postgres", "17", "db.t4g.micro")
        .allocated_storage(20u32)
        .vpc_security_groups(["sg-1"])
        .db_instance_identifier("Shop-DB");
    add(&mut declared, "db", database);
    let text = declared.check().unwrap_err().to_string();
    assert!(text.contains("db_instance_identifier"), "{text}");
    let mut declared = stack();
    let group = DbParameterGroup::new("postgres17", "text").db_parameter_group_name("Shop");
    add(&mut declared, "group", group);
    assert!(declared.check().is_err());
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html>
#[test]
fn a_name_that_a_load_balancer_cannot_have_is_never_planned() {
    for name in ["internal-web", "-web", "web-", "web_1", &"x".repeat(33)] {
        let mut declared = stack();
        let balancer = LoadBalancer::new()
            .subnets(["subnet-1", "subnet-2"])
            .security_groups(["sg-1"])
            .name(name);
        add(&mut declared, "balancer", balancer);
        assert!(declared.check().is_err(), "load balancer {name}");
        if name != "internal-web" {
            let mut declared = stack();
            add(&mut declared, "group", TargetGroup::new("vpc-1", 80).name(name));
            assert!(declared.check().is_err(), "target group {name}");
        }
    }
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>: a statement without a resource is taken, and has no
/// effect.
#[test]
fn a_key_policy_that_says_nothing_is_shown_and_not_refused() {
    let mut declared = stack();
    let nothing = Policy::allow(["kms:Decrypt"]).account("111111111111");
    let all = Policy::allow(["kms:*"]).account("111111111111").on(["*"]);
    add(&mut declared, "key", Key::new().policy(all.clone().and(nothing)));
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let (plan, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let [text, page] = [
            render::text(&plan, &render::Look::default()),
            render::markdown(&plan),
        ];
        for shown in [text, page] {
            assert!(
                shown.contains("names no resource, so that it has no effect"),
                "{shown}"
            );
        }
        assert_eq!(
            plan.decisions[0].inputs["policy"]["Statement"]
                .as_array()
                .map(Vec::len),
            Some(2)
        );
        assert!(fixture.next(&declared).await.is_empty());
        // And a statement that says something is not mentioned.
        let mut fine = stack();
        add(&mut fine, "key", Key::new().policy(all));
        let (plan, _) = fixture.apply(&fine, &Options::default()).await;
        assert!(!render::text(&plan, &render::Look::default()).contains("no effect"));
    });
    let on = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "uploads/*"}]});
    let mut declared = stack();
    let policy: Policy = serde_json::from_value(on).unwrap();
    add(&mut declared, "may", RolePolicy::new("web", policy));
    let text = declared.check().unwrap_err().to_string();
    assert!(text.contains("`uploads/*`, which is no resource"), "{text}");
}
