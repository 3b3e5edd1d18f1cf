//! `GET /api/me`: the caller's name and role.

use crate::app::App;
use axum::extract::State;
use serde::Serialize;
use service::http::Success;
use service::http::caller::Caller;
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
