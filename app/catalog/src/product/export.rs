//! The CSV line of a product, escaped so that no spreadsheet evaluates a cell as a formula.

use super::field::Field;
use super::model::Product;
use std::borrow::Cow;

/// The characters that begin a formula in a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The header line.
pub fn header() -> Vec<u8> {
    write(Field::names().into_iter().map(Cow::Borrowed))
}

/// The line of one product.
pub fn line(product: &Product) -> Vec<u8> {
    write(Field::ALL.into_iter().map(|field| cell(product, field)))
}

fn cell(product: &Product, field: Field) -> Cow<'_, str> {
    match field {
        Field::Sku => escape_formula(&product.sku),
        Field::Name => escape_formula(&product.name),
        Field::Description => escape_formula(&product.description),
        Field::Price => Cow::Owned(product.price.to_string()),
        Field::Stock => Cow::Owned(product.stock.to_string()),
        Field::Category => escape_formula(product.category.as_deref().unwrap_or_default()),
        Field::Status => Cow::Borrowed(product.status.name()),
    }
}

fn write<'a>(cells: impl Iterator<Item = Cow<'a, str>>) -> Vec<u8> {
    let mut line = Vec::with_capacity(128);
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            line.push(b',');
        }
        if cell.contains(['"', ',', ';', '\n', '\r']) {
            line.push(b'"');
            line.extend(cell.replace('"', "\"\"").bytes());
            line.push(b'"');
        } else {
            line.extend(cell.bytes());
        }
    }
    line.extend(b"\r\n");
    line
}

fn escape_formula(cell: &str) -> Cow<'_, str> {
    // A text that looks escaped gets another apostrophe, so that removing one always restores the text.
    let bare = cell.trim_start_matches('\'');
    if bare.starts_with(FORMULA) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell without the apostrophe that [`line()`] adds before a formula.
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}
