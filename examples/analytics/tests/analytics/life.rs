//! Each environment is checked, planned, applied in a sandbox, found at rest, and taken down.

use super::{all, declared, declared_with, every_setting, settings};
use analytics_stack::{Env, Settings, VARIABLES};
use std::{collections::BTreeSet, fmt::Write as _};
use tenon::{
    Environment, Trial,
    planner::{Check, Declared},
};

#[test]
fn each_declaration_holds_together() {
    for (name, declared) in all() {
        declared.check().unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

fn refused(env: Env, settings: &Settings) -> String {
    declared_with(env, settings).check().unwrap_err().to_string()
}

#[test]
fn what_an_environment_does_not_do_without_is_refused_with_the_remedy() {
    for env in [Env::Dev, Env::Staging, Env::Prod] {
        let error = refused(env, &Settings::default());
        assert!(
            error.contains("TENON_API_TOKENS_ARN") && error.contains("TENON_SITES"),
            "{error}"
        );
    }
    declared_with(Env::Local, &Settings::default()).check().unwrap();
    let half = Settings {
        domain: Some("events.shop.example".into()),
        ..settings(Env::Dev)
    };
    assert!(refused(Env::Dev, &half).contains("TENON_CERTIFICATE_ARN"));
}

async fn rest_and_go(name: &str, trial: &Trial, stack: &Declared) {
    let again = trial.plan(stack).await.unwrap();
    let moved: Vec<_> = again.decisions.iter().filter(|d| !d.changes.is_empty()).collect();
    assert!(again.is_empty(), "{name}: {moved:?}");
    let (gone, done) = trial.destroy(stack).await.unwrap();
    assert!(done.complete(), "{name}: {:?}", done.failed);
    assert_eq!(gone.counts().delete, stack.resources.len(), "{name}");
    assert!(
        trial.sandbox().is_empty(),
        "{name}: {:?}",
        trial.sandbox().inventory()
    );
}

#[tokio::test]
async fn each_environment_stands_up_is_at_rest_and_leaves_nothing() {
    let mut summary = String::new();
    for (name, stack) in all() {
        let trial = Trial::new();
        let (plan, done) = trial.apply(&stack).await.unwrap();
        assert!(done.complete(), "{name}: {:?}", done.failed);
        let counts = plan.counts();
        writeln!(
            summary,
            "{name}: {} resources, {} calls, {} waits, {} in a row at the most",
            counts.create,
            counts.calls,
            counts.waits,
            plan.depth()
        )
        .unwrap();
        assert_eq!(
            done.outputs.len(),
            stack.outputs.len(),
            "{name}: {:?}",
            done.outputs
        );
        rest_and_go(name, &trial, &stack).await;
    }
    insta::assert_snapshot!(summary);
}

/// Types that take no tags and whose id is AWS's to decide: nothing in an account says whose they are.
const NOBODYS: [&str; 4] = [
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::EC2::LaunchTemplate",
];

#[tokio::test]
async fn a_lost_state_is_rebuilt_but_for_what_shows_no_owner() {
    for (name, stack) in all() {
        let mut trial = Trial::new();
        trial.apply(&stack).await.unwrap();
        let found = trial.recover(&stack).await.unwrap();
        assert_eq!(found.doubtful, vec![], "{name}");
        let absent: BTreeSet<_> = found.absent.iter().map(|absent| absent.kind.as_str()).collect();
        assert_eq!(absent, NOBODYS.into(), "{name}");
        let recorded = found.records.len() + found.absent.len();
        assert_eq!(recorded, stack.resources.len(), "{name}");
    }
}

#[test]
fn the_environments_differ_in_size_and_not_in_kind() {
    let kinds = |env| {
        let declared = declared(env);
        declared
            .resources
            .values()
            .map(|d| d.kind.name())
            .collect::<BTreeSet<_>>()
    };
    for env in [Env::Local, Env::Dev, Env::Staging] {
        assert_eq!(kinds(env), kinds(Env::Prod), "{}", env.name());
    }
}

#[test]
fn a_mongodb_that_exists_takes_the_place_of_the_cluster() {
    let declared = declared_with(Env::Prod, &every_setting());
    let cluster = declared
        .resources
        .values()
        .any(|d| d.kind.name().starts_with("AWS::DocDB"));
    assert!(!cluster);
    assert!(declared.outputs.contains_key("deploy_role_arn"));
}

#[test]
fn variables_are_documented_once_each() {
    let names: BTreeSet<_> = VARIABLES.iter().map(|v| v.name).collect();
    assert_eq!(names.len(), VARIABLES.len());
    assert!(names.iter().all(|name| name.starts_with("TENON_")));
}
