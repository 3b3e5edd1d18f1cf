//! An experiment whose process dies: before and after each call, and at any time.

use crate::{
    Size,
    common::{Dying, Fixture, block_on},
    ends::WATCHING,
    fixture, foresee, stack,
};
use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};
use tenon_planner::{Declared, Options, chaos};

/// Where a process dies.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// At the call with this number, before or after it is carried out.
    Call(i64, bool),
    /// After this time.
    Time(Duration),
}

/// Runs the experiment until the death, and puts everything back in another process: by the experiment's own verb, or by an apply.
/// Returns whether it came to the death.
async fn die(fixture: &Fixture, d: &Declared, name: &str, death: Death, by_apply: bool) -> bool {
    let mut executor = fixture.executor(d).await;
    let caller = executor.cloud.caller().await.unwrap();
    let foreseen = foresee(&executor, d, name).await.unwrap();
    let (left, after) = match death {
        Death::Call(n, after) => (n, after),
        Death::Time(_) => (i64::MAX, false),
    };
    let dying = Arc::new(Dying {
        cloud: fixture.cloud.clone(),
        left: AtomicI64::new(left),
        after,
        dead: tokio::sync::Notify::new(),
    });
    executor.cloud = dying.clone();
    let time = async {
        match death {
            Death::Time(after) => tokio::time::sleep(after).await,
            Death::Call(..) => std::future::pending().await,
        }
    };
    let died = tokio::select! {
        report = chaos::run(&executor, d, &caller, name, &foreseen, WATCHING) => {
            assert!(report.unwrap().restored());
            executor.store.clone().close().await.unwrap();
            false
        }
        () = dying.dead.notified() => true,
        () = time => true,
    };
    drop(executor);
    fixture.release().await;
    if by_apply {
        let (_, summary) = fixture.apply(d, &Options::default()).await;
        assert!(summary.complete(), "{death:?}: {:?}", summary.failed);
    } else {
        let executor = fixture.executor(d).await;
        let (_, failed) = chaos::restore(&executor, d, &caller).await.unwrap();
        assert_eq!(failed, vec![], "{death:?}");
        executor.store.close().await.unwrap();
    }
    died
}

/// The types of everything that exists, in order.
fn kinds(fixture: &Fixture) -> Vec<String> {
    let all = fixture.cloud.inventory().into_iter();
    all.map(|(kind, _)| kind).collect()
}

fn survives(death: Death, by_apply: bool) -> bool {
    block_on(async {
        let (fixture, d) = (
            fixture(),
            stack(Size {
                tasks: 2,
                standby: true,
            }),
        );
        fixture.apply(&d, &Options::default()).await;
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let before = kinds(&fixture);
        let died = die(&fixture, &d, "everything", death, by_apply).await;
        assert!(fixture.next(&d).await.is_empty(), "{death:?}");
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(kinds(&fixture), before, "{death:?}");
        let refused = fixture
            .cloud
            .requests()
            .into_iter()
            .filter_map(|path| path.refused);
        let cut_off = fixture.cloud.connections().into_iter().filter_map(|c| c.refused);
        assert_eq!(
            refused.chain(cut_off).collect::<Vec<_>>(),
            Vec::<String>::new(),
            "{death:?}"
        );
        died
    })
}

#[test]
fn a_death_at_any_call_is_put_back() {
    let mut deaths = 0;
    'calls: for call in 0.. {
        for (after, by_apply) in [(false, false), (true, false), (false, true), (true, true)] {
            if !survives(Death::Call(call, after), by_apply) {
                break 'calls;
            }
            deaths += 1;
        }
    }
    println!("{deaths} deaths of an experiment at its calls: 0 failures");
    // Six calls put the faults in, and six take them out.
    assert_eq!(deaths, 4 * 12);
}

#[test]
fn a_death_at_any_time_is_put_back() {
    let mut deaths = 0;
    for tenths in (0..60)
        .step_by(3)
        .chain((60..6000).step_by(1500))
        .chain((6000..6060).step_by(3))
    {
        let after = Duration::from_millis(100 * tenths);
        deaths += usize::from(survives(Death::Time(after), tenths % 2 == 0));
    }
    println!("{deaths} deaths of an experiment at any time: 0 failures");
    assert!(deaths > 30, "{deaths}");
}
