//! The JSON bodies of failures.

use crate::product::Product;
use crate::product::import::Report;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The body of a failure.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    /// Always false.
    #[schema(schema_with = always_false)]
    pub(crate) success: bool,
    /// The message for people.
    pub(crate) error: String,
    /// The code for programs, which does not change.
    pub(crate) code: &'static str,
    /// Messages for people by field or parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fields: Option<BTreeMap<String, String>>,
    /// Codes for programs by field or parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field_codes: Option<BTreeMap<String, &'static str>>,
    /// The request's id, as in the log.
    pub(crate) request_id: String,
}

/// The failure of a write whose `If-Match` is stale.
#[derive(Serialize, ToSchema)]
pub struct ConflictFailure {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    /// The product as it is now.
    pub(crate) current: Product,
    /// The fields that changed since the version in `If-Match`.
    pub(crate) changed: Vec<String>,
}

/// The failure of an import that was rejected.
#[derive(Serialize, ToSchema)]
pub struct ImportFailure {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    /// The report with the errors of each row; missing when the file cannot be parsed.
    pub(crate) report: Option<Report>,
}

fn always_false() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::Boolean)
        .enum_values(Some([false]))
        .build()
}
