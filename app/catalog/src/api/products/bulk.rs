//! `POST /api/products/bulk`.

use crate::api::schema::BulkRequest;
use crate::app::App;
use crate::database::idempotency::Answer;
use crate::database::products::{self, Author, BulkOutcome};
use crate::http::idempotency;
use crate::product::{BulkAction, read_bulk};
use crate::settings::Role;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use service::http::caller::Editor;
use service::http::{Failure, Problem, Success, body, json};
use std::sync::Arc;

/// Deletes, sets or reprices up to 500 products in one transaction. Deleting needs the role admin. A call that is sent
/// again with the same `Idempotency-Key` within 24 hours changes nothing and gets the answer of the first one.
#[utoipa::path(post, operation_id = "change_products", path = "/api/products/bulk", tag = "products",
    request_body(content = BulkRequest, example = json!({"ids": [1, 2, 3], "action": "price_percent", "percent": "-10.00"})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of the client's own for this call, such as a UUID", max_length = 255)),
    responses(
        (status = 200, description = "What was changed", body = Success<BulkOutcome>),
        (status = 422, body = Failure, description = "Invalid members; nothing was changed"),
    ))]
pub(crate) async fn bulk(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let given = idempotency::given(request.headers())?;
    let object = body::object(request, app.settings.body_limit).await?;
    let bulk = read_bulk(&object)?;
    if bulk.action == BulkAction::Delete {
        caller.at_least(Role::Admin)?;
    }
    let author = Author {
        key: idempotency::key_of_object(given, &caller, "POST /api/products/bulk", &object),
        who: caller.name,
        action: "bulk",
    };
    match products::bulk(&mut app.client().await?, &author, &bulk).await? {
        Answer::Made(outcome) => {
            app.metrics.written("bulk", outcome.changed);
            Ok(json(StatusCode::OK, &Success::new(outcome)))
        }
        Answer::Kept(answer) => Ok(idempotency::replayed(StatusCode::OK, &answer)),
    }
}
