//! `POST /api/products/import`.

use crate::app::App;
use crate::database::idempotency::Answer;
use crate::database::images;
use crate::database::products::{self, Author};
use crate::http::{ImportFailure, idempotency};
use crate::product::import::{self, EmptyCells, Report};
use crate::product::sheet::Charset;
use crate::product::{self, Input, Parameters, Product};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use service::http::caller::Admin;
use service::http::{Failure, Problem, Success, body, json};
use service::http::{FieldError, FieldErrors};
use std::sync::Arc;

/// The content types that browsers and spreadsheets give to CSV files.
const TYPES: [&str; 5] = [
    "text/csv",
    "application/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/vnd.ms-excel",
];

/// The query of an import.
struct ImportQuery {
    dry: bool,
    /// `None` when the caller has not said it.
    empty: Option<EmptyCells>,
    charset: Charset,
}

impl ImportQuery {
    fn read(query: &str) -> Result<Self, FieldErrors> {
        let mut parameters = Parameters::parse(query);
        let dry = parameters.read("dry_run", |input| match input {
            Input::Text(word) if word == "true" => Ok(true),
            Input::Text(word) if word == "false" => Ok(false),
            _ => Err(FieldError::new("not_a_truth_value", "must be true or false")),
        });
        let empty = parameters.one_of("empty", EmptyCells::ALL.map(|one| (one.name(), one)));
        let charset = parameters.one_of("charset", Charset::ALL.map(|one| (one.name(), one)));
        parameters.finish(Self {
            dry: dry.unwrap_or(false),
            empty,
            charset: charset.unwrap_or(Charset::Utf8),
        })
    }
}

/// Creates or updates products by SKU from a CSV file: all rows or, when one is invalid, none. A dry run writes nothing
/// and reports the changes. Needs the role admin.
///
/// The first row names the columns: `sku` and any of name, description, price, stock, category, status, image. Cells
/// are separated by commas, semicolons or tabs; decimals by a point or a comma, as the file has it. An empty cell leaves a
/// field as it is. In description and category `empty=erase` makes it erase the text; a file that would erase texts is
/// refused until `empty` is given. An import can be undone by its `change_set`.
#[utoipa::path(post, operation_id = "import_products", path = "/api/products/import", tag = "products",
    params(
        ("dry_run" = Option<bool>, Query, description = "Report the changes without writing them"),
        ("empty" = Option<String>, Query, description = "What an empty cell in description or category does to the text: `keep` or `erase`", pattern = "^(keep|erase)$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of the client's own for this call, such as a UUID", max_length = 255),
        ("charset" = Option<String>, Query, description = "The encoding of a file without a byte order mark: `utf-8`, the default, or `windows-1252`", pattern = "^(utf-8|windows-1252)$"),
    ),
    request_body(content = String, content_type = "text/csv", example = "sku,name,price\nMUG-350,Enamel mug,12.50\n"),
    responses(
        (status = 200, description = "What the rows did, or would do", body = Success<Report>),
        (status = 409, body = Failure, description = "A product with one of the SKUs was created at the same moment; send the file again"),
        (status = 422, body = ImportFailure, description = "The file has errors, or would erase texts and `empty` is missing; nothing was written"),
    ))]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    Admin(caller): Admin,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let raw = query.unwrap_or_default();
    let query = ImportQuery::read(&raw)?;
    if !body::has_content_type(request.headers(), &TYPES) {
        return Err(body::unsupported("text/csv"));
    }
    let given = idempotency::given(request.headers())?;
    let bytes = body::bytes(request.into_body(), app.settings.import_limit).await?;
    let empty = query.empty.unwrap_or(EmptyCells::Erase);
    let mut file =
        import::read(&bytes, query.charset, empty).map_err(|error| FieldErrors::single("file", error))?;
    let mut client = app.client().await?;
    let images = file.images();
    if !images.is_empty() {
        file.refuse_images(&images::missing(&client, &images).await?);
    }
    let (lines, bodies): (Vec<usize>, Vec<_>) =
        file.rows.into_iter().map(|row| (row.number, row.body)).unzip();
    let report = Report {
        rows: file.count,
        errors: file.errors,
        ..Report::default()
    };
    let call: [&[u8]; 3] = [b"POST /api/products/import", raw.as_bytes(), &bytes];
    let author = Author {
        key: idempotency::key(given, &caller, &call),
        who: caller.name,
        action: "import",
    };
    let accepted =
        |report: &Report| report.errors.is_empty() && (report.erased == 0 || query.empty.is_some());
    let plan = |rows: Vec<(product::Body, Option<Product>)>| {
        let rows = lines
            .into_iter()
            .zip(rows)
            .map(|(line, (body, old))| (line, body, old))
            .collect();
        let mut report = report;
        let plans = import::plan(&mut report, rows);
        let write = !query.dry && accepted(&report);
        (report, write.then_some(plans))
    };
    let tell = |report: &mut Report, id| report.change_set = id;
    let report = match products::upsert(&mut client, &author, bodies, plan, tell).await? {
        Answer::Made(report) => report,
        Answer::Kept(answer) => return Ok(idempotency::replayed(StatusCode::OK, &answer)),
    };
    if !query.dry && accepted(&report) {
        app.metrics.written("import", report.created + report.updated);
    }
    if query.dry || accepted(&report) {
        return Ok(json(StatusCode::OK, &Success::new(report)));
    }
    Err(refused(&report))
}

fn refused(report: &Report) -> Problem {
    let (code, sentence) = if report.errors.is_empty() {
        let sentence = format!(
            "Empty cells would erase {} texts; add empty=keep or empty=erase. Nothing was written",
            report.erased
        );
        ("would_erase", sentence)
    } else {
        let sentence = format!("{} errors in the file; nothing was written", report.errors.len());
        ("import_rejected", sentence)
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence).with_member("report", report)
}
