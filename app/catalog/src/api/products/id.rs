//! The product id in a path.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use service::http::Problem;
use service::http::{FieldError, FieldErrors};

/// The id in the path.
pub(crate) struct Id(pub(crate) i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let wrong = || {
            let error = FieldError::new("not_an_integer", "must be a whole number, the id of a product");
            Problem::from(FieldErrors::single("id", error))
        };
        let parameters = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| wrong())?;
        let id = parameters
            .iter()
            .find(|(name, _)| *name == "id")
            .and_then(|(_, id)| id.parse().ok());
        id.map(Self).ok_or_else(wrong)
    }
}
