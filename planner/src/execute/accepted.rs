//! Calls that AWS answers with a handle, and goes on with: Cloud Control's.
//!
//! The handle of a create is durable before anything else happens, in the record that the intent brought with it: whoever comes after
//! a crash asks AWS by it. A crash before the handle was heard leaves the intent and everything that was sent; the very same request
//! under the same token is then answered with the same handle, and makes nothing twice.
//! <https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations.html>

use super::{executor::Executor, prepare::Prepared, retry::Backoff, settle::Verdict};
use crate::{
    Error,
    ownership::{FAILED, Recovery, record_from},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use tenon_resources::{
    call::Effect,
    cfn::TOKEN_LIVES,
    cloud::{CallError, Cloud, Observed, Progress, Reply, Request, Status},
    resource::ResourceType,
};
use tenon_state::{Intent, Record, RecordKey, StateWrite};
use tokio::time::{Instant, sleep};

/// The key among a record's outputs for the handle of its create.
const HANDLE: &str = "handle";
/// The key among a record's outputs for the token of its create, where that is not the operation's id.
const TOKEN: &str = "token";
/// The time for which a poll that fails is tried again: AWS goes on meanwhile.
const POLLS: Duration = Duration::from_secs(15 * 60);

/// The token of a call's attempt: a failed request keeps its token for good, so that the next one needs another.
pub(super) fn token(op: &str, failed: u32) -> String {
    if failed == 0 {
        op.to_owned()
    } else {
        format!("{op}-{failed}")
    }
}

/// A digest of a call without its token.
pub(super) fn digest(service: &str, operation: &str, params: &Value) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{service}:{operation}\0"));
    hash.update(params.to_string());
    hex::encode(hash.finalize())
}

impl Executor {
    /// Waits for the end of a call that was answered with `handle`.
    pub(super) async fn accepted(
        &self,
        prepared: &Prepared,
        effect: Effect,
        handle: &str,
    ) -> Result<Reply, CallError> {
        let creates = effect == Effect::Create;
        if creates {
            self.note(&prepared.key, None, HANDLE, handle).await?;
        }
        match self
            .until_done(prepared.cloud.as_ref(), prepared.kind, handle)
            .await?
        {
            Progress::Done(id) => Ok(Reply::of(id)),
            Progress::Failed { code, message, id } => {
                if let (true, Some(id)) = (creates, id) {
                    self.note(&prepared.key, Some(id), FAILED, &format!("{code}: {message}"))
                        .await?;
                }
                Err(CallError::refused(
                    prepared.kind.read().service,
                    operation(effect),
                    &code,
                    message,
                ))
            }
            Progress::Running(_) | Progress::Forgotten => Err(unheard(
                prepared.kind,
                operation(effect),
                "AWS has forgotten the request",
            )),
        }
    }

    /// Makes what is about to be sent durable, where it is not what the intent says.
    pub(super) async fn note_token(&self, prepared: &Prepared, token: &str) -> Result<(), CallError> {
        self.note(&prepared.key, None, TOKEN, token).await
    }

    async fn note(
        &self,
        key: &RecordKey,
        id: Option<String>,
        name: &str,
        text: &str,
    ) -> Result<(), CallError> {
        let Some(record) = self.store.get(key) else {
            return Ok(());
        };
        let mut record = Arc::unwrap_or_clone(record);
        record.outputs[name] = json!(text);
        if let Some(id) = id {
            record.outputs["id"] = json!(id);
            record.id = Some(id);
        }
        let written = self.store.record(vec![StateWrite::Put(record)]).await;
        written
            .map_err(|error| CallError::unknown("state", "Write", CallError::UNSENDABLE, error.to_string()))
    }

    /// Asks how far it is until it is done or has failed. A poll that fails says nothing of the call.
    async fn until_done(
        &self,
        cloud: &dyn Cloud,
        kind: &'static dyn ResourceType,
        handle: &str,
    ) -> Result<Progress, CallError> {
        let mut backoff = Backoff::new(3);
        let mut fails_until = None;
        loop {
            let pause = match cloud.progress(kind, handle).await {
                Ok(Progress::Running(after)) => {
                    fails_until = None;
                    let asked = after.map(Duration::from_millis).unwrap_or_default();
                    asked
                        .max(self.settings.poll.0)
                        .min(self.settings.poll.1.max(self.settings.poll.0))
                }
                Ok(ended) => return Ok(ended),
                Err(error) => {
                    let until = *fails_until.get_or_insert_with(|| Instant::now() + POLLS);
                    if Instant::now() >= until {
                        return Err(unheard(kind, &error.operation, &error.message));
                    }
                    backoff.next(error.retry_after_ms)
                }
            };
            sleep(pause).await;
        }
    }

    /// Finds out what became of a create that an earlier run left open: by its handle, by its id, by its tags, by sending it again.
    // Long: one way to find it stands after the other.
    pub(super) async fn settle_request(
        &self,
        intent: &Intent,
        kind: &'static dyn ResourceType,
        key: &RecordKey,
    ) -> Result<Verdict, Error> {
        let failed = |source| Error::Cloud {
            what: format!(
                "what became of the create of `{}` could not be read",
                intent.address
            ),
            source,
        };
        let Some(begun) = self.store.get(key) else {
            return Ok(Verdict::Not(vec![], "it is not recorded".into()));
        };
        if let Some(handle) = begun.outputs.get(HANDLE).and_then(Value::as_str)
            && let Some(verdict) = self
                .settle_handle(kind, key, &begun, handle)
                .await
                .map_err(failed)?
        {
            return Ok(verdict);
        }
        let recovery = Recovery::with_id(kind, intent.key.as_deref(), &begun.inputs);
        let owner = self.owner(&intent.address, intent.generation);
        let cloud = self.cloud_of(Some(&begun)).await.map_err(failed)?;
        let found = recovery.find(cloud.as_ref(), kind, &begun.inputs, &intent.op, &owner);
        let found = found.await.map_err(failed)?.into_iter();
        let mut ours =
            found.filter(|o| recovery.is_ours(&owner, o, true) && !matches!(o.status, Status::Leaving(_)));
        if let Some(found) = ours.next() {
            return Ok(made(kind, key, &begun, &found));
        }
        let age = (self.settings.now_ms)().saturating_sub(intent.at_ms) / 1000;
        if age < TOKEN_LIVES
            && let Some(reply) = self.send_again(intent, kind, &begun).await.map_err(failed)?
        {
            let verdict = match (reply.handle, reply.id) {
                (Some(handle), _) => {
                    self.note(key, None, HANDLE, &handle).await.map_err(failed)?;
                    self.settle_handle(kind, key, &begun, &handle)
                        .await
                        .map_err(failed)?
                }
                (None, Some(id)) => Some(self.taken(kind, key, &begun, id).await.map_err(failed)?),
                (None, None) => None,
            };
            if let Some(verdict) = verdict {
                return Ok(verdict);
            }
        }
        let RecordKey { address, generation } = key.clone();
        let nothing = vec![StateWrite::Remove { address, generation }];
        let text = if recovery.id().is_some() || kind.taggable() {
            "it was not made".to_owned()
        } else {
            format!(
                "AWS has forgotten the request; if a `{}` of that time exists, import it",
                kind.name()
            )
        };
        Ok(Verdict::Not(nothing, text))
    }

    /// The end of a request by its handle; `None` where AWS has forgotten it.
    async fn settle_handle(
        &self,
        kind: &'static dyn ResourceType,
        key: &RecordKey,
        begun: &Arc<Record>,
        handle: &str,
    ) -> Result<Option<Verdict>, CallError> {
        let RecordKey { address, generation } = key.clone();
        let cloud = self.cloud_of(Some(begun)).await?;
        Ok(match self.until_done(cloud.as_ref(), kind, handle).await? {
            Progress::Done(id) => Some(self.taken(kind, key, begun, id).await?),
            Progress::Failed {
                code,
                message,
                id: Some(id),
            } => {
                let mut record = Record::clone(begun);
                record.outputs = json!({ "id": id, FAILED: format!("{code}: {message}") });
                record.id = Some(id.clone());
                Some(Verdict::Executed(
                    vec![StateWrite::Put(record)],
                    format!("it failed and left {id}: {code}: {message}"),
                ))
            }
            Progress::Failed {
                code,
                message,
                id: None,
            } => {
                let nothing = vec![StateWrite::Remove { address, generation }];
                Some(Verdict::Not(
                    nothing,
                    format!("it was not made: {code}: {message}"),
                ))
            }
            Progress::Running(_) | Progress::Forgotten => None,
        })
    }

    /// The record of what a create has made, which may not be shown yet.
    async fn taken(
        &self,
        kind: &'static dyn ResourceType,
        key: &RecordKey,
        begun: &Arc<Record>,
        id: String,
    ) -> Result<Verdict, CallError> {
        let cloud = self.cloud_of(Some(begun)).await?;
        let found = super::retry::read_with_retry(cloud.as_ref(), kind, std::slice::from_ref(&id)).await?;
        if let Some(found) = found.into_iter().find(|o| o.id == id) {
            return Ok(made(kind, key, begun, &found));
        }
        let mut record = Record::clone(begun);
        record.outputs = json!({ "id": id });
        record.id = Some(id.clone());
        Ok(Verdict::Executed(
            vec![StateWrite::Put(record)],
            format!("it was made: {id}"),
        ))
    }

    /// Sends the create of an open intent again, if it is the very same request; `None` where it would be another, or is refused.
    async fn send_again(
        &self,
        intent: &Intent,
        kind: &'static dyn ResourceType,
        begun: &Record,
    ) -> Result<Option<Reply>, CallError> {
        let steps = kind.create(&begun.inputs).unwrap_or_default();
        let Some(step) = steps.iter().find(|step| step.effect == Effect::Create) else {
            return Ok(None);
        };
        if digest(&step.service, &step.operation, &step.params) != intent.digest {
            return Ok(None);
        }
        let token = begun
            .outputs
            .get(TOKEN)
            .and_then(Value::as_str)
            .unwrap_or(&intent.op);
        let mut params = step.params.value();
        super::prepare::fill_token(&mut params, token);
        let request = Request {
            op: &intent.op,
            kind,
            id: intent.key.as_deref(),
            service: &step.service,
            operation: &step.operation,
            effect: Effect::Create,
            sets: &step.sets,
            params: &params,
            inputs: &begun.inputs,
        };
        let cloud = self.cloud_of(Some(begun)).await?;
        let mut backoff = Backoff::new(5);
        for _ in 0..4 {
            match cloud.send(request.clone()).await {
                Ok(reply) => return Ok(Some(reply)),
                Err(error) if error.http == Some(400) && !throttled(&error) => return Ok(None),
                Err(error) => sleep(backoff.next(error.retry_after_ms)).await,
            }
        }
        cloud.send(request).await.map(Some)
    }
}

fn throttled(error: &CallError) -> bool {
    super::classify::classify(error, super::classify::Known::default()) == super::classify::Class::Throttled
}

fn made(kind: &'static dyn ResourceType, key: &RecordKey, begun: &Record, found: &Observed) -> Verdict {
    let record = record_from(kind, key.clone(), found, Some(begun));
    Verdict::Executed(
        vec![StateWrite::Put(record)],
        format!("it was made: {}", found.id),
    )
}

fn operation(effect: Effect) -> &'static str {
    match effect {
        Effect::Create => "CreateResource",
        Effect::Update => "UpdateResource",
        _ => "DeleteResource",
    }
}

fn unheard(kind: &dyn ResourceType, operation: &str, why: &str) -> CallError {
    CallError::unknown(
        kind.read().service,
        operation,
        CallError::TIMEOUT,
        format!("the end of the request was not heard: {why}"),
    )
}
