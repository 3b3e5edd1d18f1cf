//! The router of the API with its layers.

use super::docs::Document;
use super::{middleware, openapi};
use crate::app::App;
use crate::http::Problem;
use crate::http::request_id::X_REQUEST_ID;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::{Extension, Router};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// The router of the API.
pub fn router(app: &Arc<App>) -> Router {
    let (served, document) = openapi::routes();
    let mut router = served
        .fallback(async || Problem::not_found("There is nothing at this address"))
        .method_not_allowed_fallback(async || {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This address has no such method",
            )
        })
        .layer(Extension(Arc::new(Document::new(document))))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Problem::internal(&Panicked).into_response()
        }))
        .layer(from_fn_with_state(Arc::clone(app), middleware::middleware));
    if !app.settings.cors_origins.is_empty() {
        router = router.layer(cors(&app.settings.cors_origins));
    }
    router.with_state(Arc::clone(app))
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked")]
struct Panicked;

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
            X_REQUEST_ID,
        ])
        .expose_headers([header::ETAG, header::LOCATION, X_REQUEST_ID])
        .max_age(Duration::from_hours(1))
}
