//! Services in which a name is held by one resource.

use super::{Account, refused};
use serde_json::json;

/// <https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>
/// <https://github.com/localstack/localstack/issues/2405>
#[test]
fn a_second_topic_of_a_name_with_other_tags_or_attributes() {
    let aws = Account::new();
    let create = |tag: &str, label: &str| {
        let params = json!({"name": "alarms", "tags": {"owner": tag}, "attributes": {"DisplayName": label}});
        aws.call("sns.topic", None, "CreateTopic", &params)
    };
    let first = create("one", "Alarms").expect("the first");
    assert_eq!(create("one", "Alarms").as_ref(), Ok(&first));
    refused!(create("two", "Alarms"), "InvalidParameter");
    refused!(create("one", "Other"), "InvalidParameter");
    aws.done("sns.topic", Some(&first), "DeleteTopic", &json!({}));
    aws.done("sns.topic", Some(&first), "DeleteTopic", &json!({}));
}

/// <https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html>
#[test]
fn a_second_subscription_of_an_endpoint_with_other_attributes() {
    let aws = Account::new();
    let subscribe = |raw: &str| {
        let attributes = json!({"RawMessageDelivery": raw});
        let params =
            json!({"topic_arn": "topic", "protocol": "sqs", "endpoint": "queue", "attributes": attributes});
        aws.call("sns.subscription", Some("topic|sqs|queue"), "Subscribe", &params)
    };
    let first = subscribe("true");
    assert!(first.is_ok() && subscribe("true") == first);
    refused!(subscribe("false"), "InvalidParameter");
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
#[test]
fn a_second_alarm_of_a_name_overwrites_the_first_but_for_its_tags() {
    let aws = Account::new();
    let put = |tag: &str| {
        let params = json!({"alarm_name": "errors", "tags": {"owner": tag}});
        aws.done("cloudwatch.alarm", Some("errors"), "PutMetricAlarm", &params)
    };
    assert_eq!(put("one"), put("two"));
    let contents = aws.0.contents();
    let alarm = contents.values().next().expect("an alarm");
    assert_eq!(alarm["tags"], json!({"owner": "one"}));
}

/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>
/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html>
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html>
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>
#[test]
fn a_second_one_of_a_name() {
    let aws = Account::new();
    for (kind, operation, member, code) in [
        (
            "logs.log_group",
            "CreateLogGroup",
            "log_group_name",
            "ResourceAlreadyExistsException",
        ),
        (
            "ecr.repository",
            "CreateRepository",
            "repository_name",
            "RepositoryAlreadyExistsException",
        ),
        ("s3.bucket", "CreateBucket", "bucket", "BucketAlreadyOwnedByYou"),
        ("kms.alias", "CreateAlias", "alias_name", "AlreadyExistsException"),
        (
            "cloudtrail.trail",
            "CreateTrail",
            "name",
            "TrailAlreadyExistsException",
        ),
        ("ssm.parameter", "PutParameter", "name", "ParameterAlreadyExists"),
    ] {
        let params = json!({member: "shop", "overwrite": false});
        let create = || aws.call(kind, Some("shop"), operation, &params);
        assert_eq!(create(), Ok("shop".to_owned()), "{kind}");
        assert_eq!(create(), Err(code.to_owned()), "{kind}");
    }
}

/// <https://docs.aws.amazon.com/general/latest/gr/elb.html> and the reference page of each create operation.
#[test]
fn a_name_that_is_too_long() {
    let aws = Account::new();
    let params = json!({"name": "x".repeat(33), "port": 80});
    let create = aws.call("elb.target_group", None, "CreateTargetGroup", &params);
    refused!(create, "ValidationError");
}

/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html>
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html>
#[test]
fn a_second_record_of_a_name_and_a_delete_of_its_zone() {
    let aws = Account::new();
    let zone = json!({"name": "example.com", "caller_reference": "one"});
    let create = || aws.call("route53.zone", None, "CreateHostedZone", &zone);
    let id = create().expect("the first");
    refused!(create(), "HostedZoneAlreadyExists");
    let change = |action: &str| {
        let batch = json!({"action": action, "name": "www.example.com", "type": "A"});
        let params = json!({"hosted_zone_id": id, "change_batch": batch});
        aws.call("route53.record", Some("www"), "ChangeResourceRecordSets", &params)
    };
    change("CREATE").expect("the first");
    refused!(change("CREATE"), "InvalidChangeBatch");
    change("UPSERT").expect("it is overwritten");
    let delete = || aws.call("route53.zone", Some(&id), "DeleteHostedZone", &json!({}));
    refused!(delete(), "HostedZoneNotEmpty");
    change("DELETE").expect("it exists");
    refused!(change("DELETE"), "InvalidChangeBatch");
    delete().expect("it is empty");
}

/// <https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html>
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html>
#[test]
fn a_second_target_or_policy_overwrites_the_first() {
    let aws = Account::new();
    let target =
        json!({"resource_id": "service/shop/web", "scalable_dimension": "count", "service_namespace": "ecs"});
    let policy = json!({"bucket": "logs", "policy": {}});
    for _ in 0..2 {
        aws.done(
            "appscaling.scalable_target",
            Some("web"),
            "RegisterScalableTarget",
            &target,
        );
        aws.done("s3.bucket_policy", Some("logs"), "PutBucketPolicy", &policy);
    }
    assert_eq!(aws.0.len(), 2);
}

/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html>
#[test]
fn a_delete_of_a_protected_log_group() {
    let aws = Account::new();
    let params = json!({"log_group_name": "/web", "deletion_protection_enabled": true});
    aws.done("logs.log_group", None, "CreateLogGroup", &params);
    let delete = || aws.call("logs.log_group", Some("/web"), "DeleteLogGroup", &json!({}));
    refused!(delete(), "ValidationException");
    let off = json!({"log_group_identifier": "/web", "deletion_protection_enabled": false});
    aws.done(
        "logs.log_group",
        Some("/web"),
        "PutLogGroupDeletionProtection",
        &off,
    );
    delete().expect("it is not protected");
}
