//! The interface to a cloud: send a call, read a batch.
//!
//! The sandbox, AWS, and anything that speaks AWS's API implement [`Cloud`]. An implementation does not retry, wait or
//! remember: that is the executor's.

pub use crate::status::Status;
use crate::{
    call::{Effect, Name},
    declaration::Place,
    resource::{LookupKind, ResourceType},
    value::{Owner, SecretSource},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// The identity of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The account, 12 digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// The ARN of the user or role.
    pub arn: String,
    /// Endpoints of calls when they are not AWS's, by service; `*` is every other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub endpoints: BTreeMap<String, String>,
}

/// Endpoints by service, for people: `http://localhost:4566, http://localhost:4582 (cloudwatch)`.
pub fn listed(endpoints: &BTreeMap<String, String>) -> String {
    let one = |(service, url): (&String, &String)| match service.as_str() {
        "*" => url.clone(),
        service => format!("{url} ({service})"),
    };
    endpoints.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A call about to be made: nothing in it is unknown any more, but secrets are still references.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The operation's id, durable before this leaves; it is also the idempotency token.
    pub op: &'a str,
    /// The type of the resource.
    pub kind: &'static dyn ResourceType,
    /// The resource's id, when it is known: always, except on a create whose id AWS decides.
    pub id: Option<&'a str>,
    /// The SDK module of the service.
    pub service: &'a str,
    /// The operation.
    pub operation: &'a str,
    /// The effect.
    pub effect: Effect,
    /// The fields that hold their new value once it is done.
    pub sets: &'a [Name],
    /// The members that are set.
    pub params: &'a Value,
    /// The inputs that the resource is to have in the end; a fake applies the fields in `sets`.
    pub inputs: &'a Value,
}

impl std::fmt::Debug for dyn ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Something that a lookup may mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The name or id by which people know it.
    pub label: String,
    /// Everything that a query can ask for, under the names of the query's members.
    pub facts: Value,
    /// The outputs.
    pub outputs: Value,
}

impl std::fmt::Debug for dyn LookupKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The reply to a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The id AWS gave, on a create whose id AWS decides.
    pub id: Option<String>,
    /// The handle under which AWS goes on with the call, where the reply is not its end: [`Cloud::progress`] says how far it is.
    pub handle: Option<String>,
}

impl Reply {
    /// The reply to a create whose id AWS decides.
    pub fn of(id: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            handle: None,
        }
    }
}

/// Progress of a call that was answered with a handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// AWS is at it; the milliseconds after which it wants to be asked again, where it says so.
    Running(Option<u64>),
    /// The call took effect, on the resource with this id.
    Done(String),
    /// The call failed.
    Failed {
        /// AWS's code for the reason.
        code: String,
        /// AWS's message.
        message: String,
        /// The id of the resource that a create leaves behind although it failed.
        id: Option<String>,
    },
    /// AWS knows of no such call: it forgets them after days.
    Forgotten,
}

/// A resource as the cloud has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// The id.
    pub id: String,
    /// The status.
    pub status: Status,
    /// The inputs, as far as AWS gives them back; tags included.
    pub inputs: Value,
    /// The outputs, as far as they are known yet; others are null.
    pub outputs: Value,
}

/// A question for events of a log group, from the oldest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogQuery<'a> {
    /// The name of the log group.
    pub group: &'a str,
    /// The beginning of the names of the streams; all streams without it.
    pub prefix: Option<&'a str>,
    /// The time of the oldest event, in milliseconds since 1970-01-01 UTC.
    pub from_ms: u64,
    /// The token of the page, from the page before.
    pub next: Option<&'a str>,
}

/// An event of a log group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEvent {
    /// The time of the event, in milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
    /// The name of the stream.
    pub stream: String,
    /// The text, as it was written.
    pub message: String,
    /// AWS's id of the event: the same whenever it is read.
    pub id: String,
}

/// A page of events; there may be more behind an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The events.
    pub events: Vec<LogEvent>,
    /// The token of the next page; none behind the last.
    pub next: Option<String>,
}

/// The state of an alarm.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmState {
    /// The metric is within the threshold.
    Ok,
    /// The metric is outside of the threshold.
    Alarm,
    /// The alarm has just begun, or there is not enough data.
    InsufficientData,
}

/// A call that somebody made on a resource, as AWS's record of calls has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The time, in milliseconds since 1970-01-01 UTC; of a sandbox, by its own clock.
    pub at_ms: u64,
    /// The ARN of the user or of the role's session, or a name where there is no ARN.
    pub who: String,
    /// The operation, such as `ModifyVpcAttribute`.
    pub operation: String,
    /// The address or the service that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The id of the event.
    pub event: String,
}

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{service}:{operation}: {code}: {message}")]
pub struct CallError {
    /// The SDK module of the service.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// The error code, as AWS sends it, or one of ours from [`CallError::TIMEOUT`] on.
    pub code: String,
    /// AWS's message, or ours.
    pub message: String,
    /// The HTTP status, when there was a reply.
    pub http: Option<u16>,
    /// The outcome: the call may have been executed all the same.
    pub outcome: Executed,
    /// AWS's id of the request, for its support.
    pub request_id: Option<String>,
    /// The time that AWS asks to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// The outcome of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Executed {
    /// AWS answered, and said no.
    No,
    /// The reply was lost, late, broken or a server error: it may have been.
    Unknown,
}

impl CallError {
    /// Code for a call without a reply in time.
    pub const TIMEOUT: &'static str = "Timeout";
    /// Code for a connection that broke.
    pub const TRANSPORT: &'static str = "Transport";
    /// Code for a reply that could not be read.
    pub const GARBLED: &'static str = "GarbledReply";
    /// Code for a list that does not end.
    pub const ENDLESS: &'static str = "EndlessList";
    /// Code for a call that this build cannot send.
    pub const UNSENDABLE: &'static str = "Unsendable";
    /// Code for credentials that cannot be had.
    pub const CREDENTIALS: &'static str = "NoCredentials";

    /// AWS said no.
    pub fn refused(service: &str, operation: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            operation: operation.into(),
            code: code.into(),
            message: message.into(),
            http: Some(400),
            outcome: Executed::No,
            request_id: None,
            retry_after_ms: None,
        }
    }

    /// Nobody knows whether it was executed.
    pub fn unknown(service: &str, operation: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            http: None,
            outcome: Executed::Unknown,
            ..Self::refused(service, operation, code, message)
        }
    }
}

/// A cloud.
#[async_trait::async_trait]
pub trait Cloud: Send + Sync {
    /// Says who we are; the first thing that is asked.
    async fn caller(&self) -> Result<Caller, CallError>;

    /// The same cloud in another account or region: everything that is asked of what this returns is asked there.
    ///
    /// # Errors
    /// The role may not be assumed, or this cloud has one place only.
    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        let why = format!("this cloud does not reach {place}");
        Err(CallError::refused(
            "sts",
            "AssumeRole",
            CallError::UNSENDABLE,
            why,
        ))
    }

    /// Makes one call, once.
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError>;

    /// Says how far a call is that was answered with `handle`, for types whose calls are.
    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        let why = format!(
            "no call of a `{}` is answered with a handle such as {handle}",
            kind.name()
        );
        let service = kind.read().service;
        Err(CallError::refused(
            service,
            "Progress",
            CallError::UNSENDABLE,
            why,
        ))
    }

    /// Reads the resources of a type that have these ids, in as few calls as the API allows. Absent ones are left out.
    async fn read(&self, kind: &'static dyn ResourceType, ids: &[String])
    -> Result<Vec<Observed>, CallError>;

    /// Reads the resources of a type that carry the owner's tags; empty for types that take no tags.
    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError>;

    /// Reads the resources of a type that have the [unique name](ResourceType::unique_name) in `inputs`, whoever made them.
    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError>;

    /// Reads what the create call with this token made, for types that [keep it](ResourceType::keeps_token); empty for
    /// others.
    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError>;

    /// Reads the resources of a type that are [inside](ResourceType::inside) of these, whoever made them, without what AWS itself puts
    /// there; none for types that are inside of nothing.
    async fn parts(
        &self,
        _kind: &'static dyn ResourceType,
        _of: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        Ok(vec![])
    }

    /// Reads what a lookup may mean; more than it means, where that helps to say what came near.
    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        _query: &Value,
    ) -> Result<Vec<Candidate>, CallError> {
        let why = "this cloud answers no lookups";
        Err(CallError::refused(
            "lookup",
            kind.name(),
            CallError::UNSENDABLE,
            why,
        ))
    }

    /// Reads a page of the events of a log group.
    /// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>
    async fn log_events(&self, _query: &LogQuery<'_>) -> Result<LogPage, CallError> {
        let why = "this cloud keeps no logs";
        Err(CallError::refused(
            "logs",
            "FilterLogEvents",
            CallError::UNSENDABLE,
            why,
        ))
    }

    /// Reads the state of the alarm with this name; `None` where there is no such alarm.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html>
    async fn alarm_state(&self, _name: &str) -> Result<Option<AlarmState>, CallError> {
        let why = "this cloud evaluates no alarms";
        Err(CallError::refused(
            "cloudwatch",
            "DescribeAlarms",
            CallError::UNSENDABLE,
            why,
        ))
    }

    /// Reads who changed the resource of this type and id lately, the newest call first; empty where nothing is known of it.
    async fn traces(&self, _kind: &'static dyn ResourceType, _id: &str) -> Result<Vec<Trace>, CallError> {
        Ok(vec![])
    }

    /// Reads a secret that the cloud keeps.
    async fn secret(&self, source: &SecretSource) -> Result<String, CallError>;
}
