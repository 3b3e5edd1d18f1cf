//! The state that the handlers share.

use crate::engine::{Scope, Site};
use crate::event::Id;
use crate::queue::Queue;
use crate::settings::Settings;
use crate::store::Store;
use prometheus_client::metrics::gauge::Gauge;
use service::http::{Edge, Metrics, Problem};
use service::serve::Drain;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// The questions that are computed at the same time; further ones wait, and are refused when they wait too long.
const ASKED: usize = 64;

/// One site: its columns, and how far they are.
pub struct SiteState {
    /// The site's name.
    pub name: String,
    /// The columns.
    pub columns: RwLock<Site>,
    /// Changes with every change of the columns.
    pub version: AtomicU64,
    /// The milliseconds since 1970 when the hot store was read last.
    pub read: AtomicI64,
    /// True once everything that was stored at the start is in.
    pub ready: AtomicBool,
}

impl SiteState {
    /// A site without events.
    pub fn new(name: &str) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            columns: RwLock::default(),
            version: AtomicU64::new(0),
            read: AtomicI64::new(0),
            ready: AtomicBool::new(false),
        })
    }

    /// Changes the columns.
    pub fn change(&self, change: impl FnOnce(&mut Site)) {
        change(&mut self.columns.write().unwrap_or_else(PoisonError::into_inner));
        self.version.fetch_add(1, Ordering::Release);
    }
}

/// The gauges of the query process.
#[derive(Clone, Debug, Default)]
struct Gauges {
    memory_bytes: Gauge,
    events: Gauge,
    behind_seconds: Gauge,
}

/// The state of the query process.
pub struct App {
    /// The sites.
    pub sites: BTreeMap<String, Arc<SiteState>>,
    /// The hot store, for journeys and jobs.
    pub store: Store,
    /// The queue, for its depth and for replays.
    pub queue: Option<Queue>,
    /// The layers around every call.
    pub edge: Arc<Edge>,
    /// The time after which a cart counts as abandoned.
    pub cart: Duration,
    /// Distinguishes the answers of this process from those of others.
    pub process: Id,
    asked: Arc<Semaphore>,
    gauges: Gauges,
}

impl App {
    /// The state, with sites that are still empty.
    pub fn new(settings: &Settings, store: Store, queue: Option<Queue>, drain: Drain) -> Arc<Self> {
        let gauges = Gauges::default();
        let metrics = Metrics::new("analytics", |registry| {
            registry.register(
                "memory_bytes",
                "Bytes of the columns",
                gauges.memory_bytes.clone(),
            );
            registry.register("events", "Events in memory", gauges.events.clone());
            registry.register(
                "behind_seconds",
                "Time since the hot store was read",
                gauges.behind_seconds.clone(),
            );
        });
        let named = settings
            .sites
            .iter()
            .map(|site| (site.name.clone(), SiteState::new(&site.name)));
        Arc::new(Self {
            sites: named.collect(),
            store,
            queue,
            edge: Edge::new(
                "analytics",
                settings.edge.clone(),
                settings.logs.access,
                metrics,
                drain,
            ),
            cart: settings.engine.cart,
            process: Id::now(),
            asked: Arc::new(Semaphore::new(ASKED)),
            gauges,
        })
    }

    /// The site of that name.
    ///
    /// # Errors
    /// 404 for an unknown one.
    pub fn site(&self, name: &str) -> Result<&Arc<SiteState>, Problem> {
        self.sites
            .get(name)
            .ok_or_else(|| Problem::not_found("There is no site of that name"))
    }

    /// Returns true once all sites are loaded and no shutdown has begun.
    pub fn ready(&self) -> bool {
        !self.edge.drain.has_begun() && self.sites.values().all(|site| site.ready.load(Ordering::Acquire))
    }

    /// Computes an answer from a site's columns, on a thread for such work.
    ///
    /// # Errors
    /// 503 when too many questions wait.
    pub async fn compute<T: Send + 'static>(
        &self,
        site: &Arc<SiteState>,
        question: crate::engine::Question,
        answer: impl FnOnce(&Scope<'_>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let permit =
            tokio::time::timeout(Duration::from_secs(5), Arc::clone(&self.asked).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            let why = "Too many questions are being answered; ask again in a moment";
            return Err(Problem::new(
                axum::http::StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                why,
            ));
        };
        let site = Arc::clone(site);
        let work = move || {
            let columns = site.columns.read().unwrap_or_else(PoisonError::into_inner);
            let found = answer(&Scope::new(&columns, &question));
            drop(permit);
            found
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Problem::internal(&error))
    }

    /// Renders the metrics.
    pub fn metrics(&self) -> String {
        let (mut bytes, mut events, mut read) = (0, 0, i64::MAX);
        for site in self.sites.values() {
            let columns = site.columns.read().unwrap_or_else(PoisonError::into_inner);
            bytes += columns.bytes();
            events += columns.events();
            read = read.min(site.read.load(Ordering::Relaxed));
        }
        self.gauges
            .memory_bytes
            .set(i64::try_from(bytes).unwrap_or(i64::MAX));
        self.gauges.events.set(i64::try_from(events).unwrap_or(i64::MAX));
        let behind = jiff::Timestamp::now().as_millisecond() - read;
        self.gauges.behind_seconds.set(behind.max(0) / 1000);
        self.edge.metrics.render()
    }
}
