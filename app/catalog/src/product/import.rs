//! The import of a CSV file that creates and updates products by SKU: the parser, and the plan of what each row changes.
//!
//! The first line names the columns: `sku` and any of the other writable fields, in any order. An empty cell leaves
//! a field as it is; in `description` and `category` it empties the field. Commas or semicolons separate, as
//! spreadsheets write both. A leading apostrophe before `=`, `+`, `-` or `@` is what an export adds against
//! formulas, and is removed.

use super::body::Body;
use super::changes::Changes;
use super::export::unescape_formula;
use super::field::Field;
use super::input::Input;
use super::model::{Fields, Product};
use serde::Serialize;
use service::http::{FieldError, FieldErrors};
use std::collections::HashMap;
use utoipa::ToSchema;

/// The most rows of a file.
pub const MOST_ROWS: usize = 20_000;

/// The most rows that a preview shows.
pub const MOST_PREVIEWED: usize = 500;

/// The error of a row, or of the header (row 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowError {
    /// The line in a spreadsheet: the header is 1.
    pub row: usize,
    /// The column.
    pub field: String,
    /// The message for people.
    pub error: String,
    /// The code for programs, which does not change.
    pub code: &'static str,
}

/// The effect of a row.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RowPreview {
    /// The line in a spreadsheet.
    pub row: usize,
    /// `create`, `update` or `unchanged`.
    pub action: &'static str,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// Each field that changes, as `[old, new]`.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<serde_json::Value>>)]
    pub changes: Changes,
}

/// The effect of an import, or of a dry run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// The number of rows, without the header.
    pub rows: usize,
    /// The number of new products.
    pub created: usize,
    /// The number of changed products.
    pub updated: usize,
    /// The number of products that already are as their rows state.
    pub unchanged: usize,
    /// The errors. Nothing is written unless this is empty.
    pub errors: Vec<RowError>,
    /// The first 500 rows.
    pub preview: Vec<RowPreview>,
}

/// A parsed file: a body for each valid row, and the errors of the others.
#[derive(Debug)]
pub struct Sheet {
    /// The line and the body of each valid row.
    pub rows: Vec<(usize, Body)>,
    /// The number of all rows.
    pub count: usize,
    /// The errors of the header and of the invalid rows.
    pub errors: Vec<RowError>,
}

/// Parses a file.
///
/// # Errors
/// The error of a file that is not CSV or has too many rows. Errors of the header and of rows are in the sheet.
pub fn read(bytes: &[u8]) -> Result<Sheet, FieldError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| FieldError::new("not_utf8", "must be UTF-8; choose \"CSV UTF-8\" when saving"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') && !header.contains(',') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = reader
        .headers()
        .map_err(|_| FieldError::new("bad_csv", "is not CSV"))?
        .iter()
        .map(|column| column.trim().to_lowercase())
        .collect();
    let mut sheet = Sheet {
        rows: Vec::new(),
        count: 0,
        errors: check_header(&columns),
    };
    if !sheet.errors.is_empty() {
        return Ok(sheet);
    }
    for (index, record) in reader.records().enumerate() {
        if index >= MOST_ROWS {
            return Err(FieldError::new(
                "too_many_rows",
                format!("must have at most {MOST_ROWS} rows"),
            ));
        }
        sheet.count += 1;
        let row = index + 2;
        let record = record.map_err(|_| FieldError::new("bad_csv", format!("is not CSV in row {row}")))?;
        if record.len() != columns.len() {
            let message = format!("has {} cells; the header has {}", record.len(), columns.len());
            sheet
                .errors
                .push(row_error(row, "row", FieldError::new("wrong_cells", message)));
            continue;
        }
        match read_row(&columns, &record) {
            Ok(body) => sheet.rows.push((row, body)),
            Err(errors) => {
                sheet.errors.extend(
                    errors
                        .0
                        .into_iter()
                        .map(|(field, error)| row_error(row, &field, error)),
                );
            }
        }
    }
    Ok(sheet)
}

fn row_error(row: usize, field: &str, error: FieldError) -> RowError {
    RowError {
        row,
        field: field.to_owned(),
        error: error.message,
        code: error.code,
    }
}

fn check_header(columns: &[String]) -> Vec<RowError> {
    let mut errors = Vec::new();
    if !columns.iter().any(|column| column == "sku") {
        errors.push(row_error(
            1,
            "sku",
            FieldError::new("required", "is required as a column"),
        ));
    }
    for (index, column) in columns.iter().enumerate() {
        let shown: String = column.chars().filter(|c| !c.is_control()).take(64).collect();
        if Field::named(column).is_none() {
            let message = format!("is not a column; these are: {}", Field::names().join(", "));
            errors.push(row_error(1, &shown, FieldError::new("unknown_field", message)));
        } else if columns[..index].contains(column) {
            errors.push(row_error(
                1,
                &shown,
                FieldError::new("given_twice", "is there twice"),
            ));
        }
    }
    errors
}

fn read_row(columns: &[String], record: &csv::StringRecord) -> Result<Body, FieldErrors> {
    let mut body = Body::default();
    let mut errors = FieldErrors::default();
    for (column, cell) in columns.iter().zip(record) {
        let keeps = !matches!(column.as_str(), "sku" | "description" | "category");
        if keeps && cell.trim().is_empty() {
            continue;
        }
        body.set(column, &Input::text(unescape_formula(cell)), &mut errors);
    }
    errors.into_result(body)
}

/// A row to be written.
pub struct RowPlan {
    /// The product of the SKU, if it exists.
    pub old: Option<Product>,
    /// The fields after the import.
    pub new: Fields,
}

/// Plans the rows, each with the product of its SKU if there is one: fills in `report`, and returns the rows to write.
pub fn plan(report: &mut Report, rows: Vec<(usize, Body, Option<Product>)>) -> Vec<RowPlan> {
    let mut plans = Vec::with_capacity(rows.len());
    let mut first: HashMap<String, usize> = HashMap::with_capacity(rows.len());
    for (row, body, old) in rows {
        let sku = body.sku.as_deref().unwrap_or_default().to_uppercase();
        if let Some(first) = first.get(&sku) {
            let message = format!("is the SKU of row {first} already");
            report
                .errors
                .push(row_error(row, "sku", FieldError::new("given_twice", message)));
            continue;
        }
        first.insert(sku, row);
        let new = match &old {
            Some(old) => Ok(body.apply(&old.fields())),
            None => body.create(),
        };
        match new {
            Ok(new) => {
                preview(report, row, old.as_ref(), &new);
                plans.push(RowPlan { old, new });
            }
            Err(errors) => {
                let errors = errors
                    .0
                    .into_iter()
                    .map(|(field, error)| row_error(row, &field, error));
                report.errors.extend(errors);
            }
        }
    }
    report.errors.sort_by_key(|error| error.row);
    plans
}

fn preview(report: &mut Report, row: usize, old: Option<&Product>, new: &Fields) {
    let changes = Fields::changes(old.map(Product::fields).as_ref(), Some(new));
    let (action, count) = match old {
        None => ("create", &mut report.created),
        Some(_) if changes.is_empty() => ("unchanged", &mut report.unchanged),
        Some(_) => ("update", &mut report.updated),
    };
    *count += 1;
    if report.preview.len() < MOST_PREVIEWED {
        let (sku, name) = (new.sku.clone(), new.name.clone());
        report.preview.push(RowPreview {
            row,
            action,
            sku,
            name,
            changes,
        });
    }
}
