//! The state that the handlers of the API share.

use crate::database::freshness::Freshness;
use crate::database::{ConnectError, Connector};
use crate::http::Problem;
use crate::http::answers::Answers;
use crate::http::caller::Callers;
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;
use crate::serve::Drain;
use crate::settings::{self, AccessLog};
use deadpool_postgres::{Object, Pool};
use std::sync::Arc;

/// What the handlers share.
pub struct App {
    /// The limits and the access that the settings give.
    pub settings: settings::Api,
    /// Which requests are logged.
    pub access: AccessLog,
    /// Connections to PostgreSQL.
    pub pool: Pool,
    /// Answers that are kept.
    pub answers: Answers,
    /// Who may call.
    pub callers: Callers,
    /// How often.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
    /// Exports that may run at once, so that slow readers leave connections to everybody else.
    pub exports: Arc<tokio::sync::Semaphore>,
    drain: Drain,
}

impl App {
    /// Puts the parts together; connects to nothing yet.
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
            answers: Answers::new(settings.cache_bytes, Freshness::start(connector.clone())),
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

    /// Whether the process is about to end.
    pub fn draining(&self) -> bool {
        self.drain.begun()
    }

    /// A connection of the pool.
    ///
    /// # Errors
    /// 503 when none comes free in time or the database is away.
    pub async fn client(&self) -> Result<Object, Problem> {
        Ok(self.pool.get().await?)
    }
}
