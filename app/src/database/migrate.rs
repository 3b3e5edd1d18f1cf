//! Brings the schema up to date: numbered SQL files, each applied once and in a transaction of its own.
//!
//! Several processes may start at once: the whole run holds an advisory lock, so one applies and the others find
//! the work done. A file that was applied must not change afterwards; its checksum is kept and compared. A database
//! that is ahead of this program is accepted, because during a rolling deployment the old tasks run beside the new
//! ones; migrations therefore only add.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

const FILES: &[(i32, &str, &str)] = &[(1, "products", include_str!("../../migrations/001_products.sql"))];

/// The key of the advisory lock: the ASCII of `catalog\0`.
const LOCK: i64 = 0x0063_6174_616c_6f67;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A file that was applied earlier has been edited since.
    #[error(
        "migration {number:03}_{name} was applied with other contents; restore that file and add a new one instead"
    )]
    Edited {
        /// Its number.
        number: i32,
        /// Its name.
        name: &'static str,
    },
    /// A file failed; nothing of it was kept.
    #[error("migration {number:03}_{name} failed and was rolled back")]
    Failed {
        /// Its number.
        number: i32,
        /// Its name.
        name: &'static str,
        /// The server's words.
        source: tokio_postgres::Error,
    },
    /// Another process kept the lock for a minute, or the record of migrations cannot be read.
    #[error("the record of migrations cannot be used; the user of DB_USER must own the schema")]
    Record(#[source] tokio_postgres::Error),
}

/// Applies what is missing and returns how many files were applied.
///
/// # Errors
/// See [`MigrateError`]; what had been applied before the failing file stays.
pub async fn migrate(client: &mut Client) -> Result<usize, MigrateError> {
    client
        .batch_execute("set lock_timeout = '60s'; set client_min_messages = warning")
        .await
        .map_err(MigrateError::Record)?;
    client
        .execute("select pg_advisory_lock($1)", &[&LOCK])
        .await
        .map_err(MigrateError::Record)?;
    let outcome = apply(client).await;
    // A connection that failed has lost the lock already; nothing is left to report about it.
    let _ = client.execute("select pg_advisory_unlock($1)", &[&LOCK]).await;
    outcome
}

async fn apply(client: &mut Client) -> Result<usize, MigrateError> {
    client
        .batch_execute(
            "create table if not exists schema_migrations (
                number integer primary key, name text not null, checksum text not null,
                applied_at timestamptz not null default now())",
        )
        .await
        .map_err(MigrateError::Record)?;
    let rows = client
        .query("select number, checksum from schema_migrations", &[])
        .await
        .map_err(MigrateError::Record)?;
    let applied: std::collections::BTreeMap<i32, String> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    if let Some((newest, _)) = applied
        .last_key_value()
        .filter(|(n, _)| FILES.iter().all(|f| f.0 < **n))
    {
        tracing::warn!(newest, "the schema is ahead of this program");
    }
    let mut count = 0;
    for &(number, name, sql) in FILES {
        let checksum = Sha256::digest(sql)
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        match applied.get(&number) {
            Some(known) if *known == checksum => continue,
            Some(_) => return Err(MigrateError::Edited { number, name }),
            None => {}
        }
        let failed = |source| MigrateError::Failed { number, name, source };
        let transaction = client.transaction().await.map_err(failed)?;
        transaction.batch_execute(sql).await.map_err(failed)?;
        transaction
            .execute(
                "insert into schema_migrations (number, name, checksum) values ($1, $2, $3)",
                &[&number, &name, &checksum],
            )
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        tracing::info!(number, name, "migration applied");
        count += 1;
    }
    Ok(count)
}
