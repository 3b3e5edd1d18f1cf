//! Entity tags (RFC 9110, section 8.8.3).

use axum::http::HeaderValue;
use sha2::{Digest, Sha256};

/// The tag of a resource's version.
pub fn version_tag(version: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The tag of a response's bytes: a hash of them.
pub fn content_tag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let hex = digest[..12]
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    HeaderValue::try_from(format!("\"{hex}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}
