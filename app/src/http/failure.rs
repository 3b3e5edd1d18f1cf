//! The JSON bodies of failures.

use crate::product::Product;
use crate::product::import::Report;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a call that failed answers.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    /// Always false.
    #[schema(schema_with = always_false)]
    pub(crate) success: bool,
    /// A sentence for people.
    pub(crate) error: String,
    /// A stable word for programs.
    pub(crate) code: &'static str,
    /// What is wrong, by field or parameter: sentences for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fields: Option<BTreeMap<String, String>>,
    /// What is wrong, by field or parameter: stable words for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field_codes: Option<BTreeMap<String, &'static str>>,
    /// The request's id, as in the log.
    pub(crate) request_id: String,
}

/// What a write answers that came too late.
#[derive(Serialize, ToSchema)]
pub struct ConflictFailure {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    /// The product as it is now.
    pub(crate) current: Product,
    /// The fields that changed since the version that the caller saw.
    pub(crate) changed: Vec<String>,
}

/// What an import answers that was not carried out.
#[derive(Serialize, ToSchema)]
pub struct ImportFailure {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    /// What is wrong, row by row; not there when the file could not be read at all.
    pub(crate) report: Option<Report>,
}

fn always_false() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::Boolean)
        .enum_values(Some([false]))
        .build()
}
