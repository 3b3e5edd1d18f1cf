//! The header `Idempotency-Key`, by which a client can send a call again without doing it twice.

use crate::database::idempotency::Key;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;
use service::http::caller::Caller;
use service::http::{Object, Problem, Success, json};
use sha2::{Digest, Sha256};

const HEADER: &str = "idempotency-key";

/// The header of an answer that was kept from an earlier call.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The key in the headers of a call, of 1 to 255 visible characters, in quotation marks or bare.
///
/// # Errors
/// 400 when the header is anything else.
pub(crate) fn given(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    let key = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let fits = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits || values.next().is_some() {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_idempotency_key",
            "Idempotency-Key must be one key of 1 to 255 visible ASCII characters",
        ));
    }
    Ok(Some(key.to_owned()))
}

/// The given key for a request, which its parts tell from all others.
pub(crate) fn key(given: Option<String>, caller: &Caller, parts: &[&[u8]]) -> Option<Key> {
    given.map(|key| {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Key {
            who: caller.name.clone(),
            key,
            request: hash.finalize().to_vec(),
        }
    })
}

/// The given key for a request with a JSON body.
pub(crate) fn key_of_object(
    given: Option<String>,
    caller: &Caller,
    call: &str,
    object: &Object,
) -> Option<Key> {
    let members = object
        .iter()
        .flat_map(|(name, value)| [name.as_bytes(), value.get().as_bytes()]);
    let parts: Vec<&[u8]> = std::iter::once(call.as_bytes()).chain(members).collect();
    key(given, caller, &parts)
}

/// The answer that an earlier call with the same key got.
pub(crate) fn replayed(status: StatusCode, answer: &RawValue) -> Response {
    let mut response = json(status, &Success::new(answer)).into_response();
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
