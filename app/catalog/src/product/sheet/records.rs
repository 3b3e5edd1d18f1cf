//! Records and cells of CSV text.
//!
//! The `csv` crate reads to the end of the file when a quotation mark is not closed; every row behind it becomes part
//! of one cell. This parser refuses such text instead.

/// A quotation mark that is not closed, or behind which the cell goes on.
#[derive(Debug)]
pub(super) struct Fault {
    /// The record, counted from 1.
    pub(super) row: usize,
}

/// Splits text into records of cells. A blank line is a record of one empty cell.
pub(super) fn split(text: &str, delimiter: char) -> Result<Vec<Vec<String>>, Fault> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (cell, behind) = if let Some(quoted) = rest.strip_prefix('"') {
            unquote(quoted).ok_or(Fault {
                row: records.len() + 1,
            })?
        } else {
            let end = rest.find([delimiter, '\r', '\n']).unwrap_or(rest.len());
            (rest[..end].to_owned(), &rest[end..])
        };
        record.push(cell);
        if let Some(next) = behind.strip_prefix(delimiter) {
            rest = next;
            if rest.is_empty() {
                // A delimiter at the end of the file stands before an empty cell.
                record.push(String::new());
            } else {
                continue;
            }
        } else {
            let line_end = ["\r\n", "\n", "\r"];
            let next = line_end.iter().find_map(|end| behind.strip_prefix(end));
            match next {
                Some(next) => rest = next,
                None if behind.is_empty() => rest = behind,
                // Text behind a closing mark: the mark before it belongs to another cell.
                None => {
                    return Err(Fault {
                        row: records.len() + 1,
                    });
                }
            }
        }
        records.push(std::mem::take(&mut record));
    }
    Ok(records)
}

/// A cell whose opening mark was read, and the text behind its closing mark; `None` when it is never closed.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (inside, behind) = rest.split_once('"')?;
        cell.push_str(inside);
        match behind.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((cell, behind)),
        }
    }
}
