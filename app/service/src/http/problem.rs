//! A failure of a request, and the errors that become one.

use super::failure::Failure;
use super::field::{FieldError, FieldErrors};
use super::json::json_bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// A failure before it is rendered. It becomes the envelope `{success: false, error, code, fields?, field_codes?,
/// request_id}` in the API's middleware, which alone knows the request's id.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    fields: Option<FieldErrors>,
    members: Map<String, Value>,
    header: Option<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

impl Problem {
    /// A failure with a status, a code for programs and a message for people.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self(Box::new(Parts {
            status,
            code,
            message,
            fields: None,
            members: Map::new(),
            header: None,
            cause: None,
        }))
    }

    /// Adds a member to the body, beyond those that every failure has.
    #[must_use]
    pub fn with_member(mut self, name: &str, value: &impl Serialize) -> Self {
        // The types of answers have text keys and finite numbers only, so serialising them does not fail.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.0.members.insert(name.to_owned(), value);
        self
    }

    /// Replaces status and code.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode, code: &'static str) -> Self {
        self.0.status = status;
        self.0.code = code;
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

    /// The failure 500, a defect of the service.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
        )
        .with_cause(cause)
    }

    /// The failure 503: what the service needs cannot be used right now, and the same call can succeed later.
    pub fn unavailable(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The service cannot reach its data right now; try again in a moment",
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
        .with_cause(cause)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The code for programs.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The cause, which is logged and never sent.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Renders the response with the request's id.
    pub fn render(&self, request_id: &str) -> Response {
        let parts = &*self.0;
        let by_field = |text: fn(&FieldError) -> String| {
            let fields = parts.fields.as_ref()?;
            Some(
                fields
                    .0
                    .iter()
                    .map(|(field, error)| (field.clone(), text(error)))
                    .collect(),
            )
        };
        let failure = Failure {
            success: false,
            error: parts.message.clone().into_owned(),
            code: parts.code,
            fields: by_field(|error| error.message.clone()),
            field_codes: by_field(|error| error.code.to_owned()),
            request_id: request_id.to_owned(),
        };
        // The type has text keys and finite numbers only, so serialising it does not fail.
        let mut body = serde_json::to_value(failure).unwrap_or_default();
        if let Value::Object(body) = &mut body {
            body.extend(parts.members.clone());
        }
        let mut response = json_bytes(parts.status, body.to_string().into());
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
        problem.0.fields = Some(errors);
        problem
    }
}
