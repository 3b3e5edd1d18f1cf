//! AWS as a [`Cloud`].

use super::{
    by::By,
    client::Aws,
    cloudcontrol,
    error::call_error,
    lookups,
    pages::READS_AT_ONCE,
    reader::{ReadFuture, Readable},
    trail,
};
use crate::{
    cloud::{
        AlarmState, CallError, Caller, Candidate, Cloud, Executed, LogEvent, LogPage, LogQuery, Observed,
        Progress, Reply, Request, Trace,
    },
    declaration::Place,
    erased::Erased,
    registry::each_type,
    resource::{LookupKind, ResourceType},
    value::{Owner, SecretSource},
};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

macro_rules! readers {
    ($($t:ty,)*) => {
        /// Every resource type, sorted by name.
        static READERS: &[&dyn Readable] = &[$(&Erased::<$t>::NEW),*];
    };
}

each_type!(readers);

/// The half of `kind` that needs the SDK.
///
/// # Errors
/// `kind` is not in the registry.
fn reader(
    kind: &dyn ResourceType,
    service: &str,
    operation: &str,
) -> Result<&'static dyn Readable, CallError> {
    if let Some(kind) = crate::cfn::of(kind.name()) {
        return Ok(kind);
    }
    let at = READERS.binary_search_by(|reader| reader.name().cmp(kind.name()));
    at.map(|at| READERS[at]).map_err(|_| {
        let why = format!("`{}` is not a type of this version", kind.name());
        CallError::refused(service, operation, CallError::UNSENDABLE, why)
    })
}

/// The half of `kind` that reads it.
fn reader_of(kind: &dyn ResourceType) -> Result<&'static dyn Readable, CallError> {
    let read = kind.read();
    reader(kind, read.service, read.operation)
}

/// Puts the bytes of secrets where their references stand; the result lives no longer than the call. Returns them, so that
/// they can be taken out of what is said of the call.
async fn reveal(aws: &Aws, value: &mut Value) -> Result<Vec<String>, CallError> {
    let mut sources = BTreeSet::new();
    crate::value::secrets(value, &mut sources);
    let mut plain = BTreeMap::new();
    for source in sources {
        let text = aws.secret(&source).await?;
        plain.insert(source, text);
    }
    crate::value::expose(value, &plain);
    Ok(plain.into_values().collect())
}

/// The error without the bytes of secrets, which AWS repeats.
fn hidden(mut error: CallError, revealed: &[String]) -> CallError {
    for plain in revealed {
        error.message = crate::value::without(&error.message, plain);
    }
    error
}

#[async_trait::async_trait]
impl Cloud for Aws {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.identity().cloned().ok_or_else(|| {
            CallError::refused("sts", "GetCallerIdentity", CallError::UNSENDABLE, "not connected")
        })
    }

    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        Ok(Arc::new(self.connect_at(place).await?))
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let Request {
            kind,
            service,
            operation,
            ..
        } = request;
        if service == crate::cfn::SERVICE {
            let mut params = request.params.clone();
            let revealed = reveal(self, &mut params).await?;
            return cloudcontrol::send(self, params)
                .await
                .map_err(|error| hidden(error, &revealed));
        }
        let reader = reader(kind, service, operation)?;
        let all = reader.senders().iter();
        let Some(sender) = all
            .copied()
            .find(|s| s.service == service && s.operation == operation)
        else {
            let why = format!("`{}` makes no such call in this version", kind.name());
            return Err(CallError::refused(service, operation, CallError::UNSENDABLE, why));
        };
        let mut params = request.params.clone();
        let revealed = reveal(self, &mut params).await?;
        sender
            .send(self, params)
            .await
            .map_err(|error| hidden(error, &revealed))
    }

    async fn progress(&self, _: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        cloudcontrol::progress(self, handle).await
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        // Many APIs read one resource a call: side by side, or a large stack's refresh would take minutes.
        let reader = reader_of(kind)?;
        let mut batches: Vec<ReadFuture<'_>> = vec![];
        for ids in ids.chunks(kind.read().batch.max(1)) {
            batches.push(reader.observe(self, By::Ids(ids)));
        }
        let read: Vec<Vec<Observed>> = stream::iter(batches)
            .buffered(READS_AT_ONCE)
            .try_collect()
            .await?;
        Ok(read.into_iter().flatten().collect())
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        if !kind.taggable() {
            return Ok(vec![]);
        }
        reader_of(kind)?.observe(self, By::Owner(owner)).await
    }

    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError> {
        reader_of(kind)?.named(self, inputs).await
    }

    async fn parts(
        &self,
        kind: &'static dyn ResourceType,
        of: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        reader_of(kind)?.parts(self, of).await
    }

    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        reader_of(kind)?.made_with(self, token).await
    }

    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        query: &Value,
    ) -> Result<Vec<Candidate>, CallError> {
        lookups::candidates(self, kind, query).await
    }

    async fn log_events(&self, query: &LogQuery<'_>) -> Result<LogPage, CallError> {
        let from = i64::try_from(query.from_ms).unwrap_or(i64::MAX);
        let reply = self
            .logs
            .filter_log_events()
            .log_group_name(query.group)
            .set_log_stream_name_prefix(query.prefix.map(ToOwned::to_owned))
            .start_time(from)
            .set_next_token(query.next.map(ToOwned::to_owned))
            .send()
            .await;
        let reply = reply.map_err(|e| call_error("logs", "FilterLogEvents", e))?;
        let event = |event: super::sdk::logs::types::FilteredLogEvent| LogEvent {
            at_ms: event
                .timestamp
                .and_then(|ms| u64::try_from(ms).ok())
                .unwrap_or_default(),
            stream: event.log_stream_name.unwrap_or_default(),
            message: event.message.unwrap_or_default(),
            id: event.event_id.unwrap_or_default(),
        };
        Ok(LogPage {
            events: reply.events.unwrap_or_default().into_iter().map(event).collect(),
            next: reply.next_token,
        })
    }

    async fn alarm_state(&self, name: &str) -> Result<Option<AlarmState>, CallError> {
        use super::sdk::cloudwatch::types::StateValue;
        let reply = self.cloudwatch.describe_alarms().alarm_names(name).send().await;
        let reply = reply.map_err(|e| call_error("cloudwatch", "DescribeAlarms", e))?;
        let alarms = reply.metric_alarms.unwrap_or_default().into_iter();
        // A state that this version does not know is none that an experiment may go on in.
        let state = alarms.filter_map(|alarm| alarm.state_value).next();
        Ok(state.map(|state| match state {
            StateValue::Ok => AlarmState::Ok,
            StateValue::InsufficientData => AlarmState::InsufficientData,
            _ => AlarmState::Alarm,
        }))
    }

    async fn traces(&self, _: &'static dyn ResourceType, id: &str) -> Result<Vec<Trace>, CallError> {
        trail::traces(self, id).await
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        let missing = |service: &str, operation: &str| CallError {
            outcome: Executed::No,
            ..CallError::unknown(
                service,
                operation,
                CallError::UNSENDABLE,
                format!("{source} has no value"),
            )
        };
        match source {
            SecretSource::Env(name) => std::env::var(name).map_err(|_| missing("env", "Read")),
            SecretSource::SsmParameter(name) => {
                let reply = self
                    .ssm
                    .get_parameter()
                    .name(name)
                    .with_decryption(true)
                    .send()
                    .await;
                let reply = reply.map_err(|e| call_error("ssm", "GetParameter", e))?;
                reply
                    .parameter
                    .and_then(|p| p.value)
                    .ok_or_else(|| missing("ssm", "GetParameter"))
            }
            SecretSource::Generated(password) => {
                // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
                let request = self.secretsmanager.get_random_password();
                let excluded = Some(password.exclude_characters.clone()).filter(|text| !text.is_empty());
                let reply = request
                    .password_length(password.length.into())
                    .set_exclude_characters(excluded)
                    .exclude_numbers(password.exclude_numbers)
                    .exclude_punctuation(password.exclude_punctuation)
                    .exclude_uppercase(password.exclude_uppercase)
                    .exclude_lowercase(password.exclude_lowercase)
                    .require_each_included_type(true)
                    .send()
                    .await;
                let reply = reply.map_err(|e| call_error("secretsmanager", "GetRandomPassword", e))?;
                let made = reply.random_password;
                made.map(|made| password.text(made))
                    .ok_or_else(|| missing("secretsmanager", "GetRandomPassword"))
            }
            SecretSource::SecretsManager(id) => {
                let reply = self.secretsmanager.get_secret_value().secret_id(id).send().await;
                let reply = reply.map_err(|e| call_error("secretsmanager", "GetSecretValue", e))?;
                reply
                    .secret_string
                    .ok_or_else(|| missing("secretsmanager", "GetSecretValue"))
            }
        }
    }
}
