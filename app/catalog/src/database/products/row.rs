//! The columns of a product in a row.

use crate::product::{Product, Status};
use tokio_postgres::{Error, Row};

/// The columns that [`product`] reads, in its order.
pub(crate) const COLUMNS: &str =
    "id, sku, name, description, price, stock, category, status, version, created_at, updated_at, image";

/// Reads the product in the columns of `row` from `first` on.
pub(crate) fn product(row: &Row, first: usize) -> Result<Product, Error> {
    let status: &str = row.try_get(first + 7)?;
    Ok(Product {
        id: row.try_get(first)?,
        sku: row.try_get(first + 1)?,
        name: row.try_get(first + 2)?,
        description: row.try_get(first + 3)?,
        price: row.try_get(first + 4)?,
        stock: row.try_get(first + 5)?,
        category: row.try_get(first + 6)?,
        // The table's check constraint allows no other word.
        status: Status::named(status).unwrap_or(Status::Archived),
        version: row.try_get(first + 8)?,
        created_at: row.try_get(first + 9)?,
        updated_at: row.try_get(first + 10)?,
        image: row.try_get(first + 11)?,
    })
}
