//! Reads of the database: they wait out a short failover, and reads of single products that meet are one statement.

use crate::database::products::{self, ReadProduct};
use crate::metrics::CatalogMetrics;
use deadpool_postgres::{Object, Pool, PoolError};
use service::http::Problem;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;

/// The time for which a read is tried again when the database cannot be reached: longer than PostgreSQL takes to recover
/// from a crash or a standby to be promoted on the same machine.
const PATIENCE: Duration = Duration::from_secs(3);

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

/// The tasks that read single products, each with one statement at a time.
const READERS: usize = 2;

/// The most products of one statement.
const MOST: usize = 256;

type Answer = Result<Option<Arc<ReadProduct>>, Problem>;

/// Reads of the database.
pub struct Reads {
    shared: Arc<Shared>,
    // Ends with this.
    _readers: JoinSet<()>,
}

struct Shared {
    pool: Pool,
    metrics: Arc<CatalogMetrics>,
    waiting: Mutex<Vec<(i64, oneshot::Sender<Answer>)>>,
    wake: Notify,
}

impl Reads {
    /// Reads over the connections of `pool`.
    pub(crate) fn start(pool: Pool, metrics: Arc<CatalogMetrics>) -> Self {
        let shared = Arc::new(Shared {
            pool,
            metrics,
            waiting: Mutex::default(),
            wake: Notify::new(),
        });
        let mut readers = JoinSet::new();
        for _ in 0..READERS {
            readers.spawn(Arc::clone(&shared).read_products());
        }
        Self {
            shared,
            _readers: readers,
        }
    }

    /// Reads by `query`, whose name the metrics have. While the database cannot be reached, the read waits and is tried
    /// again, as a read may be.
    ///
    /// # Errors
    /// The failure of the query; 503 when no connection comes free in time, or the database stays away.
    pub async fn read<T, F>(&self, name: &'static str, query: impl Fn(Object) -> F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, tokio_postgres::Error>>,
    {
        self.shared.read(name, query).await
    }

    /// Reads a product by a statement that begins after this call; `None` when the id does not exist. Products that are
    /// asked for at the same time are read together.
    ///
    /// # Errors
    /// The failures of [`Reads::read`].
    pub async fn product(&self, id: i64) -> Answer {
        let (sender, receiver) = oneshot::channel();
        self.shared.queue().push((id, sender));
        self.shared.wake.notify_one();
        // The readers live as long as this and answer all that they take.
        receiver.await.unwrap_or(Ok(None))
    }
}

impl Shared {
    fn queue(&self) -> std::sync::MutexGuard<'_, Vec<(i64, oneshot::Sender<Answer>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read<T, F>(&self, name: &'static str, query: impl Fn(Object) -> F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, tokio_postgres::Error>>,
    {
        let begun = Instant::now();
        loop {
            let failure = match self.pool.get().await {
                Ok(client) => {
                    let asked = Instant::now();
                    let outcome = query(client).await;
                    self.metrics.query(name, asked.elapsed());
                    match outcome {
                        Ok(value) => return Ok(value),
                        Err(error) if is_away(&error) => Problem::from(error),
                        Err(error) => return Err(error.into()),
                    }
                }
                Err(PoolError::Backend(error)) if is_away(&error) => Problem::from(error),
                Err(error) => return Err(error.into()),
            };
            if begun.elapsed() >= PATIENCE {
                return Err(failure);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn read_products(self: Arc<Self>) {
        loop {
            // Taken before the statement is sent: a request that arrives later waits for the next one.
            let waiting = {
                let mut queue = self.queue();
                let most = queue.len().min(MOST);
                queue.drain(..most).collect::<Vec<_>>()
            };
            if waiting.is_empty() {
                self.wake.notified().await;
                continue;
            }
            let mut ids: Vec<i64> = waiting.iter().map(|(id, _)| *id).collect();
            ids.sort_unstable();
            ids.dedup();
            let found = self
                .read("product", |client| {
                    let ids = ids.clone();
                    async move { products::find(&client, &ids).await }
                })
                .await;
            let found = found.map(|found| {
                let by_id = found.into_iter().map(|one| (one.product.id, Arc::new(one)));
                by_id.collect::<HashMap<_, _>>()
            });
            for (id, sender) in waiting {
                let answer = found.as_ref().map(|found| found.get(&id).cloned());
                // A cancelled request has dropped its receiver.
                let _ = sender.send(answer.map_err(Clone::clone));
            }
        }
    }
}

/// Returns true if the database is away, and may be back in a moment: the connection is lost or refused, or the server
/// is starting or stopping.
fn is_away(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(state) => ["57P01", "57P02", "57P03"].contains(&state.code()) || state.code().starts_with("08"),
        None => {
            error.is_closed()
                || std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        }
    }
}
