//! Where a page ends: the sort and the last row's place in it. A cursor is opaque to those who pass it on, and is
//! checked like any other input when it comes back.

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
    /// The row's id, which tells equal values apart.
    pub id: i64,
}

/// A value in the column of a sort.
#[derive(Clone, Debug, PartialEq)]
pub enum Position {
    /// Sorted by id alone.
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
    /// The cursor behind `last`.
    pub fn behind(sort: Sort, last: &Product) -> Self {
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

    /// As text for an address.
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

    /// The cursor that `text` is, if it is one and belongs to `sort`.
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
            // PostgreSQL's range of times is not jiff's; nothing here was changed before 1970.
            SortKey::Updated => {
                Position::Updated(value.parse().ok().filter(|at: &Timestamp| at.as_second() >= 0)?)
            }
        };
        Some(Self { sort, position, id })
    }
}
