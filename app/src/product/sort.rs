//! The orders of a list.

/// What a list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// In the order of creation.
    Id,
    /// By name, in the order of the database's collation.
    Name,
    /// By price.
    Price,
    /// By stock.
    Stock,
    /// By the time of the last change.
    Updated,
}

/// An order of a list. Equal rows follow each other by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// The largest first.
    pub descending: bool,
}

impl Sort {
    /// Every order that can be asked for.
    pub const NAMES: [&'static str; 9] = [
        "id", "name", "-name", "price", "-price", "stock", "-stock", "updated", "-updated",
    ];

    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match (self.key, self.descending) {
            (SortKey::Id, _) => "id",
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
            "id" if !descending => SortKey::Id,
            "name" => SortKey::Name,
            "price" => SortKey::Price,
            "stock" => SortKey::Stock,
            "updated" => SortKey::Updated,
            _ => return None,
        };
        Some(Self { key, descending })
    }
}
