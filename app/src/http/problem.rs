//! What a call that failed answers.

use super::json::json_bytes;
use crate::database::products::WriteError;
use crate::product::{FieldError, FieldErrors, Product};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deadpool_postgres::PoolError;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::sync::Arc;
use tokio_postgres::error::SqlState;

/// A failure on its way to the caller. It becomes the envelope `{success: false, error, code, fields?, field_codes?,
/// request_id}` in the API's middleware, which alone knows the request's id.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    sentence: Cow<'static, str>,
    extra: Map<String, Value>,
    header: Option<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

impl Problem {
    /// A failure with its status, its word for programs and its sentence for people.
    pub fn new(status: StatusCode, code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        let sentence = sentence.into();
        Self(Box::new(Parts {
            status,
            code,
            sentence,
            extra: Map::new(),
            header: None,
            cause: None,
        }))
    }

    /// Adds a member to the envelope.
    #[must_use]
    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.0.extra.insert(member.to_owned(), value);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    /// Adds what is logged and never shown.
    #[must_use]
    pub fn because(mut self, cause: &(dyn std::error::Error + 'static)) -> Self {
        self.0.cause = Some(crate::error::chain(cause));
        self
    }

    /// Nothing is there.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    /// A fault of ours.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
        )
        .because(cause)
    }

    /// The database cannot be used right now; the same call will do later.
    pub fn unavailable(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The catalogue cannot reach its data right now; try again in a moment",
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
        .because(cause)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What is logged and never shown.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The answer with the request's id in it.
    pub fn render(&self, request_id: &str) -> Response {
        let mut body = Map::new();
        body.insert("success".to_owned(), Value::Bool(false));
        body.insert(
            "error".to_owned(),
            Value::String(self.0.sentence.clone().into_owned()),
        );
        body.insert("code".to_owned(), Value::String(self.0.code.to_owned()));
        body.extend(self.0.extra.clone());
        body.insert("request_id".to_owned(), Value::String(request_id.to_owned()));
        let bytes = Value::Object(body).to_string();
        let mut response = json_bytes(self.0.status, bytes.into());
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
        let (mut fields, mut codes) = (Map::new(), Map::new());
        for (field, FieldError { code, message }) in errors.0 {
            codes.insert(field.clone(), json!(code));
            fields.insert(field, json!(message));
        }
        let sentence = match fields.iter().next() {
            Some((field, message)) if fields.len() == 1 => {
                format!("{field} {}", message.as_str().unwrap_or_default())
            }
            _ => format!("{} fields do not fit", fields.len()),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", sentence)
            .with("fields", Value::Object(fields))
            .with("field_codes", Value::Object(codes))
    }
}

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            // No code: it was not the server that spoke, so the connection is gone.
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
            WriteError::Conflict { current, changed } => conflict(&current, &changed),
            WriteError::SkuTaken => {
                let taken = FieldErrors::of("sku", FieldError::new("taken", "belongs to another product"));
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

fn conflict(current: &Product, changed: &[String]) -> Problem {
    let sentence = if changed.is_empty() {
        "The product is no longer what you saw".to_owned()
    } else {
        format!("Somebody else has changed {} in the meantime", changed.join(", "))
    };
    let etag = super::etag::version_tag(current.version);
    Problem::new(StatusCode::PRECONDITION_FAILED, "conflict", sentence)
        .with("current", json!(current))
        .with("changed", json!(changed))
        .with_header(header::ETAG, etag)
}
