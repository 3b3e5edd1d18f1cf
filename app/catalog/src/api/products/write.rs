//! The handlers that create, change and delete a product.

use super::id::Id;
use crate::api::schema::{NewProduct, ProductChange, WholeProduct};
use crate::app::App;
use crate::database::idempotency::Answer;
use crate::database::products::{self, Author};
use crate::http::{ConflictFailure, idempotency};
use crate::product::{Body as Fields, Field, Product};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use service::http::caller::{Caller, Editor};
use service::http::conditional::Precondition;
use service::http::{Failure, Problem, Success, body, etag, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// Creates a product. A call that is sent again with the same `Idempotency-Key` within 24 hours creates nothing and gets
/// the answer of the first one.
#[utoipa::path(post, operation_id = "create_product", path = "/api/products", tag = "products",
    request_body(content = NewProduct, example = json!({"sku": "MUG-350", "name": "Enamel mug", "price": "12.50", "stock": 40, "category": "Kitchen", "status": "draft"})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of the client's own for this call, such as a UUID", max_length = 255)),
    responses(
        (status = 201, description = "The new product", body = Success<Product>, headers(("etag" = String), ("location" = String))),
        (status = 409, body = Failure, description = "Another product has that SKU"),
    ))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let given = idempotency::given(request.headers())?;
    let object = body::object(request, app.settings.body_limit).await?;
    let fields = Fields::read(&object)?.create()?;
    let key = idempotency::key_of_object(given, &caller, "POST /api/products", &object);
    let author = Author {
        key,
        ..author(caller, "create")
    };
    let (created, mut response) = match products::create(&mut app.client().await?, &author, &fields).await? {
        Answer::Made(product) => {
            app.metrics.written("create", 1);
            let created = Created {
                id: product.id,
                version: product.version,
            };
            (created, json(StatusCode::CREATED, &Success::new(product)))
        }
        Answer::Kept(answer) => {
            let created = serde_json::from_str(answer.get()).map_err(|e| Problem::internal(&e))?;
            (created, idempotency::replayed(StatusCode::CREATED, &answer))
        }
    };
    let location =
        HeaderValue::try_from(format!("/api/products/{}", created.id)).map_err(|e| Problem::internal(&e))?;
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag::version_tag(created.version));
    headers.insert(header::LOCATION, location);
    Ok(response)
}

/// The members of a new product that headers repeat.
#[derive(Deserialize)]
struct Created {
    id: i64,
    version: i64,
}

/// Replaces a product: name, description, price and stock are required. SKU, category, status and image stay as they are
/// when they are left out.
#[utoipa::path(put, operation_id = "replace_product", path = "/api/products/{id}", tag = "products",
    request_body(content = WholeProduct, example = json!({"name": "Enamel mug", "description": "350 ml, oven-proof", "price": "13.00", "stock": 40})),
    params(
        ("id" = i64, Path, description = "Id of the product"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that the change is based on"),
    ),
    responses(
        (status = 200, description = "The product as it is now", body = Success<Product>, headers(("etag" = String))),
        (status = 404, body = Failure, description = "The product does not exist"),
        (status = 409, body = Failure, description = "Another product has that SKU"),
        (status = 412, body = ConflictFailure, description = "The product was changed in the meantime"),
    ))]
pub(crate) async fn replace(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    Id(id): Id,
    request: Request<Body>,
) -> Result<Response, Problem> {
    change(&app, caller, id, request, &Fields::REQUIRED_TO_REPLACE).await
}

/// Changes the fields that the body has.
#[utoipa::path(patch, operation_id = "update_product", path = "/api/products/{id}", tag = "products",
    request_body(content = ProductChange, example = json!({"price": "13.00", "status": "active"})),
    params(
        ("id" = i64, Path, description = "Id of the product"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that the change is based on"),
    ),
    responses(
        (status = 200, description = "The product as it is now", body = Success<Product>, headers(("etag" = String))),
        (status = 404, body = Failure, description = "The product does not exist"),
        (status = 409, body = Failure, description = "Another product has that SKU"),
        (status = 412, body = ConflictFailure, description = "The product was changed in the meantime"),
    ))]
pub(crate) async fn patch(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    Id(id): Id,
    request: Request<Body>,
) -> Result<Response, Problem> {
    change(&app, caller, id, request, &[]).await
}

async fn change(
    app: &App,
    caller: Caller,
    id: i64,
    request: Request<Body>,
    required: &[Field],
) -> Result<Response, Problem> {
    let precondition = Precondition::read(request.headers())?;
    let object = body::object(request, app.settings.body_limit).await?;
    let fields = Fields::read(&object)?;
    fields.require(required)?;
    let expected = |version| precondition.check(version);
    let mut client = app.client().await?;
    let written = products::update(&mut client, &author(caller, "update"), id, expected, |old| {
        fields.apply(old)
    })
    .await?;
    app.metrics.written("update", usize::from(written.changed));
    Ok(with_tag(StatusCode::OK, written.product))
}

/// The id of a deleted product.
#[derive(Serialize, ToSchema)]
pub(crate) struct Gone {
    id: i64,
}

/// The response to a deletion.
#[derive(Serialize, ToSchema)]
pub(crate) struct Deleted {
    #[serde(flatten)]
    success: Success<Gone>,
    /// The message for people.
    message: &'static str,
}

/// Deletes a product. Its history stays.
#[utoipa::path(delete, operation_id = "delete_product", path = "/api/products/{id}", tag = "products",
    params(
        ("id" = i64, Path, description = "Id of the product"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that the change is based on"),
    ),
    responses(
        (status = 200, description = "The product is deleted", body = Deleted),
        (status = 404, body = Failure, description = "The product does not exist"),
        (status = 412, body = ConflictFailure, description = "The product was changed in the meantime"),
        (status = 422, body = Failure, description = "The id is not a number"),
    ))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let precondition = Precondition::read(&headers)?;
    let expected = |version| precondition.check(version);
    products::delete(&mut app.client().await?, &author(caller, "delete"), id, expected).await?;
    app.metrics.written("delete", 1);
    let deleted = Deleted {
        success: Success::new(Gone { id }),
        message: "Product deleted successfully",
    };
    Ok(json(StatusCode::OK, &deleted))
}

fn author(caller: Caller, action: &'static str) -> Author {
    Author {
        who: caller.name,
        action,
        key: None,
    }
}

fn with_tag(status: StatusCode, product: Product) -> Response {
    let tag = etag::version_tag(product.version);
    let mut response = json(status, &Success::new(product));
    response.headers_mut().insert(header::ETAG, tag);
    response
}
