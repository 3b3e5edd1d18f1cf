//! One id per request, in the answer, in the log and in the envelope of a failure.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The header that carries it.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id that the caller sent, if it is a sane one, else a new one: random per process, counted within it.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    static PROCESS: OnceLock<u64> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    if let Some(given) = headers.get(X_REQUEST_ID) {
        let sane = |b: &u8| b.is_ascii_alphanumeric() || b"-_.:=/+".contains(b);
        if (1..=128).contains(&given.len()) && given.as_bytes().iter().all(sane) {
            return given.clone();
        }
    }
    let process = PROCESS.get_or_init(|| fastrand::u64(..));
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{process:016x}-{count:x}");
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
