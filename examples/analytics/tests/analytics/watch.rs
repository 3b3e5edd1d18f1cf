//! What happens when something is not well: which alarm tells, and what is left alone.

use super::{all, of, text};
use std::collections::BTreeSet;

#[test]
fn a_process_that_is_not_well_raises_an_alarm_and_ends_no_host() {
    for (name, declared) in all() {
        let groups: Vec<_> = of(&declared, "AWS::AutoScaling::AutoScalingGroup").collect();
        assert_eq!(groups.len(), 3, "{name}");
        let mut routed = BTreeSet::new();
        for (address, group) in groups {
            assert_eq!(group.inputs["HealthCheckType"], "EC2", "{name}: {address}");
            if !group.inputs["TargetGroupARNs"].is_null() {
                let fleet = address.strip_suffix("/group").unwrap();
                routed.insert(format!("watch/{fleet}-unhealthy"));
            }
        }
        let alarms: BTreeSet<_> = of(&declared, "cloudwatch.alarm")
            .filter(|(_, alarm)| alarm.inputs.to_string().contains("UnHealthyHostCount"))
            .map(|(address, _)| address.to_owned())
            .collect();
        assert_eq!(alarms, routed, "{name}");
    }
}

#[test]
fn a_process_that_says_nothing_is_behind() {
    for (name, declared) in all() {
        for alarm in ["figures-behind", "archive-behind"] {
            let (_, alarm) = of(&declared, "cloudwatch.alarm")
                .find(|(address, _)| *address == format!("watch/{alarm}"))
                .unwrap();
            assert_eq!(
                text(&alarm.inputs["treat_missing_data"]),
                "breaching",
                "{name}: {alarm:?}"
            );
        }
    }
}

#[test]
fn no_release_expires() {
    // `current` may name one for longer than anything is released, and hosts start with it.
    for (name, declared) in all() {
        let (_, bucket) = of(&declared, "s3.bucket")
            .find(|(address, _)| *address == "releases/bucket")
            .unwrap();
        let rules = bucket.inputs["lifecycle"].as_array().unwrap();
        assert!(!rules.is_empty(), "{name}");
        for rule in rules {
            assert!(rule["expire_after"].is_null(), "{name}: {rule}");
            assert_eq!(rule["expire_old_versions_after"], 30, "{name}: {rule}");
        }
    }
}
