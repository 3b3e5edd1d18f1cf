//! `If-Match`, `If-None-Match` and `Accept-Encoding` (RFC 9110, sections 12.5.3 and 13.1).
//!
//! A compressing proxy turns a strong tag into a weak one. The API's tags name a version or the hash of a body, so they
//! stay valid in that case, and the weak form is accepted everywhere.

use super::problem::Problem;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

/// Returns true if `If-None-Match` has `tag`, so that the client's copy is current.
pub fn not_modified(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().is_ok_and(|value| {
            let tag = tag.to_str().unwrap_or_default();
            value.trim() == "*" || value.split(',').any(|one| opaque(one) == tag)
        })
    })
}

fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The condition of a write, from `If-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// No condition: the last write wins.
    None,
    /// The resource exists.
    Exists,
    /// The resource has one of these versions. A tag that is not a version matches nothing.
    Versions(Vec<i64>),
}

impl Precondition {
    /// Reads `If-Match`.
    ///
    /// # Errors
    /// 400 when the header is not a list of entity tags.
    pub fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut versions = Vec::new();
        let mut there = false;
        for value in headers.get_all(header::IF_MATCH) {
            there = true;
            let value = value.to_str().map_err(|_| malformed())?.trim();
            if value == "*" {
                return Ok(Self::Exists);
            }
            for tag in value.split(',').map(opaque).filter(|tag| !tag.is_empty()) {
                let quoted = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
                versions.extend(quoted.ok_or_else(malformed)?.parse::<i64>());
            }
        }
        Ok(if there {
            Self::Versions(versions)
        } else {
            Self::None
        })
    }

    /// Checks a resource's version against the condition.
    ///
    /// # Errors
    /// The newest version that the caller knows, when none of the caller's versions is the resource's.
    pub fn check(&self, version: i64) -> Result<(), Option<i64>> {
        match self {
            Self::None | Self::Exists => Ok(()),
            Self::Versions(versions) if versions.contains(&version) => Ok(()),
            Self::Versions(versions) => Err(versions.iter().copied().max()),
        }
    }
}

fn malformed() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "bad_if_match",
        "If-Match must be the ETag of what is changed in double quotes, or *",
    )
}

/// Returns true if the client accepts this content coding (RFC 9110, section 12.5.3).
pub fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let refused = |q: &str| q.replace(' ', "").trim_end_matches(['0', '.']) == "q=";
        parts.next() == Some(coding) && !parts.any(refused)
    })
}
