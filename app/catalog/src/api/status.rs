//! Liveness, readiness and metrics of the process.

use crate::app::App;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::http::{Health, Problem, json};
use std::sync::Arc;
use std::time::Duration;

/// Answers that the process is alive. The database is not checked: a process must not be killed because the database
/// is down.
#[utoipa::path(get, operation_id = "get_health", path = "/health", tag = "status", responses((status = 200, description = "The process is alive", body = Health)))]
pub(crate) async fn health() -> Response {
    json(
        StatusCode::OK,
        &Health {
            status: "healthy",
            service: "products-api",
        },
    )
}

/// Answers whether the process can serve: the database answers, and no shutdown has begun.
#[utoipa::path(get, operation_id = "get_readiness", path = "/ready", tag = "status", responses(
    (status = 200, description = "The process can serve", body = Health),
    (status = 503, description = "The process cannot serve now", body = service::http::Failure),
))]
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.draining() {
        return Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "draining",
            "This process is about to end",
        )
        .into_response();
    }
    let asked = async {
        let client = app.client().await?;
        client.simple_query("select 1").await?;
        Ok::<_, Problem>(())
    };
    match tokio::time::timeout(Duration::from_secs(3), asked).await {
        Ok(Ok(())) => json(
            StatusCode::OK,
            &Health {
                status: "ready",
                service: "products-api",
            },
        ),
        Ok(Err(problem)) => problem.into_response(),
        Err(elapsed) => Problem::unavailable(&elapsed).into_response(),
    }
}

/// Returns the metrics in the text format of Prometheus.
#[utoipa::path(get, operation_id = "get_metrics", path = "/metrics", tag = "status", responses(
    (status = 200, description = "Prometheus text", body = String, content_type = "text/plain")
))]
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let mut response = app.metrics().into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
