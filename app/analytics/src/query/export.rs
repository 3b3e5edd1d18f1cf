//! Rows as CSV.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use service::http::Problem;

/// Rows as a file of CSV: a column for each member, amounts as `49.90 EUR`. A text that a spreadsheet would take for a
/// formula is written with an apostrophe before it.
pub(crate) fn csv<T: Serialize>(name: &str, rows: &[T]) -> Result<Response, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Problem::internal(&error);
    for (number, row) in rows.iter().enumerate() {
        let row = serde_json::to_value(row).map_err(|error| Problem::internal(&error))?;
        let Value::Object(members) = row else { continue };
        if number == 0 {
            writer.write_record(members.keys()).map_err(failed)?;
        }
        writer.write_record(members.values().map(cell)).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Problem::internal(error.error()))?;
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    Ok((headers, bytes).into_response())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '@', '\t', '\r']) => format!("'{text}"),
        // A negative number is none, another text with a minus may be.
        Value::String(text) if text.starts_with('-') && text.parse::<f64>().is_err() => format!("'{text}"),
        Value::String(text) => text.clone(),
        Value::Array(amounts) => {
            let amount = |value: &Value| format!("{} {}", cell(&value["amount"]), cell(&value["currency"]));
            amounts.iter().map(amount).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_formula_from_a_search_is_no_formula_in_a_spreadsheet() {
        let text = |text: &str| cell(&text.into());
        assert_eq!(text("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(text("-1+1|cmd"), "'-1+1|cmd");
        assert_eq!(text("-0.5000"), "-0.5000");
        assert_eq!(text("red shoes"), "red shoes");
    }
}
