//! The JSON envelopes of responses that succeeded: `{success: true, data}` and `{success: true, data, page}`.

use super::json::json_bytes;
use super::problem::Problem;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What a call that succeeded answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Success<T> {
    /// Always true.
    #[schema(schema_with = always_true)]
    pub success: bool,
    /// What was asked for.
    pub data: T,
}

/// What a call that succeeded answers with one page of a longer list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    /// Always true.
    #[schema(schema_with = always_true)]
    pub success: bool,
    /// The rows of this page.
    pub data: Vec<T>,
    /// Where this page is.
    pub page: PageInfo,
}

/// Where a page is in its list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageInfo {
    /// The most rows that this page could have.
    pub limit: u16,
    /// What to send as `cursor` to get the next page; null on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
    /// How many rows there are on all pages.
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
