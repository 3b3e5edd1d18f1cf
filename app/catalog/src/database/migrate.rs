//! Migrations: numbered SQL files, each applied once and in its own transaction.
//!
//! Several processes may start at once: an advisory lock is held for the whole run, so that one process applies the
//! files and the others have nothing left to apply. An applied file must not change; its checksum is stored and compared.
//! A database that is ahead of this program is accepted, because old tasks run beside new ones during a rolling
//! deployment; therefore migrations only add.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

const FILES: &[(i32, &str, &str)] = &[
    (1, "products", include_str!("../../migrations/001_products.sql")),
    (2, "words", include_str!("../../migrations/002_words.sql")),
    (
        3,
        "change_sets",
        include_str!("../../migrations/003_change_sets.sql"),
    ),
    (4, "images", include_str!("../../migrations/004_images.sql")),
    (5, "orders", include_str!("../../migrations/005_orders.sql")),
    (
        6,
        "erased_orders",
        include_str!("../../migrations/006_erased_orders.sql"),
    ),
];

/// The key of the advisory lock: the ASCII of `catalog\0`.
const LOCK: i64 = 0x0063_6174_616c_6f67;

/// A migration that failed.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// An applied file has been edited since.
    #[error(
        "migration {number:03}_{name} was applied with other contents; restore that file and add a new one instead"
    )]
    Edited {
        /// The file's number.
        number: i32,
        /// The file's name.
        name: &'static str,
    },
    /// A file failed and was rolled back.
    #[error("migration {number:03}_{name} failed and was rolled back")]
    Failed {
        /// The file's number.
        number: i32,
        /// The file's name.
        name: &'static str,
        /// The server's error.
        source: tokio_postgres::Error,
    },
    /// Another process held the lock for a minute, or the table of migrations cannot be used.
    #[error("the record of migrations cannot be used; the user of DB_USER must own the schema")]
    Record(#[source] tokio_postgres::Error),
}

/// Applies the missing files and returns their number.
///
/// # Errors
/// [`MigrateError`]; files that were applied before the failing one stay applied.
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
    // A failed connection has released the lock already, so an error here has nothing to report.
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
