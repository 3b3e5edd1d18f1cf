//! Request bodies, read within their limits.

use super::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The members of a JSON object, each as it was written.
pub type Object = BTreeMap<String, Box<RawValue>>;

/// Reads a body that must be a JSON object.
///
/// # Errors
/// The parser's error, with line and column.
pub fn read_object(bytes: &[u8]) -> Result<Object, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 when it is longer, 400 when the connection breaks off.
pub async fn bytes(body: Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            format!("The body is longer than {limit} bytes"),
        )),
        Err(error) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "broken_body",
            "The body could not be read to its end",
        )
        .with_cause(&*error)),
    }
}

/// Reads a body that must be a JSON object.
///
/// # Errors
/// 415 when its content type is not JSON, 413 when it is too long, 400 when it is not JSON, 422 when it is JSON
/// but not an object.
pub async fn object(request: Request<Body>, limit: usize) -> Result<Object, Problem> {
    if !has_content_type(request.headers(), &["application/json"]) {
        return Err(unsupported("application/json"));
    }
    let bytes = bytes(request.into_body(), limit).await?;
    read_object(&bytes).map_err(|error| {
        if error.is_data() {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "not_an_object",
                "The body must be a JSON object",
            )
        } else {
            let position = format!("line {}, column {}", error.line(), error.column());
            Problem::new(
                StatusCode::BAD_REQUEST,
                "bad_json",
                format!("The body is not JSON ({position})"),
            )
        }
    })
}

/// Returns true if the content type is one of `types`, ignoring its parameters.
pub fn has_content_type(headers: &HeaderMap, types: &[&str]) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim();
    types.iter().any(|one| kind.eq_ignore_ascii_case(one))
}

/// The failure 415, with the expected content type.
pub fn unsupported(expected: &'static str) -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_type",
        format!("The body must have the content type {expected}"),
    )
}
