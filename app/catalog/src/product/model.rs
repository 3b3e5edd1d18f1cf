//! A product, and its fields that can be written.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// The status of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not offered yet.
    Draft,
    /// Offered.
    Active,
    /// No longer offered.
    Archived,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Active, Self::Archived];

    /// The status's name in JSON, CSV and the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// The status of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// The writable fields of a product.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    /// Stock-keeping unit, unique without regard to case.
    pub sku: String,
    /// 1 to 255 characters.
    pub name: String,
    /// Up to 10,000 characters.
    pub description: String,
    /// 0.00 to 99999999.99.
    pub price: Decimal,
    /// 0 or more.
    pub stock: i32,
    /// 1 to 100 characters.
    pub category: Option<String>,
    /// The status.
    pub status: Status,
    /// The address of an uploaded image.
    pub image: Option<String>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Product {
    /// The id, which the database assigns and never reuses.
    pub id: i64,
    /// Stock-keeping unit, unique without regard to case.
    #[schema(example = "MUG-350", max_length = 64)]
    pub sku: String,
    /// 1 to 255 characters.
    #[schema(example = "Enamel mug", min_length = 1, max_length = 255)]
    pub name: String,
    /// Up to 10,000 characters; empty when there is none.
    #[schema(max_length = 10000)]
    pub description: String,
    /// An exact decimal with two places, from 0.00 to 99999999.99.
    #[schema(value_type = String, example = "12.50", pattern = r"^\d{1,8}\.\d{2}$")]
    pub price: Decimal,
    /// Pieces in stock.
    #[schema(minimum = 0)]
    pub stock: i32,
    /// 1 to 100 characters, or null.
    #[schema(required = true, max_length = 100)]
    pub category: Option<String>,
    /// The status.
    pub status: Status,
    /// The address of the product's image on this server, or null.
    #[schema(required = true, pattern = r"^/api/images/[0-9a-f]{32}\.(png|jpg|webp)$")]
    pub image: Option<String>,
    /// The number of the product's version; its `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// The time of the creation.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The time of the last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Product {
    /// The product's writable fields.
    pub fn fields(&self) -> Fields {
        Fields {
            sku: self.sku.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            price: self.price,
            stock: self.stock,
            category: self.category.clone(),
            status: self.status,
            image: self.image.clone(),
        }
    }
}
