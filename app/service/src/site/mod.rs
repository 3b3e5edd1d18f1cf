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
use axum::routing::{any, get};
use std::sync::Arc;

/// The routes of the front end, with `/health`, which answers `service`; calls to `/api` go to `proxy`, or answer 404 without one.
pub fn router(site: Arc<Site>, proxy: Option<Proxy>, service: &'static str) -> Router {
    let mut router = Router::new().route("/health", get(async move || health(service)));
    if let Some(proxy) = proxy {
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
