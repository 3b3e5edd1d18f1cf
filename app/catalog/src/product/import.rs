//! The import of a CSV file that creates and updates products by SKU: the parser, and the plan of what each row changes.
//!
//! The first row names the columns: `sku` and any of the other writable fields, in any order. An empty cell leaves a
//! field as it is. In `description` and `category` it can mean that the text shall go, which the caller says with
//! [`EmptyCells`]. A leading apostrophe before `=`, `+`, `-` or `@` is what an export adds against formulas, and is removed.

use super::body::Body;
use super::changes::Changes;
use super::export::unescape_formula;
use super::field::Field;
use super::input::Input;
use super::model::{Fields, Product};
use super::sheet::{self, Charset, Numbers, Row, Unreadable};
use serde::Serialize;
use service::http::{FieldError, FieldErrors};
use std::collections::{BTreeSet, HashMap, HashSet};
use utoipa::ToSchema;

/// The most rows of a file.
pub const MOST_ROWS: usize = 20_000;

/// The most rows that a preview shows, and the most texts that it shows as erased.
pub const MOST_PREVIEWED: usize = 500;

/// The most characters of a cell that an error repeats.
const MOST_REPEATED: usize = 200;

/// The meaning of empty cells in the columns description and category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyCells {
    /// The text stays.
    Keep,
    /// The text is erased.
    Erase,
}

impl EmptyCells {
    /// Both meanings.
    pub const ALL: [Self; 2] = [Self::Keep, Self::Erase];

    /// The name in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Erase => "erase",
        }
    }
}

/// The error of a row, or of the row that names the columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowError {
    /// The number that a spreadsheet shows beside the row.
    pub row: usize,
    /// The SKU in that row; empty if it has none.
    pub sku: String,
    /// The column.
    pub field: String,
    /// The cell as it is in the file, or its first 200 characters.
    pub value: String,
    /// The message for people.
    pub error: String,
    /// The code for programs, which does not change.
    pub code: &'static str,
}

/// The effect of a row.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RowPreview {
    /// The number that a spreadsheet shows beside the row.
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

/// A text that an empty cell erases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Erased {
    /// The number that a spreadsheet shows beside the row.
    pub row: usize,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// The column.
    pub field: &'static str,
    /// The text.
    pub text: String,
}

/// The effect of an import, or of a dry run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// The number of rows that are not empty, without the header.
    pub rows: usize,
    /// The number of new products.
    pub created: usize,
    /// The number of changed products.
    pub updated: usize,
    /// The number of products that already are as their rows state.
    pub unchanged: usize,
    /// The number of texts that empty cells erase.
    pub erased: usize,
    /// The errors. Nothing is written unless this is empty.
    pub errors: Vec<RowError>,
    /// The first 500 texts that empty cells erase.
    pub erases: Vec<Erased>,
    /// The first 500 rows.
    pub preview: Vec<RowPreview>,
    /// The id by which the import can be undone; null when nothing was written.
    #[schema(required = true)]
    pub change_set: Option<i64>,
}

/// A row without errors of its own.
#[derive(Debug)]
pub struct ImportRow {
    /// The number that a spreadsheet shows beside it.
    pub number: usize,
    /// The fields that it sets.
    pub body: Body,
}

/// A parsed file.
#[derive(Debug, Default)]
pub struct ImportFile {
    /// The rows without errors.
    pub rows: Vec<ImportRow>,
    /// The number of all rows.
    pub count: usize,
    /// The errors of the header and of the other rows.
    pub errors: Vec<RowError>,
}

impl ImportFile {
    /// The addresses of images in the file, each once.
    pub fn images(&self) -> Vec<String> {
        let images = self
            .rows
            .iter()
            .filter_map(|row| row.body.image.clone().flatten());
        images.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Makes the rows whose image is one of `missing` errors.
    pub fn refuse_images(&mut self, missing: &HashSet<String>) {
        let is_missing =
            |row: &ImportRow| matches!(&row.body.image, Some(Some(image)) if missing.contains(image));
        for row in self.rows.extract_if(.., |row| is_missing(row)) {
            let (sku, image) = (
                row.body.sku.unwrap_or_default(),
                row.body.image.flatten().unwrap_or_default(),
            );
            let error = FieldError::new("bad_image", "is not the address of an image that was uploaded");
            self.errors
                .push(row_error(row.number, &sku, "image", &image, error));
        }
        self.errors.sort_by_key(|error| error.row);
    }
}

/// Parses a file. A quotation mark that is not closed is an error of its row.
///
/// # Errors
/// The error of a file that is no CSV or has too many rows. Errors of the header and of rows are in the result.
pub fn read(bytes: &[u8], charset: Charset, empty: EmptyCells) -> Result<ImportFile, FieldError> {
    let mut file = ImportFile::default();
    let sheet = match sheet::read(bytes, charset) {
        Ok(sheet) => sheet,
        Err(Unreadable::File(error)) => return Err(error),
        Err(Unreadable::Quote { row }) => {
            let error = FieldError::new("open_quote", "has a quotation mark that is not closed");
            file.errors.push(row_error(row, "", "row", "", error));
            return Ok(file);
        }
    };
    if sheet.rows.len() > MOST_ROWS {
        let message = format!("must have at most {MOST_ROWS} rows");
        return Err(FieldError::new("too_many_rows", message));
    }
    file.count = sheet.rows.len();
    file.errors = check_header(sheet.header, &sheet.columns);
    if !file.errors.is_empty() {
        return Ok(file);
    }
    let sku = sheet.columns.iter().position(|column| column == "sku");
    let numeric = |column: &str| matches!(Field::named(column), Some(Field::Price | Field::Stock));
    let cells = sheet.rows.iter().flat_map(|row| {
        let cells = row.cells.iter().zip(&sheet.columns);
        cells
            .filter(|(_, column)| numeric(column))
            .map(|(cell, _)| &**cell)
    });
    let numbers = Numbers::of(cells, sheet.delimiter);
    for row in sheet.rows {
        let own = sku
            .and_then(|index| row.cells.get(index))
            .map_or("", |cell| unescape_formula(cell).trim());
        match read_row(&sheet.columns, &row, numbers, empty) {
            Ok(body) => file.rows.push(ImportRow {
                number: row.number,
                body,
            }),
            Err(errors) => file.errors.extend(errors.0.into_iter().map(|(field, error)| {
                let index = sheet.columns.iter().position(|column| *column == field);
                let value = index.and_then(|index| row.cells.get(index));
                row_error(row.number, own, &field, value.map_or("", |cell| cell), error)
            })),
        }
    }
    Ok(file)
}

fn row_error(row: usize, sku: &str, field: &str, value: &str, error: FieldError) -> RowError {
    let shown = |text: &str| text.chars().take(MOST_REPEATED).collect();
    RowError {
        row,
        sku: shown(sku),
        field: field.to_owned(),
        value: shown(value),
        error: error.message,
        code: error.code,
    }
}

fn check_header(row: usize, columns: &[String]) -> Vec<RowError> {
    let mut errors = Vec::new();
    if !columns.iter().any(|column| column == "sku") {
        let error = FieldError::new("required", "is required as a column");
        errors.push(row_error(row, "", "sku", "", error));
    }
    for (index, column) in columns.iter().enumerate() {
        let shown: String = column.chars().filter(|c| !c.is_control()).take(64).collect();
        if Field::named(column).is_none() {
            let message = format!("is not a column; these are: {}", Field::names().join(", "));
            let error = FieldError::new("unknown_field", message);
            errors.push(row_error(row, "", &shown, column, error));
        } else if columns[..index].contains(column) {
            let error = FieldError::new("given_twice", "is there twice");
            errors.push(row_error(row, "", &shown, column, error));
        }
    }
    errors
}

fn read_row(columns: &[String], row: &Row, numbers: Numbers, empty: EmptyCells) -> Result<Body, FieldErrors> {
    if row.cells.len() != columns.len() {
        let message = format!("has {} cells; the header has {}", row.cells.len(), columns.len());
        return Err(FieldErrors::single(
            "row",
            FieldError::new("wrong_cells", message),
        ));
    }
    let mut body = Body::default();
    let mut errors = FieldErrors::default();
    for (column, cell) in columns.iter().zip(&row.cells) {
        let cell = unescape_formula(cell);
        let field = Field::named(column);
        let keeps = match field {
            Some(Field::Sku) => false,
            Some(Field::Description | Field::Category) => empty == EmptyCells::Keep,
            _ => true,
        };
        if keeps && cell.trim().is_empty() {
            continue;
        }
        if let Some(Field::Price | Field::Stock) = field {
            match numbers.read(cell) {
                Ok(number) => body.set(column, &Input::text(&number), &mut errors),
                Err(sheet::Ambiguous { point, comma }) => {
                    let message = format!("is {point} or {comma}; write it without a mark for thousands");
                    let error = FieldError::new("ambiguous_number", message);
                    errors.collect::<()>(column, Err(error));
                }
            }
        } else {
            body.set(column, &Input::text(cell), &mut errors);
        }
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
        let given = body.sku.clone().unwrap_or_default();
        let sku = given.to_uppercase();
        if let Some(first) = first.get(&sku) {
            let message = format!("is the SKU of row {first} already");
            let error = FieldError::new("given_twice", message);
            report.errors.push(row_error(row, &given, "sku", &given, error));
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
                let errors = errors.0.into_iter();
                let errors = errors.map(|(field, error)| row_error(row, &given, &field, "", error));
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
    for (field, text) in old.into_iter().flat_map(|old| erased(old, new)) {
        report.erased += 1;
        if report.erases.len() < MOST_PREVIEWED {
            report.erases.push(Erased {
                row,
                sku: new.sku.clone(),
                name: new.name.clone(),
                field,
                text: text.to_owned(),
            });
        }
    }
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

/// The texts of `old` that are empty in `new`.
fn erased<'a>(old: &'a Product, new: &Fields) -> impl Iterator<Item = (&'static str, &'a str)> {
    let category = old.category.as_deref().unwrap_or_default();
    let texts = [
        (Field::Description, &*old.description, new.description.is_empty()),
        (Field::Category, category, new.category.is_none()),
    ];
    texts
        .into_iter()
        .filter(|(_, text, gone)| *gone && !text.is_empty())
        .map(|(field, text, _)| (field.name(), text))
}
