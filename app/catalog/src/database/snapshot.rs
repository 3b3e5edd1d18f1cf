//! The transaction snapshot of the database, by which [`crate::http::cache`] decides that a response is current.
//!
//! Every read whose response may be cached also reads a [`Snapshot`]: PostgreSQL's `pg_current_snapshot()` of the same
//! statement, with the start time of the server. A snapshot names exactly the transactions that are visible, so two equal
//! snapshots mean that nothing was committed in between, by this process, by another one or by hand
//! (<https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT>). That needs no trigger, no
//! version row that writers would queue for, and no invalidation.
//!
//! A cached response is served only when a snapshot that was taken *after the request arrived* equals its own, so no
//! client is served stale data, however many processes run. Concurrent requests share a query: [`SnapshotReader::current`]
//! collects the requests that arrive while a query runs and answers all of them with the next one. A thousand concurrent
//! reads cost a handful of queries.

use super::connect::Connector;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::task::AbortHandle;
use tokio_postgres::{Client, Statement};

/// The snapshot of a statement, as text.
pub type Snapshot = Arc<str>;

/// The SQL expression of a [`Snapshot`].
pub const SNAPSHOT: &str =
    "pg_current_snapshot()::text || '@' || extract(epoch from pg_postmaster_start_time())::text";

/// Reads the current snapshot, once for all requests that wait for it.
pub struct SnapshotReader {
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Vec<oneshot::Sender<Snapshot>>>,
    wake: Notify,
}

impl SnapshotReader {
    /// Starts the task that queries, on its own connection.
    pub fn start(connector: Connector) -> Self {
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(run(connector, Arc::clone(&shared))).abort_handle();
        Self { shared, task }
    }

    /// Returns a snapshot that was taken after this call began, or `None` when the database cannot be queried.
    pub async fn current(&self) -> Option<Snapshot> {
        let (sender, receiver) = oneshot::channel();
        let first = {
            let mut waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push(sender);
            waiting.len() == 1
        };
        if first {
            self.shared.wake.notify_one();
        }
        receiver.await.ok()
    }
}

impl Drop for SnapshotReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(connector: Connector, shared: Arc<Shared>) {
    let mut connection: Option<(Client, Statement)> = None;
    loop {
        shared.wake.notified().await;
        // Taken before the query is sent: a request that arrives later waits for the next query.
        let waiting = std::mem::take(&mut *shared.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if connection.as_ref().is_none_or(|(client, _)| client.is_closed()) {
            connection = connect(&connector).await;
        }
        let Some((client, statement)) = &connection else {
            continue;
        };
        let query = client.query_one(statement, &[]);
        match tokio::time::timeout(Duration::from_secs(2), query).await {
            Ok(Ok(row)) => {
                let snapshot: Snapshot = row.get::<_, &str>(0).into();
                for sender in waiting {
                    // A cancelled request has dropped its receiver.
                    let _ = sender.send(Arc::clone(&snapshot));
                }
            }
            Ok(Err(_)) | Err(_) => connection = None,
        }
    }
}

async fn connect(connector: &Connector) -> Option<(Client, Statement)> {
    let attempt = async {
        let client = connector.connect().await.ok()?;
        let statement = client.prepare(&format!("select {SNAPSHOT}")).await.ok()?;
        Some((client, statement))
    };
    tokio::time::timeout(Duration::from_secs(2), attempt)
        .await
        .ok()
        .flatten()
}
