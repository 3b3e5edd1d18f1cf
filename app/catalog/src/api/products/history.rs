//! `GET /api/products/{id}/history`.

use super::id::Id;
use crate::app::App;
use crate::database::products::{self, Revision};
use crate::product::{Input, Parameters};
use axum::extract::{RawQuery, State};
use service::http::FieldError;
use service::http::{Failure, Listing, PageInfo, Problem};
use std::sync::Arc;

/// Returns the changes of a product, the newest first. A deleted product keeps its history.
#[utoipa::path(get, operation_id = "list_product_history", path = "/api/products/{id}/history", tag = "products",
    params(
        ("id" = i64, Path, description = "Id of the product"),
        ("limit" = Option<i32>, Query, description = "The most rows of the page; 25 by default", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next` of the previous page"),
    ),
    responses(
        (status = 200, description = "A page of changes", body = Listing<Revision>),
        (status = 404, body = Failure, description = "The id never existed"),
        (status = 422, body = Failure, description = "Invalid or unknown parameters"),
    ))]
pub(crate) async fn history(
    State(app): State<Arc<App>>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> Result<Listing<Revision>, Problem> {
    let mut parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let limit = parameters.limit();
    let before = parameters.read("cursor", |input| match input {
        Input::Text(text) => text
            .parse::<i64>()
            .map_err(|_| FieldError::new("bad_cursor", "is not a cursor")),
        _ => Err(FieldError::required()),
    });
    let (limit, before) = parameters.finish((limit, before.unwrap_or(i64::MAX)))?;
    let page = app
        .reads
        .read("history", async |client| {
            products::history(&client, id, before, limit).await
        })
        .await?;
    if page.total == 0 {
        return Err(Problem::not_found("There never was a product with that id"));
    }
    let next = page
        .revisions
        .last()
        .filter(|_| page.more)
        .map(|last| last.version.to_string());
    Ok(Listing {
        success: true,
        data: page.revisions,
        page: PageInfo {
            limit,
            next,
            total: page.total,
        },
    })
}
