//! Sessions of browsers. A page trades a caller's token for a cookie that scripts cannot read and other sites cannot make a
//! browser send, so that all tabs of a browser share one session and a page keeps no secret.
//!
//! A session is stored nowhere: the cookie names its caller by a fingerprint, says when it ends, and is signed with a key
//! that is derived from the caller's token. All processes with the same tokens accept it, and it ends early when the token
//! is taken out of the settings. The role is read from the settings at every request.

use super::Success;
use super::caller::{Caller, Callers, bearer};
use super::problem::Problem;
use crate::settings::Token;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use utoipa::ToSchema;

/// The time that a session lasts: a working day. It is not prolonged by use.
pub const LASTS: Duration = Duration::from_hours(12);

/// The state of the browser's session after the call.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// The seconds that the session lasts; 0 when there is none.
    #[schema(maximum = 43200)]
    pub seconds: u64,
}

/// The sessions of the callers of one service.
pub(super) struct Sessions {
    service: &'static str,
    /// The cookie's name on a connection without TLS. Ports do not keep cookies apart, so that each service has its own.
    plain: String,
    /// The cookie's name with TLS. Browsers take a cookie of this prefix only from the host itself, over TLS.
    /// <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix>
    host_only: String,
    by_fingerprint: HashMap<String, (Caller, [u8; 32])>,
}

impl Session {
    /// Opens a session of the caller, whose token the request has; without tokens there is nothing to open.
    ///
    /// # Errors
    /// 401 when the request has a session and no token: a session does not prolong itself.
    pub fn open(callers: &Callers, headers: &HeaderMap) -> Result<Response, Problem> {
        if callers.open() {
            return Ok(answer(Duration::ZERO, None));
        }
        callers.by_token(headers)?;
        let token = bearer(headers).unwrap_or_default();
        Ok(answer(LASTS, callers.sessions().open(token, headers)))
    }

    /// Closes the browser's session.
    pub fn close(callers: &Callers, headers: &HeaderMap) -> Response {
        answer(Duration::ZERO, callers.sessions().close(headers))
    }
}

fn answer(lasts: Duration, cookie: Option<HeaderValue>) -> Response {
    let seconds = lasts.as_secs();
    let mut response = Success::new(Session { seconds }).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cookie) = cookie {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

impl Sessions {
    /// The sessions of these tokens' callers.
    pub(super) fn new<'a>(service: &'static str, tokens: impl Iterator<Item = (&'a Token, Caller)>) -> Self {
        let by_fingerprint = tokens
            .map(|(token, caller)| {
                let key = session_key(service, token.token.expose().as_bytes());
                (fingerprint(&key), (caller, key))
            })
            .collect();
        Self {
            service,
            plain: format!("{service}_session"),
            host_only: format!("__Host-{service}_session"),
            by_fingerprint,
        }
    }

    /// The caller of the request's session; `None` when it has no cookie of ours, or one that is forged or has ended.
    ///
    /// # Errors
    /// 403 for a request that changes something and that another site's page made.
    pub(super) fn identify(&self, method: &Method, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
        let Some(caller) = self.cookie(headers).and_then(|cookie| self.verify(cookie)) else {
            return Ok(None);
        };
        if method.is_safe() || from_own_page(headers) {
            return Ok(Some(caller));
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "cross_site",
            "A session changes data only from this site's own pages; programs send Authorization: Bearer",
        ))
    }

    /// The cookie that opens a session of the caller with this token.
    pub(super) fn open(&self, token: &[u8], headers: &HeaderMap) -> Option<HeaderValue> {
        let key = session_key(self.service, token);
        let claim = format!("{}.{}", fingerprint(&key), now() + LASTS.as_secs());
        let value = format!("{claim}.{}", URL_SAFE_NO_PAD.encode(signature(&key, &claim)));
        self.set(&value, LASTS, headers)
    }

    /// The cookie that closes the browser's session.
    pub(super) fn close(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        self.set("", Duration::ZERO, headers)
    }

    fn set(&self, value: &str, lasts: Duration, headers: &HeaderMap) -> Option<HeaderValue> {
        let (name, secure) = if over_tls(headers) {
            (&self.host_only, "; Secure")
        } else {
            (&self.plain, "")
        };
        let cookie = format!(
            "{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{secure}",
            lasts.as_secs()
        );
        HeaderValue::try_from(cookie).ok()
    }

    fn cookie<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let named = |name: &str| {
            headers
                .get_all(header::COOKIE)
                .iter()
                .filter_map(|line| line.to_str().ok())
                .flat_map(|line| line.split(';'))
                .filter_map(|pair| pair.trim().split_once('='))
                .find_map(|(own, value)| (own == name).then_some(value))
        };
        // Over TLS a cookie without the prefix may come from a neighbouring host or from a connection without TLS.
        named(&self.host_only).or_else(|| {
            if over_tls(headers) {
                None
            } else {
                named(&self.plain)
            }
        })
    }

    fn verify(&self, cookie: &str) -> Option<Caller> {
        let (claim, signed) = cookie.rsplit_once('.')?;
        let (fingerprint, ends) = claim.split_once('.')?;
        let (caller, key) = self.by_fingerprint.get(fingerprint)?;
        let signed = URL_SAFE_NO_PAD.decode(signed).ok()?;
        // In constant time.
        mac(key, claim).verify_slice(&signed).ok()?;
        (ends.parse::<u64>().ok()? > now()).then(|| caller.clone())
    }
}

fn mac(key: &[u8], text: &str) -> Hmac<Sha256> {
    // HMAC takes keys of any length, so that this does not fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&[0; 64].into()));
    mac.update(text.as_bytes());
    mac
}

/// The key of a token's sessions. Another service with the same token has another key.
fn session_key(service: &str, token: &[u8]) -> [u8; 32] {
    signature(token, &format!("session key of {service}"))
}

/// The name of a key, which reveals neither it nor the token.
fn fingerprint(key: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(key)[..12])
}

fn signature(key: &[u8], text: &str) -> [u8; 32] {
    mac(key, text).finalize().into_bytes().into()
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Returns true if the browser's connection has TLS, by what it says itself or the load balancer says of it.
fn over_tls(headers: &HeaderMap) -> bool {
    let says = |name: &str, start: &str| {
        headers
            .get(name)
            .is_some_and(|value| value.as_bytes().starts_with(start.as_bytes()))
    };
    says("x-forwarded-proto", "https") || says("origin", "https://")
}

/// Returns true if a page of this very site made the request. Browsers say so in `Sec-Fetch-Site`, which no script can set;
/// where they do not (a connection without TLS), the page's origin must be the host that was called.
fn from_own_page(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host)),
        _ => false,
    }
}
