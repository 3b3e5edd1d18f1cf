//! `catalog migrate`, `catalog seed` and `catalog openapi`.

use super::failure::Failure;
use crate::database::{self, Connector};
use crate::settings::Database;

/// Migrates the database and returns the number of migrations that were applied.
///
/// # Errors
/// [`Failure::Connect`] or [`Failure::Migrate`].
pub async fn migrate(database: &Database) -> Result<usize, Failure> {
    let mut client = Connector::new(database)?.connect_with_retries().await?;
    Ok(database::migrate(&mut client).await?)
}

/// Migrates the database, writes sample products if there are no products, and returns the number written.
///
/// # Errors
/// [`Failure::Connect`], [`Failure::Migrate`] or [`Failure::Seed`].
pub async fn seed(database: &Database, products: u32) -> Result<u64, Failure> {
    let mut client = Connector::new(database)?.connect_with_retries().await?;
    database::migrate(&mut client).await?;
    database::seed::seed(&mut client, products)
        .await
        .map_err(Failure::Seed)
}

/// The OpenAPI document as JSON.
///
/// # Errors
/// [`Failure::System`] when the document cannot be serialised; it has nothing that fails to.
pub fn openapi() -> Result<String, Failure> {
    crate::api::openapi::text().map_err(|error| Failure::System {
        doing: "writing the document",
        source: error.into(),
    })
}
