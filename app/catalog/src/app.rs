//! The state that the handlers of the API share.

use crate::database::snapshot::SnapshotReader;
use crate::database::{ConnectError, Connector};
use crate::http::cache::ResponseCache;
use crate::metrics::{CatalogMetrics, Origin};
use crate::reads::Reads;
use crate::settings::{self, AccessLog, figures};
use deadpool_postgres::{Object, Pool};
use service::emf::Figure;
use service::http::metrics::Totals;
use service::http::{Edge, Metrics, Problem};
use service::serve::Drain;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The state of the API.
pub struct App {
    /// The limits of the API.
    pub settings: settings::Api,
    /// The layers around every call.
    pub edge: Arc<Edge>,
    /// Connections to PostgreSQL.
    pub pool: Pool,
    /// The cached responses.
    pub cache: ResponseCache,
    /// Permits for exports: a quarter of the pool, so that slow downloads leave connections for other requests.
    pub exports: Arc<tokio::sync::Semaphore>,
    /// Reads of the database.
    pub reads: Reads,
    /// The signal that there is something new in the outbox.
    pub outbox: Arc<tokio::sync::Notify>,
    pub(crate) metrics: Arc<CatalogMetrics>,
}

impl App {
    /// Creates the state without connecting to the database.
    ///
    /// # Errors
    /// [`ConnectError::Pool`].
    pub fn new(
        settings: settings::Api,
        access: AccessLog,
        connector: &Connector,
        drain: Drain,
    ) -> Result<Arc<Self>, ConnectError> {
        let pool = connector.pool()?;
        let exports = pool.status().max_size.div_ceil(4);
        let metrics = Arc::new(CatalogMetrics::default());
        let shared = Metrics::new("catalog", |registry| metrics.register(registry));
        Ok(Arc::new(Self {
            cache: ResponseCache::new(
                settings.cache_bytes,
                SnapshotReader::start(connector.clone()),
                Arc::clone(&metrics),
            ),
            edge: Edge::new("catalog", settings.edge.clone(), access, shared, drain),
            outbox: Arc::default(),
            exports: Arc::new(tokio::sync::Semaphore::new(exports)),
            reads: Reads::start(pool.clone(), Arc::clone(&metrics)),
            pool,
            metrics,
            settings,
        }))
    }

    /// Returns true once shutdown has begun.
    pub fn draining(&self) -> bool {
        self.edge.drain.has_begun()
    }

    /// Renders the metrics with the pool's present state.
    pub fn metrics(&self) -> String {
        self.metrics.pool(&self.pool.status());
        self.edge.metrics.render()
    }

    /// Takes a connection from the pool.
    ///
    /// # Errors
    /// 503 when no connection comes free in time or the database cannot be reached.
    pub async fn client(&self) -> Result<Object, Problem> {
        Ok(self.pool.get().await?)
    }

    /// The figures that the log has for CloudWatch.
    pub fn figures(self: &Arc<Self>) -> Vec<Figure> {
        let total = |name, read: fn(&Totals) -> &AtomicU64| {
            let totals = Arc::clone(&self.edge.metrics.totals);
            Figure::counter(name, move || read(&totals).load(Ordering::Relaxed))
        };
        let answers = |name, from| {
            let metrics = Arc::clone(&self.metrics);
            Figure::counter(name, move || metrics.answers(from))
        };
        let pool = self.pool.clone();
        vec![
            total(figures::REQUESTS, |totals| &totals.requests),
            total(figures::SERVER_ERRORS, |totals| &totals.failures),
            total(figures::RATE_LIMITED, |totals| &totals.limited),
            total(figures::SLOW_REQUESTS, |totals| &totals.slow),
            answers(figures::ANSWERS_FROM_CACHE, Origin::Cache),
            answers(figures::ANSWERS_SHARED, Origin::Shared),
            answers(figures::ANSWERS_FROM_DATABASE, Origin::Database),
            Figure::gauge(figures::CONNECTIONS_WAITED_FOR, move || {
                u64::try_from(pool.status().waiting).unwrap_or_default()
            }),
        ]
    }
}
