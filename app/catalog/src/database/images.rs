//! The statements that keep and read images.

use deadpool_postgres::Object;
use std::collections::HashSet;
use tokio_postgres::Error;

/// Keeps an image under its address; one that is there already is the same.
///
/// # Errors
/// The driver's error.
pub async fn keep(client: &Object, address: &str, bytes: &[u8]) -> Result<(), Error> {
    let statement = client
        .prepare_cached("insert into images (address, bytes) values ($1, $2) on conflict do nothing")
        .await?;
    client.execute(&statement, &[&address, &bytes]).await?;
    Ok(())
}

/// Reads an image.
///
/// # Errors
/// The driver's error.
pub async fn find(client: &Object, address: &str) -> Result<Option<Vec<u8>>, Error> {
    let statement = client
        .prepare_cached("select bytes from images where address = $1")
        .await?;
    let row = client.query_opt(&statement, &[&address]).await?;
    row.map(|row| row.try_get(0)).transpose()
}

/// Returns those of `addresses` that no image has. An image is never removed, so this holds until the write.
///
/// # Errors
/// The driver's error.
pub async fn missing(client: &Object, addresses: &[String]) -> Result<HashSet<String>, Error> {
    let statement = client
        .prepare_cached(
            "select a from unnest($1::text[]) a where not exists (select from images where address = a)",
        )
        .await?;
    let rows = client.query(&statement, &[&addresses]).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}
