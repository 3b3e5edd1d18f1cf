//! Experiments: what of the shop stops when something fails, and that everything is put back.

use super::{declared, declared_with, settings};
use shop::Env;
use std::time::Duration;
use tenon::{
    Trial,
    planner::{
        Declared,
        chaos::{Ended, Foreseen},
        sandbox::SandboxConfig,
    },
};

/// A sandbox at AWS's speed, in virtual time, with the stack in it for an hour.
async fn standing(stack: &Declared) -> Trial {
    let trial = Trial::with(SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    });
    let (_, done) = trial.apply(stack).await.unwrap();
    assert!(done.complete(), "{:?}", done.failed);
    tokio::time::sleep(Duration::from_secs(3600)).await;
    trial
}

/// The requests and connections that are refused now.
fn refused(trial: &Trial) -> Vec<String> {
    let requests = trial
        .sandbox()
        .requests()
        .into_iter()
        .filter_map(|path| path.refused);
    let connections = trial
        .sandbox()
        .connections()
        .into_iter()
        .filter_map(|c| c.refused);
    requests.chain(connections).collect()
}

fn stops(foreseen: &Foreseen) -> Vec<&str> {
    foreseen.stops.iter().map(|s| s.what.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_shop_survives_a_zone() {
    let stack = declared(Env::Staging);
    let trial = standing(&stack).await;
    assert!(trial.sandbox().requests().len() >= 2 && !trial.sandbox().connections().is_empty());
    let clients = async {
        let (mut seconds, mut lost) = (0, vec![]);
        while seconds < 900 {
            lost.extend(refused(&trial));
            seconds += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        lost
    };
    let (report, lost) = tokio::join!(trial.experiment(&stack, "zone-b"), clients);
    let report = report.unwrap();
    assert_eq!(
        (&report.ended, report.restored()),
        (&Ended::Elapsed, true),
        "{report:?}"
    );
    assert_eq!(lost, Vec::<String>::new());
    assert!(report.lasted_ms >= 600_000, "{report:?}");
    // A network ACL, and the three subnets of the zone.
    assert_eq!((report.disturbing_calls, report.restoring_calls), (4, 4));
    assert!(trial.plan(&stack).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_has_one_copy_stops_with_its_zone() {
    let database = "connections of api/service to database/postgres on 5432";
    // The sizes of production, with the experiments of staging.
    let mut prod = declared_with(Env::Prod, &settings(Env::Prod));
    prod.experiments = declared(Env::Staging).experiments;
    for (stack, stopped) in [
        (prod, vec![]),
        (declared(Env::Staging), vec![database]),
        (
            declared(Env::Local),
            vec![
                "requests to alb/load-balancer on 80 /*",
                "requests to alb/load-balancer on 80 /api/* /health",
                database,
            ],
        ),
    ] {
        let trial = standing(&stack).await;
        let first = trial.foresee(&stack, "zone-a").await.unwrap();
        assert_eq!(stops(&first), stopped, "{}", stack.env);
        let other = trial.foresee(&stack, "zone-b").await.unwrap();
        assert_eq!(stops(&other), Vec::<&str>::new(), "{}", stack.env);
        assert_eq!((first.stays, other.stays), (vec![], vec![]), "{}", stack.env);
    }
}

#[tokio::test(start_paused = true)]
async fn the_alarm_ends_what_customers_would_notice() {
    let stack = declared(Env::Staging);
    for (experiment, ended) in [
        ("no-database", Ended::Alarm),
        ("no-task", Ended::Alarm),
        ("one-task", Ended::Elapsed),
    ] {
        let trial = standing(&stack).await;
        let report = trial.experiment(&stack, experiment).await.unwrap();
        assert_eq!(
            (&report.ended, report.restored()),
            (&ended, true),
            "{experiment}: {report:?}"
        );
        // Three minutes until the alarm notices, which is looked at every ten seconds.
        let early = (180_000..300_000).contains(&report.lasted_ms);
        assert_eq!(early, ended == Ended::Alarm, "{experiment}: {report:?}");
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(refused(&trial), Vec::<String>::new(), "{experiment}");
        assert!(trial.plan(&stack).await.unwrap().is_empty(), "{experiment}");
    }
}

#[test]
fn production_has_customers_and_no_experiments() {
    assert!(declared(Env::Prod).experiments.is_empty() && declared(Env::Dev).experiments.is_empty());
    assert_eq!(
        declared(Env::Staging).experiments.keys().collect::<Vec<_>>(),
        ["no-database", "no-task", "one-task", "zone-a", "zone-b"]
    );
}
