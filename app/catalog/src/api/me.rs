//! The caller's name and role, and the session of a browser.

use crate::app::App;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use service::http::caller::Caller;
use service::http::session::Session;
use service::http::{Problem, Success};
use std::sync::Arc;
use utoipa::ToSchema;

/// The caller.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    /// The caller's role.
    #[schema(value_type = crate::settings::Role)]
    role: &'static str,
    /// The name that product histories show.
    name: String,
    /// True when the API has no tokens, so that every caller is an administrator.
    open: bool,
    /// The most pieces that are low stock.
    #[schema(minimum = 1)]
    low_stock: i32,
}

/// Returns the caller's name and role.
#[utoipa::path(get, operation_id = "get_caller", path = "/api/me", tag = "caller", responses((status = 200, description = "The caller", body = Success<Me>)))]
pub(crate) async fn me(State(app): State<Arc<App>>, caller: Caller) -> Success<Me> {
    Success::new(Me {
        role: caller.role.name(),
        name: caller.name.to_string(),
        open: app.edge.callers.open(),
        low_stock: app.settings.low_stock,
    })
}

/// Opens a session: a cookie that the browser sends in the place of the token, and that no script can read.
#[utoipa::path(post, operation_id = "open_session", path = "/api/session", tag = "caller", responses(
    (status = 200, description = "The session", body = Success<Session>, headers(("Set-Cookie" = String, description = "The session")))
))]
pub(crate) async fn open_session(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Session::open(&app.edge.callers, &headers)
}

/// Closes the browser's session.
#[utoipa::path(delete, operation_id = "close_session", path = "/api/session", tag = "caller", responses(
    (status = 200, description = "There is no session any more", body = Success<Session>, headers(("Set-Cookie" = String, description = "An empty session")))
))]
pub(crate) async fn close_session(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    Session::close(&app.edge.callers, &headers)
}
