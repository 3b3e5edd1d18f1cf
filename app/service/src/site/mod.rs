//! The server of the built front end: static files from memory with cache headers, `index.html` for every path of the
//! application, and, where no load balancer routes them, a proxy for calls to `/api`.

mod files;
mod proxy;

pub use files::{Site, SiteError};
pub use proxy::Proxy;

use crate::http::{Health, json};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, get, post};
use std::sync::Arc;

/// Where a front end passes calls on to.
#[derive(Default)]
pub struct Behind {
    /// The API behind `/api`; without one its calls answer 404.
    pub api: Option<Proxy>,
    /// The collector behind `/e`, which takes the events of pages.
    pub collector: Option<Proxy>,
}

/// The routes of the front end, with `/health`, which answers `service`, and those that are passed on.
pub fn router(site: Arc<Site>, behind: Behind, service: &'static str) -> Router {
    let mut router = Router::new().route("/health", get(async move || health(service)));
    if let Some(collector) = behind.collector {
        router = router.merge(events(collector));
    }
    if let Some(proxy) = behind.api {
        let proxy = Arc::new(proxy);
        router = router.route(
            "/api/{*path}",
            any(async move |request: Request| proxy.pass(request).await),
        );
    } else {
        router = router.route("/api/{*path}", any(async || StatusCode::NOT_FOUND));
    }
    router.merge(files(site))
}

/// The address that pages post their events to, passed on to a collector.
fn events(collector: Proxy) -> Router {
    let collector = Arc::new(collector);
    Router::new().route(
        "/e",
        post(async move |request: Request| collector.pass(request).await),
    )
}

/// The static files as the fallback of a router.
pub fn files(site: Arc<Site>) -> Router {
    Router::new().fallback(file).with_state(site)
}

fn health(service: &'static str) -> Response {
    let status = "healthy";
    let mut response = json(StatusCode::OK, &Health { status, service });
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn file(State(site): State<Arc<Site>>, request: Request) -> Response {
    site.respond(request.method(), request.uri().path(), request.headers())
}
