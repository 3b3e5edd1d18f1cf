//! The log of requests: who called from where, what it was about, and how it ended; the same failure again and again is
//! counted instead of repeated.

use super::caller::Caller;
use super::{Edge, Problem};
use crate::settings::AccessLog;
use crate::trace::Context;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::Response;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The duration from which a request is slow and is logged.
const SLOW: Duration = Duration::from_millis(500);

/// The time in which the same failure is logged once, and then as a number.
const WINDOW: Duration = Duration::from_secs(10);

/// The most characters of a client's text in the log.
const MOST: usize = 200;

/// A request, as far as the log needs it.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) address: IpAddr,
    pub(super) caller: Option<Arc<str>>,
    route: Option<MatchedPath>,
    uri: Uri,
    agent: Option<HeaderValue>,
    pub(super) trace: Option<Context>,
}

/// How a request ended.
pub(super) struct Outcome<'a> {
    pub(super) response: &'a Response,
    pub(super) elapsed: Duration,
    pub(super) id: &'a HeaderValue,
    pub(super) problem: Option<&'a Problem>,
}

impl Call {
    /// The request from `address`.
    pub(super) fn new(request: &Request, address: IpAddr) -> Self {
        Self {
            method: request.method().clone(),
            address,
            caller: None,
            route: request.extensions().get::<MatchedPath>().cloned(),
            uri: request.uri().clone(),
            agent: request.headers().get(header::USER_AGENT).cloned(),
            trace: Context::from_headers(request.headers()),
        }
    }

    /// Takes the caller's name from the request.
    pub(super) fn called_by(&mut self, request: &Request) {
        self.caller = request
            .extensions()
            .get::<Caller>()
            .map(|caller| Arc::clone(&caller.name));
    }

    /// The template of the path, which metrics count by.
    pub(super) fn route(&self) -> &str {
        self.route.as_ref().map_or("none", MatchedPath::as_str)
    }

    /// The id of what the request is about: the `{id}` of its path, or the end of the `Location` of what it made.
    fn subject<'a>(&'a self, headers: &'a HeaderMap) -> Option<&'a str> {
        let parts = self.route().split('/').zip(self.uri.path().split('/'));
        let in_path = parts
            .filter(|(template, _)| template.starts_with('{'))
            .map(|(_, part)| part)
            .next();
        let location = || headers.get(header::LOCATION)?.to_str().ok()?.rsplit('/').next();
        in_path.or_else(location).map(cut)
    }
}

fn cut(text: &str) -> &str {
    text.char_indices()
        .nth(MOST)
        .map_or(text, |(end, _)| &text[..end])
}

/// Logs a request, if the settings want it.
pub(super) fn log(edge: &Arc<Edge>, call: &Call, outcome: &Outcome<'_>) {
    let Outcome {
        response,
        elapsed,
        id,
        problem,
    } = outcome;
    let status = response.status();
    let changes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(&call.method);
    let failed = status.is_client_error() || status.is_server_error();
    let wanted = match edge.access {
        AccessLog::All => true,
        AccessLog::Changes => changes || failed || *elapsed >= SLOW,
        AccessLog::Off => false,
    };
    if !wanted && !status.is_server_error() {
        return;
    }
    let route = call.route();
    let code = problem.map(Problem::code);
    if status.is_server_error()
        && !edge
            .repeats
            .is_news(edge, (route, status.as_u16(), code.unwrap_or_default()))
    {
        return;
    }
    let headers = response.headers();
    let us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    let bytes = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    let bytes = bytes.map_or_else(
        || axum::body::HttpBody::size_hint(response.body()).exact(),
        |length| length.parse().ok(),
    );
    let agent = call.agent.as_ref().and_then(|value| value.to_str().ok()).map(cut);
    let (method, address, caller) = (&call.method, &call.address, call.caller.as_deref());
    let (subject, trace) = (call.subject(headers), call.trace.map(Context::id));
    let cause = problem.and_then(Problem::cause);
    let (status, request_id) = (status.as_u16(), id.to_str().unwrap_or_default());
    if status >= 500 {
        tracing::error!(%method, route, status, us, request_id, code, caller, %address, id = subject, bytes, agent, trace, cause,
            "request failed");
    } else {
        tracing::info!(%method, route, status, us, request_id, code, caller, %address, id = subject, bytes, agent, trace, cause,
            "request");
    }
}

type Key = (String, u16, &'static str);

/// The failures of the present window, each with how often it came again.
#[derive(Default)]
pub(super) struct Repeats(Mutex<HashMap<Key, u64>>);

impl Repeats {
    /// Returns true for the first failure of its kind in a window. The others are counted, and their number is logged at
    /// the window's end.
    fn is_news(&self, edge: &Arc<Edge>, (route, status, code): (&str, u16, &'static str)) -> bool {
        let key = (route.to_owned(), status, code);
        let first = self.count(key.clone());
        if first {
            let edge = Arc::clone(edge);
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(WINDOW).await;
                    let Some(times) = edge.repeats.close(&key) else {
                        break;
                    };
                    let (route, status, code) = (&*key.0, key.1, key.2);
                    tracing::error!(
                        route,
                        status,
                        code,
                        times,
                        seconds = WINDOW.as_secs(),
                        "request failed again"
                    );
                }
            });
        }
        first
    }

    fn count(&self, key: Key) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = counts.get_mut(&key) {
            *times += 1;
            return false;
        }
        counts.insert(key, 0);
        true
    }

    /// Ends a window: the number of repetitions, and a new window; `None`, and no window, when there were none.
    fn close(&self, key: &Key) -> Option<u64> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(key) {
            Some(0) | None => {
                counts.remove(key);
                None
            }
            Some(times) => Some(std::mem::take(times)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Repeats;

    #[test]
    fn an_outage_is_not_a_line_for_each_request() {
        let repeats = Repeats::default();
        let key = || ("/api/products".to_owned(), 503, "unavailable");
        let lines = (0..3_321).filter(|_| repeats.count(key())).count();
        assert_eq!(lines, 1);
        assert!(
            repeats.count(("/api/products".to_owned(), 500, "internal")),
            "another failure is news"
        );
        assert_eq!(repeats.close(&key()), Some(3_320), "none is forgotten");
        assert!(!repeats.count(key()), "the outage goes on");
        assert_eq!(repeats.close(&key()), Some(1));
        assert_eq!(repeats.close(&key()), None);
        assert!(repeats.count(key()), "the next outage is news");
    }
}
