//! Situations of which nobody has reported that they go wrong, and in which they might.

use crate::{add, applied, apply, block_on, operations, stack};
use std::collections::BTreeSet;
use tenon_planner::{Declared, Plan};
use tenon_resources::{
    acm::Certificate,
    ec2::{AclEntry, InternetGateway, NatGateway, NetworkAcl, Route, Traffic, Vpc},
    ec2::{IngressRule, SecurityGroup},
    elb::{Action, Condition, Listener, ListenerProtocol, ListenerRule, LoadBalancer, TargetGroup},
    logs::LogGroup,
    sns::Topic,
    value::{Cidr4, Tags},
};

fn at(plan: &Plan, call: &str) -> usize {
    let calls = operations(plan);
    calls
        .iter()
        .position(|c| c == call)
        .unwrap_or_else(|| panic!("{call}: {calls:?}"))
}

#[test]
fn a_route_never_points_at_nothing_while_its_target_changes() {
    let routed = |nat: bool| {
        let mut declared = stack();
        let vpc = add(&mut declared, "vpc", Vpc::new("10.0.0.0/16")).id;
        let gateway = add(&mut declared, "gateway", InternetGateway::new(&vpc));
        let everywhere: Cidr4 = "0.0.0.0/0".parse().unwrap();
        if nat {
            let nat = add(&mut declared, "nat", NatGateway::new("subnet-1", "eipalloc-1"));
            add(&mut declared, "out", Route::new("rtb-1", everywhere, &nat.id));
        } else {
            add(&mut declared, "out", Route::new("rtb-1", everywhere, &gateway.id));
        }
        declared
    };
    block_on(async {
        let plan = apply(&applied(&routed(true)).await, &routed(false)).await;
        assert!(at(&plan, "ReplaceRoute out") < at(&plan, "DeleteNatGateway nat"));
        let plan = apply(&applied(&routed(false)).await, &routed(true)).await;
        assert!(at(&plan, "CreateNatGateway nat") < at(&plan, "ReplaceRoute out"));
    });
}

#[test]
fn entries_that_exchange_their_numbers_are_never_asked_for_twice() {
    let numbered = |first: u16, second: u16| {
        let mut declared = stack();
        let acl = NetworkAcl::new("vpc-1").entries([
            AclEntry::allow_in(first, Traffic::tcp(443), "0.0.0.0/0"),
            AclEntry::deny_in(second, Traffic::All, "192.0.2.0/24"),
        ]);
        add(&mut declared, "acl", acl);
        declared
    };
    block_on(async {
        let plan = apply(&applied(&numbered(100, 50)).await, &numbered(50, 100)).await;
        assert_eq!(operations(&plan), ["ReplaceNetworkAclEntry acl"; 2]);
    });
}

#[test]
fn another_type_at_an_address_never_takes_over_what_was_there() {
    let (mut logs, mut topic) = (stack(), stack());
    add(&mut logs, "it", LogGroup::new());
    add(&mut topic, "it", Topic::new());
    block_on(async {
        let fixture = applied(&logs).await;
        let plan = apply(&fixture, &topic).await;
        assert!(at(&plan, "CreateTopic it") < at(&plan, "DeleteLogGroup it"));
        assert_eq!(fixture.cloud.len(), 1);
    });
}

#[test]
fn a_listener_is_never_without_a_certificate_while_a_name_is_added() {
    let names = |others: &[&str]| -> Declared {
        let mut declared = stack();
        let mut certificate = Certificate::new("shop.example");
        if !others.is_empty() {
            certificate = certificate.subject_alternative_names(others.iter().copied());
        }
        let certificate = add(&mut declared, "certificate", certificate);
        let balancer = LoadBalancer::new()
            .subnets(["subnet-1", "subnet-2"])
            .security_groups(["sg-1"]);
        let balancer = add(&mut declared, "balancer", balancer).id;
        let action = Action::respond(404, "text/plain", "");
        let listener =
            Listener::new(&balancer, 443, ListenerProtocol::Https, action).certificate(&certificate.arn);
        add(&mut declared, "listener", listener);
        declared
    };
    block_on(async {
        let plan = apply(&applied(&names(&[])).await, &names(&["www.shop.example"])).await;
        let calls = [
            "RequestCertificate certificate",
            "ModifyListener listener",
            "DeleteCertificate certificate",
        ];
        assert_eq!(operations(&plan), calls);
    });
}

/// A path that is served over HTTP, or over HTTPS with a redirect from HTTP.
fn served(https: bool) -> Declared {
    let mut declared = stack();
    let group = add(
        &mut declared,
        "door",
        SecurityGroup::new("vpc-1", "The load balancer"),
    )
    .id;
    let everywhere: Cidr4 = "0.0.0.0/0".parse().unwrap();
    add(
        &mut declared,
        "http-in",
        IngressRule::new(&group, everywhere, Traffic::tcp(80)),
    );
    let balancer = LoadBalancer::new()
        .subnets(["subnet-1", "subnet-2"])
        .security_groups([&group]);
    let balancer = add(&mut declared, "balancer", balancer).id;
    let nothing = Action::respond(404, "text/plain", "");
    let on_http = if https {
        Action::redirect_to_https()
    } else {
        nothing.clone()
    };
    let http = Listener::new(&balancer, 80, ListenerProtocol::Http, on_http);
    let mut listener = add(&mut declared, "http", http).id;
    if https {
        add(
            &mut declared,
            "https-in",
            IngressRule::new(&group, everywhere, Traffic::tcp(443)),
        );
        let https = Listener::new(&balancer, 443, ListenerProtocol::Https, nothing);
        listener = add(
            &mut declared,
            "https",
            https.certificate("arn:aws:acm:eu-west-1:1:certificate/a"),
        )
        .id;
    }
    let targets = add(&mut declared, "targets", TargetGroup::new("vpc-1", 80)).id;
    let rule = ListenerRule::new(&listener, 10, Action::forward(&targets));
    add(&mut declared, "rule", rule.conditions([Condition::path(["/*"])]));
    declared
}

/// `true` if the call `later` waits for the call `first`, through however many others.
fn waits(plan: &Plan, later: usize, first: usize) -> bool {
    let after = &plan.calls[later].after;
    after
        .iter()
        .any(|&call| call == first || waits(plan, call, first))
}

#[test]
fn a_path_is_never_without_a_listener_while_http_becomes_https() {
    let call = |plan: &Plan, operation: &str, address: &str| {
        let found = |c: &tenon_planner::PlannedCall| c.step.operation == operation && c.address == address;
        plan.calls
            .iter()
            .position(found)
            .unwrap_or_else(|| panic!("{operation} {address}: {:?}", operations(plan)))
    };
    block_on(async {
        let plan = apply(&applied(&served(false)).await, &served(true)).await;
        // What is served over HTTP goes when HTTPS serves it, can be reached, and HTTP leads there.
        let gone = call(&plan, "DeleteRule", "rule");
        let calls = operations(&plan);
        let way_in = call(&plan, "AuthorizeSecurityGroupIngress", "https-in");
        let redirect = call(&plan, "ModifyListener", "http");
        for before in [
            call(&plan, "CreateListener", "https"),
            call(&plan, "CreateRule", "rule"),
            way_in,
        ] {
            assert!(waits(&plan, gone, before), "{before}: {calls:?}");
        }
        // Nor does HTTP lead to a port to which nobody gets.
        assert!(waits(&plan, redirect, way_in), "{calls:?}");
        assert!(redirect < gone, "{calls:?}");
        // And the way back.
        let plan = apply(&applied(&served(true)).await, &served(false)).await;
        let (made, gone) = (
            call(&plan, "CreateRule", "rule"),
            call(&plan, "DeleteRule", "rule"),
        );
        let listener = call(&plan, "DeleteListener", "https");
        let shut = call(&plan, "RevokeSecurityGroupIngress", "https-in");
        assert!(made < shut, "{:?}", operations(&plan));
        assert!(
            waits(&plan, gone, made) && waits(&plan, listener, gone),
            "{:?}",
            operations(&plan)
        );
    });
}

#[test]
fn letters_of_other_languages_are_never_changed_on_their_way_into_a_call() {
    let (key, words) = ("Zuständig", "Größe, 日本語, ✓, \u{1f680}");
    let mut declared = stack();
    add(&mut declared, "topic", Topic::new().display_name(words));
    let tags: Tags = std::iter::once((key, words)).collect();
    add(&mut declared, "logs", LogGroup::new().tags(tags));
    block_on(async {
        let plan = apply(&applied(&stack()).await, &declared).await;
        let params = |address: &str| {
            let call = plan.mutating().find(|call| call.address == address);
            call.unwrap().step.params.to_string()
        };
        assert!(params("topic").contains(words), "{}", params("topic"));
        let logs = params("logs");
        assert!(logs.contains(key) && logs.contains(words), "{logs}");
    });
}

#[test]
fn names_that_are_cut_short_are_never_the_same() {
    let mut declared = stack();
    let long = "x".repeat(100);
    for n in 0..20 {
        let address = format!("{long}-{n}");
        add(&mut declared, &address, TargetGroup::new("vpc-1", 80));
    }
    block_on(async {
        let fixture = applied(&declared).await;
        let contents = fixture.cloud.contents();
        let names: BTreeSet<&str> = contents.values().filter_map(|i| i["name"].as_str()).collect();
        assert_eq!(names.len(), 20, "{names:?}");
        assert!(names.iter().all(|name| name.len() <= 32), "{names:?}");
    });
}
