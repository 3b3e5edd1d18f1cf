//! Cloud Control, for the types that are made from a schema: one client for all of them.

use super::{
    by::By,
    client::Aws,
    error::call_error,
    reader::{ReadFuture, Readable},
    sdk,
    send::{SendFuture, Sender},
};
use crate::{
    cfn::{SERVICE, Type},
    cloud::{CallError, Observed, Progress, Reply},
    resource::ResourceType,
};
use futures::{StreamExt, TryStreamExt, stream};
use sdk::cloudcontrol::types::{OperationStatus, ProgressEvent};
use serde_json::{Map, Value};
use std::time::{SystemTime, UNIX_EPOCH};

/// Reads of an owner's resources at once.
const AT_ONCE: usize = 10;

fn text(params: &Value, member: &str) -> Option<String> {
    params.get(member).and_then(Value::as_str).map(ToOwned::to_owned)
}

/// A document as the text that AWS takes, with the bytes of its secrets where they belong.
fn document(params: &Value, member: &str) -> Option<String> {
    fn plain(value: &Value) -> Value {
        match value {
            Value::Object(map) => match map.get("$plain") {
                Some(bytes) => bytes.clone(),
                None => Value::Object(map.iter().map(|(k, v)| (k.clone(), plain(v))).collect()),
            },
            Value::Array(items) => items.iter().map(plain).collect(),
            other => other.clone(),
        }
    }
    params.get(member).map(|value| plain(value).to_string())
}

/// Sends a mutating call.
pub(super) fn send(aws: &Aws, params: Value) -> SendFuture<'_> {
    Box::pin(async move {
        let client = &aws.cloudcontrol;
        let (name, id, token) = (
            text(&params, "TypeName"),
            text(&params, "Identifier"),
            text(&params, "ClientToken"),
        );
        let event = if let Some(state) = document(&params, "DesiredState") {
            let call = client
                .create_resource()
                .set_type_name(name)
                .desired_state(state)
                .set_client_token(token);
            let reply = call
                .send()
                .await
                .map_err(|e| call_error(SERVICE, "CreateResource", e))?;
            reply.progress_event
        } else if let Some(patch) = document(&params, "PatchDocument") {
            let call = client
                .update_resource()
                .set_type_name(name)
                .set_identifier(id)
                .patch_document(patch);
            let reply = call
                .set_client_token(token)
                .send()
                .await
                .map_err(|e| call_error(SERVICE, "UpdateResource", e))?;
            reply.progress_event
        } else {
            let call = client
                .delete_resource()
                .set_type_name(name)
                .set_identifier(id)
                .set_client_token(token);
            let reply = call
                .send()
                .await
                .map_err(|e| call_error(SERVICE, "DeleteResource", e))?;
            reply.progress_event
        };
        let handle = event.and_then(|event| event.request_token);
        // Without the token nobody can ask how it ends: the same request under the same client token is answered again.
        let lacks = || {
            CallError::unknown(
                SERVICE,
                "CreateResource",
                CallError::GARBLED,
                "the reply has no RequestToken",
            )
        };
        Ok(Reply {
            id: None,
            handle: Some(handle.ok_or_else(lacks)?),
        })
    })
}

/// Asks how far a request is.
pub(super) async fn progress(aws: &Aws, handle: &str) -> Result<Progress, CallError> {
    const OPERATION: &str = "GetResourceRequestStatus";
    let reply = aws
        .cloudcontrol
        .get_resource_request_status()
        .request_token(handle)
        .send()
        .await;
    let event = match reply {
        Ok(reply) => reply.progress_event,
        Err(error) => {
            let error = call_error(SERVICE, OPERATION, error);
            return if error.code == "RequestTokenNotFoundException" {
                Ok(Progress::Forgotten)
            } else {
                Err(error)
            };
        }
    };
    let lacks = |what: &str| {
        CallError::unknown(
            SERVICE,
            OPERATION,
            CallError::GARBLED,
            format!("the reply has no {what}"),
        )
    };
    let event = event.ok_or_else(|| lacks("ProgressEvent"))?;
    Ok(match &event.operation_status {
        Some(OperationStatus::Success) => {
            Progress::Done(event.identifier.ok_or_else(|| lacks("Identifier"))?)
        }
        Some(OperationStatus::Failed | OperationStatus::CancelComplete) => Progress::Failed {
            code: event
                .error_code
                .as_ref()
                .map_or("GeneralServiceException", |code| code.as_str())
                .to_owned(),
            message: event.status_message.unwrap_or_default(),
            id: event.identifier,
        },
        _ => Progress::Running(pause(&event)),
    })
}

/// The milliseconds until AWS wants to be asked again.
fn pause(event: &ProgressEvent) -> Option<u64> {
    let at = u128::try_from(event.retry_after?.to_millis().ok()?).ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis();
    u64::try_from(at.saturating_sub(now)).ok()
}

impl Readable for Type {
    fn name(&self) -> &'static str {
        ResourceType::name(self)
    }
    /// Their calls are sent by [`send`].
    fn senders(&self) -> &'static [Sender] {
        &[]
    }
    fn observe<'a>(&self, aws: &'a Aws, by: By<'a>) -> ReadFuture<'a> {
        observe(ResourceType::name(self), aws, by)
    }
    fn named<'a>(&self, _: &'a Aws, _: &Value) -> ReadFuture<'a> {
        Box::pin(std::future::ready(Ok(vec![])))
    }
    fn parts<'a>(&self, _: &'a Aws, _: &'a [String]) -> ReadFuture<'a> {
        Box::pin(std::future::ready(Ok(vec![])))
    }
    fn made_with<'a>(&self, _: &'a Aws, _: &'a str) -> ReadFuture<'a> {
        Box::pin(std::future::ready(Ok(vec![])))
    }
}

/// Reads resources of the type called `name`.
fn observe<'a>(name: &'static str, aws: &'a Aws, by: By<'a>) -> ReadFuture<'a> {
    Box::pin(async move {
        let Some(kind) = crate::cfn::of(name) else {
            return Ok(vec![]);
        };
        let ids = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => listed(aws, kind).await?,
        };
        let reads = ids
            .into_iter()
            .map(|id| async move { read(aws, kind, &id).await });
        let found: Vec<Option<Observed>> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
        let mut found: Vec<Observed> = found.into_iter().flatten().collect();
        if let By::Owner(owner) = by {
            found.retain(|one| {
                let tags = serde_json::from_value(one.inputs["tags"].clone());
                tags.is_ok_and(|tags| owner.owns(&tags))
            });
        }
        Ok(found)
    })
}

async fn read(aws: &Aws, kind: &Type, id: &str) -> Result<Option<Observed>, CallError> {
    let reply = aws
        .cloudcontrol
        .get_resource()
        .type_name(&kind.schema.name)
        .identifier(id)
        .send()
        .await;
    let described = match reply {
        Ok(reply) => reply.resource_description,
        Err(error) => {
            let error = call_error(SERVICE, "GetResource", error);
            return if error.code == "ResourceNotFoundException" {
                Ok(None)
            } else {
                Err(error)
            };
        }
    };
    let garbled = |why: String| CallError::unknown(SERVICE, "GetResource", CallError::GARBLED, why);
    let properties = described
        .and_then(|d| d.properties)
        .ok_or_else(|| garbled("the reply has no Properties".into()))?;
    let model: Map<String, Value> = serde_json::from_str(&properties).map_err(|e| garbled(e.to_string()))?;
    Ok(Some(kind.observed(id, &model)))
}

/// The ids of all resources of a type; none for a type that AWS lists by its parent alone.
async fn listed(aws: &Aws, kind: &Type) -> Result<Vec<String>, CallError> {
    let schema = kind.schema;
    if !schema.actions.contains_key("list") || !schema.listed_by.is_empty() {
        return Ok(vec![]);
    }
    let pages = aws
        .cloudcontrol
        .list_resources()
        .type_name(&schema.name)
        .into_paginator();
    let mut pages = pages.send();
    let mut ids = vec![];
    while let Some(page) = pages.next().await {
        let page = page.map_err(|e| call_error(SERVICE, "ListResources", e))?;
        let described = page.resource_descriptions.unwrap_or_default();
        ids.extend(described.into_iter().filter_map(|d| d.identifier));
    }
    Ok(ids)
}
