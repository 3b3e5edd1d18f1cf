//! The statements that create, change and delete a product. Each runs in a transaction that also writes the history.

use super::row::{COLUMNS, product};
use crate::database::idempotency::{Answer, Key, KeyError, claim, keep};
use crate::product::{Changes, Fields, Product};
use deadpool_postgres::{Object, Transaction};
use serde_json::Value;
use service::http::FieldErrors;
use std::sync::Arc;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// The caller and the action that a change is recorded under.
#[derive(Clone, Debug)]
pub struct Author {
    /// The caller's name, for the history.
    pub who: Arc<str>,
    /// The word in the history: `create`, `update`, `delete`, `import`, `bulk` or `undo`.
    pub action: &'static str,
    /// The key that the caller gave to the call.
    pub key: Option<Key>,
}

/// A write that was refused.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The id does not exist.
    #[error("no such product")]
    NotFound,
    /// The product is no longer at the version that the caller saw.
    #[error("the product was changed in the meantime")]
    Conflict {
        /// The product as it is now.
        current: Box<Product>,
        /// The fields that changed since the version that the caller saw, as far as the history tells.
        changed: Vec<String>,
    },
    /// Another product has that SKU.
    #[error("another product has that SKU")]
    SkuTaken,
    /// No image has the address that the product was to have.
    #[error("no such image")]
    NoImage,
    /// The values are invalid.
    #[error("some values do not fit")]
    Invalid(FieldErrors),
    /// The caller gave the call's key to another request.
    #[error("the key belongs to another request")]
    KeyReused,
    /// The change set was taken back already.
    #[error("the changes are undone already")]
    UndoneAlready,
    /// The driver's error.
    #[error("the database refused")]
    Database(#[source] Error),
}

impl From<KeyError> for WriteError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Reused => Self::KeyReused,
            KeyError::Database(error) => Self::Database(error),
        }
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        let broken = error.as_db_error().map(|db| (db.code(), db.constraint()));
        match broken {
            Some((&SqlState::UNIQUE_VIOLATION, Some("products_sku"))) => Self::SkuTaken,
            Some((&SqlState::FOREIGN_KEY_VIOLATION, Some("products_image"))) => Self::NoImage,
            _ => Self::Database(error),
        }
    }
}

/// A product after an update.
pub struct Written {
    /// The product as it is now.
    pub product: Product,
    /// True when a field changed.
    pub changed: bool,
}

/// Creates a product, or returns the one that an earlier call with the same key created, as it was then.
///
/// # Errors
/// [`WriteError::SkuTaken`], [`WriteError::NoImage`], [`WriteError::KeyReused`] or [`WriteError::Database`].
pub async fn create(
    client: &mut Object,
    author: &Author,
    fields: &Fields,
) -> Result<Answer<Product>, WriteError> {
    let transaction = client.transaction().await?;
    if let Some(key) = &author.key
        && let Some(answer) = claim(&transaction, key).await?
    {
        return Ok(Answer::Kept(answer));
    }
    let statement = transaction
        .prepare_cached(&format!(
            "insert into products (sku, name, description, price, stock, category, status, image)
             values ($1, $2, $3, $4, $5, $6, $7, $8) returning {COLUMNS}"
        ))
        .await?;
    let row = transaction
        .query_one(
            &statement,
            &[
                &fields.sku,
                &fields.name,
                &fields.description,
                &fields.price,
                &fields.stock,
                &fields.category,
                &fields.status.name(),
                &fields.image,
            ],
        )
        .await?;
    let created = product(&row, 0)?;
    record(
        &transaction,
        author,
        created.id,
        created.version,
        Fields::changes(None, Some(fields)),
    )
    .await?;
    if let Some(key) = &author.key {
        keep(&transaction, key, &created).await?;
    }
    transaction.commit().await?;
    Ok(Answer::Made(created))
}

/// Changes a product by `change`, which gets its present fields, if `expected` accepts the present version. A change
/// of no field makes no version.
///
/// # Errors
/// Any [`WriteError`] except `Invalid`.
pub async fn update(
    client: &mut Object,
    author: &Author,
    id: i64,
    expected: impl Fn(i64) -> Result<(), Option<i64>>,
    change: impl FnOnce(&Fields) -> Fields,
) -> Result<Written, WriteError> {
    let transaction = client.transaction().await?;
    let current = lock(&transaction, id, expected).await?;
    let (old, new) = (current.fields(), change(&current.fields()));
    let changes = Fields::changes(Some(&old), Some(&new));
    if changes.is_empty() {
        return Ok(Written {
            product: current,
            changed: false,
        });
    }
    let statement = transaction
        .prepare_cached(&format!(
            "update products set sku = $2, name = $3, description = $4, price = $5, stock = $6, category = $7,
                status = $8, image = $9, version = version + 1, updated_at = now() where id = $1 returning {COLUMNS}"
        ))
        .await?;
    let row = transaction
        .query_one(
            &statement,
            &[
                &id,
                &new.sku,
                &new.name,
                &new.description,
                &new.price,
                &new.stock,
                &new.category,
                &new.status.name(),
                &new.image,
            ],
        )
        .await?;
    let written = product(&row, 0)?;
    record(&transaction, author, id, written.version, changes).await?;
    transaction.commit().await?;
    Ok(Written {
        product: written,
        changed: true,
    })
}

/// Deletes a product, if `expected` accepts its version.
///
/// # Errors
/// Any [`WriteError`] except `Invalid` and `SkuTaken`.
pub async fn delete(
    client: &mut Object,
    author: &Author,
    id: i64,
    expected: impl Fn(i64) -> Result<(), Option<i64>>,
) -> Result<(), WriteError> {
    let transaction = client.transaction().await?;
    let current = lock(&transaction, id, expected).await?;
    let statement = transaction
        .prepare_cached("delete from products where id = $1")
        .await?;
    transaction.execute(&statement, &[&id]).await?;
    let changes = Fields::changes(Some(&current.fields()), None);
    record(&transaction, author, id, current.version + 1, changes).await?;
    transaction.commit().await?;
    Ok(())
}

/// Reads a product and locks its row until the transaction ends.
async fn lock(
    transaction: &Transaction<'_>,
    id: i64,
    expected: impl Fn(i64) -> Result<(), Option<i64>>,
) -> Result<Product, WriteError> {
    let statement = transaction
        .prepare_cached(&format!(
            "select {COLUMNS} from products where id = $1 for update"
        ))
        .await?;
    let row = transaction
        .query_opt(&statement, &[&id])
        .await?
        .ok_or(WriteError::NotFound)?;
    let current = product(&row, 0)?;
    if let Err(seen) = expected(current.version) {
        let changed = match seen {
            Some(seen) => changed_since(transaction, id, seen).await?,
            None => Vec::new(),
        };
        return Err(WriteError::Conflict {
            current: Box::new(current),
            changed,
        });
    }
    Ok(current)
}

async fn changed_since(transaction: &Transaction<'_>, id: i64, version: i64) -> Result<Vec<String>, Error> {
    let statement = transaction
        .prepare_cached(
            "select distinct key from product_history, jsonb_object_keys(changes) as key
             where product_id = $1 and version > $2 order by key",
        )
        .await?;
    let rows = transaction.query(&statement, &[&id, &version]).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

async fn record(
    transaction: &Transaction<'_>,
    author: &Author,
    id: i64,
    version: i64,
    changes: Changes,
) -> Result<(), Error> {
    let statement = transaction
        .prepare_cached(
            "insert into product_history (product_id, version, who, action, changes) values ($1, $2, $3, $4, $5)",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[
                &id,
                &version,
                &&*author.who,
                &author.action,
                &Value::Object(changes),
            ],
        )
        .await?;
    Ok(())
}
