//! Whether an answer that was kept is still what the database would say.
//!
//! Every read that may be kept carries a [`Stamp`]: the text of PostgreSQL's `pg_current_snapshot()` of the very
//! statement that read the data, with the start time of the server. A snapshot names exactly which transactions are
//! visible, so two equal stamps mean that nothing whatever was committed in between, by this process, by another one
//! or by hand (<https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT>). No trigger, no
//! version row that writers would queue for, and nothing to invalidate.
//!
//! A kept answer is served only when a stamp that was taken *after the request arrived* equals its own. So there is no
//! staleness at all, for the writer or anybody else, however many processes run. What makes it cheap is that the
//! requests that wait share one question: [`Freshness::stamp`] collects them while a question is under way and asks
//! once for all of them. A thousand concurrent reads cost a handful of questions.
//!
//! It is not a cache: that is [`crate::http::answers`].

use super::connect::Connector;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::task::AbortHandle;
use tokio_postgres::{Client, Statement};

/// The state of the database that a statement saw.
pub type Stamp = Arc<str>;

/// The SQL expression of the stamp.
pub const STAMP: &str =
    "pg_current_snapshot()::text || '@' || extract(epoch from pg_postmaster_start_time())::text";

/// Asks the database for its present stamp, once for all who wait.
pub struct Freshness {
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Vec<oneshot::Sender<Stamp>>>,
    wake: Notify,
}

impl Freshness {
    /// Starts the task that asks, on a connection of its own.
    pub fn start(connector: Connector) -> Self {
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(ask(connector, Arc::clone(&shared))).abort_handle();
        Self { shared, task }
    }

    /// A stamp that was taken after this call began, or `None` when the database cannot be asked.
    pub async fn stamp(&self) -> Option<Stamp> {
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

impl Drop for Freshness {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn ask(connector: Connector, shared: Arc<Shared>) {
    let mut connection: Option<(Client, Statement)> = None;
    loop {
        shared.wake.notified().await;
        // Taken before the question is sent: whoever comes later waits for the next one.
        let waiting = std::mem::take(&mut *shared.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if connection.as_ref().is_none_or(|(client, _)| client.is_closed()) {
            connection = connect(&connector).await;
        }
        let Some((client, statement)) = &connection else {
            continue;
        };
        let question = client.query_one(statement, &[]);
        match tokio::time::timeout(Duration::from_secs(2), question).await {
            Ok(Ok(row)) => {
                let stamp: Stamp = row.get::<_, &str>(0).into();
                for sender in waiting {
                    // A request that was given up no longer listens.
                    let _ = sender.send(Arc::clone(&stamp));
                }
            }
            Ok(Err(_)) | Err(_) => connection = None,
        }
    }
}

async fn connect(connector: &Connector) -> Option<(Client, Statement)> {
    let attempt = async {
        let client = connector.connect().await.ok()?;
        let statement = client.prepare(&format!("select {STAMP}")).await.ok()?;
        Some((client, statement))
    };
    tokio::time::timeout(Duration::from_secs(2), attempt)
        .await
        .ok()
        .flatten()
}
