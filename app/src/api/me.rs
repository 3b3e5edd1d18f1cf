//! `GET /api/me`: the caller's name and role.

use crate::app::App;
use crate::http::Success;
use crate::http::caller::Caller;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Who calls.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    /// What the caller may do.
    #[schema(value_type = crate::settings::Role)]
    role: &'static str,
    /// The name that histories show.
    name: String,
    /// Whether the API runs without tokens, so that everyone is an administrator.
    open: bool,
}

/// Who calls, and what they may do.
#[utoipa::path(get, path = "/api/me", tag = "caller", responses((status = 200, body = Success<Me>)))]
pub(crate) async fn me(State(app): State<Arc<App>>, caller: Caller) -> Success<Me> {
    Success::new(Me {
        role: caller.role.name(),
        name: caller.name.to_string(),
        open: app.callers.open(),
    })
}
