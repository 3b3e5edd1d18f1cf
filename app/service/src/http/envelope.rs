//! The JSON envelopes of responses that succeeded: `{success: true, data}` and `{success: true, data, page}`.

use super::json::json_bytes;
use super::problem::Problem;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The envelope of a response.
#[derive(Debug, Serialize, ToSchema)]
pub struct Success<T> {
    /// Always true.
    #[schema(schema_with = always_true)]
    pub success: bool,
    /// The content.
    pub data: T,
}

/// The envelope of a page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    /// Always true.
    #[schema(schema_with = always_true)]
    pub success: bool,
    /// The rows of this page.
    pub data: Vec<T>,
    /// The position of the page in the list.
    pub page: PageInfo,
}

/// The position of a page in its list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageInfo {
    /// The most rows of the page.
    pub limit: u16,
    /// The `cursor` of the next page; null on the last page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// The number of rows on all pages.
    #[schema(minimum = 0)]
    pub total: i64,
}

fn always_true() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::Boolean)
        .enum_values(Some([true]))
        .build()
}

impl<T: Serialize> Success<T> {
    /// Wraps `data` in the envelope.
    pub fn new(data: T) -> Self {
        Self { success: true, data }
    }
}

impl<T: Serialize> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

impl<T: Serialize> IntoResponse for Listing<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

/// A response with a JSON body.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => json_bytes(status, bytes.into()),
        // The types of the API have text keys and finite numbers only, so serialising them does not fail.
        Err(error) => Problem::internal(&error).into_response(),
    }
}
