//! The routes of the collector.

use super::batch::{Batcher, Full};
use super::origin::{Sender, allowed_origin, sender};
use super::rejects::Rejects;
use super::visitor::VisitorKey;
use crate::event::{Currency, Line, Post, PostError, Reject, SeedEvent, seed_line};
use crate::settings::{Settings, Site};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use prometheus_client::metrics::counter::Counter;
use serde_json::json;
use service::http::limits::Limits;
use service::http::{Metrics, Problem};
use service::serve::{Drain, Peer};
use service::trace::{self, Context, Kind, Span};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The most bytes of a post; what `sendBeacon` takes.
const POST: usize = 64 * 1024;

/// The collector's counters.
#[derive(Clone, Debug, Default)]
pub struct Counters {
    /// Events that the queue has.
    pub accepted: Counter,
    /// Events that were refused.
    pub rejected: Counter,
    /// Posts that the queue did not take in time.
    pub refused: Counter,
}

/// The state of the collector.
pub struct App {
    sites: Vec<Site>,
    batcher: Batcher,
    limits: Limits,
    visitors: VisitorKey,
    country_header: HeaderName,
    currency: Currency,
    drain: Drain,
    metrics: Metrics,
    counters: Counters,
    rejects: Rejects,
}

impl App {
    /// The collector's state; `None` when a setting is none that [`Settings`] lets through.
    pub fn new(settings: &Settings, batcher: Batcher, drain: Drain) -> Option<Arc<Self>> {
        let counters = Counters::default();
        let metrics = Metrics::new("analytics", |registry| {
            registry.register("accepted", "Events that the queue has", counters.accepted.clone());
            registry.register("rejected", "Events that were refused", counters.rejected.clone());
            registry.register(
                "refused",
                "Posts that the queue did not take",
                counters.refused.clone(),
            );
        });
        Some(Arc::new(Self {
            sites: settings.sites.clone(),
            batcher,
            limits: Limits::new(settings.edge.rate_limit, settings.edge.trusted_proxies),
            visitors: VisitorKey::new(settings.collect.visitor_secret.as_ref()),
            country_header: HeaderName::try_from(&settings.collect.country_header).ok()?,
            currency: Currency::parse(&settings.currency)?,
            drain,
            metrics,
            counters,
            rejects: Rejects::default(),
        }))
    }

    /// Sends the counts of refused events each second, for ever.
    pub async fn count_rejects(&self) {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.flush_rejects().await;
        }
    }

    /// Sends the counts of refused events.
    pub async fn flush_rejects(&self) {
        // What the queue does not take now is sent with the next flush; the batcher says so.
        let _ = self.rejects.flush(&self.batcher, now()).await;
    }

    fn country<'a>(&self, headers: &'a HeaderMap) -> &'a str {
        let country = headers
            .get(&self.country_header)
            .and_then(|value| value.to_str().ok());
        let plain = |text: &&str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        country.filter(plain).unwrap_or("-")
    }
}

/// The routes: `POST /e`, `POST /api/events` and what a load balancer asks.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/e", post(collect).options(preflight))
        .route("/api/events", post(seed))
        .route("/health", get(async || "ok"))
        .route("/ready", get(ready))
        .route(
            "/metrics",
            get(async |State(app): State<Arc<App>>| app.metrics.render()),
        )
        .layer(DefaultBodyLimit::max(POST))
        .with_state(app)
}

async fn ready(State(app): State<Arc<App>>) -> StatusCode {
    if app.drain.has_begun() {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    }
}

async fn preflight(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let allow = response.headers_mut();
    allow.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("POST"),
    );
    allow.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("content-type"),
    );
    allow.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    with_origin(&app, &headers, response)
}

/// Lets the site's pages read the answer; without it the tracker would repeat what has arrived.
fn with_origin(app: &App, headers: &HeaderMap, mut response: Response) -> Response {
    if let Some(origin) = allowed_origin(&app.sites, headers) {
        let answer = response.headers_mut();
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    if app.drain.has_begun() {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn collect(
    State(app): State<Arc<App>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = match accept(&app, peer.ip(), &headers, &body).await {
        Ok(response) => response,
        // The collector has no layer that renders problems: a post costs microseconds.
        Err(problem) => problem.render(""),
    };
    with_origin(&app, &headers, answer)
}

async fn accept(app: &App, peer: IpAddr, headers: &HeaderMap, body: &[u8]) -> Result<Response, Problem> {
    app.limits.admit(app.limits.client(peer, headers))?;
    let post = Post::read(body).map_err(|error| unreadable(&error))?;
    let mut span = begin("POST /e", headers, post.trace.as_deref());
    let outcome = accept_post(app, peer, headers, post, &span).await;
    end(&mut span, &outcome);
    outcome
}

/// Begins the span of a post. Nothing is read when spans are not sent.
fn begin(name: &'static str, headers: &HeaderMap, body: Option<&str>) -> Span {
    if !trace::is_on() {
        return Span::none();
    }
    let mut span = Span::begin(Kind::Server, Context::of_post(headers, body), || name.into());
    span.set("http.request.method", || "POST");
    span.set("http.route", || name.trim_start_matches("POST "));
    span
}

fn end(span: &mut Span, outcome: &Result<Response, Problem>) {
    let status = match outcome {
        Ok(response) => response.status(),
        Err(problem) => problem.status(),
    };
    span.set("http.response.status_code", || i64::from(status.as_u16()));
    if status.is_server_error() {
        span.fail(|| status.to_string());
    }
    if let Some(context) = span.context() {
        tracing::debug!(status = status.as_u16(), trace = context.id(), "post");
    }
}

async fn accept_post(
    app: &App,
    peer: IpAddr,
    headers: &HeaderMap,
    post: Post<'_>,
    span: &Span,
) -> Result<Response, Problem> {
    let site = app.sites.iter().find(|site| site.name == post.site);
    let Some((site, sender)) = site.and_then(|site| Some((site, sender(site, headers)?))) else {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "site",
            "This collector takes no events of this site from this origin",
        ));
    };
    let received = now();
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let agent = agent.map_or("", |text| text.get(..300).unwrap_or(text));
    let mut line = Line {
        received,
        site: Cow::Borrowed(&site.name),
        sent: post.at,
        country: Cow::Borrowed(app.country(headers)),
        agent: Cow::Borrowed(agent),
        device: None,
        browser: None,
        hash: Cow::Owned(
            app.visitors
                .hash(received, &site.name, app.limits.client(peer, headers), agent),
        ),
        server: sender == Sender::Server,
        who: post.who,
        trace: None,
        events: Vec::with_capacity(post.events.len()),
        rejected: Vec::new(),
    };
    let frame = line.frame(app.currency);
    let mut rejected = Vec::new();
    for (index, raw) in post.events.iter().enumerate() {
        match crate::event::read(raw.get(), &frame) {
            Ok(_) => line.events.push(Cow::Borrowed(*raw)),
            Err(Reject(code)) => {
                app.rejects.add(&site.name, code, raw.get());
                rejected.push(json!({ "index": index, "code": code }));
            }
        }
    }
    send(app, &mut line, rejected, span).await
}

async fn send(
    app: &App,
    line: &mut Line<'_>,
    rejected: Vec<serde_json::Value>,
    span: &Span,
) -> Result<Response, Problem> {
    let accepted = line.events.len();
    app.counters.rejected.inc_by(rejected.len() as u64);
    if accepted > 0 {
        let mut sending = begin_sending(span, accepted);
        let trace = sending.context().filter(|_| sending.is_recorded());
        line.trace = trace.map(|trace| trace.traceparent().into());
        let mut text = serde_json::to_vec(line).map_err(|error| Problem::internal(&error))?;
        text.push(b'\n');
        app.batcher.send(text, accepted, trace).await.map_err(|full| {
            app.counters.refused.inc();
            sending.fail(|| format!("{full:?}"));
            let why = match full {
                Full::Buffer => "More waits for the queue than this collector holds; send it again",
                Full::Queue => "The queue did not take it in time; send it again",
            };
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "queue", why)
                .with_header(header::RETRY_AFTER, HeaderValue::from_static("2"))
        })?;
        app.counters.accepted.inc_by(accepted as u64);
    }
    let body = json!({ "accepted": accepted, "rejected": rejected }).to_string();
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((StatusCode::ACCEPTED, json, body).into_response())
}

/// The span of a post's way into the queue, with its wait for a message; what stores the post goes below it.
fn begin_sending(span: &Span, events: usize) -> Span {
    if !span.is_recorded() {
        return Span::none();
    }
    let mut sending = Span::begin(Kind::Producer, span.context(), || "send events".into());
    sending.set("messaging.system", || "aws_sqs");
    sending.set("messaging.operation.type", || "send");
    sending.set("messaging.batch.message_count", || {
        i64::try_from(events).unwrap_or(i64::MAX)
    });
    sending
}

fn unreadable(error: &PostError) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "post", error.to_string())
}

/// The replaced system's call: 201 without a body once the event is in the queue.
async fn seed(
    State(app): State<Arc<App>>,
    Extension(Peer(peer)): Extension<Peer>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let _ = method;
    let answer = match accept_seed(&app, peer.ip(), &headers, &body).await {
        Ok(response) => response,
        Err(problem) => problem.render(""),
    };
    with_origin(&app, &headers, answer)
}

async fn accept_seed(app: &App, peer: IpAddr, headers: &HeaderMap, body: &[u8]) -> Result<Response, Problem> {
    app.limits.admit(app.limits.client(peer, headers))?;
    let invalid = |message: String| Problem::new(StatusCode::BAD_REQUEST, "event", message);
    let event: SeedEvent = serde_json::from_slice(body).map_err(|error| invalid(error.to_string()))?;
    if event.user_id.trim().is_empty() || event.session_id.trim().is_empty() {
        return Err(invalid("userId and sessionId are not empty".to_owned()));
    }
    let mut span = begin("POST /api/events", headers, None);
    let key = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let site = app.sites.iter().find(|site| sender(site, headers).is_some());
    let site = site.ok_or_else(|| {
        Problem::new(
            StatusCode::FORBIDDEN,
            "site",
            "No site takes events from this origin",
        )
    })?;
    let mut line = seed_line(event, &site.name, key, now());
    line.country = Cow::Owned(app.country(headers).to_owned());
    if let Some(Err((Reject(code), raw))) = line.read(app.currency).next() {
        app.rejects.add(&site.name, code, raw);
        app.counters.rejected.inc();
        return Err(invalid(format!("the event is refused: {code}")));
    }
    let sent = send(app, &mut line, Vec::new(), &span).await;
    let outcome = sent.map(|_| StatusCode::CREATED.into_response());
    end(&mut span, &outcome);
    outcome
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
