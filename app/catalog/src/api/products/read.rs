//! `GET /api/products/{id}`.

use super::id::Id;
use crate::app::App;
use crate::http::cache::{CacheKey, Rendered};
use crate::product::Product;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use service::http::{Failure, Problem, Success, etag};
use std::sync::Arc;

/// Returns a product. The `ETag` is its version, which a change sends as `If-Match`.
#[utoipa::path(get, operation_id = "get_product", path = "/api/products/{id}", tag = "products",
    params(
        ("id" = i64, Path, description = "Id of the product"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the client's copy"),
    ),
    responses(
        (status = 200, description = "The product", body = Success<Product>, headers(("etag" = String, description = "The version in quotes"))),
        (status = 304, description = "The copy of the client is current"),
        (status = 404, body = Failure, description = "The product does not exist"),
        (status = 422, body = Failure, description = "The id is not a number"),
    ))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let answer = app
        .cache
        .get(CacheKey::Product(id), async || {
            let found = app.reads.product(id).await?;
            let found = found.ok_or_else(|| Problem::not_found("There is no product with that id"))?;
            let tag = etag::version_tag(found.product.version);
            let body =
                serde_json::to_vec(&Success::new(&found.product)).map_err(|e| Problem::internal(&e))?;
            Ok(Rendered {
                snapshot: Arc::clone(&found.snapshot),
                body,
                tag: Some(tag),
            })
        })
        .await?;
    Ok(answer.respond(&headers))
}
