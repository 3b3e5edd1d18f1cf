//! A CSV file as the spreadsheets of many languages write it: comma, semicolon or tab, a `sep=` line, UTF-8 or UTF-16,
//! empty rows anywhere, empty columns at the end. Each row keeps the number that the spreadsheet shows beside it.

mod number;
mod records;

pub use number::{Ambiguous, Numbers};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use records::Fault;
use service::http::FieldError;

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The number that a spreadsheet shows beside it; the first line of the file is 1.
    pub number: usize,
    /// The cells, without the empty ones behind the last column.
    pub cells: Vec<String>,
}

/// A file that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The character between the cells.
    pub delimiter: char,
    /// The number of the row that names the columns.
    pub header: usize,
    /// The names of the columns, in lower case.
    pub columns: Vec<String>,
    /// The rows behind the header.
    pub rows: Vec<Row>,
}

/// A file that is no sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The whole file has another format or encoding.
    File(FieldError),
    /// A quotation mark that is not closed, or closed in the middle of a cell, and so would swallow other cells or rows.
    Quote {
        /// The row in which the cell with that mark begins.
        row: usize,
    },
}

/// The encoding that a caller names for files without a mark of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// Windows-1252, in which Excel saves "CSV" in the languages of Western Europe.
    Windows1252,
}

impl Charset {
    /// All encodings.
    pub const ALL: [Self; 2] = [Self::Utf8, Self::Windows1252];

    /// The name in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// Parses a file.
///
/// # Errors
/// The reason why it is no sheet.
pub fn read(bytes: &[u8], charset: Charset) -> Result<Sheet, Unreadable> {
    let text = decode(bytes, charset).map_err(Unreadable::File)?;
    let (named, text) = named_delimiter(&text);
    let delimiter = named.unwrap_or_else(|| likely_delimiter(text));
    let records = records::split(text, delimiter).map_err(|Fault { row }| Unreadable::Quote { row })?;
    let mut rows = records
        .into_iter()
        .zip(1..)
        .map(|(cells, number)| Row { number, cells })
        .filter(|row| !row.cells.iter().all(|cell| is_blank(cell)));
    let Some(header) = rows.next() else {
        return Err(Unreadable::File(FieldError::new("empty", "is empty")));
    };
    let mut rows: Vec<Row> = rows.collect();
    let mut columns: Vec<String> = header
        .cells
        .iter()
        .map(|title| title.trim().to_lowercase())
        .collect();
    while let Some(last) = columns.len().checked_sub(1)
        && columns[last].is_empty()
        && rows
            .iter()
            .all(|row| row.cells.get(last).is_none_or(|cell| is_blank(cell)))
    {
        columns.truncate(last);
    }
    for row in &mut rows {
        while row.cells.len() > columns.len() && row.cells.last().is_some_and(|cell| is_blank(cell)) {
            row.cells.pop();
        }
    }
    Ok(Sheet {
        delimiter,
        header: header.number,
        columns,
        rows,
    })
}

fn is_blank(cell: &str) -> bool {
    cell.trim().is_empty()
}

/// The text of a file: by its byte order mark, by the zero bytes that Latin letters have in UTF-16, or as `charset`.
fn decode(bytes: &[u8], charset: Charset) -> Result<String, FieldError> {
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf]) {
        return Err(FieldError::new(
            "workbook",
            "is a workbook; save it as \"CSV UTF-8\" and send that file",
        ));
    }
    let marked = Encoding::for_bom(bytes);
    let encoding = match (marked, bytes) {
        (Some((encoding, _)), _) => encoding,
        (None, [first, 0, ..]) if *first != 0 => UTF_16LE,
        (None, [0, second, ..]) if *second != 0 => UTF_16BE,
        (None, _) if charset == Charset::Windows1252 => WINDOWS_1252,
        (None, _) => UTF_8,
    };
    let bytes = &bytes[marked.map_or(0, |(_, length)| length)..];
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(std::borrow::Cow::into_owned).ok_or_else(|| {
        FieldError::new(
            "not_utf8",
            format!(
                "is not {}; choose \"CSV UTF-8\" when saving, or name the encoding",
                encoding.name()
            ),
        )
    })
}

/// The delimiter of a `sep=;` line and the text behind that line, which no spreadsheet counts as a row.
fn named_delimiter(text: &str) -> (Option<char>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end_matches('\r').trim_matches('"');
    let named = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="));
    let mut marks = named.map_or("", |_| &line[4..]).chars();
    match (marks.next(), marks.next()) {
        (Some(mark), None) if mark != '"' => (Some(mark), rest),
        _ => (None, text),
    }
}

/// The mark that the first line has most of outside of quotes; of equal ones the first.
fn likely_delimiter(text: &str) -> char {
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut quoted = false;
    for c in text.trim_start_matches(['\r', '\n']).chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\r' | '\n' => break,
            _ => counts
                .iter_mut()
                .filter(|(mark, _)| *mark == c)
                .for_each(|(_, count)| *count += 1),
        }
    }
    let [comma, others @ ..] = counts;
    others
        .into_iter()
        .fold(comma, |most, other| if other.1 > most.1 { other } else { most })
        .0
}
