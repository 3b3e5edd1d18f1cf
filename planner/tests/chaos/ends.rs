//! What ends an experiment, and how the stack is afterwards.

use crate::{Size, common::block_on, fixture, foresee, stack};
use std::time::Duration;
use tenon_planner::{
    Options,
    chaos::{self, Ended, Report, Watching},
};
use tokio::time::Instant;

pub(crate) const WATCHING: Watching = Watching {
    lasts: Duration::from_secs(600),
    every: Duration::from_secs(10),
};

/// Runs an experiment while requests are made every second, and somebody stops it after `stop`. The report, how many requests were made
/// and which were refused.
fn run(size: Size, name: &str, stop: Option<Duration>) -> (Report, usize, Vec<String>) {
    block_on(async {
        let (fixture, d) = (fixture(), stack(size));
        fixture.apply(&d, &Options::default()).await;
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let before = fixture.cloud.contents();
        let executor = fixture.executor(&d).await;
        let caller = executor.cloud.caller().await.unwrap();
        let foreseen = foresee(&executor, &d, name).await.unwrap();
        let clients = async {
            let (mut made, mut refused) = (0, vec![]);
            let until = Instant::now() + WATCHING.lasts;
            while Instant::now() < until {
                for path in fixture.cloud.requests() {
                    made += 1;
                    refused.extend(path.refused);
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            (made, refused)
        };
        let somebody = async {
            if let Some(after) = stop {
                tokio::time::sleep(after).await;
                executor.stop.request();
            }
        };
        let run = chaos::run(&executor, &d, &caller, name, &foreseen, WATCHING);
        let (report, (made, refused), ()) = tokio::join!(run, clients, somebody);
        executor.store.close().await.unwrap();
        assert!(fixture.next(&d).await.is_empty());
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let kinds = |contents: &std::collections::BTreeMap<(String, String), serde_json::Value>| {
            let mut kinds: Vec<String> = contents.keys().map(|(kind, _)| kind.clone()).collect();
            kinds.sort();
            kinds
        };
        assert_eq!(kinds(&fixture.cloud.contents()), kinds(&before));
        (report.unwrap(), made, refused)
    })
}

#[test]
fn times_are_as_much_shorter_as_a_sandbox_is_faster() {
    assert_eq!(Watching::of(600, 1.0), WATCHING);
    let fast = Watching::of(600, 100.0);
    assert_eq!((fast.lasts.as_millis(), fast.every.as_millis()), (6000, 100));
    let instant = Watching::of(600, f64::INFINITY);
    assert_eq!((instant.lasts.as_millis(), instant.every.as_millis()), (0, 10));
}

#[test]
fn a_service_in_two_zones_refuses_no_request_when_one_fails() {
    let (report, made, refused) = run(
        Size {
            tasks: 2,
            standby: true,
        },
        "zone-a",
        None,
    );
    assert_eq!(
        (report.ended.clone(), report.restored()),
        (Ended::Elapsed, true),
        "{report:?}"
    );
    assert!(report.lasted_ms >= 600_000);
    assert_eq!((made, refused), (600, vec![]));
}

#[test]
fn the_alarm_ends_it() {
    let (report, _, refused) = run(
        Size {
            tasks: 1,
            standby: true,
        },
        "zone-a",
        None,
    );
    assert_eq!(
        (report.ended.clone(), report.restored()),
        (Ended::Alarm, true),
        "{report:?}"
    );
    // The alarm wants two minutes, and is looked at every ten seconds.
    assert!((120_000..150_000).contains(&report.lasted_ms), "{report:?}");
    assert!((110..160).contains(&refused.len()), "{}", refused.len());
    let (report, _, _) = run(
        Size {
            tasks: 2,
            standby: true,
        },
        "no-database",
        None,
    );
    assert_eq!(
        (report.ended.clone(), report.restored()),
        (Ended::Alarm, true),
        "{report:?}"
    );
}

#[test]
fn somebody_ends_it_at_any_time() {
    for seconds in [0, 1, 2, 5, 300] {
        let stop = Some(Duration::from_secs(seconds));
        let (report, _, _) = run(
            Size {
                tasks: 2,
                standby: true,
            },
            "everything",
            stop,
        );
        assert_eq!(
            (report.ended.clone(), report.restored()),
            (Ended::Stopped, true),
            "{report:?}"
        );
        assert!(report.lasted_ms < 310_000, "{report:?}");
    }
}

#[test]
fn it_does_not_begin_under_an_alarm() {
    block_on(async {
        let (fixture, d) = (
            fixture(),
            stack(Size {
                tasks: 2,
                standby: true,
            }),
        );
        fixture.apply(&d, &Options::default()).await;
        let executor = fixture.executor(&d).await;
        let caller = executor.cloud.caller().await.unwrap();
        let foreseen = foresee(&executor, &d, "zone-a").await.unwrap();
        // A person takes the rule away that lets requests through to the tasks.
        let rule = executor
            .store
            .state()
            .current("service-in")
            .unwrap()
            .id
            .clone()
            .unwrap();
        assert!(fixture.cloud.vanish("ec2.ingress_rule", &rule));
        tokio::time::sleep(Duration::from_secs(600)).await;
        let before = fixture.cloud.contents();
        let run = chaos::run(&executor, &d, &caller, "zone-a", &foreseen, WATCHING).await;
        let error = run.unwrap_err().to_string();
        assert!(error.contains("is in ALARM before anything was done"), "{error}");
        assert_eq!(fixture.cloud.contents(), before);
        // Nor without one.
        let alarm = executor
            .store
            .state()
            .current("refused")
            .unwrap()
            .id
            .clone()
            .unwrap();
        assert!(fixture.cloud.vanish("cloudwatch.alarm", &alarm));
        let run = chaos::run(&executor, &d, &caller, "zone-a", &foreseen, WATCHING).await;
        let error = run.unwrap_err().to_string();
        assert!(error.contains("is not there; nothing was changed"), "{error}");
    });
}

#[test]
fn an_alarm_that_vanishes_ends_it() {
    block_on(async {
        let (fixture, d) = (
            fixture(),
            stack(Size {
                tasks: 2,
                standby: true,
            }),
        );
        fixture.apply(&d, &Options::default()).await;
        let executor = fixture.executor(&d).await;
        let caller = executor.cloud.caller().await.unwrap();
        let foreseen = foresee(&executor, &d, "zone-a").await.unwrap();
        let alarm = executor
            .store
            .state()
            .current("refused")
            .unwrap()
            .id
            .clone()
            .unwrap();
        let run = chaos::run(&executor, &d, &caller, "zone-a", &foreseen, WATCHING);
        let somebody = async {
            tokio::time::sleep(Duration::from_secs(60)).await;
            assert!(fixture.cloud.vanish("cloudwatch.alarm", &alarm));
        };
        let (report, ()) = tokio::join!(run, somebody);
        let report = report.unwrap();
        assert!(
            matches!(report.ended, Ended::Unwatched(_)) && report.restored(),
            "{report:?}"
        );
        assert!(report.lasted_ms < 90_000, "{report:?}");
    });
}
