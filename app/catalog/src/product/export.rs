//! The CSV line of a product, escaped so that no spreadsheet evaluates a cell as a formula.

use super::field::Field;
use super::model::Product;
use std::borrow::Cow;

/// The characters that begin a formula in a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The form of a file: what separates cells and decimals, and the byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The character between cells.
    pub delimiter: char,
    /// The character before decimals.
    pub decimal: char,
    /// True for a byte order mark, without which Excel takes UTF-8 for Windows-1252.
    pub mark: bool,
}

impl Layout {
    /// The delimiters by their names in a request.
    pub const DELIMITERS: [(&'static str, char); 3] = [("comma", ','), ("semicolon", ';'), ("tab", '\t')];

    /// The decimal marks by their names in a request.
    pub const DECIMALS: [(&'static str, char); 2] = [("point", '.'), ("comma", ',')];

    /// The beginning of a file: the byte order mark, if there is one, and the header line.
    pub fn header(self) -> Vec<u8> {
        let mut bytes = if self.mark {
            "\u{feff}".as_bytes().to_vec()
        } else {
            Vec::new()
        };
        bytes.extend(self.write(Field::names().into_iter().map(Cow::Borrowed)));
        bytes
    }

    /// The line of one product.
    pub fn line(self, product: &Product) -> Vec<u8> {
        self.write(Field::ALL.into_iter().map(|field| self.cell(product, field)))
    }

    fn cell(self, product: &Product, field: Field) -> Cow<'_, str> {
        match field {
            Field::Sku => escape_formula(&product.sku),
            Field::Name => escape_formula(&product.name),
            Field::Description => escape_formula(&product.description),
            Field::Price => Cow::Owned(
                product
                    .price
                    .to_string()
                    .replace('.', self.decimal.encode_utf8(&mut [0; 4])),
            ),
            Field::Stock => Cow::Owned(product.stock.to_string()),
            Field::Category => escape_formula(product.category.as_deref().unwrap_or_default()),
            Field::Status => Cow::Borrowed(product.status.name()),
            Field::Image => Cow::Borrowed(product.image.as_deref().unwrap_or_default()),
        }
    }

    fn write<'a>(self, cells: impl Iterator<Item = Cow<'a, str>>) -> Vec<u8> {
        let mut line = Vec::with_capacity(128);
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                line.extend(self.delimiter.encode_utf8(&mut [0; 4]).bytes());
            }
            if cell.contains(['"', ',', ';', '\t', '\n', '\r']) {
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

/// The cell without the apostrophe that [`Layout::line`] adds before a formula.
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}
