//! `CloudTrail`'s event history: who changed a resource.

use super::{
    client::Aws,
    error::call_error,
    sdk::cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey},
};
use crate::cloud::{CallError, Trace};
use serde_json::Value;

/// The most events of a resource that are asked for: the newest come first.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>: 50 a page, two requests a second.
const EVENTS: i32 = 20;

/// The changes of the resource called `id`: under the id as it is, and under the name that is its last part.
pub(super) async fn traces(aws: &Aws, id: &str) -> Result<Vec<Trace>, CallError> {
    let found = named(aws, id).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    match id.rsplit(['/', ':']).next() {
        Some(name) if name != id && !name.is_empty() => named(aws, name).await,
        _ => Ok(found),
    }
}

async fn named(aws: &Aws, name: &str) -> Result<Vec<Trace>, CallError> {
    let unsendable =
        |why: String| CallError::refused("cloudtrail", "LookupEvents", CallError::UNSENDABLE, why);
    let of = LookupAttribute::builder()
        .attribute_key(LookupAttributeKey::ResourceName)
        .attribute_value(name)
        .build()
        .map_err(|e| unsendable(e.to_string()))?;
    let reply = aws
        .cloudtrail
        .lookup_events()
        .lookup_attributes(of)
        .max_results(EVENTS)
        .send()
        .await
        .map_err(|e| call_error("cloudtrail", "LookupEvents", e))?;
    let changes = reply.events().iter().filter(|e| e.read_only() != Some("true"));
    Ok(changes.map(trace).collect())
}

/// An event: its text is the whole record, which has the ARN and the address.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
fn trace(event: &Event) -> Trace {
    let record: Value = event
        .cloud_trail_event()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let who = text(&record["userIdentity"]["arn"])
        .or_else(|| text(&record["userIdentity"]["invokedBy"]))
        .or_else(|| event.username().map(ToOwned::to_owned));
    let at_ms = event.event_time().and_then(|at| at.to_millis().ok());
    Trace {
        at_ms: at_ms.and_then(|ms| u64::try_from(ms).ok()).unwrap_or_default(),
        who: who.unwrap_or_else(|| "somebody".into()),
        operation: event.event_name().unwrap_or_default().into(),
        source: text(&record["sourceIPAddress"]),
        event: event.event_id().unwrap_or_default().into(),
    }
}
