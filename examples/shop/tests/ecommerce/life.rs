//! Each environment is checked, planned, applied in a sandbox, found at rest, and taken down.

use super::{all, declared, declared_with, every_setting, of, settings};
use shop::{Env, Settings, VARIABLES};
use std::fmt::Write as _;
use tenon::{
    Environment, Trial,
    planner::{Check, PlannedCall},
};

#[test]
fn each_declaration_holds_together() {
    for (name, declared) in all() {
        declared.check().unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

#[test]
fn production_and_staging_refuse_to_be_open_to_everyone() {
    for env in [Env::Staging, Env::Prod] {
        let error = declared_with(env, &Settings::default())
            .check()
            .unwrap_err()
            .to_string();
        assert!(error.contains("TENON_API_TOKENS_ARN"), "{error}");
    }
    for env in [Env::Local, Env::Dev] {
        declared_with(env, &Settings::default()).check().unwrap();
    }
}

#[test]
fn the_outputs_are_those_that_people_and_workflows_ask_for() {
    let expected = [
        "alarm_topic_arn",
        "alb_url",
        "api_repository",
        "api_service_name",
        "cluster_name",
        "db_endpoint",
        "vpc_id",
        "web_repository",
        "web_service_name",
    ];
    assert_eq!(declared(Env::Dev).outputs.keys().collect::<Vec<_>>(), expected);
    let everything = declared_with(Env::Prod, &every_setting());
    assert!(
        everything.outputs.contains_key("deploy_role_arn")
            && !everything.outputs.contains_key("api_repository")
    );
}

/// Somebody deletes the images, as AWS wants it before a repository is deleted that is no throw-away.
fn pushed_images_are_taken_out(trial: &Trial) {
    let sandbox = trial.sandbox();
    let images = sandbox
        .inventory()
        .into_iter()
        .filter(|(kind, _)| kind == "ecr.image");
    for (kind, id) in images.collect::<Vec<_>>() {
        assert!(sandbox.vanish(&kind, &id));
    }
}

#[tokio::test]
async fn each_environment_stands_up_is_at_rest_and_comes_down() {
    let mut summary = String::new();
    let stacks = Env::ALL
        .iter()
        .map(|&env| (env.name(), declared_with(env, &settings(env))));
    for (name, stack) in stacks.chain([("prod with everything", declared_with(Env::Prod, &every_setting()))])
    {
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
        let again = trial.plan(&stack).await.unwrap();
        let moved: Vec<_> = again.decisions.iter().filter(|d| !d.changes.is_empty()).collect();
        assert!(again.is_empty(), "{name}: {moved:?}");
        pushed_images_are_taken_out(&trial);
        let (gone, done) = trial.destroy(&stack).await.unwrap();
        assert!(done.complete(), "{name}: {:?}", done.failed);
        let images = of(&stack, "ecr.image").count();
        assert_eq!(gone.counts().delete, stack.resources.len() - images, "{name}");
    }
    insta::assert_snapshot!(summary);
}

#[tokio::test]
async fn a_lost_state_is_rebuilt() {
    for (name, stack) in all() {
        let mut trial = Trial::new();
        trial.apply(&stack).await.unwrap();
        let found = trial.recover(&stack).await.unwrap();
        assert_eq!((found.absent, found.doubtful), (vec![], vec![]), "{name}");
        let again = trial.plan(&stack).await.unwrap();
        let moved: Vec<_> = again.decisions.iter().filter(|d| !d.changes.is_empty()).collect();
        assert!(again.is_empty(), "{name}: {moved:?}");
        pushed_images_are_taken_out(&trial);
        let (gone, done) = trial.destroy(&stack).await.unwrap();
        assert!(done.complete(), "{name}: {:?}", done.failed);
        let images = of(&stack, "ecr.image").count();
        assert_eq!(gone.counts().delete, stack.resources.len() - images, "{name}");
    }
}

#[tokio::test]
async fn a_new_image_replaces_the_task_and_leaves_the_rest_alone() {
    let trial = Trial::new();
    trial.apply(&declared(Env::Dev)).await.unwrap();
    let newer = Settings {
        image_tag: "9.9.9".into(),
        ..Settings::default()
    };
    let plan = trial.plan(&declared_with(Env::Dev, &newer)).await.unwrap();
    let counts = plan.counts();
    assert_eq!(
        (counts.replace, counts.update, counts.create, counts.delete),
        (4, 2, 0, 0)
    );
    let calls: Vec<_> = plan.mutating().map(PlannedCall::title).collect();
    assert_eq!(
        calls.iter().filter(|c| *c == "ecs:UpdateService").count(),
        2,
        "{calls:?}"
    );
}

#[test]
fn the_environments_differ_in_size_and_not_in_kind() {
    let kinds = |env| {
        let declared = declared(env);
        let kinds: std::collections::BTreeSet<_> =
            declared.resources.values().map(|d| d.kind.name()).collect();
        kinds
    };
    assert_eq!(kinds(Env::Dev), kinds(Env::Prod));
    assert_eq!(kinds(Env::Dev), kinds(Env::Local));
    let prod = declared(Env::Prod);
    let (_, database) = of(&prod, "rds.db_instance").next().unwrap();
    assert_eq!(database.inputs["multi_az"], true);
    assert_eq!(database.inputs["deletion_protection"], true);
    let (_, balancer) = of(&prod, "elb.load_balancer").next().unwrap();
    assert_eq!(balancer.inputs["deletion_protection"], true);
}

#[test]
fn variables_are_documented_once_each() {
    let mut names: Vec<_> = VARIABLES.iter().map(|v| v.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(names.iter().all(|name| name.starts_with("TENON_")));
}
