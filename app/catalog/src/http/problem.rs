//! A failure of a request, and the errors that become one.

use super::failure::{ConflictFailure, Failure, ImportFailure};
use super::json::json_bytes;
use crate::database::products::WriteError;
use crate::product::import::Report;
use crate::product::{FieldError, FieldErrors, Product};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deadpool_postgres::PoolError;
use std::borrow::Cow;
use std::sync::Arc;
use tokio_postgres::error::SqlState;

/// A failure before it is rendered. It becomes the envelope `{success: false, error, code, fields?, field_codes?,
/// request_id}` in the API's middleware, which alone knows the request's id.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    details: Details,
    header: Option<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

/// The members of a failure's body beyond those that every failure has.
#[derive(Clone, Debug)]
enum Details {
    None,
    Fields(FieldErrors),
    Conflict {
        current: Box<Product>,
        changed: Vec<String>,
    },
    Import(Report),
}

impl Problem {
    /// A failure with a status, a code for programs and a message for people.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self(Box::new(Parts {
            status,
            code,
            message,
            details: Details::None,
            header: None,
            cause: None,
        }))
    }

    /// Adds the report of an import that was rejected.
    #[must_use]
    pub fn with_report(mut self, report: Report) -> Self {
        self.0.details = Details::Import(report);
        self
    }

    /// Adds a header to the response.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    /// Adds the cause, which is logged and never sent.
    #[must_use]
    pub fn with_cause(mut self, cause: &(dyn std::error::Error + 'static)) -> Self {
        self.0.cause = Some(crate::error::chain(cause));
        self
    }

    /// The failure 404.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    /// The failure 500, a defect of the catalogue.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
        )
        .with_cause(cause)
    }

    /// The failure 503: the database cannot be used right now, and the same call can succeed later.
    pub fn unavailable(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The catalogue cannot reach its data right now; try again in a moment",
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
        .with_cause(cause)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The cause, which is logged and never sent.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Renders the response with the request's id.
    pub fn render(&self, request_id: &str) -> Response {
        let Parts {
            status,
            code,
            message,
            details,
            ..
        } = &*self.0;
        let mut failure = Failure {
            success: false,
            error: message.clone().into_owned(),
            code,
            fields: None,
            field_codes: None,
            request_id: request_id.to_owned(),
        };
        let body = match details.clone() {
            Details::None => serde_json::to_value(failure),
            Details::Fields(FieldErrors(errors)) => {
                let codes = errors.iter().map(|(field, error)| (field.clone(), error.code));
                failure.field_codes = Some(codes.collect());
                let messages = errors.into_iter().map(|(field, error)| (field, error.message));
                failure.fields = Some(messages.collect());
                serde_json::to_value(failure)
            }
            Details::Conflict { current, changed } => serde_json::to_value(ConflictFailure {
                failure,
                current: *current,
                changed,
            }),
            Details::Import(report) => serde_json::to_value(ImportFailure {
                failure,
                report: Some(report),
            }),
        };
        // The types have text keys and finite numbers only, so serialising them does not fail.
        let bytes = body.unwrap_or_default().to_string();
        let mut response = json_bytes(*status, bytes.into());
        if let Some((name, value)) = &self.0.header {
            response.headers_mut().insert(name, value.clone());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        let message = match errors.0.iter().next() {
            Some((field, error)) if errors.0.len() == 1 => format!("{field} {}", error.message),
            _ => format!("{} fields do not fit", errors.0.len()),
        };
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message);
        problem.0.details = Details::Fields(errors);
        problem
    }
}

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            // Without a code the error is not the server's: the connection is lost, or the call itself is wrong.
            return if error.is_closed() || std::error::Error::source(&error).is_some() {
                Self::unavailable(&error)
            } else {
                Self::internal(&error)
            };
        };
        match state {
            &SqlState::QUERY_CANCELED
            | &SqlState::LOCK_NOT_AVAILABLE
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::T_R_SERIALIZATION_FAILURE => Self::unavailable(&error),
            state
                if ["08", "53", "57", "25"]
                    .iter()
                    .any(|class| state.code().starts_with(class)) =>
            {
                Self::unavailable(&error)
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) if error.code().is_some() => error.into(),
            error => Self::unavailable(&error),
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::NotFound => Self::not_found("There is no product with that id"),
            WriteError::Conflict { current, changed } => conflict(current, changed),
            WriteError::SkuTaken => {
                let taken =
                    FieldErrors::single("sku", FieldError::new("taken", "belongs to another product"));
                let problem = Self::from(taken);
                Self(Box::new(Parts {
                    status: StatusCode::CONFLICT,
                    code: "sku_taken",
                    ..*problem.0
                }))
            }
            WriteError::Invalid(errors) => errors.into(),
            WriteError::Database(error) => error.into(),
        }
    }
}

fn conflict(current: Box<Product>, changed: Vec<String>) -> Problem {
    let message = if changed.is_empty() {
        "The product is no longer what you saw".to_owned()
    } else {
        format!("Somebody else has changed {} in the meantime", changed.join(", "))
    };
    let etag = super::etag::version_tag(current.version);
    let mut problem =
        Problem::new(StatusCode::PRECONDITION_FAILED, "conflict", message).with_header(header::ETAG, etag);
    problem.0.details = Details::Conflict { current, changed };
    problem
}
