//! The change of a field, as rows that the terminal and Markdown both print.

use super::{paint::Sigil, value::Values};
use crate::FieldDiff;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Unchanged lines around a change in a document.
const CONTEXT: usize = 2;

/// A field, and what becomes of it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) sigil: Sigil,
    pub(super) name: String,
    pub(super) body: Body,
    /// The field replaces the resource.
    pub(super) replaces: bool,
}

/// The length of what is said.
#[derive(Debug)]
pub(super) enum Body {
    /// A value that was not there before, or no longer is.
    One(String),
    /// From one value to another.
    Two(String, String),
    /// Lines of a document, with what happens to each.
    Lines(Vec<(Sigil, String)>),
}

/// The row of one change.
pub(super) fn row(values: &Values<'_>, change: &FieldDiff) -> Row {
    let (from, to) = (&change.from, &change.to);
    let sigil = match (from.is_null(), to.is_null()) {
        (true, false) => Sigil::Add,
        (false, true) => Sigil::Remove,
        _ => Sigil::Change,
    };
    Row {
        sigil,
        name: super::clean(&change.field).into_owned(),
        body: body(values, from, to),
        replaces: change.replaces,
    }
}

fn body(values: &Values<'_>, from: &Value, to: &Value) -> Body {
    if values.fits(from) && values.fits(to) {
        return match (from, to) {
            (Value::Null, one) | (one, Value::Null) => Body::One(values.line(one)),
            _ => {
                let (before, after) = (values.line(from), values.line(to));
                // Two secrets look the same; that one of them is new must be said.
                let after = if before == after {
                    format!("{after} (a new value)")
                } else {
                    after
                };
                Body::Two(before, after)
            }
        };
    }
    let text = |v: &Value| if v.is_null() { vec![] } else { values.lines(v) };
    Body::Lines(diff(&text(from), &text(to)))
}

fn diff(old: &[String], new: &[String]) -> Vec<(Sigil, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        old.iter().map(String::as_str).collect(),
        new.iter().map(String::as_str).collect(),
    );
    let diff = TextDiff::from_slices(&old, &new);
    let mut out = vec![];
    let mut next = 0;
    for group in diff.grouped_ops(CONTEXT) {
        let start = group.first().map_or(0, |op| op.old_range().start);
        if start > next {
            out.push((
                Sigil::Same,
                format!("… {} unchanged", super::count(start - next, "line")),
            ));
        }
        next = group.last().map_or(next, |op| op.old_range().end);
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sigil = match change.tag() {
                ChangeTag::Equal => Sigil::Same,
                ChangeTag::Delete => Sigil::Remove,
                ChangeTag::Insert => Sigil::Add,
            };
            out.push((sigil, change.value().to_owned()));
        }
    }
    if old.len() > next && next > 0 {
        out.push((
            Sigil::Same,
            format!("… {} unchanged", super::count(old.len() - next, "line")),
        ));
    }
    out
}

/// A change outside of a plan, such as drift: `from → to` on one line, or a document's lines with their sigils.
pub fn field(change: &FieldDiff) -> Vec<String> {
    let row = row(&Values::default(), change);
    match row.body {
        Body::One(value) => vec![format!("{} {}: {value}", row.sigil.char(), row.name)],
        Body::Two(from, to) => vec![format!("{} {}: {from} → {to}", row.sigil.char(), row.name)],
        Body::Lines(lines) => {
            let body = lines
                .into_iter()
                .map(|(sigil, line)| format!("  {} {line}", sigil.char()));
            std::iter::once(format!("{} {}:", row.sigil.char(), row.name))
                .chain(body)
                .collect()
        }
    }
}
