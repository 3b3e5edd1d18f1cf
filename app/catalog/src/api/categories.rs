//! `GET /api/categories`.

use crate::app::App;
use crate::database::products;
use crate::http::cache::{CacheKey, Rendered};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use service::http::{Problem, Success};
use std::sync::Arc;

/// Returns the categories in use, by name, each with the number of its products.
#[utoipa::path(get, operation_id = "list_categories", path = "/api/categories", tag = "products", responses(
    (status = 200, description = "The categories in use", body = Success<Vec<products::CategoryCount>>, headers(("etag" = String))),
    (status = 304, description = "The copy of the client is current"),
))]
pub(crate) async fn categories(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let answer = app
        .cache
        .get(CacheKey::Categories, async || {
            let found = app
                .reads
                .read("categories", async |client| products::categories(&client).await)
                .await?;
            let body =
                serde_json::to_vec(&Success::new(found.categories)).map_err(|e| Problem::internal(&e))?;
            Ok(Rendered {
                snapshot: found.snapshot,
                body,
                tag: None,
            })
        })
        .await?;
    Ok(answer.respond(&headers))
}
