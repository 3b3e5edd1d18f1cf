//! `POST /api/products/bulk`.

use crate::api::schema::BulkRequest;
use crate::app::App;
use crate::database::products::{self, Author};
use crate::product::{BulkAction, read_bulk};
use crate::settings::Role;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use serde::Serialize;
use service::http::caller::Editor;
use service::http::{Failure, Problem, Success, body};
use std::sync::Arc;
use utoipa::ToSchema;

/// The outcome of a bulk call.
#[derive(Serialize, ToSchema)]
pub(crate) struct BulkResult {
    /// The number of products that were changed or deleted; a product that already was as requested is not counted.
    changed: usize,
    /// The ids that do not exist.
    missing: Vec<i64>,
}

/// Deletes, sets or reprices up to 500 products in one transaction. Deleting needs the role admin.
#[utoipa::path(post, operation_id = "change_products", path = "/api/products/bulk", tag = "products", request_body = BulkRequest,
    responses(
        (status = 200, description = "What was changed", body = Success<BulkResult>),
        (status = 422, body = Failure, description = "Invalid members; nothing was changed"),
    ))]
pub(crate) async fn bulk(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    request: Request<Body>,
) -> Result<Success<BulkResult>, Problem> {
    let object = body::object(request, app.settings.body_limit).await?;
    let bulk = read_bulk(&object)?;
    if bulk.action == BulkAction::Delete {
        caller.at_least(Role::Admin)?;
    }
    let author = Author {
        who: caller.name,
        action: "bulk",
    };
    let outcome = products::bulk(&mut app.client().await?, &author, &bulk).await?;
    app.metrics.written("bulk", outcome.changed);
    Ok(Success::new(BulkResult {
        changed: outcome.changed,
        missing: outcome.missing,
    }))
}
