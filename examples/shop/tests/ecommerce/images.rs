//! A first apply on an empty account, where nobody has pushed an image yet.

use crate::{declared, of};
use shop::Env;
use std::time::Duration;
use tenon::{
    Trial,
    planner::{PlannedCall, render, sandbox::SandboxConfig},
};

/// An account at AWS's own speed, in which nobody has pushed anything.
fn empty_account() -> Trial {
    Trial::with(SandboxConfig {
        speed: 1.0,
        images: false,
        ..SandboxConfig::default()
    })
}

/// The names of the two repositories, API first.
fn repositories(plan: &tenon::planner::Plan) -> [String; 2] {
    ["images/api", "images/web"].map(|address| {
        let decision = plan.decisions.iter().find(|d| d.address == address).unwrap();
        decision.inputs["repository_name"].as_str().unwrap().to_owned()
    })
}

#[tokio::test(start_paused = true)]
async fn a_first_apply_never_fails_for_images_that_nobody_has_pushed_yet() {
    let (trial, stack) = (empty_account(), declared(Env::Dev));
    let plan = trial.plan(&stack).await.unwrap();
    let names = repositories(&plan);
    // The repository, the tag and the commands are in the plan, before anything exists.
    let text = render::text(&plan, &render::Look::default());
    let tag = env!("CARGO_PKG_VERSION");
    for name in &names {
        let push = format!("docker push 000000000000.dkr.ecr.eu-west-1.amazonaws.com/{name}:{tag}");
        assert!(text.contains(&push), "{text}");
    }
    // No service comes before the image that it runs.
    for service in ["api", "web"] {
        let at = |address: String, operation: &str| {
            let is = |c: &PlannedCall| c.address == address && c.step.operation == operation;
            plan.calls.iter().position(is).unwrap()
        };
        let image = at(format!("images/{service}-image"), "DescribeImages");
        assert!(image < at(format!("{service}/task-definition"), "RegisterTaskDefinition"));
        assert!(image < at(format!("{service}/service"), "CreateService"));
    }
    // Somebody pushes them while the apply waits, one after the other.
    let pushed = async {
        for name in &names {
            tokio::time::sleep(Duration::from_secs(15 * 60)).await;
            assert!(trial.sandbox().push(name, tag), "there is no {name} yet");
        }
    };
    let (applied, ()) = tokio::join!(trial.apply(&stack), pushed);
    let (_, done) = applied.unwrap();
    assert!(done.complete(), "{:?}", done.failed);
    assert!(trial.plan(&stack).await.unwrap().is_empty());
    let (_, done) = trial.destroy(&stack).await.unwrap();
    assert!(done.complete(), "{:?}", done.failed);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_nobody_pushes_fails_what_runs_it_and_nothing_else() {
    let (trial, stack) = (empty_account(), declared(Env::Dev));
    let (plan, done) = trial.apply(&stack).await.unwrap();
    let mut failed: Vec<_> = done.failed.iter().map(|f| f.address.as_str()).collect();
    failed.sort_unstable();
    assert_eq!(failed, ["images/api-image", "images/web-image"]);
    assert!(
        done.failed.iter().all(|f| f.why.contains("`docker push ")),
        "{:?}",
        done.failed
    );
    // The database and the network are there; the next apply makes what is missing, and only that.
    for name in repositories(&plan) {
        assert!(trial.sandbox().push(&name, env!("CARGO_PKG_VERSION")));
    }
    let rest = trial.plan(&stack).await.unwrap();
    let made: Vec<_> = rest.mutating().map(|c| c.address.as_str()).collect();
    assert!(
        made.contains(&"api/service") && !made.contains(&"database/postgres"),
        "{made:?}"
    );
    let (_, done) = trial.apply(&stack).await.unwrap();
    assert!(done.complete(), "{:?}", done.failed);
}

#[test]
fn an_image_from_elsewhere_is_never_waited_for() {
    let everything = crate::declared_with(Env::Prod, &crate::every_setting());
    assert_eq!(of(&everything, "ecr.image").count(), 0);
    assert_eq!(of(&declared(Env::Prod), "ecr.image").count(), 2);
}
