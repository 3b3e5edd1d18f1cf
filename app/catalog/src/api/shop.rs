//! `/api/shop/products`: what the shop sells, for everyone.

use super::products::id::Id;
use crate::app::App;
use crate::database::products;
use crate::http::cache::{CacheKey, Rendered};
use crate::order::MOST_PIECES;
use crate::product::{Parameters, Product, Sort, Status};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use rust_decimal::Decimal;
use serde::Serialize;
use service::http::{Failure, Listing, PageInfo, Problem, Success};
use std::sync::Arc;
use utoipa::ToSchema;

/// A product as the shop shows it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Offer {
    /// The id.
    id: i64,
    /// The name.
    name: String,
    /// The description; empty when there is none.
    description: String,
    /// The price of a piece.
    #[schema(value_type = String, example = "12.50")]
    price: Decimal,
    /// The currency of the price, by ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// The category, or null.
    #[schema(required = true)]
    category: Option<String>,
    /// The address of the picture, or null.
    #[schema(required = true)]
    image: Option<String>,
    /// The pieces that an order can have: those in stock, at most 99.
    #[schema(minimum = 0, maximum = 99)]
    available: i32,
}

impl Offer {
    fn new(product: Product, currency: &str) -> Self {
        Self {
            id: product.id,
            name: product.name,
            description: product.description,
            price: product.price,
            currency: currency.to_owned(),
            category: product.category,
            image: product.image,
            available: product.stock.min(MOST_PIECES),
        }
    }
}

/// Returns nothing if the settings have a shop.
///
/// # Errors
/// 404 without one.
pub(crate) fn open(app: &App) -> Result<(), Problem> {
    if app.settings.shop.open {
        Ok(())
    } else {
        Err(Problem::not_found("There is no shop here"))
    }
}

/// Returns a page of the products that are sold, whose status is active. Needs no token.
#[utoipa::path(get, operation_id = "list_offers", path = "/api/shop/products", tag = "shop",
    params(
        ("q" = Option<String>, Query, description = "Words that name, SKU or description have, in any order, ignoring case and accents", max_length = 200),
        ("category" = Option<String>, Query, description = "The category", max_length = 100),
        ("sort" = Option<Sort>, Query, description = "The order; `-` is descending"),
        ("limit" = Option<i32>, Query, description = "The most rows of the page; 25 by default", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next` of the previous page"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the client's copy"),
    ),
    responses(
        (status = 200, description = "A page of products", body = Listing<Offer>, headers(("etag" = String))),
        (status = 304, description = "The copy of the client is current"),
        (status = 404, body = Failure, description = "There is no shop here"),
        (status = 422, body = Failure, description = "Invalid or unknown parameters"),
    ))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    open(&app)?;
    let query = query.unwrap_or_default();
    let low_stock = app.settings.low_stock;
    let answer = app
        .cache
        .get(CacheKey::Offers(query.as_str().into()), async || {
            let mut requested = Parameters::parse(&query).page()?;
            requested.filter.status = Some(Status::Active);
            let page = app
                .reads
                .read("offers", |client| {
                    let requested = requested.clone();
                    async move { products::page(&client, &requested, low_stock).await }
                })
                .await?;
            let currency = &app.settings.shop.currency;
            let listing = Listing {
                success: true,
                data: page
                    .products
                    .into_iter()
                    .map(|product| Offer::new(product, currency))
                    .collect(),
                page: PageInfo {
                    limit: requested.limit,
                    next: page.next.map(|next| next.encode()),
                    total: page.total,
                },
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

/// Returns a product that is sold. Needs no token.
#[utoipa::path(get, operation_id = "get_offer", path = "/api/shop/products/{id}", tag = "shop",
    params(("id" = i64, Path, description = "Id of the product")),
    responses(
        (status = 200, description = "The product", body = Success<Offer>),
        (status = 404, body = Failure, description = "The product is not sold, or there is no shop here"),
        (status = 422, body = Failure, description = "The id is not a number"),
    ))]
pub(crate) async fn read(State(app): State<Arc<App>>, Id(id): Id) -> Result<Success<Offer>, Problem> {
    open(&app)?;
    let found = app.reads.product(id).await?;
    let product = found
        .map(|found| found.product.clone())
        .filter(|product| product.status == Status::Active);
    let product = product.ok_or_else(|| Problem::not_found("The shop has no product with that id"))?;
    Ok(Success::new(Offer::new(product, &app.settings.shop.currency)))
}
