//! A queue for one machine: a durable server with the protocol of SQS (JSON 1.0), so that the same client runs here and on
//! AWS.
//!
//! It has the actions `CreateQueue`, `GetQueueUrl`, `GetQueueAttributes`, `SendMessage`, `ReceiveMessage`, `DeleteMessage`,
//! `ChangeMessageVisibility`, their batches, and `PurgeQueue`; long polling, delays, retention and dead-letter queues. An
//! answer to a send or a deletion means that it is on the disk. Signatures are not checked: it listens on loopback.

mod actions;
mod digest;
mod log;
mod record;
mod state;

use actions::{Actions, Failure, Request};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Opens the queues in `folder`; `url` is the address at which clients reach them.
///
/// # Errors
/// An error of the file system; another process that has the folder open.
pub fn open(folder: &Path, url: &str) -> io::Result<Router> {
    let log = log::Log::open(folder)?;
    let url = url.trim_end_matches('/').to_owned();
    let actions = Arc::new(Actions { log, url });
    let router = Router::new()
        .route("/", post(call))
        .route("/{account}/{queue}", post(call))
        .route("/health", get(async || "ok"))
        .layer(DefaultBodyLimit::max(12 * 1024 * 1024));
    Ok(router.with_state(actions))
}

async fn call(State(actions): State<Arc<Actions>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    let action = target.and_then(|target| target.strip_prefix("AmazonSQS."));
    let outcome = match (action, serde_json::from_slice::<Request>(&body)) {
        (Some(action), Ok(request)) => actions.call(action, request).await,
        (None, _) => Err(Failure::invalid(
            "The header X-Amz-Target names the action: AmazonSQS.SendMessage",
        )),
        (_, Err(error)) => Err(Failure::invalid(format!(
            "The body is not the action's JSON: {error}"
        ))),
    };
    let json = HeaderValue::from_static("application/x-amz-json-1.0");
    match outcome {
        Ok(answer) => ([(header::CONTENT_TYPE, json)], answer.to_string()).into_response(),
        Err(failure) => {
            let status = if failure.kind == "InternalError" {
                StatusCode::INTERNAL_SERVER_ERROR
            } else {
                StatusCode::BAD_REQUEST
            };
            let body = serde_json::json!({ "__type": format!("com.amazonaws.sqs#{}", failure.kind), "message": failure.message });
            let query = HeaderName::from_static("x-amzn-query-error");
            let headers = [
                (header::CONTENT_TYPE, json),
                (query, HeaderValue::from_static(failure.query)),
            ];
            (status, headers, body.to_string()).into_response()
        }
    }
}

#[cfg(test)]
mod tests;
