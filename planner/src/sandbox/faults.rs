//! Faults between the engine and a cloud: throttling, server errors, connections that break, replies that are lost,
//! credentials that expire, resources that exist but do not show yet.
//!
//! A [`FaultInjector`] stands before any cloud. It meets one chosen call with one fault, for sweeps, or a share of all
//! calls with faults that a seed chooses, for rehearsals, and refuses calls above a rate. Faults of the wire itself, which
//! the SDK sees first, are not injected here but by a proxy in front of an emulator.

use super::model;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Caller, Candidate, Cloud, Executed, Observed, Progress, Reply, Request},
    declaration::Place,
    resource::{LookupKind, ResourceType},
    value::{Owner, SecretSource},
};
use tokio::time::{Instant, sleep};

/// A fault of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
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
    /// No reply within a minute, though it was executed.
    TimeoutAfter,
    /// A reply nobody can read, though it was executed.
    GarbledAfter,
    /// The credentials have expired, and work again after four tries.
    Expired,
    /// Somebody else changes the same thing, twice.
    Concurrent,
    /// The resource to which the call refers was created a moment ago and is not visible to it, twice; the code is the one
    /// that the model of AWS has for the operation. A call that refers to nothing is left alone.
    NotVisible,
    /// Executed, the reply lost, and what was made does not appear for a minute.
    LostAndHidden,
    /// As [`LostAndHidden`](Self::LostAndHidden), and then the credentials have expired for 50 minutes: longer than a token
    /// is to be relied on.
    LostThenExpired,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Throttled,
        Self::Unavailable,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::TimeoutAfter,
        Self::GarbledAfter,
        Self::Expired,
        Self::Concurrent,
        Self::NotVisible,
        Self::LostAndHidden,
        Self::LostThenExpired,
    ];
}

/// The time for which the credentials of [`Fault::LostThenExpired`] do not work.
const EXPIRED_FOR: Duration = Duration::from_secs(50 * 60);

/// Calls that meet a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultTarget {
    /// None.
    Nothing,
    /// The call with this number, counted from 0 in the order in which calls first come.
    Call(usize, Fault),
    /// This share of calls, in percent; which, and with what, the seed says.
    Share(u8, u64),
}

/// A cloud whose calls meet faults.
pub struct FaultInjector {
    inner: Arc<dyn Cloud>,
    target: FaultTarget,
    /// The time for which a new resource does not show in reads.
    unseen: Duration,
    /// The factor by which pauses are shorter than at AWS.
    speed: f64,
    rate: Option<Rate>,
    /// The account and region that it stands before.
    place: Place,
    met: Arc<Met>,
}

/// The memory of the injectors before one cloud, in all of its accounts and regions.
#[derive(Default)]
struct Met {
    buckets: Mutex<HashMap<(Place, String), Bucket>>,
    turned_away: AtomicUsize,
    calls: AtomicUsize,
    hit: Mutex<HashMap<String, Hit>>,
    hidden: Mutex<HashMap<(Place, &'static str, String), Instant>>,
}

/// The rate of calls that a service accepts.
#[derive(Clone, Copy)]
struct Rate {
    burst: f64,
    per_second: f64,
}

/// The rest of a service's rate.
struct Bucket {
    tokens: f64,
    filled: Instant,
}

/// A call that is met with a fault, and how often it was tried.
#[derive(Clone, Copy)]
struct Hit {
    fault: Option<Fault>,
    tries: usize,
    since: Instant,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FaultInjector {
    /// `inner`, with faults where `target` says.
    pub fn new(inner: Arc<dyn Cloud>, target: FaultTarget) -> Self {
        Self {
            inner,
            target,
            unseen: Duration::ZERO,
            speed: 1.0,
            rate: None,
            place: Place::default(),
            met: Arc::default(),
        }
    }

    /// Nothing that is made shows in reads before this time has passed.
    #[must_use]
    pub fn unseen_for(mut self, time: Duration) -> Self {
        self.unseen = time;
        self
    }

    /// Pauses are so many times shorter, as a [`SandboxConfig`](super::SandboxConfig)'s are.
    #[must_use]
    pub fn at_speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// Each service takes `burst` mutating calls at once, and `per_second` from then on; others it turns away. It is the
    /// token bucket that EC2 describes for its API.
    #[must_use]
    pub fn at_most(mut self, burst: u32, per_second: u32) -> Self {
        self.rate = Some(Rate {
            burst: burst.into(),
            per_second: per_second.into(),
        });
        self
    }

    /// The count of calls that were refused because there were too many.
    pub fn turned_away(&self) -> usize {
        self.met.turned_away.load(Ordering::SeqCst)
    }

    /// Takes a token for a call of `service`; whether there was one.
    fn admits(&self, service: &str) -> bool {
        let Some(rate) = self.rate else { return true };
        let mut buckets = lock(&self.met.buckets);
        let now = Instant::now();
        let bucket = buckets
            .entry((self.place.clone(), service.to_owned()))
            .or_insert(Bucket {
                tokens: rate.burst,
                filled: now,
            });
        let passed = now.duration_since(bucket.filled).as_secs_f64() * self.speed;
        bucket.tokens = (bucket.tokens + passed * rate.per_second).min(rate.burst);
        bucket.filled = now;
        let admits = bucket.tokens >= 1.0;
        if admits {
            bucket.tokens -= 1.0;
        } else {
            self.met.turned_away.fetch_add(1, Ordering::SeqCst);
        }
        admits
    }

    fn scaled(&self, time: Duration) -> Duration {
        Duration::try_from_secs_f64(time.as_secs_f64() / self.speed).unwrap_or_default()
    }

    /// The fault of this try of a call, how many tries there were before, and how long ago the first was.
    fn meets(&self, op: &str) -> (Option<Fault>, usize, Duration) {
        let mut hit = lock(&self.met.hit);
        let known = hit.entry(op.to_owned()).or_insert_with(|| {
            let number = self.met.calls.fetch_add(1, Ordering::SeqCst);
            let fault = match self.target {
                FaultTarget::Nothing => None,
                FaultTarget::Call(chosen, fault) => (number == chosen).then_some(fault),
                FaultTarget::Share(percent, seed) => {
                    let random = scatter(seed.wrapping_add(number as u64));
                    let faults = Fault::ALL.len() as u64;
                    let which = usize::try_from((random / 100) % faults).unwrap_or_default();
                    (random % 100 < u64::from(percent)).then(|| Fault::ALL[which])
                }
            };
            Hit {
                fault,
                tries: 0,
                since: Instant::now(),
            }
        });
        known.tries += 1;
        (known.fault, known.tries - 1, known.since.elapsed())
    }

    /// Makes the call, and hides what it made for `unseen`.
    async fn execute(&self, request: Request<'_>, unseen: Duration) -> Result<Reply, CallError> {
        let (kind, effect) = (request.kind.name(), request.effect);
        let known = request.id.map(ToOwned::to_owned);
        let reply = self.inner.send(request).await;
        if let Ok(reply) = &reply
            && let (Effect::Create, Some(id), false) = (effect, reply.id.clone().or(known), unseen.is_zero())
        {
            lock(&self.met.hidden).insert(
                (self.place.clone(), kind, id),
                Instant::now() + self.scaled(unseen),
            );
        }
        reply
    }

    fn shown(&self, kind: &'static str, observed: Vec<Observed>) -> Vec<Observed> {
        let hidden = lock(&self.met.hidden);
        if hidden.is_empty() {
            return observed;
        }
        let now = Instant::now();
        observed
            .into_iter()
            .filter(|o| {
                hidden
                    .get(&(self.place.clone(), kind, o.id.clone()))
                    .is_none_or(|until| *until <= now)
            })
            .collect()
    }
}

/// `SplitMix64`: a number as good as random for each number.
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[async_trait::async_trait]
impl Cloud for FaultInjector {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.inner.caller().await
    }

    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        Ok(Arc::new(Self {
            inner: self.inner.at(place).await?,
            place: place.clone(),
            met: Arc::clone(&self.met),
            ..*self
        }))
    }

    // Long: an arm for each fault.
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let (fault, before, since) = self.meets(request.op);
        let (service, operation) = (request.service.to_owned(), request.operation.to_owned());
        let refused = |code: &str, http, why: &str| CallError {
            http: Some(http),
            ..CallError::refused(&service, &operation, code, why)
        };
        let unknown = |code: &str, http| CallError {
            http,
            outcome: Executed::Unknown,
            ..CallError::refused(&service, &operation, code, "a fault that was asked for")
        };
        let lost = |code: &str, http, reply: Result<Reply, CallError>| reply.and(Err(unknown(code, http)));
        let expired = || {
            let why = "The security token included in the request is expired";
            refused("ExpiredToken", 403, why)
        };
        if !self.admits(&service) {
            return Err(refused("RequestLimitExceeded", 503, "Request limit exceeded."));
        }
        let first = before == 0;
        match fault {
            Some(Fault::Throttled) if before < 3 => {
                Err(refused("RequestLimitExceeded", 400, "Request limit exceeded."))
            }
            Some(Fault::Unavailable) if first => Err(CallError {
                retry_after_ms: Some(crate::duration::millis(self.scaled(Duration::from_secs(3)))),
                ..unknown("ServiceUnavailable", Some(503))
            }),
            Some(Fault::ErrorBefore) if first => Err(unknown("InternalError", Some(500))),
            Some(Fault::ResetBefore) if first => Err(unknown(CallError::TRANSPORT, None)),
            Some(Fault::Expired) if before < 4 => Err(expired()),
            Some(Fault::LostThenExpired) if !first && since < self.scaled(EXPIRED_FOR) => Err(expired()),
            Some(Fault::Concurrent) if before < 2 => Err(refused(
                "ConcurrentModification",
                409,
                "a fault that was asked for",
            )),
            Some(Fault::NotVisible) if before < 2 => match model::unseen(&request) {
                Some((code, why)) => Err(refused(code, 400, why)),
                None => self.execute(request, self.unseen).await,
            },
            Some(Fault::ErrorAfter) if first => lost(
                "InternalError",
                Some(500),
                self.execute(request, self.unseen).await,
            ),
            Some(Fault::ResetAfter) if first => lost(
                CallError::TRANSPORT,
                None,
                self.execute(request, self.unseen).await,
            ),
            Some(Fault::TimeoutAfter) if first => {
                let reply = self.execute(request, self.unseen).await;
                sleep(self.scaled(Duration::from_secs(60))).await;
                lost(CallError::TIMEOUT, None, reply)
            }
            Some(Fault::GarbledAfter) if first => lost(
                CallError::GARBLED,
                Some(200),
                self.execute(request, self.unseen).await,
            ),
            Some(Fault::LostAndHidden | Fault::LostThenExpired) if first => {
                let unseen = self.unseen.max(Duration::from_secs(60));
                lost(CallError::TRANSPORT, None, self.execute(request, unseen).await)
            }
            _ => self.execute(request, self.unseen).await,
        }
    }

    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        self.inner.progress(kind, handle).await
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        Ok(self.shown(kind.name(), self.inner.read(kind, ids).await?))
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        Ok(self.shown(kind.name(), self.inner.find(kind, owner).await?))
    }

    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &serde_json::Value,
    ) -> Result<Vec<Observed>, CallError> {
        Ok(self.shown(kind.name(), self.inner.find_named(kind, inputs).await?))
    }

    async fn parts(
        &self,
        kind: &'static dyn ResourceType,
        of: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        Ok(self.shown(kind.name(), self.inner.parts(kind, of).await?))
    }

    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        Ok(self.shown(kind.name(), self.inner.made_with(kind, token).await?))
    }

    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        query: &serde_json::Value,
    ) -> Result<Vec<Candidate>, CallError> {
        self.inner.look_up(kind, query).await
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        self.inner.secret(source).await
    }
}
