//! The OpenAPI document as JSON and as an HTML page.
//!
//! The page is plain HTML that is rendered here. The published viewers (Scalar, Redoc, Swagger UI) are scripts, which the
//! content security policy of the page forbids.

use super::{Problem, json_bytes};
use axum::Extension;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use serde_json::Value;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};
use utoipa::openapi::OpenApi;

/// The codes of failures, with their statuses and meanings.
pub const CODES: [(&str, &str); 31] = [
    ("bad_host", "400: the request has no `Host`"),
    ("bad_idempotency_key", "400: `Idempotency-Key` is not a key"),
    (
        "idempotency_key_missing",
        "400: the call needs an `Idempotency-Key`",
    ),
    ("bad_if_match", "400: `If-Match` is no list of tags"),
    ("bad_json", "400: the body is not JSON"),
    ("broken_body", "400: the body ended too soon"),
    ("unauthorized", "401: no valid token"),
    ("forbidden", "403: the role does not allow this"),
    (
        "cross_site",
        "403: another site's page used a browser's session to change something",
    ),
    (
        "other_host",
        "421: without tokens only names of this machine are answered",
    ),
    ("not_found", "404: there is no such thing"),
    ("method_not_allowed", "405: the path has other methods"),
    ("slow_body", "408: the body came too slowly"),
    ("sku_taken", "409: another product has that SKU"),
    (
        "not_available",
        "409: `short` names the lines of the order that cannot be had",
    ),
    ("undone_already", "409: the changes are undone already"),
    ("conflict", "412: the resource is no longer what the caller saw"),
    ("too_large", "413: the body is too long"),
    ("unsupported_type", "415: another content type is expected"),
    ("unsupported_encoding", "415: the body is compressed"),
    ("invalid", "422: `field_codes` says what is wrong with each field"),
    ("not_an_object", "422: the body is JSON, but no object"),
    (
        "idempotency_key_reused",
        "422: the key was given to another request",
    ),
    (
        "import_rejected",
        "422: `report` says what is wrong with each row",
    ),
    (
        "would_erase",
        "422: empty cells would erase texts, and `empty` is missing",
    ),
    (
        "too_many",
        "429: too many requests; `Retry-After` says when to come back",
    ),
    ("internal", "500: a defect of the service"),
    ("busy", "503: come back in a moment"),
    ("draining", "503: the process is shutting down"),
    ("timeout", "503: it took too long"),
    ("unavailable", "503: the data cannot be reached"),
];

/// The document of the router's routes in both forms, each of which is rendered at its first request.
pub struct Document {
    openapi: OpenApi,
    json: OnceLock<Bytes>,
    page: OnceLock<Bytes>,
}

impl Document {
    /// The forms of `openapi`.
    pub fn new(openapi: OpenApi) -> Self {
        Self {
            openapi,
            json: OnceLock::new(),
            page: OnceLock::new(),
        }
    }

    fn json(&self) -> Result<Bytes, serde_json::Error> {
        if let Some(json) = self.json.get() {
            return Ok(json.clone());
        }
        let text = text(&self.openapi)?;
        Ok(self.json.get_or_init(|| text.into()).clone())
    }

    fn page(&self) -> Result<Bytes, serde_json::Error> {
        if let Some(page) = self.page.get() {
            return Ok(page.clone());
        }
        let document = serde_json::to_value(&self.openapi)?;
        Ok(self.page.get_or_init(|| html(&document).into()).clone())
    }
}

/// A document as JSON text, as it is served and checked in.
///
/// # Errors
/// The serialiser's error; a document has nothing that fails to serialise.
pub fn text(openapi: &OpenApi) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(openapi)?;
    text.push('\n');
    Ok(text)
}

/// Returns this document.
#[utoipa::path(get, operation_id = "get_openapi_document", path = "/api/openapi.json", tag = "status", responses(
    (status = 200, description = "OpenAPI 3.1", body = serde_json::Value)
))]
#[expect(clippy::unused_async, reason = "a handler is asynchronous")]
pub async fn document(Extension(document): Extension<Arc<Document>>) -> Response {
    match document.json() {
        Ok(json) => json_bytes(StatusCode::OK, json),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

/// Returns this document as an HTML page.
#[utoipa::path(get, operation_id = "get_documentation", path = "/api/docs", tag = "status", responses(
    (status = 200, description = "HTML", body = String, content_type = "text/html")
))]
#[expect(clippy::unused_async, reason = "a handler is asynchronous")]
pub async fn page(Extension(document): Extension<Arc<Document>>) -> Response {
    let page = match document.page() {
        Ok(page) => page,
        Err(error) => return Problem::internal(&error).into_response(),
    };
    let mut response = Html(page).into_response();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

const STYLE: &str = ":root{color-scheme:light dark;background:Canvas;color:CanvasText}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
code{font-family:ui-monospace,monospace}summary{cursor:pointer;padding:.3rem 0}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;\
border-top:1px solid #8884}pre{overflow:auto;border:1px solid #8884;padding:.6rem}b{display:inline-block;min-width:4.5rem}";

fn html(document: &Value) -> String {
    let title = escape(string(&document["info"]["title"]));
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1><p>{} \
         <a href=\"openapi.json\">OpenAPI document</a></p><h2>Calls</h2>",
        prose(string(&document["info"]["description"]))
    );
    for (path, methods) in members(&document["paths"]) {
        for (method, call) in members(methods) {
            show_call(&mut page, path, method, call);
        }
    }
    page.push_str("<h2>Codes of failures</h2><table>");
    for (code, meaning) in CODES {
        let (code, meaning) = (escape(code), prose(meaning));
        let _ = write!(page, "<tr><th><code>{code}</code><td>{meaning}");
    }
    page.push_str("</table><h2>Schemas</h2>");
    for (name, schema) in members(&document["components"]["schemas"]) {
        let schema = serde_json::to_string_pretty(schema).unwrap_or_default();
        let (name, schema) = (escape(name), escape(&schema));
        // Writing to a String does not fail, here and below.
        let _ = write!(
            page,
            "<details id=\"{name}\"><summary><code>{name}</code></summary><pre>{schema}</pre></details>"
        );
    }
    page.push_str("</main></html>");
    page
}

fn show_call(page: &mut String, path: &str, method: &str, call: &Value) {
    let (method, path) = (escape(&method.to_uppercase()), escape(path));
    let summary = prose(string(&call["summary"]));
    let _ = write!(
        page,
        "<details><summary><b>{method}</b><code>{path}</code> {summary}</summary><p>{}</p><table>",
        prose(string(&call["description"]))
    );
    for parameter in call["parameters"].as_array().into_iter().flatten() {
        let _ = write!(
            page,
            "<tr><th><code>{}</code><td>{}<td>{}",
            escape(string(&parameter["name"])),
            escape(string(&parameter["in"])),
            prose(string(&parameter["description"]))
        );
    }
    for (kind, content) in members(&call["requestBody"]["content"]) {
        let _ = write!(
            page,
            "<tr><th>body<td>{}<td>{}",
            escape(kind),
            link(&content["schema"])
        );
        if !content["example"].is_null() {
            let _ = write!(
                page,
                "<pre>{}</pre>",
                escape(&body_text(&content["example"], "\n"))
            );
        }
    }
    for (status, response) in members(&call["responses"]) {
        let schema = members(&response["content"])
            .map(|(_, content)| link(&content["schema"]))
            .next();
        let _ = write!(
            page,
            "<tr><th>{}<td>{}<td>{}",
            escape(status),
            prose(string(&response["description"])),
            schema.unwrap_or_default()
        );
    }
    page.push_str("</table>");
    let _ = write!(
        page,
        "<pre>{}</pre></details>",
        escape(&curl(&method, &path, call))
    );
}

/// The example of a body as it is sent.
fn body_text(example: &Value, line_end: &str) -> String {
    match example {
        Value::String(text) => text.replace('\n', line_end),
        json => json.to_string(),
    }
}

/// The call as a line for a shell.
fn curl(method: &str, path: &str, call: &Value) -> String {
    let mut line = format!("curl -X {method} \"$URL{path}\"");
    if !call["security"].is_null() {
        line.push_str(" -H \"Authorization: Bearer $TOKEN\"");
    }
    if let Some((kind, content)) = members(&call["requestBody"]["content"]).next() {
        let body = body_text(&content["example"], "\n").replace('\'', "'\\''");
        // Writing to a String does not fail.
        let _ = write!(line, " -H 'Content-Type: {kind}' --data-binary '{body}'");
    }
    line
}

fn link(schema: &Value) -> String {
    match schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        Some(name) => format!("<a href=\"#{0}\"><code>{0}</code></a>", escape(name)),
        None => String::new(),
    }
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Text of the document as HTML, with `<code>` for backticks.
fn prose(text: &str) -> String {
    let parts = text.split('`').map(escape).enumerate();
    parts
        .map(|(index, part)| {
            if index % 2 == 1 {
                format!("<code>{part}</code>")
            } else {
                part
            }
        })
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
