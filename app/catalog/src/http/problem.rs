//! The errors of writes as failures of a request.

use crate::database::products::WriteError;
use crate::product::Product;
use axum::http::{StatusCode, header};
use service::http::{FieldError, FieldErrors, Problem, etag};

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::NotFound => Self::not_found("There is no product with that id"),
            WriteError::Conflict { current, changed } => conflict(&current, &changed),
            WriteError::SkuTaken => {
                let taken =
                    FieldErrors::single("sku", FieldError::new("taken", "belongs to another product"));
                Self::from(taken).with_status(StatusCode::CONFLICT, "sku_taken")
            }
            WriteError::NoImage => {
                let error = FieldError::new("bad_image", "is not the address of an image that was uploaded");
                FieldErrors::single("image", error).into()
            }
            WriteError::Invalid(errors) => errors.into(),
            WriteError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "This Idempotency-Key was given to another request; a new request needs a new key",
            ),
            WriteError::UndoneAlready => Self::new(
                StatusCode::CONFLICT,
                "undone_already",
                "These changes are undone already",
            ),
            WriteError::Database(error) => error.into(),
        }
    }
}

fn conflict(current: &Product, changed: &[String]) -> Problem {
    let message = if changed.is_empty() {
        "The product is no longer what you saw".to_owned()
    } else {
        format!("Somebody else has changed {} in the meantime", changed.join(", "))
    };
    let etag = etag::version_tag(current.version);
    Problem::new(StatusCode::PRECONDITION_FAILED, "conflict", message)
        .with_header(header::ETAG, etag)
        .with_member("current", &current)
        .with_member("changed", &changed)
}
