//! Lists that come in pages: the first page of every list is an empty one with a token, and the emulator's whole list is
//! the second. AWS may answer like that whenever it likes, and an emulator never does; whoever does not follow tokens sees
//! nothing here.
//!
//! Not the pages that an emulator makes of a long list by itself: its own tokens go through as they are.

use crate::words::{
    Paged,
    Speaks::{Cbor, Ec2, Json, Query, Rest},
    Turn, paged,
};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

/// Every list operation of ours that AWS pages.
pub(crate) const PAGED: &[Paged] = &[
    paged("acm", Json, ["NextToken", "NextToken", ""], &["ListCertificates"]),
    paged(
        "appscaling",
        Json,
        ["NextToken", "NextToken", ""],
        &[
            "DescribeScalableTargets",
            "DescribeScalingPolicies",
            "DescribeScheduledActions",
        ],
    ),
    paged("cloudtrail", Json, ["NextToken", "NextToken", ""], &["ListTags"]),
    paged(
        "cloudwatch",
        Cbor,
        ["NextToken", "NextToken", ""],
        &["DescribeAlarms", "ListDashboards"],
    ),
    paged(
        "ec2",
        Ec2,
        ["NextToken", "nextToken", ""],
        &[
            "DescribeDhcpOptions",
            "DescribeEgressOnlyInternetGateways",
            "DescribeFlowLogs",
            "DescribeIamInstanceProfileAssociations",
            "DescribeInstances",
            "DescribeInternetGateways",
            "DescribeLaunchTemplateVersions",
            "DescribeLaunchTemplates",
            "DescribeNatGateways",
            "DescribeNetworkAcls",
            "DescribeRouteTables",
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroups",
            "DescribeSubnets",
            "DescribeVolumes",
            "DescribeVpcEndpoints",
            "DescribeVpcPeeringConnections",
            "DescribeVpcs",
        ],
    ),
    paged(
        "ecr",
        Json,
        ["nextToken", "nextToken", ""],
        &["DescribeImages", "DescribeRepositories"],
    ),
    paged(
        "ecs",
        Json,
        ["nextToken", "nextToken", ""],
        &["ListClusters", "ListServices", "ListTaskDefinitions"],
    ),
    paged(
        "elb",
        Query,
        ["Marker", "NextMarker", ""],
        &[
            "DescribeListenerCertificates",
            "DescribeListeners",
            "DescribeLoadBalancers",
            "DescribeRules",
            "DescribeTargetGroups",
        ],
    ),
    paged(
        "iam",
        Query,
        ["Marker", "Marker", "IsTruncated"],
        &[
            "ListAttachedRolePolicies",
            "ListAttachedUserPolicies",
            "ListInstanceProfiles",
            "ListPolicies",
            "ListPolicyVersions",
            "ListRoles",
            "ListUsers",
        ],
    ),
    paged(
        "kms",
        Json,
        ["Marker", "NextMarker", "Truncated"],
        &["ListAliases", "ListKeys", "ListResourceTags"],
    ),
    paged(
        "logs",
        Json,
        ["nextToken", "nextToken", ""],
        &[
            "DescribeLogGroups",
            "DescribeLogStreams",
            "DescribeMetricFilters",
            "DescribeSubscriptionFilters",
        ],
    ),
    paged(
        "rds",
        Query,
        ["Marker", "Marker", ""],
        &[
            "DescribeDBInstances",
            "DescribeDBParameterGroups",
            "DescribeDBParameters",
            "DescribeDBSubnetGroups",
        ],
    ),
    paged(
        "route53",
        Rest("ListHostedZonesResponse"),
        ["marker", "NextMarker", "IsTruncated"],
        &["ListHostedZones"],
    ),
    paged(
        "route53",
        Rest("ListResourceRecordSetsResponse"),
        ["name", "NextRecordName", "IsTruncated"],
        &["ListResourceRecordSets"],
    ),
    paged(
        "s3",
        Rest("ListAllMyBucketsResult"),
        ["continuation-token", "ContinuationToken", ""],
        &["ListBuckets"],
    ),
    paged(
        "s3",
        Rest("ListVersionsResult"),
        ["key-marker", "NextKeyMarker", "IsTruncated"],
        &["ListObjectVersions"],
    ),
    paged(
        "secretsmanager",
        Json,
        ["NextToken", "NextToken", ""],
        &["ListSecrets"],
    ),
    paged(
        "sns",
        Query,
        ["NextToken", "NextToken", ""],
        &["ListSubscriptionsByTopic", "ListTopics"],
    ),
    paged("sqs", Json, ["NextToken", "NextToken", ""], &["ListQueues"]),
    paged(
        "ssm",
        Json,
        ["NextToken", "NextToken", ""],
        &["DescribeParameters"],
    ),
];

/// Reads that AWS answers whole.
pub(crate) const WHOLE: &[(&str, &[&str])] = &[
    ("acm", &["DescribeCertificate", "ListTagsForCertificate"]),
    ("cloudtrail", &["DescribeTrails", "GetTrailStatus"]),
    ("cloudwatch", &["GetDashboard", "ListTagsForResource"]),
    (
        "ec2",
        &[
            "DescribeAddresses",
            "DescribeInstanceAttribute",
            "DescribeKeyPairs",
            "DescribeVpcAttribute",
        ],
    ),
    (
        "ecr",
        &["GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource"],
    ),
    (
        "ecs",
        &["DescribeClusters", "DescribeServices", "DescribeTaskDefinition"],
    ),
    (
        "elb",
        &[
            "DescribeLoadBalancerAttributes",
            "DescribeTags",
            "DescribeTargetGroupAttributes",
            "DescribeTargetHealth",
        ],
    ),
    (
        "iam",
        &[
            "GetInstanceProfile",
            "GetOpenIDConnectProvider",
            "GetPolicy",
            "GetPolicyVersion",
            "GetRole",
            "GetRolePolicy",
            "GetUser",
            "GetUserPolicy",
            "ListOpenIDConnectProviders",
        ],
    ),
    ("kms", &["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus"]),
    ("logs", &["ListTagsForResource"]),
    ("rds", &["ListTagsForResource"]),
    ("route53", &["GetHostedZone", "ListTagsForResource"]),
    (
        "s3",
        &[
            "GetBucketCors",
            "GetBucketEncryption",
            "GetBucketLifecycleConfiguration",
            "GetBucketLogging",
            "GetBucketNotificationConfiguration",
            "GetBucketOwnershipControls",
            "GetBucketPolicy",
            "GetBucketReplication",
            "GetBucketTagging",
            "GetBucketVersioning",
            "GetBucketWebsite",
            "GetPublicAccessBlock",
            "GetObjectTagging",
            "HeadBucket",
            "HeadObject",
        ],
    ),
    ("secretsmanager", &["DescribeSecret"]),
    (
        "sns",
        &[
            "GetSubscriptionAttributes",
            "GetTopicAttributes",
            "ListTagsForResource",
        ],
    ),
    ("sqs", &["GetQueueAttributes", "GetQueueUrl", "ListQueueTags"]),
    ("ssm", &["GetParameters", "ListTagsForResource"]),
    ("sts", &["GetCallerIdentity"]),
];

/// Which lists were asked for, and how.
#[derive(Default)]
pub(crate) struct Pages {
    /// By service and operation of every read: whether the second page was asked for.
    seen: Mutex<BTreeMap<(String, String), bool>>,
    endless: AtomicBool,
}

impl Pages {
    /// From now on an empty page comes after every page, with the same token for ever.
    pub(crate) fn never_end(&self) {
        self.endless.store(true, Ordering::SeqCst);
    }

    /// Takes note of a read, and says what becomes of it.
    pub(crate) fn turn(&self, service: &str, operation: &str, head: &str, body: &[u8]) -> Turn {
        let turn = match row(service, operation) {
            Some(row) => row.turn(operation, head, body, self.endless.load(Ordering::SeqCst)),
            None => Turn::Asked,
        };
        let followed = matches!(turn, Turn::Second(..));
        let key = (service.to_owned(), operation.to_owned());
        *self.seen.lock().unwrap().entry(key).or_default() |= followed;
        turn
    }

    /// What was seen held against the tables: what is in neither, what was never asked for, and lists whose second page
    /// was not.
    pub(crate) fn wrong(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        let mut wrong = vec![];
        for (service, operation) in seen.keys() {
            let whole = WHOLE
                .iter()
                .any(|(s, list)| s == service && list.contains(&operation.as_str()));
            if !whole && row(service, operation).is_none() {
                wrong.push(format!("{service}:{operation} is in no table of `pages.rs`"));
            }
        }
        let whole = WHOLE
            .iter()
            .flat_map(|(s, list)| list.iter().map(move |o| (*s, *o, false)));
        let lists = PAGED
            .iter()
            .flat_map(|row| row.operations.iter().map(|o| (row.service, *o, true)));
        for (service, operation, paged) in whole.chain(lists) {
            match seen.get(&(service.to_owned(), operation.to_owned())) {
                None => wrong.push(format!("{service}:{operation} was never seen")),
                Some(followed) if *followed != paged => {
                    wrong.push(format!(
                        "nobody asked for the second page of {service}:{operation}"
                    ));
                }
                Some(_) => {}
            }
        }
        wrong
    }
}

fn row(service: &str, operation: &str) -> Option<&'static Paged> {
    let mut rows = PAGED.iter();
    rows.find(|row| row.service == service && row.operations.contains(&operation))
}
