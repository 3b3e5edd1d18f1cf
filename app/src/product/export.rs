//! A product as a line of CSV that no spreadsheet takes for a formula.

use super::field::Field;
use super::model::Product;
use std::borrow::Cow;

/// What begins a formula in a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The first line.
pub fn header() -> Vec<u8> {
    write(Field::names().into_iter().map(Cow::Borrowed))
}

/// The line of one product.
pub fn line(product: &Product) -> Vec<u8> {
    write(Field::ALL.into_iter().map(|field| cell(product, field)))
}

fn cell(product: &Product, field: Field) -> Cow<'_, str> {
    match field {
        Field::Sku => guarded(&product.sku),
        Field::Name => guarded(&product.name),
        Field::Description => guarded(&product.description),
        Field::Price => Cow::Owned(product.price.to_string()),
        Field::Stock => Cow::Owned(product.stock.to_string()),
        Field::Category => guarded(product.category.as_deref().unwrap_or_default()),
        Field::Status => Cow::Borrowed(product.status.name()),
    }
}

fn write<'a>(cells: impl Iterator<Item = Cow<'a, str>>) -> Vec<u8> {
    let mut line = Vec::with_capacity(128);
    for (place, cell) in cells.enumerate() {
        if place > 0 {
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

fn guarded(cell: &str) -> Cow<'_, str> {
    // A text that looks guarded already gets another guard, so that taking one off always yields the text.
    let bare = cell.trim_start_matches('\'');
    if bare.starts_with(FORMULA) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell without the apostrophe that [`line`] puts before a formula.
pub fn without_guard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}
