//! Words for statuses: each that AWS documents has a meaning.
//!
//! `status_words.json` has AWS's lists, each with its source and the day on which it was read. Enumerations are those of the
//! service models that botocore 1.43.11 has; RDS's and some of ECS's are plain text in the models, and come from the guides.

use crate::{Type, every_type};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_resources::{registry, status::Meaning};

/// Types of which AWS says no status: one is there or not, or what it says is a field.
const WITHOUT: &[(&str, &str)] = &[
    (
        "appscaling.scalable_target",
        "`SuspendedState` is set by a person and is no status of the target",
    ),
    ("appscaling.scaling_policy", "has none"),
    ("appscaling.scheduled_action", "has none"),
    ("appscaling.step_scaling_policy", "has none"),
    ("cloudtrail.trail", "`IsLogging` is the field `logging`"),
    ("cloudwatch.alarm", "`StateValue` is that of the metric"),
    ("cloudwatch.dashboard", "has none"),
    ("ec2.dhcp_options", "has none"),
    ("ec2.egress_rule", "has none"),
    ("ec2.elastic_ip", "has none"),
    ("ec2.ingress_rule", "has none"),
    ("ec2.key_pair", "has none"),
    ("ec2.launch_template", "has none"),
    ("ec2.network_acl", "has none"),
    ("ec2.network_acl_association", "has none"),
    (
        "ec2.route_table",
        "those of its associations and routes are theirs",
    ),
    ("ec2.security_group", "has none"),
    ("ecr.image", "it is there or not"),
    ("ecr.repository", "has none"),
    ("elb.listener", "has none"),
    ("elb.listener_rule", "has none"),
    (
        "elb.target_attachment",
        "health is that of the target, which is registered or not",
    ),
    ("elb.target_group", "health is that of its targets"),
    ("iam.instance_profile", "has none"),
    ("iam.managed_policy", "has none"),
    ("iam.oidc_provider", "has none"),
    ("iam.policy_attachment", "has none"),
    ("iam.role", "has none"),
    ("iam.role_policy", "has none"),
    ("iam.user", "has none"),
    ("iam.user_policy", "has none"),
    ("kms.alias", "has none"),
    ("logs.log_group", "has none"),
    ("logs.log_stream", "has none"),
    ("logs.metric_filter", "has none"),
    ("logs.subscription_filter", "has none"),
    (
        "rds.db_parameter_group",
        "`ParameterApplyStatus` is that of a database",
    ),
    (
        "rds.db_subnet_group",
        "`SubnetGroupStatus` has one word, `Complete`",
    ),
    (
        "route53.record",
        "`PENDING` and `INSYNC` are of a change, not of a record",
    ),
    (
        "route53.zone",
        "`PENDING` and `INSYNC` are of a change, not of a zone",
    ),
    ("s3.bucket", "has none"),
    ("s3.bucket_cors", "has none"),
    ("s3.bucket_logging", "has none"),
    ("s3.bucket_notification", "has none"),
    ("s3.bucket_policy", "`IsPublic` says what the policy means"),
    ("s3.bucket_replication", "has none"),
    ("s3.bucket_website", "has none"),
    ("s3.object", "it is there or not"),
    (
        "secretsmanager.rotation",
        "`RotationEnabled` says whether there is one",
    ),
    ("secretsmanager.secret", "one that waits for its deletion is gone"),
    ("sns.subscription", "`PendingConfirmation` waits for its owner"),
    ("sns.topic", "has none"),
    ("sns.topic_policy", "has none"),
    ("sqs.queue", "has none"),
    ("ssm.parameter", "has none"),
];

/// Words that AWS answers and does not list: type, word, source.
const UNLISTED: &[(&str, &str, &str)] = &[
    (
        "ec2.internet_gateway",
        "available",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInternetGateways.html (example)",
    ),
    (
        "ec2.egress_only_internet_gateway",
        "available",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html",
    ),
];

fn documented() -> Value {
    serde_json::from_str(include_str!("status_words.json")).expect("AWS's words are JSON")
}

fn lists(documented: &Value, kind: Type) -> impl Iterator<Item = (&str, BTreeSet<&str>)> {
    let of_kind = documented[kind.name()].as_array().into_iter().flatten();
    of_kind.map(|list| {
        for stated in ["source", "read"] {
            assert!(list[stated].is_string(), "{}: no `{stated}`", kind.name());
        }
        let words = list["words"].as_array().into_iter().flatten();
        (
            list["member"].as_str().unwrap_or_default(),
            words.filter_map(Value::as_str).collect(),
        )
    })
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/29757>: what is not known to be a failure is none.
#[test]
fn no_documented_status_word_is_without_a_meaning() {
    let documented = documented();
    every_type(|kind, findings| {
        for (member, words) in lists(&documented, kind) {
            let mapped = kind.statuses().iter().find(|list| list.member == member);
            let mapped = mapped.map_or(&[][..], |list| list.words);
            for word in words {
                let known = mapped.iter().any(|(w, _)| *w == word);
                findings.add_unless(known, kind, format!("`{member}` `{word}` is not mapped"));
            }
        }
        let unstated = |word: &str| UNLISTED.iter().any(|(k, w, _)| *k == kind.name() && *w == word);
        for list in kind.statuses() {
            let words = lists(&documented, kind).find(|(member, _)| *member == list.member);
            let words = words.map(|(_, words)| words).unwrap_or_default();
            for (word, _) in list
                .words
                .iter()
                .filter(|(w, _)| !words.contains(w) && !unstated(w))
            {
                findings.add(kind, format!("`{}` `{word}` is none of AWS's words", list.member));
            }
        }
    });
}

#[test]
fn every_type_says_how_far_it_is_or_why_not() {
    every_type(|kind, findings| {
        let excused = WITHOUT.iter().any(|(k, _)| *k == kind.name());
        findings.add_unless(
            kind.statuses().is_empty() == excused,
            kind,
            "has either words for its status, or a reason to have none",
        );
    });
    assert!(WITHOUT.iter().all(|(kind, _)| registry::find(kind).is_some()));
}

/// `Failed` replaces by itself, so it stands only where AWS says that the resource cannot recover.
#[test]
fn nothing_is_failed_for_good_that_a_person_or_another_call_can_mend() {
    let mut failed = vec![];
    every_type(|kind, _| {
        let words = kind.statuses().iter().flat_map(|list| list.words);
        let words = words.filter(|(_, meaning)| *meaning == Meaning::Failed);
        failed.extend(words.map(|(word, _)| format!("{} {word}", kind.name())));
    });
    failed.sort_unstable();
    assert_eq!(
        failed,
        [
            "acm.certificate EXPIRED",
            "acm.certificate FAILED",
            "acm.certificate REVOKED",
            "acm.certificate VALIDATION_TIMED_OUT",
            "acm.validation EXPIRED",
            "acm.validation FAILED",
            "acm.validation REVOKED",
            "acm.validation VALIDATION_TIMED_OUT",
            "ec2.nat_gateway failed",
            "ec2.route_table_association failed",
            "ec2.subnet failed",
            "ec2.subnet failed-insufficient-capacity",
            "ec2.vpc_endpoint Expired",
            "ec2.vpc_endpoint Failed",
            "ec2.vpc_peering_connection expired",
            "ec2.vpc_peering_connection failed",
            "ec2.vpc_peering_connection rejected",
            "elb.load_balancer failed",
            "rds.db_instance failed",
            "rds.db_instance restore-error",
        ]
    );
}
