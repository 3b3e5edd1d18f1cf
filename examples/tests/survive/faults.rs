//! Each kind of fault at each call of the platform's creation, and many at once: the run must end as if nothing had
//! happened.

use crate::{
    cut::Moments,
    oracle::{Account, block_on, number},
    stack::platform,
};
use std::{sync::Arc, time::Duration};
use tenon_planner::{
    Declared, Options,
    sandbox::{Fault, FaultInjector, FaultTarget},
};

/// One run with faults; what is wrong in the end.
async fn run(
    start: &Account,
    declared: &Declared,
    target: FaultTarget,
    unseen: Duration,
) -> Result<(), String> {
    let (account, moments) = (start.fork(), Moments::all());
    let summary = account
        .run_on(declared, &Options::default(), &moments, |inner| {
            Arc::new(FaultInjector::new(inner, target).unseen_for(unseen))
        })
        .await
        .map_err(|e| e.to_string())?;
    if !summary.complete() {
        return Err(format!("{:?}", summary.failed));
    }
    if let Some(call) = moments.unannounced() {
        return Err(format!("{call} came before its intent was durable"));
    }
    account.check(declared, false).await
}

fn judge(what: &str, runs: usize, broken: &[String]) {
    println!("{what}: {runs} runs, {} broken", broken.len());
    let shown: Vec<_> = broken.iter().take(5).map(String::as_str).collect();
    assert!(broken.is_empty(), "{what}:\n{}", shown.join("\n"));
}

#[test]
fn every_fault_at_every_call_ends_well() {
    block_on(async {
        let (start, declared) = (Account::new().await, platform());
        let moments = Moments::all();
        let whole = start.fork().run(&declared, &Options::default(), &moments).await;
        assert!(whole.unwrap().complete());
        let calls = moments.executed().len();
        let (mut runs, mut broken) = (0, vec![]);
        for fault in Fault::ALL {
            for call in (0..calls).step_by(number("TENON_SWEEP_STEP", 1)) {
                let verdict = run(&start, &declared, FaultTarget::Call(call, fault), Duration::ZERO).await;
                runs += 1;
                if let Err(why) = verdict {
                    broken.push(format!("{fault:?} at call {call}: {why}"));
                }
            }
        }
        judge(
            &format!("{} kinds of fault at {calls} calls", Fault::ALL.len()),
            runs,
            &broken,
        );
    });
}

#[test]
fn a_share_of_faults_ends_well() {
    block_on(async {
        let (start, declared) = (Account::new().await, platform());
        let (mut runs, mut broken) = (0, vec![]);
        for seed in 0..20 {
            for percent in [10, 30, 100] {
                let verdict = run(
                    &start,
                    &declared,
                    FaultTarget::Share(percent, seed),
                    Duration::ZERO,
                )
                .await;
                runs += 1;
                if let Err(why) = verdict {
                    broken.push(format!("{percent} % with seed {seed}: {why}"));
                }
            }
        }
        judge("10, 30 and 100 % of calls with a fault", runs, &broken);
    });
}

#[test]
fn what_shows_late_is_waited_for() {
    block_on(async {
        let (start, declared) = (Account::new().await, platform());
        let (mut runs, mut broken) = (0, vec![]);
        for seconds in [1, 10, 60, 280] {
            for percent in [0, 30] {
                let unseen = Duration::from_secs(seconds);
                let verdict = run(&start, &declared, FaultTarget::Share(percent, seconds), unseen).await;
                runs += 1;
                if let Err(why) = verdict {
                    broken.push(format!("shown after {seconds} s, {percent} % with faults: {why}"));
                }
            }
        }
        judge("everything shows late", runs, &broken);
    });
}
