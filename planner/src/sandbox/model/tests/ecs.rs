//! Elastic Container Service.

use super::{Account, refused};
use serde_json::json;

/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html>
#[test]
fn a_second_cluster_of_a_name_is_the_first() {
    let aws = Account::new();
    let create = || {
        aws.done(
            "ecs.cluster",
            Some("shop"),
            "CreateCluster",
            &json!({"cluster_name": "shop"}),
        )
    };
    assert_eq!(create(), create());
    assert_eq!(aws.0.len(), 1);
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html>
#[test]
fn a_delete_of_a_cluster_with_a_service() {
    let aws = Account::new();
    aws.done(
        "ecs.cluster",
        Some("shop"),
        "CreateCluster",
        &json!({"cluster_name": "shop"}),
    );
    let service = json!({"cluster": "shop", "service_name": "web", "client_token": "one"});
    aws.done("ecs.service", Some("shop/web"), "CreateService", &service);
    let delete = aws.call("ecs.cluster", Some("shop"), "DeleteCluster", &json!({}));
    refused!(delete, "ClusterContainsServicesException");
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html>
#[test]
fn a_second_service_of_a_name_with_another_token() {
    let aws = Account::new();
    let create = |token: &str| {
        let params = json!({"cluster": "shop", "service_name": "web", "client_token": token});
        aws.call("ecs.service", Some("shop/web"), "CreateService", &params)
    };
    let first = create("one").expect("the first");
    assert_eq!(create("one"), Ok(first));
    refused!(create("two"), "InvalidParameterException");
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html>
#[test]
fn a_service_behind_a_target_group_without_a_load_balancer() {
    let aws = Account::new();
    let group = json!({"name": "web", "port": 80, "protocol": "HTTP"});
    let group = aws.done("elb.target_group", None, "CreateTargetGroup", &group);
    let params =
        json!({"cluster": "shop", "service_name": "web", "load_balancers": [{"target_group": group}]});
    let create = || aws.try_call("ecs.service", Some("shop/web"), "CreateService", &params);
    let (code, message) = create().expect_err("no listener forwards to the group");
    assert_eq!(code, "InvalidParameterException");
    assert!(
        message.ends_with("does not have an associated load balancer."),
        "{message}"
    );
    let forward = json!({"forward": {"to": [{"target_group": group, "weight": 1}]}});
    let listener = json!({"load_balancer_arn": "lb-1", "port": 80, "default_actions": forward});
    aws.done("elb.listener", None, "CreateListener", &listener);
    create().expect("a listener forwards to the group");
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html>
#[test]
fn a_delete_of_a_service_with_tasks_without_force() {
    let aws = Account::new();
    let params = json!({"cluster": "shop", "service_name": "web", "desired_count": 2});
    aws.done("ecs.service", Some("shop/web"), "CreateService", &params);
    let delete = |force: bool| {
        aws.call(
            "ecs.service",
            Some("shop/web"),
            "DeleteService",
            &json!({"force": force}),
        )
    };
    refused!(delete(false), "InvalidParameterException");
    delete(true).expect("by force");
    refused!(delete(true), "ServiceNotFoundException");
}
