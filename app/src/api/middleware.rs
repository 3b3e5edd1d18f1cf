//! What every request passes on its way in and every answer on its way out, in one layer: the request's id, who
//! calls, how often, how long it may take, the failure's envelope, the security headers, the metrics, the log.

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

/// From here on a request counts as slow and is logged.
const SLOW: Duration = Duration::from_millis(500);

/// The layer itself.
pub(crate) async fn middleware(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id::of(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let in_flight = InFlight::begin(&app);
    let mut response = match admit(&app, &mut request) {
        Ok(()) => match tokio::time::timeout(app.settings.request_timeout, next.run(request)).await {
            Ok(response) => response,
            Err(_) => too_slow().into_response(),
        },
        Err(problem) => problem.into_response(),
    };
    drop(in_flight);
    let problem = response.extensions_mut().remove::<Arc<Problem>>();
    if let Some(problem) = &problem {
        let rendered = problem.render(id.to_str().unwrap_or_default());
        // What the router said beside the failure (`Allow`) stays.
        let mut headers = std::mem::take(response.headers_mut());
        headers.remove(header::CONTENT_LENGTH);
        headers.extend(rendered.headers().clone());
        response = rendered;
        *response.headers_mut() = headers;
    }
    let took = begun.elapsed();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    app.metrics.answered(&method, route, response.status(), took);
    log(
        app.access,
        &method,
        route,
        response.status(),
        took,
        &id,
        problem.as_deref(),
    );
    finish(response.headers_mut(), id, app.draining());
    response
}

/// Counts a request as in flight until it is dropped, which is also what happens when its caller goes away.
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

fn admit(app: &App, request: &mut Request) -> Result<(), Problem> {
    let path = request.uri().path();
    if !path.starts_with("/api/") {
        return Ok(());
    }
    let public = path == "/api/openapi.json" || path == "/api/docs";
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    app.limits.admit(peer, request.headers())?;
    if !public {
        let caller = app.callers.identify(request.headers())?;
        request.extensions_mut().insert(caller);
    }
    Ok(())
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "timeout",
        "This took too long; try again in a moment",
    )
    .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

fn finish(headers: &mut HeaderMap, id: HeaderValue, draining: bool) {
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
    // Kept by the browser, but asked about every time: the ETag makes that cheap.
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
    took: Duration,
    id: &HeaderValue,
    problem: Option<&Problem>,
) {
    let changes = *method != Method::GET && *method != Method::HEAD && *method != Method::OPTIONS;
    let failed = status.is_client_error() || status.is_server_error();
    let wanted = match access {
        AccessLog::All => true,
        AccessLog::Changes => changes || failed || took >= SLOW,
        AccessLog::Off => false,
    };
    if !wanted && !status.is_server_error() {
        return;
    }
    let (status, id, us) = (
        status.as_u16(),
        id.to_str().unwrap_or_default(),
        u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    );
    let cause = problem.and_then(Problem::cause);
    if status >= 500 {
        tracing::error!(%method, route, status, us, request_id = id, cause, "request failed");
    } else {
        tracing::info!(%method, route, status, us, request_id = id, cause, "request");
    }
}
