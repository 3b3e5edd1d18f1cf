//! Permissions, computed from the declared policies.

use super::{all, list, of, text};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon::planner::Declared;

/// Actions for which AWS knows no resource (Service Authorization Reference), so that `*` is all that can be said.
fn unbounded(action: &str) -> bool {
    action.starts_with("ssmmessages:") || action.starts_with("ec2messages:") || action == "ssm:ListCommands"
}

fn statements(policy: &Value) -> Vec<&Value> {
    list(&policy["Statement"])
}

/// Policies of roles: address and document.
fn grants(declared: &Declared) -> Vec<(&str, &Value)> {
    of(declared, "iam.role_policy")
        .map(|(address, d)| (address, &d.inputs["policy"]))
        .collect()
}

#[test]
fn every_role_is_limited_to_named_resources() {
    for (name, declared) in all() {
        assert!(grants(&declared).len() >= 4, "{name}");
        for (address, policy) in grants(&declared) {
            for statement in statements(policy) {
                let actions: Vec<_> = list(&statement["Action"])
                    .into_iter()
                    .filter_map(Value::as_str)
                    .collect();
                assert!(
                    actions.iter().all(|a| !a.contains('*')),
                    "{name}: {address} grants {actions:?}"
                );
                let everywhere = list(&statement["Resource"]).into_iter().any(|r| r == "*");
                let no_resource = actions.iter().all(|a| unbounded(a));
                assert_eq!(everywhere, no_resource, "{name}: {address} grants {actions:?}");
            }
        }
    }
}

#[test]
fn ingest_sends_and_does_nothing_else_to_data_and_nobody_but_work_takes_messages_or_writes_the_archive() {
    for (name, declared) in all() {
        for (address, policy) in grants(&declared) {
            let actions: Vec<_> = statements(policy)
                .into_iter()
                .flat_map(|s| list(&s["Action"]))
                .filter_map(Value::as_str)
                .collect();
            let may = |action: &str| actions.contains(&action);
            assert_eq!(
                may("sqs:ReceiveMessage"),
                address == "work/role-policy",
                "{name}: {address}"
            );
            assert_eq!(
                may("s3:DeleteObject"),
                address == "work/role-policy",
                "{name}: {address}"
            );
            if address == "ingest/role-policy" {
                assert!(
                    may("sqs:SendMessage") && !may("s3:PutObject") && !may("s3:ListBucket"),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn work_takes_dead_letters_to_store_them_again() {
    for (name, declared) in all() {
        let (_, policy) = grants(&declared)
            .into_iter()
            .find(|(address, _)| *address == "work/role-policy")
            .unwrap();
        let on_dead = |s: &&Value| {
            list(&s["Resource"])
                .iter()
                .any(|r| text(r) == "events/dead-letters.arn")
        };
        let may: BTreeSet<_> = statements(policy)
            .into_iter()
            .filter(on_dead)
            .flat_map(|s| list(&s["Action"]))
            .filter_map(Value::as_str)
            .collect();
        let expected = [
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ];
        assert_eq!(may, BTreeSet::from(expected), "{name}");
    }
}

#[test]
fn every_bucket_and_queue_refuses_connections_without_tls() {
    for (name, declared) in all() {
        let buckets = of(&declared, "s3.bucket").count();
        let policies: Vec<_> = of(&declared, "s3.bucket_policy").collect();
        assert_eq!((buckets, policies.len()), (3, 3), "{name}");
        let queues = of(&declared, "sqs.queue").map(|(_, d)| d.inputs["policy"].to_string());
        let policies = policies
            .into_iter()
            .map(|(_, d)| d.inputs["policy"].to_string())
            .chain(queues);
        for policy in policies {
            assert!(
                policy.contains("DenyInsecureTransport") && policy.contains("aws:SecureTransport"),
                "{name}"
            );
        }
        // All that is public goes through the distribution, and the bucket answers no other one.
        let (_, site) = of(&declared, "s3.bucket_policy")
            .find(|(a, _)| *a == "site/bucket-policy")
            .unwrap();
        let mut allowed = vec![];
        for allow in statements(&site.inputs["policy"])
            .into_iter()
            .filter(|s| s["Effect"] == "Allow")
        {
            let arn = text(list(&allow["Condition"]["StringEquals"]["AWS:SourceArn"])[0]);
            assert!(
                arn.ends_with(":distribution/{site/distribution.id}"),
                "{name}: {arn}"
            );
            assert_eq!(
                text(list(&allow["Principal"]["Service"])[0]),
                "cloudfront.amazonaws.com",
                "{name}"
            );
            let on = text(list(&allow["Resource"])[0]);
            allowed.push((text(list(&allow["Action"])[0]), on));
        }
        // Who may not list is answered 403 for a file that is missing, and not 404.
        let expected = [
            ("s3:GetObject", "{site/bucket.arn}/*"),
            ("s3:ListBucket", "site/bucket.arn"),
        ];
        assert_eq!(
            allowed,
            expected.map(|(action, on)| (action.to_owned(), on.to_owned())),
            "{name}"
        );
    }
}

#[test]
fn hosts_have_no_keys_and_give_credentials_to_no_container() {
    for (name, declared) in all() {
        assert_eq!(of(&declared, "AWS::EC2::LaunchTemplate").count(), 3, "{name}");
        for (address, template) in of(&declared, "AWS::EC2::LaunchTemplate") {
            let data = &template.inputs["LaunchTemplateData"];
            assert!(data["KeyName"].is_null(), "{name}: {address}");
            assert_eq!(
                data["MetadataOptions"]["HttpTokens"], "required",
                "{name}: {address}"
            );
            assert_eq!(
                data["MetadataOptions"]["HttpPutResponseHopLimit"], 1,
                "{name}: {address}"
            );
            assert_eq!(
                data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"], true,
                "{name}: {address}"
            );
        }
    }
}
