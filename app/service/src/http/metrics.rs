//! The metrics of `/metrics`, in the text format of Prometheus.

use super::process::Process;
use axum::http::{Method, StatusCode};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counters and histograms of requests, and what the product adds to them.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    failures: Family<Code, Counter>,
    /// The totals since the start, for the log.
    pub totals: Arc<Totals>,
    /// Requests that are being answered right now.
    pub in_flight: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// The totals since the start.
#[derive(Debug, Default)]
pub struct Totals {
    /// Requests that were answered.
    pub requests: AtomicU64,
    /// Answers of 500 and above.
    pub failures: AtomicU64,
    /// Requests that were refused by the rate limit.
    pub limited: AtomicU64,
    /// Requests that took longer than half a second.
    pub slow: AtomicU64,
}

impl Metrics {
    /// The metrics of a service whose names begin with `prefix`; `product` registers its own beside them.
    pub fn new(prefix: &str, product: impl FnOnce(&mut Registry)) -> Self {
        let mut whole = Registry::default();
        whole.register_collector(Box::new(Process::default()));
        let registry = whole.sub_registry_with_prefix(prefix);
        let failures = Family::default();
        let build: Family<Build, Gauge> = Family::default();
        let version = env!("CARGO_PKG_VERSION");
        build.get_or_create(&Build { version }).set(1);
        registry.register("build_info", "The version that runs", build);
        registry.register("failures", "Failures answered, by code", failures.clone());
        let requests = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let in_flight = Gauge::default();
        registry.register(
            "http_requests",
            "Requests answered, by route and status",
            requests.clone(),
        );
        registry.register(
            "http_request_seconds",
            "Time to answer, by route",
            seconds.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests being answered",
            in_flight.clone(),
        );
        product(registry);
        Self {
            registry: whole,
            requests,
            seconds,
            failures,
            totals: Arc::default(),
            in_flight,
        }
    }

    /// Records a request that was answered, with the code of its failure.
    pub fn record(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        code: Option<&'static str>,
        elapsed: Duration,
    ) {
        let add = |total: &AtomicU64, when: bool| total.fetch_add(u64::from(when), Ordering::Relaxed);
        add(&self.totals.requests, true);
        add(&self.totals.failures, status.is_server_error());
        add(&self.totals.limited, status == StatusCode::TOO_MANY_REQUESTS);
        add(&self.totals.slow, elapsed >= Duration::from_millis(500));
        if let Some(code) = code {
            self.failures.get_or_create(&Code { code }).inc();
        }
        let method = method_label(method);
        let request = Request {
            method,
            route: route.to_owned(),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&request).inc();
        let route = Route {
            method,
            route: request.route,
        };
        self.seconds.get_or_create(&route).observe(elapsed.as_secs_f64());
    }

    /// Renders the metrics.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

fn histogram() -> Histogram {
    Histogram::new([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    ])
}

/// The label of a method. Methods that a client invents share one label, so that labels stay few.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
