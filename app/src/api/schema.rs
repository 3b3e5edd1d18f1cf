//! The types of the OpenAPI document that are no type of the handlers: bodies of requests, and of failures.

use crate::product::import::Report;
use crate::product::{Product, Status};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

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
