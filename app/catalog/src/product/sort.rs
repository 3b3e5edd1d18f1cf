//! The orders of a list.

/// The column that a list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// The id, which is the order of creation.
    Id,
    /// The name, in the order of a dictionary: without regard to case and accents, numbers by their value.
    Name,
    /// The price.
    Price,
    /// The stock.
    Stock,
    /// The time of the last change.
    Updated,
}

/// An order of a list. Equal rows follow each other by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub key: SortKey,
    /// True for the largest first.
    pub descending: bool,
}

impl Sort {
    /// The names of all orders.
    pub const NAMES: [&'static str; 10] = [
        "id", "-id", "name", "-name", "price", "-price", "stock", "-stock", "updated", "-updated",
    ];

    /// The order's name in a query.
    pub fn name(self) -> &'static str {
        match (self.key, self.descending) {
            (SortKey::Id, false) => "id",
            (SortKey::Id, true) => "-id",
            (SortKey::Name, false) => "name",
            (SortKey::Name, true) => "-name",
            (SortKey::Price, false) => "price",
            (SortKey::Price, true) => "-price",
            (SortKey::Stock, false) => "stock",
            (SortKey::Stock, true) => "-stock",
            (SortKey::Updated, false) => "updated",
            (SortKey::Updated, true) => "-updated",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let (descending, word) = name.strip_prefix('-').map_or((false, name), |word| (true, word));
        let key = match word {
            "id" => SortKey::Id,
            "name" => SortKey::Name,
            "price" => SortKey::Price,
            "stock" => SortKey::Stock,
            "updated" => SortKey::Updated,
            _ => return None,
        };
        Some(Self { key, descending })
    }
}
