//! The cursor of a page: the sort, and the position of the last row in it. A cursor is opaque to clients, and is checked
//! like any other input.

use super::check;
use super::input::Input;
use super::model::Product;
use super::sort::{Sort, SortKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rust_decimal::Decimal;

/// The last row of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// The sort that the cursor belongs to.
    pub sort: Sort,
    /// The row's value in the sort's column.
    pub position: Position,
    /// The row's id, which orders rows with equal values.
    pub id: i64,
}

/// A value in the column of a sort.
#[derive(Clone, Debug, PartialEq)]
pub enum Position {
    /// No value, for the order by id alone.
    Id,
    /// A name.
    Name(String),
    /// A price.
    Price(Decimal),
    /// A stock.
    Stock(i32),
    /// A time of the last change.
    Updated(Timestamp),
}

impl Cursor {
    /// The cursor of the page after `last`.
    pub fn after(sort: Sort, last: &Product) -> Self {
        let position = match sort.key {
            SortKey::Id => Position::Id,
            SortKey::Name => Position::Name(last.name.clone()),
            SortKey::Price => Position::Price(last.price),
            SortKey::Stock => Position::Stock(last.stock),
            SortKey::Updated => Position::Updated(last.updated_at),
        };
        Self {
            sort,
            position,
            id: last.id,
        }
    }

    /// Encodes the cursor as text for a query.
    pub fn encode(&self) -> String {
        let value = match &self.position {
            Position::Id => String::new(),
            Position::Name(name) => name.clone(),
            Position::Price(price) => price.to_string(),
            Position::Stock(stock) => stock.to_string(),
            Position::Updated(at) => at.to_string(),
        };
        URL_SAFE_NO_PAD.encode(format!("{} {} {value}", self.sort.name(), self.id))
    }

    /// Decodes a cursor; `None` when it is malformed or belongs to another sort.
    pub fn decode(text: &str, sort: Sort) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.splitn(3, ' ');
        let (name, id, value) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
        if name != sort.name() || value.chars().any(char::is_control) {
            return None;
        }
        let position = match sort.key {
            SortKey::Id => Position::Id,
            SortKey::Name => Position::Name(value.to_owned()),
            SortKey::Price => Position::Price(check::price(&Input::text(value)).ok()?),
            SortKey::Stock => Position::Stock(value.parse().ok()?),
            // The ranges of jiff and PostgreSQL differ; no product was changed before 1970, so later times are in both.
            SortKey::Updated => {
                Position::Updated(value.parse().ok().filter(|at: &Timestamp| at.as_second() >= 0)?)
            }
        };
        Some(Self { sort, position, id })
    }
}
