//! The state that the handlers of the API share.

use crate::database::snapshot::SnapshotReader;
use crate::database::{ConnectError, Connector};
use crate::http::Problem;
use crate::http::cache::ResponseCache;
use crate::http::caller::Callers;
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;
use crate::serve::Drain;
use crate::settings::{self, AccessLog};
use deadpool_postgres::{Object, Pool};
use std::sync::Arc;

/// The state of the API.
pub struct App {
    /// The limits and the access settings.
    pub settings: settings::Api,
    /// The requests that are logged.
    pub access: AccessLog,
    /// Connections to PostgreSQL.
    pub pool: Pool,
    /// The cached responses.
    pub cache: ResponseCache,
    /// The callers that may use the API.
    pub callers: Callers,
    /// The rate limit of each client.
    pub limits: Limits,
    /// The counters and histograms of `/metrics`.
    pub metrics: Metrics,
    /// Permits for exports: a quarter of the pool, so that slow downloads leave connections for other requests.
    pub exports: Arc<tokio::sync::Semaphore>,
    drain: Drain,
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
        Ok(Arc::new(Self {
            cache: ResponseCache::new(settings.cache_bytes, SnapshotReader::start(connector.clone())),
            callers: Callers::new(&settings.tokens),
            limits: Limits::new(settings.rate_limit, settings.trusted_proxies),
            metrics: Metrics::default(),
            exports: Arc::new(tokio::sync::Semaphore::new(exports)),
            pool,
            access,
            drain,
            settings,
        }))
    }

    /// Returns true once shutdown has begun.
    pub fn draining(&self) -> bool {
        self.drain.has_begun()
    }

    /// Takes a connection from the pool.
    ///
    /// # Errors
    /// 503 when no connection comes free in time or the database cannot be reached.
    pub async fn client(&self) -> Result<Object, Problem> {
        Ok(self.pool.get().await?)
    }
}
