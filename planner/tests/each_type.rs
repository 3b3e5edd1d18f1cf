//! Every registered type, killed before and after each of its mutating calls, on its way up and on its way down; and its
//! create call with each kind of fault.
//!
//! The sweep of the whole platform (`tenon-examples`, test `survive`) knows more moments, but only the types that the
//! platform uses.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared by value, as in a program"
)]

mod common;

use common::{Dying, Fixture, block_on};
use std::sync::{Arc, atomic::AtomicI64};
use tenon_planner::{
    Declaration, Declared, Options,
    sandbox::{Fault, FaultInjector, FaultTarget, SandboxConfig},
};
use tenon_resources::{registry::TYPES, resource::ResourceType};

/// One resource with the inputs of its type's sample.
fn alone(kind: &'static dyn ResourceType, sample: usize) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    let declaration = Declaration::new(kind, kind.samples()[sample].clone(), "main.rs:1");
    declared.add("it", declaration);
    declared
}

fn options(destroy: bool) -> Options {
    Options {
        destroy,
        consent: vec!["it".to_owned()],
        ..Options::default()
    }
}

/// A sandbox as slow as AWS, in virtual time.
fn slow() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }
}

/// Goes up or down, dying at mutating call `call`, then to the end. Returns whether it came to that call, and what is
/// wrong afterwards.
async fn cut(declared: &Declared, destroy: bool, call: i64, after: bool) -> (bool, Result<(), String>) {
    let fixture = Fixture::new(slow());
    if destroy {
        let (_, summary) = fixture.apply(declared, &options(false)).await;
        assert!(summary.complete(), "{:?}", summary.failed);
    }
    let cloud = Arc::new(Dying {
        cloud: fixture.cloud.clone(),
        left: AtomicI64::new(call),
        after,
        dead: tokio::sync::Notify::new(),
    });
    let mut executor = fixture.executor(declared).await;
    executor.cloud = cloud.clone();
    let plan = fixture
        .plan(&executor, declared, &options(destroy))
        .await
        .unwrap();
    let died = tokio::select! {
        done = executor.apply(&plan) => { assert!(done.unwrap().complete()); false }
        () = cloud.dead.notified() => true,
    };
    drop(executor);
    fixture.release().await;
    (died, finishes(&fixture, declared, destroy).await)
}

/// Runs to the end; what is wrong afterwards.
async fn finishes(fixture: &Fixture, declared: &Declared, destroy: bool) -> Result<(), String> {
    let (_, summary) = fixture.apply(declared, &options(destroy)).await;
    if !summary.complete() {
        return Err(format!("the next run failed: {:?}", summary.failed));
    }
    // What somebody else makes stays.
    let stays = declared.resources.values().any(|d| d.kind.awaited());
    let found = fixture.cloud.inventory();
    if found.len() != usize::from(stays || !destroy) {
        return Err(format!("there is {found:?}"));
    }
    match fixture.next(declared).await {
        next if destroy || next.is_empty() => Ok(()),
        next => Err(format!("the plan after it: {:?}", next.decisions)),
    }
}

fn judge(what: &str, runs: usize, broken: &[String]) {
    println!("{} types: {runs} {what}, {} broken", TYPES.len(), broken.len());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_type_survives_a_death_at_each_of_its_calls() {
    let (mut runs, mut broken) = (0, vec![]);
    for kind in TYPES {
        for (sample, destroy, after) in (0..8).map(|n| (n & 1, n & 2 != 0, n & 4 != 0)) {
            let declared = alone(*kind, sample);
            for call in 0.. {
                let (died, outcome) = block_on(cut(&declared, destroy, call, after));
                runs += 1;
                if let Err(why) = outcome {
                    let when = if after { "after" } else { "before" };
                    let way = if destroy { "down" } else { "up" };
                    broken.push(format!(
                        "{} {sample}, {when} call {call} on its way {way}: {why}",
                        kind.name()
                    ));
                }
                if !died {
                    let none = destroy && kind.awaited();
                    assert!(call > 0 || none, "{} makes no call", kind.name());
                    break;
                }
            }
        }
    }
    judge("deaths", runs, &broken);
}

#[test]
fn every_type_outlasts_every_fault_of_its_create() {
    let (mut runs, mut broken) = (0, vec![]);
    for kind in TYPES {
        for (sample, fault) in [0, 1]
            .into_iter()
            .flat_map(|n| Fault::ALL.map(|fault| (n, fault)))
        {
            let declared = alone(*kind, sample);
            let outcome = block_on(async {
                let fixture = Fixture::new(slow());
                let mut executor = fixture.executor(&declared).await;
                executor.cloud = Arc::new(FaultInjector::new(
                    fixture.cloud.clone(),
                    FaultTarget::Call(0, fault),
                ));
                let plan = fixture.plan(&executor, &declared, &options(false)).await.unwrap();
                let summary = executor.apply(&plan).await.unwrap();
                drop(executor);
                fixture.release().await;
                if !summary.complete() {
                    return Err(format!("{:?}", summary.failed));
                }
                finishes(&fixture, &declared, false).await
            });
            runs += 1;
            if let Err(why) = outcome {
                broken.push(format!("{} {sample}, {fault:?}: {why}", kind.name()));
            }
        }
    }
    judge("faults", runs, &broken);
}
