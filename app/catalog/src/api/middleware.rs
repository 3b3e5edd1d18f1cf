//! The middleware of the API: request id, authentication, rate limit, timeout, rendering of failures, security headers,
//! metrics and log, in one layer.

use crate::app::App;
use crate::http::{Problem, request_id};
use crate::serve::Peer;
use crate::settings::AccessLog;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The duration from which a request is slow and is logged.
const SLOW: Duration = Duration::from_millis(500);

/// The middleware itself, for `axum::middleware::from_fn_with_state`.
pub(crate) async fn middleware(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id::from_headers(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let in_flight = InFlight::begin(&app);
    let mut response = match admit(&app, &mut request) {
        Ok(()) => match tokio::time::timeout(app.settings.request_timeout, next.run(request)).await {
            Ok(response) => response,
            Err(_) => timed_out().into_response(),
        },
        Err(problem) => problem.into_response(),
    };
    drop(in_flight);
    let problem = response.extensions_mut().remove::<Arc<Problem>>();
    if let Some(problem) = &problem {
        let rendered = problem.render(id.to_str().unwrap_or_default());
        // Headers that the router set, such as `Allow`, stay.
        let mut headers = std::mem::take(response.headers_mut());
        headers.remove(header::CONTENT_LENGTH);
        headers.extend(rendered.headers().clone());
        response = rendered;
        *response.headers_mut() = headers;
    }
    let elapsed = started.elapsed();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    app.metrics.record(&method, route, response.status(), elapsed);
    log(
        app.access,
        &method,
        route,
        response.status(),
        elapsed,
        &id,
        problem.as_deref(),
    );
    set_common_headers(response.headers_mut(), id, app.draining());
    response
}

/// A request that counts as in flight until the guard is dropped, also when the client disconnects.
struct InFlight<'a>(&'a App);

impl<'a> InFlight<'a> {
    fn begin(app: &'a App) -> Self {
        app.metrics.in_flight.inc();
        Self(app)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.metrics.in_flight.dec();
    }
}

/// Returns true if a call of this path needs a token, when the settings have tokens.
pub(crate) fn needs_token(path: &str) -> bool {
    path.starts_with("/api/") && !["/api/openapi.json", "/api/docs"].contains(&path)
}

fn admit(app: &App, request: &mut Request) -> Result<(), Problem> {
    let path = request.uri().path();
    if !path.starts_with("/api/") {
        return Ok(());
    }
    let needs_token = needs_token(path);
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    app.limits.admit(peer, request.headers())?;
    if needs_token {
        let caller = app.callers.identify(request.headers())?;
        request.extensions_mut().insert(caller);
    }
    Ok(())
}

fn timed_out() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "timeout",
        "This elapsed too long; try again in a moment",
    )
    .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

fn set_common_headers(headers: &mut HeaderMap, id: HeaderValue, draining: bool) {
    const COMMON: [(HeaderName, HeaderValue); 4] = [
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ];
    for (name, value) in COMMON {
        headers.insert(name, value);
    }
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    // The browser caches the response and revalidates it every time, which the ETag makes cheap.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-cache"));
    headers.insert(request_id::X_REQUEST_ID, id);
    if draining {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
}

fn log(
    access: AccessLog,
    method: &Method,
    route: &str,
    status: StatusCode,
    elapsed: Duration,
    id: &HeaderValue,
    problem: Option<&Problem>,
) {
    let changes = *method != Method::GET && *method != Method::HEAD && *method != Method::OPTIONS;
    let failed = status.is_client_error() || status.is_server_error();
    let wanted = match access {
        AccessLog::All => true,
        AccessLog::Changes => changes || failed || elapsed >= SLOW,
        AccessLog::Off => false,
    };
    if !wanted && !status.is_server_error() {
        return;
    }
    let (status, id, us) = (
        status.as_u16(),
        id.to_str().unwrap_or_default(),
        u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
    );
    let cause = problem.and_then(Problem::cause);
    if status >= 500 {
        tracing::error!(%method, route, status, us, request_id = id, cause, "request failed");
    } else {
        tracing::info!(%method, route, status, us, request_id = id, cause, "request");
    }
}
