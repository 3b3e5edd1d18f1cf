//! The OpenAPI 3.1 document. It is made from the handlers themselves, so it lists every route that is served and no
//! other; what all calls can answer (no token, too many requests, ..) is added here once.

use super::{categories, docs, me, products, status};
use crate::app::App;
use crate::product::import::Report;
use crate::product::{Product, Status};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, ResponseBuilder, SecurityRequirement};
use utoipa::{OpenApi as _, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What a call that failed answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Failure {
    /// Always false.
    #[schema(schema_with = always_false)]
    success: bool,
    /// A sentence for people.
    error: String,
    /// A stable word for programs.
    code: String,
    /// What is wrong, by field or parameter: sentences for people.
    fields: Option<BTreeMap<String, String>>,
    /// What is wrong, by field or parameter: stable words for programs.
    field_codes: Option<BTreeMap<String, String>>,
    /// The request's id, as in the log.
    request_id: String,
}

/// What a write answers that came too late.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConflictFailure {
    #[serde(flatten)]
    failure: Failure,
    /// The product as it is now.
    current: Product,
    /// The fields that changed since the version that the caller saw.
    changed: Vec<String>,
}

/// What an import answers that was not carried out.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportFailure {
    #[serde(flatten)]
    failure: Failure,
    /// What is wrong, row by row; not there when the file could not be read at all.
    report: Option<Report>,
}

fn always_false() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::Boolean)
        .enum_values(Some([false]))
        .build()
}

/// A role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
#[expect(
    dead_code,
    reason = "it is there for its schema; the settings have the type that is used"
)]
pub(crate) enum RoleName {
    Viewer,
    Editor,
    Admin,
}

/// A state of stock.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = StockState)]
#[expect(dead_code, reason = "it is there for its schema")]
pub(crate) enum StockName {
    In,
    Out,
    Low,
}

/// An order of a list.
#[derive(Serialize, ToSchema)]
#[schema(as = Sort)]
#[expect(dead_code, reason = "it is there for its schema")]
pub(crate) enum SortName {
    #[serde(rename = "id")]
    Id,
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "-name")]
    NameDescending,
    #[serde(rename = "price")]
    Price,
    #[serde(rename = "-price")]
    PriceDescending,
    #[serde(rename = "stock")]
    Stock,
    #[serde(rename = "-stock")]
    StockDescending,
    #[serde(rename = "updated")]
    Updated,
    #[serde(rename = "-updated")]
    UpdatedDescending,
}

/// An exact amount, best as a text, so that no program makes a float of it; a number is taken digit by digit.
fn amount() -> Schema {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^\d{1,8}(\.\d{1,2})?$"))
        .examples([serde_json::json!("12.50")]);
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(0))
        .maximum(Some(99_999_999))
        .multiple_of(Some(0.01));
    Schema::OneOf(OneOfBuilder::new().item(text).item(number).build())
}

/// A percentage, as a text or a number.
fn percentage() -> Schema {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^(-(100|\d{1,2})|\d{1,3})(\.\d{1,2})?$"))
        .examples([serde_json::json!("-10.00")]);
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(-100))
        .maximum(Some(1000));
    Schema::OneOf(OneOfBuilder::new().item(text).item(number).build())
}

/// A product to be created. Only name and price must be there.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProduct {
    /// Letters, digits, dots, dashes and underscores; made up when left out.
    #[schema(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "MUG-350")]
    sku: Option<String>,
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$",
        example = "Enamel mug"
    )]
    name: String,
    #[schema(max_length = 10000, pattern = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$")]
    description: Option<String>,
    #[schema(schema_with = amount)]
    price: String,
    /// 0 when left out.
    #[schema(minimum = 0)]
    stock: Option<i32>,
    #[schema(max_length = 100, pattern = r"^[^\x00-\x1F\x7F-\x9F]*$")]
    category: Option<String>,
    /// Active when left out.
    status: Option<Status>,
}

/// A product in place of another. SKU, category and status stay when they are left out.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WholeProduct {
    #[schema(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    sku: Option<String>,
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$"
    )]
    name: String,
    #[schema(max_length = 10000, pattern = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$")]
    description: String,
    #[schema(schema_with = amount)]
    price: String,
    #[schema(minimum = 0)]
    stock: i32,
    #[schema(max_length = 100, pattern = r"^[^\x00-\x1F\x7F-\x9F]*$")]
    category: Option<String>,
    status: Option<Status>,
}

/// The fields of a product that change.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductChange {
    #[schema(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    sku: Option<String>,
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$"
    )]
    name: Option<String>,
    #[schema(max_length = 10000, pattern = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$")]
    description: Option<String>,
    #[schema(schema_with = amount)]
    price: Option<String>,
    #[schema(minimum = 0)]
    stock: Option<i32>,
    #[schema(max_length = 100, pattern = r"^[^\x00-\x1F\x7F-\x9F]*$")]
    category: Option<String>,
    status: Option<Status>,
}

/// What to do to many products.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkRequest {
    #[schema(min_items = 1, max_items = 500)]
    ids: Vec<i64>,
    action: BulkActionName,
    /// With `update`: what to set.
    set: Option<BulkSettings>,
    /// With `price_percent`: from -100 to 1000, with at most two decimals.
    #[schema(schema_with = percentage)]
    percent: Option<String>,
}

/// What a bulk call can do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkAction)]
#[expect(dead_code, reason = "it is there for its schema")]
pub(crate) enum BulkActionName {
    Delete,
    Update,
    PricePercent,
}

/// What a bulk call can set.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkSettings {
    status: Option<Status>,
    #[schema(max_length = 100, pattern = r"^[^\x00-\x1F\x7F-\x9F]*$")]
    category: Option<String>,
    #[schema(minimum = 0)]
    stock: Option<i32>,
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Product catalogue", description = "Products, their history, and everything to keep them in order."),
    components(schemas(Failure, SortName, StockName)),
    tags(
        (name = "products", description = "Products and their history"),
        (name = "caller", description = "Who calls"),
        (name = "status", description = "The process itself"),
    )
)]
struct Frame;

/// The routes with their handlers, and the document that describes them.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(products::list::list, products::write::create))
        .routes(routes!(
            products::read::read,
            products::write::replace,
            products::write::patch,
            products::write::delete
        ))
        .routes(routes!(products::bulk::bulk))
        .routes(routes!(products::import::import))
        .routes(routes!(products::export::export))
        .routes(routes!(products::history::history))
        .routes(routes!(categories::categories))
        .routes(routes!(me::me))
        .routes(routes!(docs::document))
        .routes(routes!(docs::page))
        .routes(routes!(status::health))
        .routes(routes!(status::ready))
        .routes(routes!(status::metrics))
}

/// The document.
pub fn document() -> OpenApi {
    let (_, mut document) = routes().split_for_parts();
    document
        .components
        .get_or_insert_with(Components::new)
        .add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    for (path, item) in &mut document.paths.paths {
        let public = !path.starts_with("/api/") || path == "/api/openapi.json" || path == "/api/docs";
        let operations = [
            (&mut item.get, false),
            (&mut item.post, true),
            (&mut item.put, true),
            (&mut item.patch, true),
            (&mut item.delete, true),
        ];
        for (operation, writes) in operations {
            let Some(operation) = operation else { continue };
            if path == "/health" || path == "/metrics" {
                continue;
            }
            let mut common: Vec<(&str, &str)> = vec![("503", "The catalogue cannot serve this right now")];
            if path.starts_with("/api/") {
                common.push(("429", "Too many requests"));
            }
            if !public {
                common.push(("401", "No valid token"));
                common.push(("403", "The role does not allow this"));
                operation.security = Some(vec![
                    SecurityRequirement::new("token", Vec::<String>::new()),
                    SecurityRequirement::default(),
                ]);
            }
            if writes {
                common.push(("400", "The request cannot be read"));
            }
            if operation.request_body.is_some() {
                common.push(("413", "The body is too long"));
                common.push(("415", "The body has another content type"));
                common.push(("422", "Fields that do not fit"));
            }
            for (status, description) in common {
                let failure = ResponseBuilder::new()
                    .description(description)
                    .content(
                        "application/json",
                        Content::new(Some(Ref::from_schema_name("Failure"))),
                    )
                    .build();
                operation
                    .responses
                    .responses
                    .entry(status.to_owned())
                    .or_insert(RefOr::T(failure));
            }
        }
    }
    document
}

/// The document as JSON text, as it is served and checked in.
///
/// # Errors
/// What the serialiser says; it has nothing in it that fails.
pub fn text() -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&document())?;
    text.push('\n');
    Ok(text)
}
