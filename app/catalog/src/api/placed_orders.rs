//! `GET /api/orders` and `POST /api/orders/erase`: the orders as the staff sees them.

use crate::app::App;
use crate::database::placed_orders;
use crate::order::{EraseBuyer, OrderQuery, PlacedOrder};
use crate::settings::Role;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::Request;
use serde::Serialize;
use service::http::caller::Editor;
use service::http::{Failure, Listing, PageInfo, Problem, Success, body};
use std::sync::Arc;
use utoipa::ToSchema;

/// Returns a page of orders with their buyers, the newest first. Needs the role editor.
#[utoipa::path(get, operation_id = "list_orders", path = "/api/orders", tag = "orders",
    params(
        ("number" = Option<String>, Query, description = "The number of the only order that is asked for", max_length = 10),
        ("email" = Option<String>, Query, description = "The buyer's e-mail address", max_length = 254),
        ("limit" = Option<i32>, Query, description = "The most rows of the page; 25 by default", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next` of the previous page"),
    ),
    responses(
        (status = 200, description = "A page of orders", body = Listing<PlacedOrder>),
        (status = 422, body = Failure, description = "Invalid or unknown parameters"),
    ))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    _: Editor,
    RawQuery(query): RawQuery,
) -> Result<Listing<PlacedOrder>, Problem> {
    let query = OrderQuery::read(query.as_deref().unwrap_or_default())?;
    let page = app
        .reads
        .read("orders", async |client| {
            placed_orders::page(&client, &query).await
        })
        .await?;
    let next = page
        .orders
        .last()
        .filter(|_| page.more)
        .map(|last| last.id.to_string());
    Ok(Listing {
        success: true,
        data: page.orders,
        page: PageInfo {
            limit: query.limit,
            next,
            total: page.total,
        },
    })
}

/// What was erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasedBuyer {
    /// The numbers of the buyer's orders, which stay without the buyer; none when it was done before.
    orders: Vec<String>,
}

/// Erases name, e-mail address and postal address of all of a buyer's orders; what was sold stays. Needs the role admin. What the
/// event analytics platform has of the buyer's visits is erased there, by `POST /api/sites/{site}/erase`.
#[utoipa::path(post, operation_id = "erase_buyer", path = "/api/orders/erase", tag = "orders",
    request_body(content = EraseBuyer, example = json!({"email": "ada@example.org"})),
    responses((status = 200, description = "The orders that were the buyer's", body = Success<ErasedBuyer>)))]
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    request: Request<Body>,
) -> Result<Success<ErasedBuyer>, Problem> {
    let object = body::object(request, app.settings.body_limit).await?;
    let buyer = EraseBuyer::read(&object)?;
    caller.at_least(Role::Admin)?;
    let orders = placed_orders::erase(&app.client().await?, &buyer.email).await?;
    app.metrics.written("erase", orders.len());
    Ok(Success::new(ErasedBuyer { orders }))
}
