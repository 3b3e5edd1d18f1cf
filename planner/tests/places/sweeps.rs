//! Deaths and faults at every call, in whatever place it is made.

use crate::{
    common::{Fixture, block_on},
    stack,
};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};
use tenon_planner::{
    Declared, Options,
    sandbox::{Fault, FaultInjector, FaultTarget, SandboxConfig},
};
use tenon_resources::{
    cloud::{CallError, Cloud, Reply, Request},
    declaration::Place,
    forward::Forward,
};

/// A cloud that dies at its `left`th mutating call, in whatever place that is.
struct Cut {
    to: Arc<dyn Cloud>,
    of: Arc<Moment>,
}

struct Moment {
    left: AtomicI64,
    after: bool,
    dead: tokio::sync::Notify,
}

#[async_trait::async_trait]
impl Forward for Cut {
    fn to(&self) -> &dyn Cloud {
        self.to.as_ref()
    }
    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        Ok(Arc::new(Self {
            to: self.to.at(place).await?,
            of: Arc::clone(&self.of),
        }))
    }
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let dies = self.of.left.fetch_sub(1, Ordering::SeqCst) <= 0;
        if !dies {
            return self.to.send(request).await;
        }
        if self.of.after {
            let _ = self.to.send(request).await;
        }
        self.of.dead.notify_one();
        std::future::pending().await
    }
}

/// Applies with a death at a call; returns whether it came to that.
async fn die(fixture: &Fixture, d: &Declared, options: &Options, (call, after): (usize, bool)) -> bool {
    let of = Arc::new(Moment {
        left: AtomicI64::new(i64::try_from(call).unwrap()),
        after,
        dead: tokio::sync::Notify::new(),
    });
    let mut executor = fixture.executor(d).await;
    executor.cloud = Arc::new(Cut {
        to: fixture.cloud.clone(),
        of: of.clone(),
    });
    let plan = fixture.plan(&executor, d, options).await.unwrap();
    let died = tokio::select! {
        done = executor.apply(&plan) => { assert!(done.unwrap().complete()); executor.store.clone().close().await.unwrap(); false }
        () = of.dead.notified() => true,
    };
    drop(executor);
    fixture.release().await;
    died
}

#[test]
fn a_death_at_any_call_in_any_place_loses_and_doubles_nothing() {
    let d = stack();
    let whole = block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        fixture.apply(&d, &Options::default()).await;
        fixture.cloud.inventory()
    });
    let destroy = Options {
        destroy: true,
        ..Options::default()
    };
    let mut deaths = [0; 2];
    for (round, options) in [Options::default(), destroy.clone()].iter().enumerate() {
        for moment in (0..).flat_map(|call| [(call, false), (call, true)]) {
            let died = block_on(async {
                let fixture = Fixture::new(SandboxConfig::default());
                if options.destroy {
                    fixture.apply(&d, &Options::default()).await;
                }
                let died = die(&fixture, &d, options, moment).await;
                let (_, summary) = fixture.apply(&d, options).await;
                assert!(summary.complete(), "{moment:?}: {:?}", summary.failed);
                tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
                if options.destroy {
                    assert!(
                        fixture.cloud.is_empty(),
                        "{moment:?}: {:?}",
                        fixture.cloud.inventory()
                    );
                } else {
                    assert_eq!(fixture.cloud.inventory(), whole, "{moment:?}");
                    assert!(fixture.next(&d).await.is_empty(), "{moment:?}");
                }
                died
            });
            if !died {
                break;
            }
            deaths[round] += 1;
        }
    }
    println!(
        "{} deaths of a create and {} of a destroy in two regions of two accounts: 0 broken",
        deaths[0], deaths[1]
    );
    assert!(deaths[0] >= 2 * d.resources.len() && deaths[1] >= 2 * d.resources.len());
}

#[test]
fn every_fault_at_any_call_in_any_place_is_survived() {
    let d = stack();
    let (whole, calls) = block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let (plan, _) = fixture.apply(&d, &Options::default()).await;
        (fixture.cloud.inventory(), plan.mutating().count())
    });
    let runs = Mutex::new(0);
    for call in 0..calls {
        for fault in Fault::ALL {
            block_on(async {
                let fixture = Fixture::new(SandboxConfig::instant());
                let mut executor = fixture.executor(&d).await;
                executor.cloud = Arc::new(FaultInjector::new(
                    fixture.cloud.clone(),
                    FaultTarget::Call(call, fault),
                ));
                let plan = fixture.plan(&executor, &d, &Options::default()).await.unwrap();
                executor.apply(&plan).await.unwrap();
                executor.store.close().await.unwrap();
                let (_, summary) = fixture.apply(&d, &Options::default()).await;
                assert!(summary.complete(), "{call} {fault:?}: {:?}", summary.failed);
                assert_eq!(fixture.cloud.inventory(), whole, "{call} {fault:?}");
                assert!(fixture.next(&d).await.is_empty(), "{call} {fault:?}");
                *runs.lock().unwrap() += 1;
            });
        }
    }
    println!(
        "{} faults in two regions of two accounts: 0 broken",
        runs.lock().unwrap()
    );
}
