//! The wire: AWS JSON 1.0 over HTTP.

use crate::{Schemas, World, operations::answer};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response, StatusCode},
    routing::post,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// The routes of the server.
pub fn router(schemas: Arc<Schemas>, world: Arc<World>) -> Router {
    Router::new().route("/", post(call)).with_state((schemas, world))
}

fn reply(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let kind = axum::http::HeaderValue::from_static("application/x-amz-json-1.0");
    response.headers_mut().insert("content-type", kind);
    response
}

fn refused(code: &str, message: &str) -> Response<Body> {
    let body = json!({ "__type": format!("com.amazonaws.cloudapiservice#{code}"), "Message": message });
    reply(StatusCode::BAD_REQUEST, &body)
}

async fn call(
    State((schemas, world)): State<(Arc<Schemas>, Arc<World>)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let target = headers
        .get("x-amz-target")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let Some(operation) = target.strip_prefix("CloudApiService.") else {
        return refused("UnknownOperationException", target);
    };
    let mut inner = world.lock();
    inner.heard.push(String::from_utf8_lossy(&body).into_owned());
    if inner.symptoms.throttled > 0 {
        inner.symptoms.throttled -= 1;
        return refused("ThrottlingException", "Rate exceeded");
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return refused("SerializationException", "the body is no JSON");
    };
    let answered = answer(&schemas, &mut inner, operation, &body);
    let mutates = ["CreateResource", "UpdateResource", "DeleteResource"].contains(&operation);
    if mutates && answered.is_ok() && inner.symptoms.lost > 0 {
        inner.symptoms.lost -= 1;
        return reply(
            StatusCode::INTERNAL_SERVER_ERROR,
            &json!({ "__type": "InternalFailure", "Message": "the reply was lost" }),
        );
    }
    match answered {
        Ok(body) => reply(StatusCode::OK, &body),
        Err((code, message)) => refused(code, &message),
    }
}
