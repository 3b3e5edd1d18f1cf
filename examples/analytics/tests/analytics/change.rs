//! What a change comes to: which calls, and what stops.

use super::{declared, declared_with, settings};
use analytics_stack::{Env, Settings};
use serde_json::json;
use std::collections::BTreeMap;
use tenon::{
    Trial,
    planner::{Action, Declared, Plan},
};

/// The mutating calls of a plan, by address, in the order of their addresses.
fn calls(plan: &Plan) -> Vec<String> {
    let mut calls: Vec<_> = plan
        .mutating()
        .map(|call| format!("{} {}", call.address, call.title()))
        .collect();
    calls.sort();
    calls
}

async fn change(to: &Declared) -> (Trial, Plan) {
    let trial = Trial::new();
    let (_, done) = trial.apply(&declared(Env::Dev)).await.unwrap();
    assert!(done.complete(), "{:?}", done.failed);
    let (plan, done) = trial.apply(to).await.unwrap();
    assert!(done.complete(), "{:?}", done.failed);
    let again = trial.plan(to).await.unwrap();
    let left: Vec<_> = again.decisions.iter().filter(|d| !d.changes.is_empty()).collect();
    assert!(again.is_empty(), "{left:?}");
    (trial, plan)
}

#[tokio::test]
async fn a_new_image_is_a_new_version_of_each_template_and_stops_nothing() {
    let newer = Settings {
        ami: Some("ami-0a1b2c3d4e5f67890".into()),
        ..settings(Env::Dev)
    };
    let (_, plan) = change(&declared_with(Env::Dev, &newer)).await;
    // The number of the version is the group's: it starts hosts of no other, and goes back to the one before by the same way.
    assert_eq!(
        calls(&plan),
        [
            "ingest/group cloudcontrol:UpdateResource",
            "ingest/launch-template cloudcontrol:UpdateResource",
            "read/group cloudcontrol:UpdateResource",
            "read/launch-template cloudcontrol:UpdateResource",
            "work/group cloudcontrol:UpdateResource",
            "work/launch-template cloudcontrol:UpdateResource",
        ]
    );
    assert_eq!(plan.destroys().count(), 0);
}

#[tokio::test]
async fn another_zone_moves_no_data_and_stops_no_fleet() {
    let wider = Settings {
        zones: vec!["a".into(), "b".into(), "c".into()],
        ..settings(Env::Dev)
    };
    let (_, plan) = change(&declared_with(Env::Dev, &wider)).await;
    let replaced: Vec<_> = plan
        .decisions
        .iter()
        .filter(|d| {
            matches!(
                d.action,
                Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst | Action::Delete
            )
        })
        .map(|d| d.address.as_str())
        .collect();
    assert_eq!(replaced, [""; 0]);
    let groups = calls(&plan).into_iter().filter(|call| call.contains("/group "));
    assert_eq!(groups.count(), 3);
}

#[tokio::test]
async fn other_tokens_are_another_variable_and_reach_hosts_without_a_new_one() {
    let secret = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:analytics/new-AbCdEf";
    let other = Settings {
        api_tokens: Some(secret.into()),
        ..settings(Env::Dev)
    };
    let (_, plan) = change(&declared_with(Env::Dev, &other)).await;
    assert_eq!(
        calls(&plan),
        [
            "read/role-policy iam:PutRolePolicy",
            "read/variables ssm:PutParameter"
        ]
    );
}

// Long: what is changed, and what is found.
#[tokio::test]
async fn what_somebody_changes_by_hand_is_found_and_put_back() {
    let stack = declared(Env::Dev);
    let trial = Trial::new();
    trial.apply(&stack).await.unwrap();
    let inventory = trial.sandbox().inventory();
    let one = |kind: &str, part: &str| {
        let ids = inventory
            .iter()
            .filter(|(of, id)| of == kind && id.contains(part));
        ids.map(|(_, id)| id.clone()).next().unwrap()
    };
    let by_hand = [
        (
            "AWS::AutoScaling::AutoScalingGroup",
            one("AWS::AutoScaling::AutoScalingGroup", "read"),
            "MaxSize",
            json!("9"),
        ),
        (
            "AWS::AutoScaling::AutoScalingGroup",
            one("AWS::AutoScaling::AutoScalingGroup", "work"),
            "MaxInstanceLifetime",
            json!(0),
        ),
        (
            "AWS::WAFv2::WebACL",
            one("AWS::WAFv2::WebACL", ""),
            "Rules",
            json!([]),
        ),
        (
            "sqs.queue",
            one("sqs.queue", "events-queue"),
            "visibility_timeout",
            json!(5),
        ),
    ];
    for (kind, id, field, value) in &by_hand {
        assert!(trial.sandbox().tamper(kind, id, field, value.clone()), "{id}");
    }
    let (plan, done) = trial.apply(&stack).await.unwrap();
    assert!(done.complete(), "{:?}", done.failed);
    let changed: BTreeMap<_, _> = plan
        .decisions
        .iter()
        .filter(|d| d.action == Action::Update)
        .map(|d| {
            (
                d.address.as_str(),
                d.changes.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(),
            )
        })
        .collect();
    let expected = [
        ("events/queue", vec!["visibility_timeout"]),
        ("read/group", vec!["MaxSize"]),
        ("shield/web-acl", vec!["Rules"]),
        ("work/group", vec!["MaxInstanceLifetime"]),
    ];
    assert_eq!(changed, expected.into_iter().collect());
    assert!(trial.plan(&stack).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_release_is_no_change_of_the_stack() {
    // Hosts read which release they run from the bucket; nothing of the declaration says it.
    let stack = declared(Env::Prod).resources;
    let said: Vec<String> = stack.values().map(|d| d.inputs.to_string()).collect();
    assert!(said.iter().all(|text| !text.contains("tar.zst\"")));
    assert!(
        said.iter()
            .any(|text| text.contains("/usr/local/bin/analytics-release"))
    );
}
