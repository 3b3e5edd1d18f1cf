//! Experiments: what they stop, what ends them, and that everything is put back, also by whoever comes after a process that died.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

#[path = "../common/mod.rs"]
mod common;
mod ends;
mod killed;
mod stack;

use common::{Fixture, block_on};
use stack::{Size, stack};
use tenon_planner::{
    Declared, Error, Options, chaos,
    event::quiet,
    execute::Executor,
    sandbox::SandboxConfig,
    survey::{Extent, survey},
};

/// At AWS's speed, in virtual time.
fn fixture() -> Fixture {
    Fixture::new(SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    })
}

async fn foresee(executor: &Executor, d: &Declared, name: &str) -> Result<chaos::Foreseen, Error> {
    let (cloud, state) = (executor.cloud.as_ref(), executor.store.state());
    let caller = cloud.caller().await.unwrap();
    let seen = survey(cloud, d, &caller, &state, Extent::APPLY, &quiet()).await?;
    chaos::foresee(d, &seen, &caller, name, &state).await
}

/// What is foreseen of an experiment on a stack of this size.
fn foreseen(size: Size, name: &str) -> Result<chaos::Foreseen, Error> {
    block_on(async {
        let (fixture, d) = (fixture(), stack(size));
        let (_, done) = fixture.apply(&d, &Options::default()).await;
        assert!(done.complete(), "{:?}", done.failed);
        let executor = fixture.executor(&d).await;
        let foreseen = foresee(&executor, &d, name).await;
        executor.store.close().await.unwrap();
        foreseen
    })
}

fn stops(foreseen: &chaos::Foreseen) -> Vec<&str> {
    foreseen.stops.iter().map(|s| s.what.as_str()).collect()
}

fn calls(plan: &tenon_planner::Plan) -> Vec<String> {
    plan.mutating()
        .map(|call| format!("{} {}", call.title(), call.address))
        .collect()
}

#[test]
fn a_zone_that_fails_stops_nothing_where_the_other_serves() {
    let two = foreseen(
        Size {
            tasks: 2,
            standby: true,
        },
        "zone-a",
    )
    .unwrap();
    assert_eq!((stops(&two), two.stays.len()), (vec![], 0), "{:?}", two.stops);
    let expected = [
        "ec2:CreateNetworkAcl chaos/zone-a/vpc-a-denies-all",
        "ec2:ReplaceNetworkAclAssociation isolated-a-acl",
        "ec2:ReplaceNetworkAclAssociation chaos/zone-a/public-a",
        "ec2:ReplaceNetworkAclAssociation chaos/zone-a/private-a",
    ];
    let disturb = calls(&two.disturb);
    assert!(
        expected.iter().all(|call| disturb.contains(&(*call).to_owned())),
        "{disturb:?}"
    );
    assert_eq!(disturb.len(), expected.len(), "{disturb:?}");
    let restore = calls(&two.restore);
    assert_eq!(restore.len(), 4, "{restore:?}");
    assert_eq!(
        restore.last().unwrap(),
        "ec2:DeleteNetworkAcl chaos/zone-a/vpc-a-denies-all"
    );
}

#[test]
fn a_zone_that_fails_stops_what_is_in_it_alone() {
    let one = foreseen(
        Size {
            tasks: 1,
            standby: true,
        },
        "zone-a",
    )
    .unwrap();
    assert_eq!(
        stops(&one),
        [
            "requests to balancer on 80 /api/*",
            "connections of service to database on 5432"
        ]
    );
    // The only task is in the first zone.
    let other = foreseen(
        Size {
            tasks: 1,
            standby: true,
        },
        "zone-b",
    )
    .unwrap();
    assert_eq!(stops(&other), Vec::<&str>::new(), "{:?}", other.stops);
    // So is a database without a standby.
    let single = foreseen(
        Size {
            tasks: 2,
            standby: false,
        },
        "zone-a",
    )
    .unwrap();
    assert_eq!(stops(&single), ["connections of service to database on 5432"]);
}

#[test]
fn a_database_that_is_cut_off_and_tasks_that_are_stopped() {
    let size = Size {
        tasks: 2,
        standby: true,
    };
    let cut = foreseen(size, "no-database").unwrap();
    assert_eq!(stops(&cut), ["connections of service to database on 5432"]);
    assert_eq!(
        calls(&cut.disturb),
        ["ec2:RevokeSecurityGroupIngress database-in"]
    );
    assert_eq!(
        calls(&cut.restore),
        ["ec2:AuthorizeSecurityGroupIngress database-in"]
    );
    let none = foreseen(size, "no-tasks").unwrap();
    assert_eq!(stops(&none), ["requests to balancer on 80 /api/*"]);
    assert_eq!(calls(&none.disturb), ["appscaling:RegisterScalableTarget tasks"]);
    assert_eq!(calls(&none.restore), calls(&none.disturb));
    let fewer = foreseen(size, "one-task").unwrap();
    assert_eq!(stops(&fewer), Vec::<&str>::new());
}

#[test]
fn an_experiment_without_a_target_is_no_experiment() {
    let size = Size {
        tasks: 2,
        standby: true,
    };
    let error = foreseen(size, "zone-c").unwrap_err().to_string();
    assert!(error.contains("no subnet of `vpc` in `c`"), "{error}");
    let error = foreseen(size, "zone-d").unwrap_err().to_string();
    assert!(error.contains("did you mean `zone-"), "{error}");
    let mut d = stack(size);
    let alarm = tenon_resources::value::Output::new("vpc", "id");
    let experiment = tenon_resources::declaration::Experiment::minutes(1, &alarm);
    d.experiment(
        "wrong",
        experiment.cut_network(&tenon_resources::value::Output::new("nothing", "id")),
    );
    let error = tenon_planner::Check::check(&d).unwrap_err().to_string();
    assert!(error.contains("`vpc`, which is of type `ec2.vpc`"), "{error}");
    assert!(error.contains("`nothing`, which is not declared"), "{error}");
}

#[test]
fn the_digest_is_of_both_halves_and_of_the_experiment() {
    let size = Size {
        tasks: 2,
        standby: true,
    };
    let digest = |size, name| foreseen(size, name).unwrap().digest;
    assert_eq!(digest(size, "zone-a"), digest(size, "zone-a"));
    assert_ne!(digest(size, "zone-a"), digest(size, "zone-b"));
    // The same first half; what is put back afterwards is not the same.
    let more = Size { tasks: 3, ..size };
    assert_eq!(
        calls(&foreseen(size, "one-task").unwrap().disturb),
        calls(&foreseen(more, "one-task").unwrap().disturb)
    );
    assert_ne!(digest(size, "one-task"), digest(more, "one-task"));
}

#[test]
fn only_faults_are_taken_out() {
    block_on(async {
        let (fixture, mut d) = (
            fixture(),
            stack(Size {
                tasks: 2,
                standby: true,
            }),
        );
        fixture.apply(&d, &Options::default()).await;
        let executor = fixture.executor(&d).await;
        let caller = executor.cloud.caller().await.unwrap();
        executor.store.close().await.unwrap();
        // What a process leaves that died in the middle of an experiment.
        let disturbed = chaos::disturbed(&d, &caller, "everything").unwrap();
        let (_, done) = fixture.apply(&disturbed, &Options::default()).await;
        assert!(done.complete(), "{:?}", done.failed);
        let plan = fixture.next(&d).await;
        assert!(plan.mutating().count() >= 6);
        chaos::restores_only(&d, &caller, &plan).unwrap();
        // The program has changed meanwhile: that is no fault to take out.
        let name = "a-bucket";
        common::add(&mut d, name, tenon_resources::s3::Bucket::new());
        let plan = fixture.next(&d).await;
        let refused = chaos::restores_only(&d, &caller, &plan).unwrap_err();
        assert!(
            matches!(&refused, Error::MoreThanFaults { addresses } if addresses == name),
            "{refused}"
        );
    });
}

#[test]
fn a_stack_that_is_not_at_rest_is_left_alone() {
    block_on(async {
        let (fixture, d) = (
            fixture(),
            stack(Size {
                tasks: 2,
                standby: true,
            }),
        );
        fixture.apply(&d, &Options::default()).await;
        let more = stack(Size {
            tasks: 3,
            standby: true,
        });
        let executor = fixture.executor(&more).await;
        let error = foresee(&executor, &more, "zone-a").await.unwrap_err();
        assert!(
            matches!(&error, Error::NotAtRest { addresses } if addresses == "tasks"),
            "{error}"
        );
    });
}
