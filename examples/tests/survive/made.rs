//! Every moment of what is made where it is used: random ids, passwords, objects of files.

use crate::{
    cut::Moments,
    oracle::{Account, Death, block_on},
    stack::made_here,
    sweep::{Scene, power},
};
use tenon_planner::Options;

/// What is made where it is used, on its way up, to other values, and down.
async fn scenes() -> [(&'static str, Scene); 3] {
    let nothing = Account::new().await;
    let standing = nothing.fork();
    let summary = standing
        .run(&made_here("1"), &Options::default(), &Moments::all())
        .await;
    assert!(summary.unwrap().complete());
    let scene = |start: &Account, version, destroy| Scene {
        start: start.fork(),
        declared: made_here(version),
        options: Options {
            destroy,
            ..Options::default()
        },
    };
    [
        ("made here", scene(&nothing, "1", false)),
        ("made here anew", scene(&standing, "2", false)),
        ("made here, destroyed", scene(&standing, "1", true)),
    ]
}

#[test]
fn what_is_made_here_survives_every_moment() {
    block_on(async {
        for (what, scene) in scenes().await {
            scene.sweep(what, |_| Death::Killed).await;
            scene.sweep(what, power).await;
            scene.sweep_twice(what).await;
        }
    });
}
