//! The envelope of figures: what they are about, and how fresh they are.

use super::app::{App, SiteState};
use super::params::Params;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use utoipa::ToSchema;

/// A figure's answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Answer<T> {
    /// Always true.
    pub(crate) success: bool,
    /// The time of the newest event.
    pub(crate) as_of: Option<String>,
    /// The milliseconds since the hot store was read.
    pub(crate) behind_ms: i64,
    /// `memory`: the figures come from columns in memory.
    pub(crate) source: &'static str,
    /// The period.
    pub(crate) period: Period,
    /// The content.
    pub(crate) data: T,
}

/// The period of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Period {
    /// The first moment.
    pub(crate) from: String,
    /// The moment after the last.
    pub(crate) to: String,
    /// The IANA time zone.
    pub(crate) zone: String,
}

/// The tag of an answer: it changes with the columns, the question and the process.
pub(crate) fn tag(app: &App, site: &SiteState, params: &Params) -> HeaderValue {
    let version = site.version.load(Ordering::Acquire);
    let question = format!("{:?}{:?}{:?}", params.question, params.before, params.all);
    let hash = Sha256::digest(format!("{}{version}{question}{}", app.process, site.name));
    let tag = format!("\"{}\"", hex::encode(&hash[..12]));
    HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The answer of 304, if the caller has `tag` already.
pub(crate) fn unchanged(headers: &HeaderMap, tag: &HeaderValue) -> Option<Response> {
    let known = headers.get(header::IF_NONE_MATCH)?;
    let same = known
        .to_str()
        .ok()?
        .split(',')
        .any(|one| one.trim().as_bytes() == tag.as_bytes());
    same.then(|| (StatusCode::NOT_MODIFIED, [(header::ETAG, tag.clone())]).into_response())
}

/// Wraps `data` in the envelope.
pub(crate) fn answer<T: Serialize>(site: &SiteState, params: &Params, tag: HeaderValue, data: T) -> Response {
    let newest = site
        .columns
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .newest();
    let newest = Timestamp::from_millisecond(newest).ok().filter(|_| newest > 0);
    let body = Answer {
        success: true,
        as_of: newest.map(|time| time.to_string()),
        behind_ms: (Timestamp::now().as_millisecond() - site.read.load(Ordering::Relaxed)).max(0),
        source: "memory",
        period: Period {
            from: params.time(params.question.from),
            to: params.time(params.question.to),
            zone: params.zone.iana_name().unwrap_or("UTC").to_owned(),
        },
        data,
    };
    let mut response = service::http::json(StatusCode::OK, &body);
    response.headers_mut().insert(header::ETAG, tag);
    response
}
