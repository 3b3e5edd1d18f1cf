//! The layers around every call: request id, authentication, rate limit, timeouts, rendering of failures, security headers,
//! metrics and log.

use super::caller::Callers;
use super::limits::Limits;
use super::log::{Call, Outcome, Repeats, log};
use super::upload::Awaited;
use super::{Metrics, Problem, request_id};
use crate::drain::{Drain, Peer};
use crate::settings::{self, AccessLog};
use crate::trace::{Kind, Span};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// The paths under `/api/` that everyone may use.
const PUBLIC: [&str; 2] = ["/api/openapi.json", "/api/docs"];

/// The till of a shop, where everyone may order; who reads the orders needs a token.
const TILL: &str = "/api/orders";

/// The folders that everyone may use: what a shop sells, and images, whose names cannot be guessed and which an `<img>` asks
/// for without a token.
const PUBLIC_FOLDERS: [&str; 2] = ["/api/images/", "/api/shop/"];

/// The metrics, which any caller with a token may read.
const METRICS: &str = "/metrics";

/// What the layers around every call need.
pub struct Edge {
    /// The access and the limits.
    pub settings: settings::Edge,
    /// The requests that are logged.
    pub access: AccessLog,
    /// The callers that may use the API.
    pub callers: Callers,
    /// The rate limit of each client.
    pub limits: Limits,
    /// The counters and histograms of `/metrics`.
    pub metrics: Metrics,
    /// The signal that shutdown has begun.
    pub drain: Drain,
    pub(super) repeats: Repeats,
}

impl Edge {
    /// The layers by these settings, around the calls of `service`, after which the cookies of its sessions are named.
    pub fn new(
        service: &'static str,
        settings: settings::Edge,
        access: AccessLog,
        metrics: Metrics,
        drain: Drain,
    ) -> Arc<Self> {
        Arc::new(Self {
            callers: Callers::new(service, &settings.tokens),
            limits: Limits::new(settings.rate_limit, settings.trusted_proxies),
            metrics,
            access,
            drain,
            repeats: Repeats::default(),
            settings,
        })
    }

    /// Puts the layers around a router, with the answers for addresses and methods that it does not have.
    pub fn wrap<S: Clone + Send + Sync + 'static>(self: &Arc<Self>, router: Router<S>) -> Router<S> {
        let router = router
            .fallback(async || Problem::not_found("There is nothing at this address"))
            .method_not_allowed_fallback(async || {
                Problem::new(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "method_not_allowed",
                    "This address has no such method",
                )
            })
            .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
                Problem::internal(&Panicked).into_response()
            }))
            .layer(from_fn_with_state(Arc::clone(self), middleware));
        if self.settings.cors_origins.is_empty() {
            router
        } else {
            router.layer(cors(&self.settings.cors_origins))
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked")]
struct Panicked;

async fn middleware(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id::from_headers(request.headers());
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let mut call = Call::new(&request, edge.limits.client(peer, request.headers()));
    let mut span = begin_span(&mut call, &mut request);
    let in_flight = InFlight::begin(&edge);
    let mut response = match admit(&edge, call.address, &mut request) {
        Ok(()) => {
            call.called_by(&request);
            let (request, awaited) = Awaited::watch(request);
            match tokio::time::timeout(edge.settings.request_timeout, next.run(request)).await {
                Ok(response) => response,
                Err(_) if awaited.now() => body_too_slow().into_response(),
                Err(_) => timed_out().into_response(),
            }
        }
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
    end_span(&mut span, response.status(), problem.as_deref());
    let elapsed = started.elapsed();
    let (status, code) = (response.status(), problem.as_deref().map(Problem::code));
    edge.metrics
        .record(&call.method, call.route(), status, code, elapsed);
    let outcome = Outcome {
        response: &response,
        elapsed,
        id: &id,
        problem: problem.as_deref(),
    };
    log(&edge, &call, &outcome);
    set_common_headers(response.headers_mut(), id, edge.drain.has_begun());
    response
}

/// Begins the span of a call of the API. Its context goes with the request, and its trace into the log.
fn begin_span(call: &mut Call, request: &mut Request) -> Span {
    // What a load balancer asks all the time is no trace.
    if !request.uri().path().starts_with("/api/") {
        return Span::none();
    }
    let name = || format!("{} {}", call.method, call.route()).into();
    let mut span = Span::begin(Kind::Server, call.trace, name);
    span.set("http.request.method", || call.method.to_string());
    span.set("http.route", || call.route().to_owned());
    call.trace = span.context();
    if let Some(context) = span.context() {
        request.extensions_mut().insert(context);
    }
    span
}

fn end_span(span: &mut Span, status: StatusCode, problem: Option<&Problem>) {
    span.set("http.response.status_code", || i64::from(status.as_u16()));
    if let Some(problem) = problem {
        span.set("error.type", || problem.code());
        if status.is_server_error() {
            span.fail(|| problem.code().to_owned());
        }
    }
}

/// A request that counts as in flight until the guard is dropped, also when the client disconnects.
struct InFlight<'a>(&'a Edge);

impl<'a> InFlight<'a> {
    fn begin(edge: &'a Edge) -> Self {
        edge.metrics.in_flight.inc();
        Self(edge)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.metrics.in_flight.dec();
    }
}

/// Returns true if a call of this path needs a token, when the settings have tokens.
pub fn needs_token(method: &Method, path: &str) -> bool {
    let orders = path == TILL && method == Method::POST;
    path == METRICS
        || path.starts_with("/api/")
            && !PUBLIC_FOLDERS.iter().any(|folder| path.starts_with(folder))
            && !PUBLIC.contains(&path)
            && !orders
}

fn admit(edge: &Edge, client: IpAddr, request: &mut Request) -> Result<(), Problem> {
    let path = request.uri().path();
    let needs_token = needs_token(request.method(), path);
    // Tokens are not tried faster elsewhere.
    if needs_token || path.starts_with("/api/") {
        edge.limits.admit(client)?;
    }
    if needs_token {
        let caller = edge.callers.identify(request.method(), request.headers())?;
        request.extensions_mut().insert(caller);
    }
    Ok(())
}

fn timed_out() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "timeout",
        "This took too long; try again in a moment",
    )
    .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

/// The failure 408. The rest of the body is not awaited, so the connection cannot be used again.
fn body_too_slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "slow_body",
        "The body did not arrive in time",
    )
    .with_header(header::CONNECTION, HeaderValue::from_static("close"))
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
        headers.entry(name).or_insert(value);
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

fn cors(origins: &[String]) -> CorsLayer {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(
            origins
                .iter()
                .filter_map(|origin| HeaderValue::try_from(origin).ok()),
        )
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            request_id::X_REQUEST_ID,
            HeaderName::from_static("traceparent"),
        ])
        .expose_headers([header::ETAG, header::LOCATION, request_id::X_REQUEST_ID])
        .max_age(Duration::from_hours(1))
}
