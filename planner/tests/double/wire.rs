//! A cloud that speaks Cloud Control to the double: in this process, or over a socket.

use axum::{Router, body::Body, http::Request as Http};
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};
use tenon_resources::{
    cfn::{self, SERVICE},
    cloud::{CallError, Caller, Cloud, Observed, Progress, Reply, Request},
    resource::ResourceType,
    value::{Owner, SecretSource},
};
use tower::ServiceExt;

/// The bytes of every secret.
pub(crate) const CANARY: &str = "canary-2b1e7f60";

/// The way to the double.
pub(crate) enum Wire {
    /// Its routes, in this process.
    Here(Router),
    /// Its address.
    There(SocketAddr),
}

/// A document with the bytes of its secrets.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) if map.contains_key("$secret") => json!(CANARY),
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), plain(v))).collect()),
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

fn broken(operation: &str, why: impl ToString) -> CallError {
    CallError::unknown(SERVICE, operation, CallError::TRANSPORT, why.to_string())
}

impl Wire {
    async fn exchange(&self, operation: &str, body: String) -> Result<(u16, Vec<u8>), CallError> {
        let target = format!("CloudApiService.{operation}");
        match self {
            Self::Here(router) => {
                let request = Http::post("/")
                    .header("x-amz-target", target)
                    .body(Body::from(body));
                let response = router.clone().oneshot(request.unwrap()).await.unwrap();
                let status = response.status().as_u16();
                let bytes = response.into_body().collect().await.unwrap().to_bytes();
                Ok((status, bytes.to_vec()))
            }
            Self::There(address) => {
                let address = *address;
                let head = format!(
                    "POST / HTTP/1.1\r\nhost: double\r\nconnection: close\r\nx-amz-target: {target}\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                let asked = tokio::task::spawn_blocking(move || {
                    let mut stream = TcpStream::connect(address)?;
                    stream.write_all((head + &body).as_bytes())?;
                    let mut answer = vec![];
                    stream.read_to_end(&mut answer).map(|_| answer)
                });
                let answer = asked.await.unwrap().map_err(|why| broken(operation, why))?;
                let text = String::from_utf8_lossy(&answer).into_owned();
                let (head, body) = text
                    .split_once("\r\n\r\n")
                    .ok_or_else(|| broken(operation, "no reply"))?;
                let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
                Ok((
                    status.ok_or_else(|| broken(operation, "no status"))?,
                    body.as_bytes().to_vec(),
                ))
            }
        }
    }

    async fn call(&self, operation: &str, body: Value) -> Result<Value, CallError> {
        let (status, bytes) = self.exchange(operation, body.to_string()).await?;
        let reply: Value = serde_json::from_slice(&bytes).map_err(|why| broken(operation, why))?;
        let code = reply["__type"].as_str().unwrap_or_default();
        let code = code.rsplit('#').next().unwrap_or_default();
        let message = reply["Message"].as_str().unwrap_or_default();
        match status {
            200 => Ok(reply),
            400..500 => Err(CallError::refused(SERVICE, operation, code, message)),
            _ => Err(CallError {
                http: Some(status),
                ..CallError::unknown(SERVICE, operation, code, message)
            }),
        }
    }

    async fn one(&self, kind: &cfn::Type, id: &str) -> Result<Option<Observed>, CallError> {
        let asked = json!({ "TypeName": kind.schema.name, "Identifier": id });
        let reply = match self.call("GetResource", asked).await {
            Err(error) if error.code == "ResourceNotFoundException" => return Ok(None),
            reply => reply?,
        };
        let properties = reply["ResourceDescription"]["Properties"]
            .as_str()
            .unwrap_or_default();
        let model: Map<String, Value> =
            serde_json::from_str(properties).map_err(|why| broken("GetResource", why))?;
        Ok(Some(kind.observed(id, &model)))
    }
}

#[async_trait::async_trait]
impl Cloud for Wire {
    async fn caller(&self) -> Result<Caller, CallError> {
        Ok(Caller {
            account: "111111111111".into(),
            region: "eu-west-1".into(),
            arn: "arn:aws:iam::111111111111:role/test".into(),
            endpoints: [("*".to_owned(), "http://127.0.0.1".to_owned())].into(),
        })
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let mut body = request.params.clone();
        for member in ["DesiredState", "PatchDocument"] {
            if let Some(document) = body.get_mut(member) {
                *document = json!(plain(document).to_string());
            }
        }
        let reply = self.call(request.operation, body).await?;
        let handle = reply["ProgressEvent"]["RequestToken"].as_str();
        Ok(Reply {
            id: None,
            handle: handle.map(ToOwned::to_owned),
        })
    }

    async fn progress(&self, _: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        let reply = self
            .call("GetResourceRequestStatus", json!({ "RequestToken": handle }))
            .await;
        let event = match reply {
            Err(error) if error.code == "RequestTokenNotFoundException" => return Ok(Progress::Forgotten),
            reply => reply?["ProgressEvent"].clone(),
        };
        let text = |name: &str| event[name].as_str().map(ToOwned::to_owned);
        Ok(match event["OperationStatus"].as_str() {
            Some("SUCCESS") => Progress::Done(text("Identifier").unwrap_or_default()),
            Some("FAILED") => Progress::Failed {
                code: text("ErrorCode").unwrap_or_default(),
                message: text("StatusMessage").unwrap_or_default(),
                id: text("Identifier"),
            },
            _ => Progress::Running(None),
        })
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        let kind = cfn::of(kind.name()).unwrap();
        let mut found = vec![];
        for id in ids {
            found.extend(self.one(kind, id).await?);
        }
        Ok(found)
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        let reply = self
            .call("ListResources", json!({ "TypeName": kind.name() }))
            .await?;
        let described = reply["ResourceDescriptions"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let ids: Vec<String> = described
            .iter()
            .filter_map(|one| one["Identifier"].as_str().map(ToOwned::to_owned))
            .collect();
        let mut found = self.read(kind, &ids).await?;
        found.retain(|one| {
            let tags = serde_json::from_value(one.inputs["tags"].clone());
            tags.is_ok_and(|tags| owner.owns(&tags))
        });
        Ok(found)
    }

    async fn find_named(&self, _: &'static dyn ResourceType, _: &Value) -> Result<Vec<Observed>, CallError> {
        Ok(vec![])
    }

    async fn made_with(&self, _: &'static dyn ResourceType, _: &str) -> Result<Vec<Observed>, CallError> {
        Ok(vec![])
    }

    async fn secret(&self, _: &SecretSource) -> Result<String, CallError> {
        Ok(CANARY.into())
    }
}
