//! Request bodies, read within their limits.

use super::field::{FieldError, FieldErrors};
use super::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{self, Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// The members of a JSON object, each as it was written.
pub type Object = BTreeMap<String, Box<RawValue>>;

/// Reads a body that must be a JSON object.
///
/// # Errors
/// The parser's error, with line and column.
pub fn read_object(bytes: &[u8]) -> Result<Object, serde_json::Error> {
    serde_json::from_slice::<Members>(bytes).map(|members| members.0.into_iter().collect())
}

/// The members of a JSON object in their order, also those that are there twice.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// The object of `members`, each of which must be there once.
fn once(members: Members) -> Result<Object, FieldErrors> {
    let mut object = Object::new();
    let mut errors = FieldErrors::default();
    for (name, value) in members.0 {
        if object.insert(name.clone(), value).is_some() {
            errors.collect::<()>(&name, Err(FieldError::new("given_twice", "is there twice")));
        }
    }
    errors.into_result(object)
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
    if !has_content_type(
        request.headers(),
        &["application/json", "application/merge-patch+json"],
    ) || has_other_charset(request.headers())
    {
        return Err(unsupported("application/json"));
    }
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_encoding",
            "The body must not be compressed",
        ));
    }
    let bytes = bytes(request.into_body(), limit).await?;
    let members = serde_json::from_slice::<Members>(&bytes).map_err(|error| {
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
    })?;
    Ok(once(members)?)
}

/// Returns true if the content type names an encoding of text other than UTF-8, which JSON always has (RFC 8259, section 8.1).
fn has_other_charset(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parameters = value
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='));
    parameters.any(|(name, charset)| {
        name.trim().eq_ignore_ascii_case("charset")
            && !charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
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
