//! The server of the built front end: static files from memory with cache headers, `index.html` for every path of the
//! application, and, where no load balancer routes them, a proxy for calls to `/api`.

mod proxy;
mod site;

pub use proxy::Proxy;
pub use site::{Site, SiteError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use std::sync::Arc;

/// The routes of the front end, with `/health`; calls to `/api` go to `proxy`, or answer 404 without one.
pub fn router(site: Arc<Site>, proxy: Option<Proxy>) -> Router {
    let mut router = Router::new().route("/health", get(health));
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

async fn health() -> Response {
    let mut response = r#"{"status":"healthy","service":"products-web"}"#.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn file(State(site): State<Arc<Site>>, request: Request) -> Response {
    site.respond(request.method(), request.uri().path(), request.headers())
}
