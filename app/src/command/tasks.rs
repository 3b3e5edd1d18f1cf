//! `catalog migrate`, `catalog seed` and `catalog openapi`: what is done once and ends.

use super::failure::Failure;
use crate::database::{self, Connector};
use crate::settings::Database;

/// Brings the schema up to date; returns how many migrations were applied.
///
/// # Errors
/// When there is no connection or a migration fails.
pub async fn migrate(database: &Database) -> Result<usize, Failure> {
    let mut client = Connector::new(database)?.connect_patiently().await?;
    Ok(database::migrate(&mut client).await?)
}

/// Brings the schema up to date and, when there are no products, writes some; returns how many were written.
///
/// # Errors
/// When there is no connection, a migration fails, or the products cannot be written.
pub async fn seed(database: &Database, products: u32) -> Result<u64, Failure> {
    let mut client = Connector::new(database)?.connect_patiently().await?;
    database::migrate(&mut client).await?;
    database::seed::seed(&mut client, products)
        .await
        .map_err(Failure::Seed)
}

/// The OpenAPI document.
///
/// # Errors
/// None that happens: the document always serialises.
pub fn openapi() -> Result<String, Failure> {
    crate::api::openapi::text().map_err(|error| Failure::System {
        doing: "writing the document",
        source: error.into(),
    })
}
