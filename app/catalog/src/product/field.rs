//! The writable fields of a product: one table that the parser, the CSV file, the history and the OpenAPI document
//! share.

/// A writable field of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Stock-keeping unit.
    Sku,
    /// Name.
    Name,
    /// Description.
    Description,
    /// Price.
    Price,
    /// Pieces in stock.
    Stock,
    /// Category.
    Category,
    /// Status.
    Status,
    /// Image.
    Image,
}

impl Field {
    /// All fields, in the order of the CSV header.
    pub const ALL: [Self; 8] = [
        Self::Sku,
        Self::Name,
        Self::Description,
        Self::Price,
        Self::Stock,
        Self::Category,
        Self::Status,
        Self::Image,
    ];

    /// The field's name in JSON, in the CSV header and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::Name => "name",
            Self::Description => "description",
            Self::Price => "price",
            Self::Stock => "stock",
            Self::Category => "category",
            Self::Status => "status",
            Self::Image => "image",
        }
    }

    /// The field of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The names of all fields, in the order of the CSV header.
    pub fn names() -> [&'static str; 8] {
        Self::ALL.map(Self::name)
    }
}
