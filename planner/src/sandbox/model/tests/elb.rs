//! Elastic Load Balancing.

use super::{Account, refused};
use serde_json::{Value, json};

fn forward(group: &str) -> Value {
    json!({"forward": {"to": [{"target_group": group, "weight": 1}]}})
}

impl Account {
    fn listener(&self, balancer: &str, port: u16, group: &str) -> Result<String, String> {
        let params = json!({"load_balancer_arn": balancer, "port": port, "protocol": "HTTP", "default_actions": forward(group)});
        self.call("elb.listener", None, "CreateListener", &params)
    }

    fn group(&self, name: &str, port: u16) -> Result<String, String> {
        let params = json!({"name": name, "port": port, "protocol": "HTTP", "vpc_id": "vpc-1"});
        self.call("elb.target_group", None, "CreateTargetGroup", &params)
    }
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html>
#[test]
fn a_second_target_group_of_a_name_with_other_settings() {
    let aws = Account::new();
    let first = aws.group("web", 80).expect("the first");
    assert_eq!(aws.group("web", 80).as_ref(), Ok(&first));
    refused!(aws.group("web", 8080), "DuplicateTargetGroupName");
    assert_eq!(aws.0.len(), 1);
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html>
#[test]
fn a_second_load_balancer_of_a_name_with_other_settings() {
    let aws = Account::new();
    let create = |scheme: &str| {
        let params = json!({"name": "web", "scheme": scheme, "subnets": ["subnet-1", "subnet-2"]});
        aws.call("elb.load_balancer", None, "CreateLoadBalancer", &params)
    };
    let first = create("internal").expect("the first");
    assert_eq!(create("internal").as_ref(), Ok(&first));
    refused!(create("internet-facing"), "DuplicateLoadBalancerName");
    aws.done(
        "elb.load_balancer",
        Some(&first),
        "DeleteLoadBalancer",
        &json!({}),
    );
    aws.done(
        "elb.load_balancer",
        Some(&first),
        "DeleteLoadBalancer",
        &json!({}),
    );
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html>
#[test]
fn a_second_listener_on_a_port() {
    let aws = Account::new();
    let first = aws.listener("lb-1", 80, "tg-1").expect("the first");
    assert_eq!(aws.listener("lb-1", 80, "tg-1").as_ref(), Ok(&first));
    refused!(aws.listener("lb-1", 80, "tg-2"), "DuplicateListener");
    let second = aws.listener("lb-1", 81, "tg-2").expect("another port");
    let modify = json!({"port": 80});
    refused!(
        aws.call("elb.listener", Some(&second), "ModifyListener", &modify),
        "DuplicateListener"
    );
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html>
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html>
#[test]
fn a_second_rule_of_a_priority() {
    let aws = Account::new();
    let rule = |priority: u16| {
        let params = json!({"listener_arn": "listener-1", "priority": priority, "actions": forward("tg-1")});
        aws.call("elb.listener_rule", None, "CreateRule", &params)
    };
    rule(1).expect("the first");
    refused!(rule(1), "PriorityInUse");
    let second = rule(2).expect("another priority");
    let set = |priority: u16| {
        let params = json!({"rule_priorities": [{"rule_arn": second, "priority": priority}]});
        aws.call("elb.listener_rule", Some(&second), "SetRulePriorities", &params)
    };
    refused!(set(1), "PriorityInUse");
    set(3).expect("a free priority");
    rule(2).expect("the priority is free again");
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>
#[test]
fn a_target_group_behind_a_second_load_balancer() {
    let aws = Account::new();
    let group = aws.group("web", 80).expect("a group");
    aws.listener("lb-1", 80, &group).expect("the first");
    aws.listener("lb-1", 81, &group)
        .expect("another listener of the load balancer");
    refused!(aws.listener("lb-2", 80, &group), "TargetGroupAssociationLimit");
    let other = aws.listener("lb-2", 80, "tg-other").expect("another group");
    let modify = json!({"default_actions": forward(&group)});
    let modify = aws.call("elb.listener", Some(&other), "ModifyListener", &modify);
    refused!(modify, "TargetGroupAssociationLimit");
    let rule = json!({"listener_arn": other, "priority": 1, "actions": forward(&group)});
    let rule = aws.call("elb.listener_rule", None, "CreateRule", &rule);
    refused!(rule, "TargetGroupAssociationLimit");
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html>
#[test]
fn a_delete_of_a_target_group_that_a_listener_forwards_to() {
    let aws = Account::new();
    let group = aws.group("web", 80).expect("a group");
    let listener = aws.listener("lb-1", 80, &group).expect("a listener");
    let delete = || aws.call("elb.target_group", Some(&group), "DeleteTargetGroup", &json!({}));
    refused!(delete(), "ResourceInUse");
    aws.done("elb.listener", Some(&listener), "DeleteListener", &json!({}));
    delete().expect("nothing forwards to it");
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html>
#[test]
fn a_load_balancer_in_one_availability_zone() {
    let aws = Account::new();
    let vpc = aws.vpc("10.0.0.0/16");
    let [a, b, c] = [("10.0.0.0/24", "a"), ("10.0.1.0/24", "a"), ("10.0.2.0/24", "b")]
        .map(|(cidr, zone)| aws.subnet(&vpc, cidr, zone));
    let create = |subnets: &[&String]| {
        let params = json!({"name": "web", "subnets": subnets});
        aws.call("elb.load_balancer", None, "CreateLoadBalancer", &params)
    };
    refused!(create(&[&a]), "ValidationError");
    refused!(create(&[&a, &b]), "InvalidConfigurationRequest");
    create(&[&a, &c]).expect("two zones");
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html>
#[test]
fn a_delete_of_a_protected_load_balancer_and_what_goes_with_it() {
    let aws = Account::new();
    let params = json!({"name": "web", "subnets": ["subnet-1", "subnet-2"]});
    let balancer = aws.done("elb.load_balancer", None, "CreateLoadBalancer", &params);
    let listener = aws.listener(&balancer, 80, "tg-1").expect("a listener");
    let rule = json!({"listener_arn": listener, "priority": 1, "actions": forward("tg-1")});
    aws.done("elb.listener_rule", None, "CreateRule", &rule);
    let protect = |on: &str| {
        let params = json!({"attributes": [{"key": "deletion_protection.enabled", "value": on}]});
        aws.done(
            "elb.load_balancer",
            Some(&balancer),
            "ModifyLoadBalancerAttributes",
            &params,
        )
    };
    let delete = || {
        aws.call(
            "elb.load_balancer",
            Some(&balancer),
            "DeleteLoadBalancer",
            &json!({}),
        )
    };
    protect("true");
    refused!(delete(), "OperationNotPermitted");
    protect("false");
    delete().expect("it is not protected");
    assert!(aws.0.is_empty(), "{:?}", aws.0.inventory());
}
