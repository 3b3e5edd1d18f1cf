//! The id of a request, in the response, in the log and in the envelope of a failure.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The header of the id.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Takes the id that the client sent if it is valid, else makes one: random per process, counted within it.
pub fn from_headers(headers: &HeaderMap) -> HeaderValue {
    static PROCESS: OnceLock<u64> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    if let Some(given) = headers.get(X_REQUEST_ID) {
        let valid = |b: &u8| b.is_ascii_alphanumeric() || b"-_.:=/+".contains(b);
        if (1..=128).contains(&given.len()) && given.as_bytes().iter().all(valid) {
            return given.clone();
        }
    }
    let process = PROCESS.get_or_init(|| fastrand::u64(..));
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{process:016x}-{count:x}");
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
