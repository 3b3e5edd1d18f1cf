//! One mutating call, from its intent to its outcome; and one wait.

use super::{
    Class, Executor, classify,
    context::Context,
    millis,
    poll::{Found, Pollers},
    retry::Backoff,
};
use crate::{
    Error, PlannedCall,
    declare::kind_of,
    event::Event,
    ownership::{self, Recovery, record_from},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Observed, Reply, Request, Status},
    resource::ResourceType,
};
use tenon_state::{Intent, Outcome, Phase, Record, RecordKey, StateWrite};
use tokio::time::{Instant, sleep, timeout};

/// Why a call is not done.
#[derive(Debug)]
pub(super) enum Failed {
    /// Somebody asked to stop, and it had not begun, or it was a wait.
    Stopped,
    /// For good; a sentence for people.
    Refused(String),
    /// The state cannot be kept: nothing more may be sent.
    State(Error),
}

impl From<tenon_state::Error> for Failed {
    fn from(error: tenon_state::Error) -> Self {
        Self::State(Error::State(error))
    }
}

/// How long a token is relied on. ACM forgets one after an hour, and EC2 does not say when.
const TOKEN_LIVES: Duration = Duration::from_secs(30 * 60);

/// Whose it is that keeps a create from making it.
enum Existing {
    Ours(String),
    Anothers,
    /// AWS does not show it, or cannot be asked: the next run finds out.
    Unseen,
}

/// A call with everything known that can be known before it is sent.
struct Prepared {
    kind: &'static dyn ResourceType,
    key: RecordKey,
    op: String,
    digest: String,
    params: Value,
    /// The inputs the resource has in the end.
    inputs: Value,
    id: Option<String>,
    /// How what the call makes is found, and what proves that it is ours.
    recovery: Recovery,
}

/// Whether the call carries an idempotency token.
fn has_token(params: &Value) -> bool {
    match params {
        Value::Object(map) => map.contains_key("$token") || map.values().any(has_token),
        Value::Array(items) => items.iter().any(has_token),
        _ => false,
    }
}

fn fill_token(params: &mut Value, op: &str) {
    match params {
        Value::Object(map) if map.contains_key("$token") => *params = json!(op),
        Value::Object(map) => map.values_mut().for_each(|v| fill_token(v, op)),
        Value::Array(items) => items.iter_mut().for_each(|v| fill_token(v, op)),
        _ => {}
    }
}

impl Executor {
    /// Makes one call. Returns the id, when the call made something.
    pub(super) async fn call(
        &self,
        number: usize,
        planned: &PlannedCall,
        context: &Context,
    ) -> Result<Option<String>, Failed> {
        if self.stop.requested() {
            return Err(Failed::Stopped);
        }
        let prepared = self.prepare(planned, context)?;
        let step = &planned.step;
        let creates = step.effect == Effect::Create;
        if creates && let Some(id) = self.check_name_free(planned, context, &prepared).await? {
            return Ok(Some(id));
        }
        let intent = Intent {
            op: prepared.op.clone(),
            address: planned.address.clone(),
            generation: planned.generation,
            kind: planned.kind.clone(),
            service: step.service.clone(),
            operation: step.operation.clone(),
            effect: format!("{:?}", step.effect).to_lowercase(),
            digest: prepared.digest.clone(),
            key: prepared.id.clone(),
            at_ms: (self.settings.now_ms)(),
        };
        if creates {
            // Should nobody hear of this run again, what it was about to make is on record.
            let record = self.begun(planned, context, &prepared, None);
            self.store
                .begin_with(intent, vec![StateWrite::Put(record)])
                .await?;
        } else {
            self.store.begin(intent).await?;
        }
        match self.send(number, planned, &prepared).await {
            Ok(reply) => {
                let id = reply.id.or_else(|| prepared.id.clone());
                let changes = self.changes(planned, context, &prepared, id.clone());
                self.store
                    .end(&prepared.op, Outcome::Done, changes.clone())
                    .await?;
                book(context, &changes);
                Ok(id.filter(|_| creates))
            }
            Err((error, known)) => {
                let why = self.explain(planned, &error, known);
                let (code, message) = (error.code, error.message);
                let outcome = if known {
                    Outcome::Refused { code, message }
                } else {
                    Outcome::Unknown { reason: why.clone() }
                };
                let nothing_made = creates && known;
                let gone = StateWrite::Remove {
                    address: planned.address.clone(),
                    generation: planned.generation,
                };
                let changes = if nothing_made { vec![gone] } else { vec![] };
                self.store.end(&prepared.op, outcome, changes.clone()).await?;
                book(context, &changes);
                Err(Failed::Refused(why))
            }
        }
    }

    fn prepare(&self, planned: &PlannedCall, context: &Context) -> Result<Prepared, Failed> {
        let bug = |why: String| {
            Failed::State(Error::Bug(format!(
                "{} of `{}`: {why}",
                planned.title(),
                planned.address
            )))
        };
        let kind = kind_of(&planned.kind, &planned.address).map_err(Failed::State)?;
        let key = RecordKey::new(planned.address.clone(), planned.generation);
        let unknown = |r| bug(format!("`{r}` is not known when it is needed"));
        let mut params = context.resolve(&planned.step.params, &key).map_err(unknown)?;
        let existing = context.record(&key);
        let inputs = match context
            .decision(&planned.address)
            .filter(|d| d.generation == planned.generation)
        {
            Some(d) if planned.step.effect != Effect::Delete => {
                let resolved = context.resolve(&d.inputs, &key).map_err(unknown)?;
                kind.canonical(&resolved).map_err(|e| bug(e.to_string()))?
            }
            _ => existing.as_ref().map(|r| r.inputs.clone()).unwrap_or_default(),
        };
        let recovery = Recovery::of(kind, &inputs);
        let id = if planned.step.effect == Effect::Create {
            recovery.id().map(ToOwned::to_owned)
        } else {
            existing.and_then(|r| r.id)
        };
        let mut hash = Sha256::new();
        hash.update(format!("{}:{}\0", planned.step.service, planned.step.operation));
        hash.update(params.to_string());
        let digest = hex::encode(hash.finalize());
        let op = (self.settings.new_op)();
        if has_token(&params) {
            fill_token(&mut params, &op);
        }
        Ok(Prepared {
            kind,
            key,
            op,
            digest,
            params,
            inputs,
            id,
            recovery,
        })
    }

    /// Looks whether the id or the name of what is to be made is free. Many create calls overwrite what somebody else made
    /// under it, or hand it back as if they had made it. What is ours already becomes the record, and is not made again.
    async fn check_name_free(
        &self,
        planned: &PlannedCall,
        context: &Context,
        prepared: &Prepared,
    ) -> Result<Option<String>, Failed> {
        let Some(unique) = prepared.recovery.unique() else {
            return Ok(None);
        };
        let found = match self.find_made(planned, prepared).await {
            Ok(found) => found.into_iter().next(),
            Err(error) => {
                return Err(Failed::Refused(format!(
                    "whether `{unique}` exists could not be read: {error}"
                )));
            }
        };
        let Some(found) = found.filter(|o| !matches!(o.status, Status::Leaving(_))) else {
            return Ok(None);
        };
        let owner = self.owner(&planned.address, planned.generation);
        if !prepared.recovery.is_ours(&owner, &found, false) {
            return Err(Failed::Refused(ownership::taken(unique, &found)));
        }
        let begun = self.begun(planned, context, prepared, None);
        let record = record_from(prepared.kind, prepared.key.clone(), &found, Some(&begun));
        self.store.record(vec![StateWrite::Put(record.clone())]).await?;
        context.put(record);
        Ok(Some(found.id))
    }

    /// Sends a call until it is done, or will not be. The error says whether it is known not to have been executed.
    async fn send(
        &self,
        number: usize,
        planned: &PlannedCall,
        prepared: &Prepared,
    ) -> Result<Reply, (CallError, bool)> {
        let step = &planned.step;
        let (begun, begun_ms) = (Instant::now(), (self.settings.now_ms)());
        let seed = prepared
            .op
            .bytes()
            .fold(0u64, |a, b| a.wrapping_mul(31).wrapping_add(u64::from(b)));
        let mut backoff = Backoff::new(seed);
        let mut uncertain = false;
        let mut paused = false;
        loop {
            let age = self.age(begun, begun_ms);
            let reply = self.attempt(planned, prepared, uncertain, age).await;
            let error = match reply {
                Ok(reply) => {
                    self.budgets.succeeded(&step.service);
                    if paused {
                        (self.sink)(Event::Resumed);
                    }
                    return Ok(reply);
                }
                Err(error) => error,
            };
            let class = classify(&error, &step.rules);
            let limit = match class {
                Class::Done => return Ok(Reply::default()),
                Class::Throttled => {
                    self.budgets.throttled(&step.service);
                    self.settings.throttled
                }
                Class::NotYet(Some(seconds)) => Duration::from_secs(seconds.into()),
                Class::NotYet(None) | Class::Concurrent => self.settings.consistency,
                Class::Credentials => {
                    if !paused {
                        (self.sink)(Event::Paused {
                            why: error.to_string(),
                        });
                    }
                    paused = true;
                    self.settings.credentials
                }
                Class::Unknown => {
                    uncertain = true;
                    match self.look_for(planned, prepared, self.age(begun, begun_ms)).await {
                        Ok(Some(id)) => return Ok(Reply { id: Some(id) }),
                        Ok(None) => self.settings.throttled,
                        // Nobody can say: the intent stays open for the next run.
                        Err(_) => return Err((error, false)),
                    }
                }
                Class::Exists if step.effect == Effect::Create => {
                    return match self.find_existing(planned, prepared, uncertain).await {
                        Existing::Ours(id) => Ok(Reply { id: Some(id) }),
                        Existing::Anothers => Err((error, true)),
                        Existing::Unseen => Err((error, false)),
                    };
                }
                Class::Exists | Class::Quota | Class::Refused => return Err((error, !uncertain)),
            };
            if begun.elapsed() >= limit || (self.stop.requested() && class != Class::Unknown) {
                return Err((error, !uncertain));
            }
            let pause = backoff.next(error.retry_after_ms);
            let pause = pause.max(self.budgets.turn(&step.service));
            (self.sink)(Event::Retrying {
                call: number,
                address: planned.address.clone(),
                why: format!("{}: {}", error.code, error.message),
                after_ms: millis(pause),
            });
            // A brake ends the pause; the loop then ends the call.
            let _ = timeout(pause, self.stop.wait()).await;
            if self.stop.requested() {
                sleep(Duration::from_millis(1)).await;
            }
            // The lease may have been lost meanwhile; whoever has it now counts on our silence.
            if self.store.may_send().is_err() {
                return Err((error, !uncertain));
            }
        }
    }

    /// How long ago that was. The clock of a machine stands still while it sleeps; the wall's, and AWS's, do not.
    fn age(&self, begun: Instant, begun_ms: u64) -> Duration {
        let by_wall = (self.settings.now_ms)().saturating_sub(begun_ms);
        begun.elapsed().max(Duration::from_millis(by_wall))
    }

    /// Sends a call once.
    async fn attempt(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
        uncertain: bool,
        age: Duration,
    ) -> Result<Reply, CallError> {
        // A pause may have outlived the token (credentials are waited for up to an hour), and then the same request would
        // make a second one.
        if uncertain
            && age >= TOKEN_LIVES
            && let Some(id) = self.look_for(planned, prepared, age).await?
        {
            return Ok(Reply { id: Some(id) });
        }
        let step = &planned.step;
        let request = Request {
            op: &prepared.op,
            kind: prepared.kind,
            id: prepared.id.as_deref(),
            service: &step.service,
            operation: &step.operation,
            effect: step.effect,
            sets: &step.sets,
            params: &prepared.params,
            inputs: &prepared.inputs,
        };
        self.cloud.send(request).await
    }

    /// After a create whose reply was lost: is it there? `None`: it may be sent again without making a second one.
    async fn look_for(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
        age: Duration,
    ) -> Result<Option<String>, CallError> {
        if planned.step.effect != Effect::Create {
            // Changes and deletes may be repeated: they say what should be, and their rules know "already so".
            return Ok(None);
        }
        // With a token that AWS still knows, or with an id or a name that only one can have, the same call cannot make a second
        // one. Otherwise only time tells whether the first one was executed.
        let token = has_token(&planned.step.params) && age < TOKEN_LIVES;
        let window = if token || prepared.recovery.unique().is_some() {
            Duration::ZERO
        } else {
            self.settings.visible
        };
        let until = Instant::now() + window;
        let mut backoff = Backoff::new(1);
        loop {
            let found = self.find_made(planned, prepared).await?;
            if let Some(id) = self.own_among(found, planned, prepared, true) {
                return Ok(Some(id));
            }
            if Instant::now() >= until {
                return Ok(None);
            }
            sleep(backoff.next(None)).await;
        }
    }

    /// After a create that was told it exists already: it is ours, if an earlier try made it, in this run or in one that
    /// was cut off. What AWS has but does not show yet is waited for: only the sight of another's mark says whose it is.
    async fn find_existing(&self, planned: &PlannedCall, prepared: &Prepared, sent: bool) -> Existing {
        let until = Instant::now() + self.settings.visible;
        let mut backoff = Backoff::new(4);
        loop {
            let Ok(found) = self.find_made(planned, prepared).await else {
                return Existing::Unseen;
            };
            let shown = !found.is_empty() || !prepared.recovery.shows_what_is_in_the_way();
            if let Some(id) = self.own_among(found, planned, prepared, sent) {
                return Existing::Ours(id);
            }
            if shown {
                return Existing::Anothers;
            }
            if Instant::now() >= until || self.stop.requested() {
                return Existing::Unseen;
            }
            sleep(backoff.next(None)).await;
        }
    }

    /// Reads what there is that `planned` may have made.
    async fn find_made(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
    ) -> Result<Vec<Observed>, CallError> {
        let owner = self.owner(&planned.address, planned.generation);
        let (cloud, recovery) = (self.cloud.as_ref(), &prepared.recovery);
        recovery
            .find(cloud, prepared.kind, &prepared.inputs, &prepared.op, &owner)
            .await
    }

    /// The id of the one that is the very resource that `planned` makes.
    fn own_among(
        &self,
        found: Vec<Observed>,
        planned: &PlannedCall,
        prepared: &Prepared,
        sent: bool,
    ) -> Option<String> {
        let owner = self.owner(&planned.address, planned.generation);
        let ours = |o: &Observed| prepared.recovery.is_ours(&owner, o, sent);
        found.into_iter().find(ours).map(|o| o.id)
    }

    /// What becomes of the record when the call is done.
    fn changes(
        &self,
        planned: &PlannedCall,
        context: &Context,
        prepared: &Prepared,
        id: Option<String>,
    ) -> Vec<StateWrite> {
        let RecordKey { address, generation } = prepared.key.clone();
        match planned.step.effect {
            Effect::Create => vec![StateWrite::Put(self.begun(planned, context, prepared, id))],
            Effect::Update => {
                let Some(mut record) = context.record(&prepared.key) else {
                    return vec![];
                };
                for field in &planned.step.sets {
                    record.inputs[field] = prepared.inputs[field].clone();
                }
                if let Some(d) = context
                    .decision(&planned.address)
                    .filter(|d| d.generation == generation)
                {
                    record.dependencies.clone_from(&d.dependencies);
                    record.declared.clone_from(&d.declared);
                }
                vec![StateWrite::Put(record)]
            }
            Effect::Delete => {
                let Some(record) = context.record(&prepared.key) else {
                    return vec![];
                };
                let steps = prepared.kind.delete(&record.inputs).unwrap_or_default();
                let takes_time = steps.iter().any(|s| matches!(s.effect, Effect::Gone(_)));
                let last = steps.iter().rfind(|s| s.effect == Effect::Delete);
                if last.is_some_and(|l| l.operation != planned.step.operation) {
                    return vec![];
                }
                if takes_time {
                    return vec![StateWrite::Put(Record {
                        phase: Phase::Deleting,
                        ..record
                    })];
                }
                vec![StateWrite::Remove { address, generation }]
            }
            Effect::Ready(_) | Effect::Gone(_) => vec![],
        }
    }

    /// The record of a resource that is about to be made, or was just made: only the fields that the call sets.
    fn begun(
        &self,
        planned: &PlannedCall,
        context: &Context,
        prepared: &Prepared,
        id: Option<String>,
    ) -> Record {
        let decision = context.decision(&planned.address);
        let mut inputs = prepared.inputs.clone();
        for field in prepared
            .kind
            .fields()
            .iter()
            .filter(|f| !planned.step.sets.iter().any(|s| s == f.name))
        {
            inputs[field.name] = field.default.map_or(Value::Null, |d| d());
        }
        let outputs = id.as_ref().map_or_else(|| json!({}), |id| json!({ "id": id }));
        Record {
            address: planned.address.clone(),
            kind: planned.kind.clone(),
            generation: planned.generation,
            id,
            inputs,
            outputs,
            dependencies: decision.map(|d| d.dependencies.clone()).unwrap_or_default(),
            phase: Phase::Creating,
            declared: decision.and_then(|d| d.declared.clone()),
        }
    }

    fn explain(&self, planned: &PlannedCall, error: &CallError, known: bool) -> String {
        let mut why = format!("{}: {}", error.code, error.message);
        if let Some(id) = &error.request_id {
            why.push_str(&format!(" (AWS request {id})"));
        }
        let hint = match classify(error, &planned.step.rules) {
            Class::Exists if planned.step.effect == Effect::Create && known => {
                "It does not carry this stack's ownership tags: give the resource another name, or import that one"
                    .into()
            }
            Class::Quota => {
                "a quota of the account is used up: raise it with Service Quotas, or free some".into()
            }
            Class::Credentials => {
                "the credentials were not renewed in time: log in again, then apply again".into()
            }
            Class::Throttled => {
                "AWS kept throttling: apply again later, or with a smaller --parallelism".into()
            }
            Class::Exists if planned.step.effect == Effect::Create => {
                "AWS does not show it yet; the next apply finds out first whose it is".into()
            }
            Class::Unknown => "whether it was executed is not known; the next apply finds out first".into(),
            Class::Refused if error.code.contains("AccessDenied") || error.code.contains("Unauthorized") => {
                format!(
                    "the credentials lack {}",
                    planned
                        .step
                        .actions
                        .first()
                        .map_or("a permission", String::as_str)
                )
            }
            _ => return why,
        };
        format!("{why}. {hint}")
    }

    /// Waits until a resource is ready or gone.
    pub(super) async fn wait(
        &self,
        number: usize,
        planned: &PlannedCall,
        context: &Arc<Context>,
        pollers: &Pollers,
    ) -> Result<Option<String>, Failed> {
        let key = RecordKey::new(planned.address.clone(), planned.generation);
        let (Effect::Ready(limit) | Effect::Gone(limit)) = planned.step.effect else {
            return Ok(None);
        };
        let gone = matches!(planned.step.effect, Effect::Gone(_));
        let kind = kind_of(&planned.kind, &planned.address).map_err(Failed::State)?;
        let Some(record) = context.record(&key) else {
            // The delete found it gone already, and nothing is recorded any more.
            return if gone {
                Ok(None)
            } else {
                Err(Failed::Refused("it is not recorded".into()))
            };
        };
        let id = record.id.clone().unwrap_or_default();
        let mut news = pollers.watch(kind, id);
        let until = Instant::now() + Duration::from_secs(limit.into());
        let mut last = String::new();
        loop {
            let found = tokio::select! {
                found = news.recv() => found,
                () = tokio::time::sleep_until(until) => {
                    return Err(Failed::Refused(self.gave_up(gone, limit, &last)));
                }
            };
            let status = match found {
                None => return Err(Failed::Stopped),
                Some(Found::Broken(error)) => {
                    return Err(Failed::Refused(format!("it could not be read: {error}")));
                }
                Some(Found::Absent) if gone => {
                    let RecordKey { address, generation } = key.clone();
                    let change = vec![StateWrite::Remove { address, generation }];
                    self.store.record(change.clone()).await?;
                    book(context, &change);
                    return Ok(None);
                }
                Some(Found::Absent) => "not visible yet".into(),
                Some(Found::Here(seen)) => match seen.status {
                    Status::Ready if !gone => {
                        let current = context.record(&key).unwrap_or(record);
                        let ready = Record {
                            outputs: seen.outputs,
                            phase: Phase::Ready,
                            ..current
                        };
                        self.store.record(vec![StateWrite::Put(ready.clone())]).await?;
                        context.put(ready);
                        return Ok(None);
                    }
                    // It was ready before, a person stopped it, and the calls before this wait were accepted all the same:
                    // nothing is left to wait for, and what is recorded of its outputs still holds.
                    Status::Stopped(_) if !gone && record.phase == Phase::Ready => return Ok(None),
                    Status::Stopped(why) if !gone => {
                        return Err(Failed::Refused(format!(
                            "it is {why}, and was never ready: start it, then apply again"
                        )));
                    }
                    Status::Impaired(why) if !gone && kind.impaired_ends_wait() => {
                        return Err(Failed::Refused(format!("it is impaired: {why}")));
                    }
                    // What is about to be gone may have failed: it is deleted all the same.
                    Status::Failed(why) if !gone => {
                        return Err(Failed::Refused(format!("it failed: {why}")));
                    }
                    Status::Leaving(why) if !gone => {
                        return Err(Failed::Refused(format!("it is being deleted: {why}")));
                    }
                    Status::Ready => "still there".into(),
                    Status::Pending(status)
                    | Status::Leaving(status)
                    | Status::Stopped(status)
                    | Status::Impaired(status)
                    | Status::Failed(status) => status,
                },
            };
            if status != last {
                last.clone_from(&status);
                (self.sink)(Event::Waiting {
                    call: number,
                    address: planned.address.clone(),
                    status,
                });
            }
        }
    }

    fn gave_up(&self, gone: bool, limit: u32, last: &str) -> String {
        let what = if gone { "gone" } else { "ready" };
        let last = if last.is_empty() {
            String::new()
        } else {
            format!(" (last seen: {last})")
        };
        format!(
            "it was not {what} after {} minutes{last}; the next apply waits again",
            limit / 60
        )
    }
}

fn book(context: &Context, changes: &[StateWrite]) {
    for change in changes {
        match change {
            StateWrite::Put(record) => context.put(record.clone()),
            StateWrite::Remove { address, generation } => {
                context.remove(&RecordKey::new(address.clone(), *generation));
            }
            StateWrite::Outputs(_) | StateWrite::Target { .. } => {}
        }
    }
}
