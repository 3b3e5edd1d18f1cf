//! What AWS lets only one hold: a plan gives it up before it is taken, or is refused before its first call.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use tenon_planner::{Check, Declared, Error, Options, event::Event, render, sandbox::SandboxConfig};
use tenon_resources::{
    ec2::{
        ElasticIp, IngressRule, InternetGateway, NatGateway, RouteTable, RouteTableAssociation,
        SecurityGroup, Subnet, Traffic, Vpc,
    },
    elb::{Action, Condition, Listener, ListenerProtocol, ListenerRule, LoadBalancer, Scheme, TargetGroup},
    rds::{DbInstance, DbSubnetGroup},
};

/// A VPC and its subnets by name, range and zone, some of them under a load balancer.
fn network(subnets: &[(&str, &str, &str)], balanced: &[&str]) -> Declared {
    let mut d = Declared::new("net", "test", None);
    d.disposable = true;
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
    let mut under = vec![];
    for (name, range, zone) in subnets {
        let id = add(&mut d, name, Subnet::new(&vpc, *range, *zone)).id;
        if balanced.contains(name) {
            under.push(id);
        }
    }
    if !under.is_empty() {
        let balancer = LoadBalancer::new().subnets(&under).security_groups(["sg-1"]);
        add(&mut d, "balancer", balancer);
    }
    d
}

fn position(plan: &tenon_planner::Plan, operation: &str, address: &str) -> usize {
    let is = |c: &tenon_planner::PlannedCall| c.step.operation == operation && c.address == address;
    plan.calls.iter().position(is).unwrap()
}

/// Applies `before`, then plans `after` with `replace`.
async fn planned(
    before: &Declared,
    after: &Declared,
    replace: &[&str],
) -> Result<tenon_planner::Plan, Error> {
    let fixture = Fixture::new(SandboxConfig::instant());
    let (_, summary) = fixture.apply(before, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let options = Options {
        replace: replace.iter().map(|&a| a.to_owned()).collect(),
        ..Options::default()
    };
    let executor = fixture.executor(after).await;
    fixture.plan(&executor, after, &options).await
}

fn refusal(plan: Result<tenon_planner::Plan, Error>) -> String {
    match plan {
        Err(error @ Error::Findings(_)) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

const A: (&str, &str, &str) = ("a", "10.0.0.0/20", "eu-west-1a");
const B: (&str, &str, &str) = ("b", "10.0.16.0/20", "eu-west-1b");

#[test]
fn two_declared_subnets_never_overlap() {
    // https://github.com/hashicorp/terraform/issues/7516
    let declared = network(&[A, ("c", "10.0.8.0/24", "eu-west-1b")], &[]);
    let Err(error) = declared.check() else {
        panic!("it was taken")
    };
    let text = error.to_string();
    assert!(
        text.contains("10.0.8.0/24") && text.contains("`a` (main.rs:1)"),
        "{text}"
    );
}

#[test]
fn a_renamed_subnet_is_removed_before_its_range_is_asked_for() {
    // https://github.com/hashicorp/terraform/issues/567
    block_on(async {
        let after = network(&[("renamed", A.1, A.2)], &[]);
        let plan = planned(&network(&[A], &[]), &after, &[]).await.unwrap();
        assert!(position(&plan, "DeleteSubnet", "a") < position(&plan, "CreateSubnet", "renamed"));
    });
}

#[test]
fn a_subnet_that_moves_to_another_zone_is_removed_before_its_successor_is_made() {
    block_on(async {
        let after = network(&[("a", A.1, "eu-west-1c")], &[]);
        let plan = planned(&network(&[A], &[]), &after, &[]).await.unwrap();
        assert!(position(&plan, "DeleteSubnet", "a") < position(&plan, "CreateSubnet", "a"));
    });
}

#[test]
fn two_subnets_that_exchange_their_ranges_are_both_removed_first_and_the_gap_is_said() {
    // https://github.com/cloudposse/terraform-aws-dynamic-subnets/issues/120
    block_on(async {
        let (before, after) = (
            network(&[A, B], &[]),
            network(&[("a", B.1, A.2), ("b", A.1, B.2)], &[]),
        );
        let plan = planned(&before, &after, &[]).await.unwrap();
        for (goes, comes) in [("a", "b"), ("b", "a"), ("a", "a"), ("b", "b")] {
            assert!(position(&plan, "DeleteSubnet", goes) < position(&plan, "CreateSubnet", comes));
        }
        let shown = render::text(&plan, &render::Look::default());
        let range = "takes the IPv4 range 10.0.16.0/20 of vpc-";
        let gap = ", which only one can hold, so what holds it is removed first: neither exists between calls 1 and";
        assert!(shown.contains(range) && shown.contains(gap), "{shown}");
        applies(&before, &after).await;
        // What stands on them cannot follow, and says so before the first call.
        let (before, after) = (
            network(&[A, B], &["a", "b"]),
            network(&[("a", B.1, A.2), ("b", A.1, B.2)], &["a", "b"]),
        );
        let text = refusal(planned(&before, &after, &[]).await);
        assert!(text.contains("while `balancer` uses it"), "{text}");
    });
}

/// Applies `before`, then `after`: no call is refused, and the plan that follows is empty.
async fn applies(before: &Declared, after: &Declared) -> (Fixture, tenon_planner::Plan) {
    let fixture = Fixture::new(SandboxConfig::instant());
    let (_, summary) = fixture.apply(before, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let (plan, summary) = fixture.apply(after, &Options::default()).await;
    assert!(
        summary.complete(),
        "{:?}\n{}",
        summary.failed,
        render::text(&plan, &render::Look::default())
    );
    let events = fixture.events.lock().unwrap().clone();
    let retried: Vec<_> = events
        .iter()
        .filter(|e| matches!(e, Event::Retrying { .. }))
        .collect();
    assert!(retried.is_empty(), "{retried:#?}");
    let next = fixture.next(after).await;
    assert!(next.is_empty(), "{:#?}", next.decisions);
    (fixture, plan)
}

#[test]
fn a_range_that_its_holder_keeps_is_not_taken() {
    block_on(async {
        // What is left out of the plan keeps what it has.
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&network(&[A], &[]), &Options::default()).await;
        let after = network(&[("renamed", A.1, A.2)], &[]);
        let options = Options {
            excludes: vec!["a".into()],
            ..Options::default()
        };
        let executor = fixture.executor(&after).await;
        let text = refusal(fixture.plan(&executor, &after, &options).await);
        assert!(
            text.contains("which `a`") && text.contains("keeps in this plan"),
            "{text}"
        );
    });
}

#[test]
fn a_subnet_under_a_load_balancer_is_not_torn_down_for_a_successor_that_cannot_exist() {
    // https://github.com/infrablocks/terraform-aws-base-networking/issues/63
    block_on(async {
        let declared = network(&[A, B], &["a", "b"]);
        let text = refusal(planned(&declared, &declared, &["a"]).await);
        assert!(text.contains("while `balancer` uses it"), "{text}");
        // Another range can stand beside the old one, so that nothing needs to be taken away first.
        let after = network(&[("a", "10.0.32.0/20", A.2), B], &["a", "b"]);
        let plan = planned(&declared, &after, &[]).await.unwrap();
        assert!(position(&plan, "CreateSubnet", "a") < position(&plan, "SetSubnets", "balancer"));
        assert!(position(&plan, "SetSubnets", "balancer") < position(&plan, "DeleteSubnet", "a"));
    });
}

fn stack() -> Declared {
    let mut d = Declared::new("net", "test", None);
    d.disposable = true;
    d
}

/// A security group with a name of its own and two rules, under a load balancer.
fn guarded(description: &str, name: Option<&str>) -> Declared {
    let mut d = stack();
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
    let mut group = SecurityGroup::new(&vpc, description);
    if let Some(name) = name {
        group = group.group_name(name);
    }
    let group = add(&mut d, "group", group).id;
    add(
        &mut d,
        "in",
        IngressRule::new(&group, "0.0.0.0/0", Traffic::tcp(443)),
    );
    let balancer = LoadBalancer::new()
        .subnets(["subnet-1", "subnet-2"])
        .security_groups([&group]);
    add(&mut d, "balancer", balancer);
    d
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/27476>, <https://github.com/hashicorp/terraform-provider-aws/issues/20743>,
/// <https://github.com/hashicorp/terraform/issues/11047>
#[test]
fn a_named_group_in_use_never_loses_its_rules_for_a_successor_that_cannot_exist() {
    block_on(async {
        let text = refusal(planned(&guarded("one", Some("web")), &guarded("two", Some("web")), &[]).await);
        assert!(
            text.contains("`group`") && text.contains("while `balancer` uses it"),
            "{text}"
        );
        // With another name, or with none, the two stand side by side.
        for name in [None, Some("web-2")] {
            applies(&guarded("one", Some("web")), &guarded("two", name)).await;
        }
    });
}

/// A load balancer, its listener and a target group.
fn balanced(scheme: Scheme, port: u16, name: Option<&str>, rule: bool) -> Declared {
    let mut d = stack();
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
    let balancer = LoadBalancer::new()
        .subnets(["subnet-1", "subnet-2"])
        .security_groups(["sg-1"])
        .scheme(scheme);
    let balancer = add(&mut d, "balancer", balancer);
    let mut group = TargetGroup::new(&vpc, port);
    if let Some(name) = name {
        group = group.name(name);
    }
    let group = add(&mut d, "tg", group);
    let listener = Listener::new(
        &balancer.id,
        80,
        ListenerProtocol::Http,
        Action::forward(&group.id),
    );
    let listener = add(&mut d, "listener", listener);
    if rule {
        let rule = ListenerRule::new(&listener.id, 10, Action::forward(&group.id));
        add(&mut d, "rule", rule.conditions([Condition::path(["/api"])]));
    }
    d
}

/// <https://github.com/pulumi/pulumi-aws/issues/4220>, <https://github.com/pulumi/pulumi-aws/issues/4226>,
/// <https://github.com/hashicorp/terraform-provider-aws/issues/636>, <https://github.com/hashicorp/terraform-provider-aws/issues/1315>
#[test]
fn a_named_target_group_in_use_is_not_removed_for_a_successor_of_its_name() {
    block_on(async {
        let internal = Scheme::Internal;
        let before = balanced(internal, 8080, Some("web"), false);
        let text = refusal(planned(&before, &balanced(internal, 9090, Some("web"), false), &[]).await);
        assert!(
            text.contains("`tg`") && text.contains("while `listener` uses it"),
            "{text}"
        );
        applies(&before, &balanced(internal, 9090, Some("web-2"), false)).await;
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/22005>, <https://github.com/hashicorp/terraform-provider-aws/issues/7581>,
/// <https://github.com/aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock/pull/643>
#[test]
fn a_target_group_is_never_asked_to_serve_two_load_balancers() {
    block_on(async {
        for rule in [false, true] {
            let before = balanced(Scheme::InternetFacing, 8080, None, rule);
            let after = balanced(Scheme::Internal, 8080, None, rule);
            let (_, plan) = applies(&before, &after).await;
            // The new load balancer is there before the old listener goes.
            assert!(
                position(&plan, "CreateLoadBalancer", "balancer")
                    < position(&plan, "DeleteListener", "listener")
            );
            let shown = render::text(&plan, &render::Look::default());
            assert!(shown.contains("neither exists between calls"), "{shown}");
        }
        // Nor by a program.
        let mut twice = balanced(Scheme::Internal, 8080, None, true);
        let other = LoadBalancer::new()
            .subnets(["subnet-1", "subnet-2"])
            .security_groups(["sg-1"]);
        let other = add(&mut twice, "other", other);
        let group = tenon_resources::value::Output::<tenon_resources::elb::TargetGroupArn>::new("tg", "id");
        let listener = Listener::new(&other.id, 80, ListenerProtocol::Http, Action::forward(&group));
        add(&mut twice, "second", listener);
        let text = twice.check().unwrap_err().to_string();
        assert!(text.contains("takes the target group"), "{text}");
    });
}

fn rules(rules: &[(&str, u16)]) -> Declared {
    let mut d = stack();
    let group = add(&mut d, "group", SecurityGroup::new("vpc-1", "one")).id;
    for (name, port) in rules {
        add(
            &mut d,
            name,
            IngressRule::new(&group, "10.0.0.0/8", Traffic::tcp(*port)),
        );
    }
    d
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/25173>, <https://github.com/pulumi/pulumi-aws/issues/2097>,
/// <https://github.com/hashicorp/terraform/issues/15776>
#[test]
fn a_renamed_rule_is_never_authorized_while_the_old_one_says_the_same() {
    block_on(async {
        let (_, plan) = applies(&rules(&[("in", 443)]), &rules(&[("https", 443)])).await;
        let (goes, comes) = ("RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngress");
        assert!(position(&plan, goes, "in") < position(&plan, comes, "https"));
        applies(&rules(&[("a", 80), ("b", 443)]), &rules(&[("a", 443), ("b", 80)])).await;
        applies(&rules(&[("a", 80), ("b", 443)]), &rules(&[("a", 443)])).await;
        let text = rules(&[("in", 443), ("again", 443)])
            .check()
            .unwrap_err()
            .to_string();
        assert!(text.contains("takes the inbound rule"), "{text}");
    });
}

fn listeners(ports: &[(&str, u16)], priorities: &[(&str, u16)]) -> Declared {
    let mut d = stack();
    let balancer = LoadBalancer::new()
        .subnets(["subnet-1", "subnet-2"])
        .security_groups(["sg-1"]);
    let balancer = add(&mut d, "balancer", balancer).id;
    let mut last = None;
    for (name, port) in ports {
        let action = Action::respond(404, "text/plain", "");
        let listener = Listener::new(&balancer, *port, ListenerProtocol::Http, action);
        last = Some(add(&mut d, name, listener).id);
    }
    for (name, priority) in priorities {
        let rule = ListenerRule::new(
            last.as_ref().unwrap(),
            *priority,
            Action::respond(410, "text/plain", name),
        );
        add(
            &mut d,
            name,
            rule.conditions([Condition::path([format!("/{name}").as_str()])]),
        );
    }
    d
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html> (`PriorityInUse`)
#[test]
fn ports_and_priorities_are_exchanged_by_way_of_free_ones_and_no_call_is_refused() {
    block_on(async {
        let before = listeners(
            &[("a", 80), ("b", 81), ("c", 82)],
            &[("x", 10), ("y", 20), ("z", 30)],
        );
        for (ports, priorities) in [
            ([81, 80, 82], [20, 10, 30]),
            ([81, 82, 80], [20, 30, 10]),
            ([82, 80, 81], [30, 10, 20]),
        ] {
            let ports: Vec<_> = ["a", "b", "c"].into_iter().zip(ports).collect();
            let priorities: Vec<_> = ["x", "y", "z"].into_iter().zip(priorities).collect();
            applies(&before, &listeners(&ports, &priorities)).await;
        }
        // One that moves on to a value that another leaves waits for that.
        applies(
            &listeners(&[("a", 80), ("b", 81)], &[]),
            &listeners(&[("a", 81), ("b", 82)], &[]),
        )
        .await;
        for twice in [
            listeners(&[("a", 80), ("b", 80)], &[]),
            listeners(&[("a", 80)], &[("x", 1), ("y", 1)]),
        ] {
            assert!(twice.check().is_err());
        }
    });
}

/// <https://github.com/pulumi/pulumi/issues/7199>
#[test]
fn a_subnet_is_never_asked_for_outside_of_its_vpc() {
    let text = network(
        &[
            ("far", "10.9.0.0/24", "eu-west-1a"),
            ("wide", "10.0.0.0/8", "eu-west-1a"),
        ],
        &[],
    );
    let mut text2 = stack();
    let vpc = add(&mut text2, "vpc", Vpc::new("10.1.0.0/16")).id;
    add(&mut text2, "far", Subnet::new(&vpc, "10.9.0.0/24", "eu-west-1a"));
    for declared in [text, text2] {
        let text = declared.check().unwrap_err().to_string();
        assert!(text.contains("a subnet lies within its VPC"), "{text}");
    }
}

/// Report B2: `--replace network/gateway` took the NAT gateway and the associations away first.
#[test]
fn an_internet_gateway_that_cannot_be_replaced_takes_nothing_with_it() {
    let mut d = stack();
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
    let gateway = add(&mut d, "gateway", InternetGateway::new(&vpc));
    let subnet = add(
        &mut d,
        "subnet",
        Subnet::new(&gateway.vpc, "10.0.0.0/20", "eu-west-1a"),
    )
    .id;
    let address = add(&mut d, "eip", ElasticIp::new()).id;
    add(&mut d, "nat", NatGateway::new(&subnet, &address));
    let table = add(&mut d, "table", RouteTable::new(&vpc)).id;
    add(&mut d, "association", RouteTableAssociation::new(&table, &subnet));
    block_on(async {
        let text = refusal(planned(&d, &d, &["gateway"]).await);
        assert!(
            text.contains("`gateway`") && text.contains("while `subnet` uses it"),
            "{text}"
        );
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/512>, <https://github.com/hashicorp/terraform-provider-aws/issues/17383>,
/// <https://github.com/hashicorp/terraform/issues/11715>
#[test]
fn a_database_is_never_moved_to_another_subnet_group_of_its_vpc() {
    let database = |name: &str| {
        let mut d = stack();
        let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
        let subnets = [("a", "10.0.0.0/20"), ("b", "10.0.16.0/20")].map(|(zone, range)| {
            let subnet = Subnet::new(&vpc, range, format!("eu-west-1{zone}").as_str());
            add(&mut d, zone, subnet).id
        });
        let group = DbSubnetGroup::new("databases")
            .subnets(&subnets)
            .db_subnet_group_name(name);
        let group = add(&mut d, "group", group).id;
        let db = DbInstance::new("postgres", "17", "db.t4g.micro")
            .allocated_storage(20u32)
            .vpc_security_groups(["sg-1"])
            .db_subnet_group(&group);
        add(&mut d, "db", db);
        d
    };
    block_on(async {
        let text = refusal(planned(&database("one"), &database("two"), &[]).await);
        assert!(
            text.contains("`db`") && text.contains("keep the name of its subnet group"),
            "{text}"
        );
    });
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html> (`DeleteConflict`): found by a random stack.
#[test]
fn nothing_is_put_into_a_role_that_the_same_plan_removes() {
    use tenon_resources::iam::{Policy, PolicyAttachment, Role};
    block_on(async {
        let (mut before, mut after) = (stack(), stack());
        let role = Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")).role_name("a");
        add(&mut before, "role", role);
        add(
            &mut after,
            "attachment",
            PolicyAttachment::new("a", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        );
        let text = refusal(planned(&before, &after, &[]).await);
        assert!(
            text.contains("is put into `role`, which this plan removes"),
            "{text}"
        );
    });
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html> (`InvalidDBSubnetGroupStateFault`): found by
/// a random stack. A stopped database keeps its subnet group until somebody starts it.
#[test]
fn a_subnet_group_never_goes_while_a_stopped_database_keeps_it() {
    use tenon_resources::cloud::Status;
    let database = |name: Option<&str>| {
        let mut d = stack();
        let group = DbSubnetGroup::new("text").subnets(["subnet-1", "subnet-2"]);
        let group = match name {
            Some(name) => group.db_subnet_group_name(name),
            None => group,
        };
        let group = add(&mut d, "group", group).id;
        let db = DbInstance::new("postgres", "17", "db.t4g.micro")
            .allocated_storage(20u32)
            .vpc_security_groups(["sg-1"])
            .db_subnet_group(&group);
        add(&mut d, "db", db);
        d
    };
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let (plan, _) = fixture.apply(&database(None), &Options::default()).await;
        let id = fixture.next(&database(None)).await.decisions[1]
            .id
            .clone()
            .unwrap();
        assert_eq!(plan.counts().create, 2);
        let stopped = Status::Stopped("stopped".into());
        fixture.cloud.set_status("rds.db_instance", &id, Some(stopped));
        let after = database(Some("name-1"));
        let executor = fixture.executor(&after).await;
        let text = refusal(fixture.plan(&executor, &after, &Options::default()).await);
        executor.store.close().await.unwrap();
        assert!(
            text.contains("`group`") && text.contains("`db` keeps") && text.contains("stopped"),
            "{text}"
        );
        // Once it is started, it would have to move within its VPC, which AWS refuses, too.
        fixture.cloud.set_status("rds.db_instance", &id, None);
        let executor = fixture.executor(&after).await;
        let text = refusal(fixture.plan(&executor, &after, &Options::default()).await);
        assert!(text.contains("keep the name of its subnet group"), "{text}");
    });
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html> (`DeleteConflict`): found by a random stack. What names
/// a role, where a reference to it could stand, uses it.
#[test]
fn a_role_never_goes_before_what_is_attached_to_it_by_name() {
    use tenon_resources::iam::{Policy, PolicyAttachment, Role};
    let declared = |role: bool, attachment: bool| {
        let mut d = stack();
        let policy = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        if attachment {
            add(&mut d, "attachment", PolicyAttachment::new("a", policy));
        }
        if role {
            let role = Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")).role_name("a");
            add(&mut d, "role", role);
        }
        d
    };
    block_on(async {
        // Made after the role, and removed before it, whatever the order of declaration is.
        let (_, plan) = applies(&declared(false, false), &declared(true, true)).await;
        assert!(position(&plan, "CreateRole", "role") < position(&plan, "AttachRolePolicy", "attachment"));
        let (_, plan) = applies(&declared(true, true), &declared(false, false)).await;
        assert!(position(&plan, "DetachRolePolicy", "attachment") < position(&plan, "DeleteRole", "role"));
        // It stays, so that the role cannot go.
        let text = refusal(planned(&declared(true, true), &declared(false, true), &[]).await);
        assert!(
            text.contains("`role`") && text.contains("`attachment` keeps `a`"),
            "{text}"
        );
    });
}
