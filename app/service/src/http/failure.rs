//! The JSON body of a failure.

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
    pub(crate) field_codes: Option<BTreeMap<String, String>>,
    /// The request's id, as in the log.
    pub(crate) request_id: String,
}

fn always_false() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::Boolean)
        .enum_values(Some([false]))
        .build()
}
