//! Exchanges with the server: statements on one connection, made again on a new one when the connection breaks.
//!
//! An exchange whose reply was lost may have taken effect. Each is therefore written so that making it twice is as good
//! as once; [`Session::again`] tells it that it was made before.

use std::{pin::Pin, sync::Arc, time::Duration};

use tokio_postgres::{Client, Row, error::SqlState};

use super::{Postgres, connection::PATIENCE};
use crate::{
    backend::Backend as _,
    error::Error,
    lease::{Held, Holder},
};

/// Statements that create the tables; run when a lease is taken and the tables are missing.
const SCHEMA: &str = "
    CREATE SCHEMA IF NOT EXISTS tenon;
    CREATE TABLE IF NOT EXISTS tenon.state (
        name text PRIMARY KEY,
        snapshot bytea,
        tag text,
        journal_mark text,
        holder text,
        token text,
        until timestamptz,
        fence bigint NOT NULL DEFAULT 0,
        lease_mark text
    );
    CREATE TABLE IF NOT EXISTS tenon.journal (
        name text NOT NULL REFERENCES tenon.state,
        sequence bigint NOT NULL,
        fence bigint NOT NULL,
        frame text NOT NULL,
        PRIMARY KEY (name, sequence)
    );";

/// Number of attempts when connections break.
const TRIES: u32 = 3;

/// Reason why one exchange failed.
pub(super) enum Failure {
    /// The server or the connection failed.
    Server(Box<dyn std::error::Error + Send + Sync>),
    /// The server answered, and the answer is an error of this crate.
    Ours(Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Server(error.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Postgres {
    /// Makes one exchange, and again on a new connection when the old one breaks.
    pub(super) async fn exchange<'a, T, F>(&'a self, doing: &'static str, work: F) -> Result<T, Error>
    where
        F: Fn(Session<'a>) -> Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>,
    {
        let mut tries = 1;
        loop {
            let attempt = async {
                let client = self.connection.client().await.map_err(Failure::Server)?;
                work(Session {
                    client,
                    name: &self.name,
                    again: tries > 1,
                })
                .await
            };
            let failure = match tokio::time::timeout(PATIENCE, attempt).await {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(Failure::Ours(error))) => return Err(error),
                Ok(Err(Failure::Server(source))) => source,
                Err(elapsed) => elapsed.into(),
            };
            // An answer of the server is final; a broken connection is not.
            let answered = failure
                .downcast_ref::<tokio_postgres::Error>()
                .and_then(tokio_postgres::Error::as_db_error);
            let passing = answered.is_none_or(|answer| {
                // The server is shutting down or starting, or another transaction came in between.
                [
                    SqlState::ADMIN_SHUTDOWN,
                    SqlState::CANNOT_CONNECT_NOW,
                    SqlState::CRASH_SHUTDOWN,
                ]
                .contains(answer.code())
                    || *answer.code() == SqlState::T_R_SERIALIZATION_FAILURE
                    || *answer.code() == SqlState::T_R_DEADLOCK_DETECTED
            });
            if !passing || tries == TRIES {
                return Err(Error::Backend {
                    location: self.location(),
                    doing,
                    source: failure,
                });
            }
            self.connection.forget().await;
            tokio::time::sleep(Duration::from_millis(100 << tries)).await;
            tries += 1;
        }
    }

    pub(super) fn lost(&self, why: &str) -> Failure {
        Failure::Ours(Error::LeaseLost {
            location: self.location(),
            why: why.to_owned(),
        })
    }
}

/// Connection and parameters of one exchange.
pub(super) struct Session<'a> {
    pub(super) client: Arc<Client>,
    pub(super) name: &'a str,
    /// Set when an earlier attempt may have taken effect.
    pub(super) again: bool,
}

impl Session<'_> {
    /// Runs statements as one transaction; they have no parameters.
    pub(super) async fn make_tables(&self) -> Result<(), Failure> {
        // Two that make them at once trip over each other; the lock is freed with the transaction.
        let script = format!("BEGIN; SELECT pg_advisory_xact_lock(8391035476301); {SCHEMA} COMMIT;");
        match self.client.batch_execute(&script).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let _ = self.client.batch_execute("ROLLBACK").await;
                Err(error.into())
            }
        }
    }
}

pub(super) fn is_missing(error: &tokio_postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|code| [SqlState::UNDEFINED_TABLE, SqlState::INVALID_SCHEMA_NAME].contains(code))
}

/// A number as the database keeps it. Sequence and fencing numbers count writes, of which there are fewer.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn from_number(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

pub(super) fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

pub(super) fn to_text<T: serde::Serialize>(value: Option<&T>) -> Result<Option<String>, Error> {
    let text = value.map(serde_json::to_string).transpose();
    text.map_err(|source| Error::Json {
        what: "lease",
        source,
    })
}

pub(super) fn from_text<T: serde::de::DeserializeOwned>(text: Option<String>) -> Result<Option<T>, Error> {
    let value = text.map(|text| serde_json::from_str(&text)).transpose();
    value.map_err(|source| Error::Json {
        what: "lease",
        source,
    })
}

/// Reads the holder of the lease from a row with the columns `holder`, `fence` and `left`.
pub(super) fn held(row: &Row) -> Result<Option<Held>, Failure> {
    let left: Option<f64> = row.try_get("left")?;
    let holder: Option<Holder> = from_text(row.try_get("holder")?)?;
    let fence = from_number(row.try_get("fence")?);
    let left = left.filter(|left| *left > 0.0).map(Duration::from_secs_f64);
    Ok(holder.zip(left).map(|(holder, left)| Held {
        holder,
        fence,
        left: Some(left),
    }))
}
