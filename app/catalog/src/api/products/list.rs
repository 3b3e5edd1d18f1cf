//! `GET /api/products`.

use crate::app::App;
use crate::database::products;
use crate::http::cache::{CacheKey, Rendered};
use crate::product::{Parameters, Product, Sort, Status, Stock};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use service::http::{Failure, Listing, PageInfo, Problem};
use std::sync::Arc;

/// Returns a page of products.
#[utoipa::path(get, operation_id = "list_products", path = "/api/products", tag = "products",
    params(
        ("q" = Option<String>, Query, description = "Words that name, SKU or description have, in any order, ignoring case and accents", max_length = 200),
        ("category" = Option<String>, Query, description = "The category", max_length = 100),
        ("status" = Option<Status>, Query, description = "The status"),
        ("min_price" = Option<String>, Query, description = "The lowest price", pattern = r"^\d{1,8}(\.\d{1,2})?$"),
        ("max_price" = Option<String>, Query, description = "The highest price", pattern = r"^\d{1,8}(\.\d{1,2})?$"),
        ("stock" = Option<Stock>, Query, description = "`in` stock, `out` of stock, or `low`: 1 to `low_stock` pieces, as `/api/me` has it"),
        ("sort" = Option<Sort>, Query, description = "The order; `-` is descending"),
        ("limit" = Option<i32>, Query, description = "The most rows of the page; 25 by default", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next` of the previous page"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the client's copy"),
    ),
    responses(
        (status = 200, description = "A page of products", body = Listing<Product>, headers(("etag" = String))),
        (status = 304, description = "The copy of the client is current"),
        (status = 422, body = Failure, description = "Invalid or unknown parameters"),
    ))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let low_stock = app.settings.low_stock;
    let answer = app
        .cache
        .get(CacheKey::Page(query.as_str().into()), async || {
            let requested = Parameters::parse(&query).page()?;
            let page = app
                .reads
                .read("page", |client| {
                    let requested = requested.clone();
                    async move { products::page(&client, &requested, low_stock).await }
                })
                .await?;
            let info = PageInfo {
                limit: requested.limit,
                next: page.next.map(|next| next.encode()),
                total: page.total,
            };
            let listing = Listing {
                success: true,
                data: page.products,
                page: info,
            };
            let body = serde_json::to_vec(&listing).map_err(|e| Problem::internal(&e))?;
            Ok(Rendered {
                snapshot: page.snapshot,
                body,
                tag: None,
            })
        })
        .await?;
    Ok(answer.respond(&headers))
}
