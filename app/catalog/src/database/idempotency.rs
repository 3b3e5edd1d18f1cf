//! Keys of calls. The key, the writes and the answer are of one transaction, so that a call that is sent again, even while
//! the first one runs, finds either all of them or none.

use deadpool_postgres::Transaction;
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use tokio_postgres::Error;
use tokio_postgres::types::Json;

/// The time that a key is kept.
pub const KEPT: &str = "24 hours";

/// The key that a caller gave to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The caller; another one's keys are not his.
    pub who: Arc<str>,
    /// The key.
    pub key: String,
    /// The hash of the request.
    pub request: Vec<u8>,
}

/// The answer to a call that has a key.
#[derive(Debug)]
pub enum Answer<T> {
    /// This call did it.
    Made(T),
    /// An earlier call with that key did it, and was answered so.
    Kept(Box<RawValue>),
}

/// A key that could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The caller gave the key to another request.
    #[error("the key belongs to another request")]
    Reused,
    /// The driver's error.
    #[error("the database refused")]
    Database(#[from] Error),
}

/// Takes `key` for the call of this transaction, or returns the answer that is kept under it. A call that runs with the
/// same key is waited for.
///
/// # Errors
/// [`KeyError`].
pub async fn claim(transaction: &Transaction<'_>, key: &Key) -> Result<Option<Box<RawValue>>, KeyError> {
    let statement = transaction
        .prepare_cached(
            "insert into idempotency_keys (who, key, request) values ($1, $2, $3) on conflict do nothing",
        )
        .await?;
    let taken = transaction
        .execute(&statement, &[&&*key.who, &key.key, &key.request])
        .await?;
    if taken == 1 {
        return Ok(None);
    }
    let statement = transaction
        .prepare_cached("select request, answer from idempotency_keys where who = $1 and key = $2")
        .await?;
    let row = transaction.query_one(&statement, &[&&*key.who, &key.key]).await?;
    let request: Vec<u8> = row.try_get(0)?;
    if request != key.request {
        return Err(KeyError::Reused);
    }
    let Json(answer) = row.try_get::<_, Json<Box<RawValue>>>(1)?;
    Ok(Some(answer))
}

/// Keeps the answer under `key`, and removes some keys that are older than [`KEPT`].
///
/// # Errors
/// The driver's error.
pub async fn keep(transaction: &Transaction<'_>, key: &Key, answer: &impl Serialize) -> Result<(), Error> {
    // The types of answers have text keys and finite numbers only, so serialising them does not fail.
    let answer = serde_json::value::to_raw_value(answer).unwrap_or_default();
    let statement = transaction
        .prepare_cached("update idempotency_keys set answer = $3 where who = $1 and key = $2")
        .await?;
    transaction
        .execute(&statement, &[&&*key.who, &key.key, &Json(answer)])
        .await?;
    let statement = transaction
        .prepare_cached(&format!(
            "delete from idempotency_keys where (who, key) in (select who, key from idempotency_keys
             where at < now() - interval '{KEPT}' limit 20 for update skip locked)"
        ))
        .await?;
    transaction.execute(&statement, &[]).await?;
    Ok(())
}
