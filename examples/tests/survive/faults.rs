//! Each kind of fault at each call of the platform's creation: the run must end as if nothing had happened.

use crate::{
    cut::Moments,
    oracle::{Place, block_on, platform},
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tenon_planner::Options;
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Caller, Cloud, Executed, Observed, Reply, Request},
    resource::ResourceType,
    value::{Owner, SecretSource},
};
use tokio::time::{Instant, sleep};

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Turned away three times.
    Throttled,
    /// 503 that says so, with a time to wait.
    Unavailable,
    /// A server error, and nothing was done.
    ErrorBefore,
    /// A server error after the work was done.
    ErrorAfter,
    /// The connection breaks before the call is executed.
    ResetBefore,
    /// The connection breaks after it was executed.
    ResetAfter,
    /// No reply in time, though it was executed.
    TimeoutAfter,
    /// A reply nobody can read, though it was executed.
    GarbledAfter,
    /// The credentials have expired, and work again after a while.
    Expired,
    /// Somebody else changes the same thing.
    Concurrent,
    /// Executed, the reply lost, and what was made does not appear for a minute.
    LostAndHidden,
}

const FAULTS: [Fault; 11] = [
    Fault::Throttled,
    Fault::Unavailable,
    Fault::ErrorBefore,
    Fault::ErrorAfter,
    Fault::ResetBefore,
    Fault::ResetAfter,
    Fault::TimeoutAfter,
    Fault::GarbledAfter,
    Fault::Expired,
    Fault::Concurrent,
    Fault::LostAndHidden,
];

/// A cloud in which one call meets one fault.
pub(crate) struct Faulty {
    inner: Arc<dyn Cloud>,
    fault: Fault,
    at: usize,
    calls: AtomicUsize,
    /// How often the chosen call was tried.
    tries: AtomicUsize,
    chosen: Mutex<Option<String>>,
    hidden_until: Mutex<Option<Instant>>,
    hidden: Mutex<BTreeSet<(String, String)>>,
}

impl Faulty {
    async fn execute(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let (kind, effect) = (request.kind.name(), request.effect);
        let known = request.id.map(ToOwned::to_owned);
        let reply = self.inner.send(request).await;
        if let Ok(reply) = &reply
            && let (Effect::Create, Some(id)) = (effect, reply.id.clone().or(known))
        {
            self.hidden.lock().unwrap().insert((kind.into(), id));
        }
        reply
    }

    fn visible(&self, kind: &str, seen: Vec<Observed>) -> Vec<Observed> {
        let hiding = self
            .hidden_until
            .lock()
            .unwrap()
            .is_some_and(|until| Instant::now() < until);
        if !hiding {
            return seen;
        }
        let hidden = self.hidden.lock().unwrap();
        seen.into_iter()
            .filter(|o| !hidden.contains(&(kind.into(), o.id.clone())))
            .collect()
    }
}

#[async_trait::async_trait]
impl Cloud for Faulty {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.inner.caller().await
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let (service, operation) = (request.service.to_owned(), request.operation.to_owned());
        let chosen = {
            let mut chosen = self.chosen.lock().unwrap();
            if chosen.is_none() && self.calls.fetch_add(1, Ordering::SeqCst) == self.at {
                *chosen = Some(request.op.to_owned());
            }
            chosen.as_deref() == Some(request.op)
        };
        let first = chosen && self.tries.fetch_add(1, Ordering::SeqCst) == 0;
        let tries = self.tries.load(Ordering::SeqCst);
        let refused = |code: &str, http| CallError {
            http: Some(http),
            ..CallError::refused(&service, &operation, code, "as the test wants it")
        };
        let unknown = |code: &str, http| CallError {
            http,
            outcome: Executed::Unknown,
            ..CallError::refused(&service, &operation, code, "as the test wants it")
        };
        match self.fault {
            Fault::Throttled if chosen && tries <= 3 => Err(refused("RequestLimitExceeded", 400)),
            Fault::Unavailable if first => Err(CallError {
                retry_after_ms: Some(3000),
                ..unknown("ServiceUnavailable", Some(503))
            }),
            Fault::ErrorBefore if first => Err(unknown("InternalError", Some(500))),
            Fault::ResetBefore if first => Err(unknown(CallError::TRANSPORT, None)),
            Fault::Expired if chosen && tries <= 4 => Err(refused("ExpiredToken", 403)),
            Fault::Concurrent if chosen && tries <= 2 => Err(refused("ConcurrentModification", 409)),
            Fault::ErrorAfter if first => self
                .execute(request)
                .await
                .and(Err(unknown("InternalError", Some(500)))),
            Fault::ResetAfter if first => self
                .execute(request)
                .await
                .and(Err(unknown(CallError::TRANSPORT, None))),
            Fault::TimeoutAfter if first => {
                let reply = self.execute(request).await;
                sleep(Duration::from_secs(60)).await;
                reply.and(Err(unknown(CallError::TIMEOUT, None)))
            }
            Fault::GarbledAfter if first => self
                .execute(request)
                .await
                .and(Err(unknown(CallError::GARBLED, Some(200)))),
            Fault::LostAndHidden if first => {
                *self.hidden_until.lock().unwrap() = Some(Instant::now() + Duration::from_secs(60));
                self.hidden.lock().unwrap().clear();
                self.execute(request)
                    .await
                    .and(Err(unknown(CallError::TRANSPORT, None)))
            }
            _ => self.inner.send(request).await,
        }
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        Ok(self.visible(kind.name(), self.inner.read(kind, ids).await?))
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        Ok(self.visible(kind.name(), self.inner.find(kind, owner).await?))
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        self.inner.secret(source).await
    }
}

#[test]
fn every_fault_at_every_call_ends_well() {
    block_on(async {
        let declared = platform();
        let whole = Place::new();
        let count = {
            let moments = Moments::until(usize::MAX);
            whole.run(&declared, &Options::default(), &moments).await.unwrap();
            moments.executed.lock().unwrap().len()
        };
        let step = std::env::var("TENON_SWEEP_STEP")
            .ok()
            .and_then(|s| s.parse().ok())
            .unwrap_or(1);
        let (mut runs, mut broken) = (0, vec![]);
        for fault in FAULTS {
            for at in (0..count).step_by(step) {
                let place = Place::new();
                let moments = Moments::until(usize::MAX);
                let summary = place
                    .run_on(&declared, &Options::default(), &moments, |inner| {
                        Arc::new(Faulty {
                            inner,
                            fault,
                            at,
                            calls: AtomicUsize::new(0),
                            tries: AtomicUsize::new(0),
                            chosen: Mutex::default(),
                            hidden_until: Mutex::default(),
                            hidden: Mutex::default(),
                        })
                    })
                    .await;
                let announced = moments.unannounced.lock().unwrap().is_empty();
                let verdict = match summary {
                    Err(error) => Err(error.to_string()),
                    Ok(summary) if !summary.complete() => Err(format!("{:?}", summary.failed)),
                    Ok(_) if !announced => Err("a call came before its intent".into()),
                    Ok(_) => place.check(&declared, false, &BTreeSet::new()).await,
                };
                runs += 1;
                if let Err(why) = verdict {
                    broken.push(format!("{fault:?} at call {at}: {why}"));
                }
            }
        }
        println!(
            "{} fault kinds at {count} calls: {runs} runs, {} broken",
            FAULTS.len(),
            broken.len()
        );
        let shown = broken.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
        assert!(broken.is_empty(), "{} of {runs} broken:\n{shown}", broken.len());
    });
}
