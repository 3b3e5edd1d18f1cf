//! `POST /api/products/import`.

use crate::app::App;
use crate::database::products::{self, Author};
use crate::http::ImportFailure;
use crate::product::import::{self, Report};
use crate::product::{Input, Parameters};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{Request, StatusCode};
use service::http::caller::Admin;
use service::http::{Failure, Problem, Success, body};
use service::http::{FieldError, FieldErrors};
use std::sync::Arc;

/// Creates or updates products by SKU from a CSV file: all rows or, when one is invalid, none. A dry run writes nothing
/// and reports the changes. Needs the role admin.
///
/// The first line names the columns: `sku` and any of name, description, price, stock, category, status. An empty
/// cell leaves a field as it is; in description and category it empties the field.
#[utoipa::path(post, operation_id = "import_products", path = "/api/products/import", tag = "products",
    params(("dry_run" = Option<bool>, Query, description = "Report the changes without writing them")),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "What the rows did, or would do", body = Success<Report>),
        (status = 409, body = Failure, description = "A product with one of the SKUs was created at the same moment; send the file again"),
        (status = 422, body = ImportFailure, description = "The file has errors; nothing was written"),
    ))]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    Admin(caller): Admin,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Result<Success<Report>, Problem> {
    let mut parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let dry = parameters.read("dry_run", |input| match input {
        Input::Text(word) if word == "true" => Ok(true),
        Input::Text(word) if word == "false" => Ok(false),
        _ => Err(FieldError::new("not_a_truth_value", "must be true or false")),
    });
    let dry = parameters.finish(dry.unwrap_or(false))?;
    if !body::has_content_type(request.headers(), &["text/csv"]) {
        return Err(body::unsupported("text/csv"));
    }
    let bytes = body::bytes(request.into_body(), app.settings.import_limit).await?;
    let sheet = import::read(&bytes).map_err(|error| FieldErrors::single("file", error))?;
    let (lines, bodies): (Vec<usize>, Vec<_>) = sheet.rows.into_iter().unzip();
    let report = Report {
        rows: sheet.count,
        errors: sheet.errors,
        ..Report::default()
    };
    let author = Author {
        who: caller.name,
        action: "import",
    };
    let mut client = app.client().await?;
    let report = products::upsert(&mut client, &author, bodies, |rows| {
        let rows = lines
            .into_iter()
            .zip(rows)
            .map(|(line, (body, old))| (line, body, old))
            .collect();
        let mut report = report;
        let plans = import::plan(&mut report, rows);
        let write = !dry && report.errors.is_empty();
        (report, write.then_some(plans))
    })
    .await?;
    if !dry && report.errors.is_empty() {
        app.metrics.written("import", report.created + report.updated);
    }
    if dry || report.errors.is_empty() {
        return Ok(Success::new(report));
    }
    let sentence = format!("{} errors in the file; nothing was written", report.errors.len());
    Err(
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "import_rejected", sentence)
            .with_member("report", &report),
    )
}
