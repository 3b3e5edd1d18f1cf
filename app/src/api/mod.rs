//! The calls of the API: routes, handlers and the OpenAPI document that describes them.

mod categories;
mod docs;
mod me;
pub mod openapi;
mod products;
mod status;

use crate::database::Connector;
use crate::database::freshness::Freshness;
use crate::http::answers::Answers;
use crate::http::caller::Callers;
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;
use crate::http::{Problem, edge};
use crate::serve::Drain;
use crate::settings::{self, AccessLog};
use axum::Router;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use deadpool_postgres::{Object, Pool};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// What the handlers share.
pub struct App {
    /// The limits and the access that the settings give.
    pub settings: settings::Api,
    /// Which requests are logged.
    pub access: AccessLog,
    /// Connections to PostgreSQL.
    pub pool: Pool,
    /// Answers that are kept.
    pub answers: Answers,
    /// Who may call.
    pub callers: Callers,
    /// How often.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
    /// Exports that may run at once, so that slow readers leave connections to everybody else.
    pub exports: Arc<tokio::sync::Semaphore>,
    drain: Drain,
}

impl App {
    /// Puts the parts together; connects to nothing yet.
    ///
    /// # Errors
    /// [`crate::database::ConnectError::Pool`].
    pub fn new(
        settings: settings::Api,
        access: AccessLog,
        connector: &Connector,
        drain: Drain,
    ) -> Result<Arc<Self>, crate::database::ConnectError> {
        let pool = connector.pool()?;
        let exports = pool.status().max_size.div_ceil(4);
        Ok(Arc::new(Self {
            answers: Answers::new(settings.cache_bytes, Freshness::start(connector.clone())),
            callers: Callers::new(&settings.tokens),
            limits: Limits::new(settings.rate_limit, settings.trusted_proxies),
            metrics: Metrics::default(),
            exports: Arc::new(tokio::sync::Semaphore::new(exports)),
            pool,
            access,
            drain,
            settings,
        }))
    }

    /// Whether the process is about to end.
    pub fn draining(&self) -> bool {
        self.drain.begun()
    }

    /// A connection of the pool.
    ///
    /// # Errors
    /// 503 when none comes free in time or the database is away.
    pub async fn client(&self) -> Result<Object, Problem> {
        Ok(self.pool.get().await?)
    }
}

/// The API as a service.
pub fn router(app: &Arc<App>) -> Router {
    let (served, _) = openapi::routes().split_for_parts();
    let mut router = served
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
        .layer(from_fn_with_state(Arc::clone(app), edge::edge));
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
            crate::http::request_id::X_REQUEST_ID,
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            crate::http::request_id::X_REQUEST_ID,
        ])
        .max_age(Duration::from_hours(1))
}
