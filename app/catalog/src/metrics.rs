//! The metrics that only the catalogue has.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Duration;

/// The metrics that only the catalogue has.
pub(crate) struct CatalogMetrics {
    pool: Family<Connections, Gauge>,
    answers: Family<Answer, Counter>,
    queries: Family<Query, Histogram>,
    writes: Family<Write, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    from: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Query {
    query: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Write {
    action: &'static str,
}

/// Where the answer to a read came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It was kept, and is still true.
    Cache,
    /// Another request read it, after this one had arrived.
    Shared,
    /// The database.
    Database,
}

impl Origin {
    const fn name(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Shared => "shared",
            Self::Database => "database",
        }
    }
}

impl Default for CatalogMetrics {
    fn default() -> Self {
        Self {
            pool: Family::default(),
            answers: Family::default(),
            queries: Family::new_with_constructor(histogram as fn() -> Histogram),
            writes: Family::default(),
        }
    }
}

impl CatalogMetrics {
    /// Registers them beside those of every service.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "database_connections",
            "Connections of the pool, by state",
            self.pool.clone(),
        );
        registry.register(
            "answers",
            "Answers to reads, by where they came from",
            self.answers.clone(),
        );
        registry.register(
            "database_query_seconds",
            "Time of a read in the database, by query",
            self.queries.clone(),
        );
        registry.register(
            "products_written",
            "Products created, changed or deleted, by action",
            self.writes.clone(),
        );
    }

    /// Counts the answer to a read.
    pub(crate) fn answer(&self, from: Origin) {
        self.answers.get_or_create(&Answer { from: from.name() }).inc();
    }

    /// The number of answers that came from there.
    pub(crate) fn answers(&self, from: Origin) -> u64 {
        self.answers.get_or_create(&Answer { from: from.name() }).get()
    }

    /// Records the time of a read in the database.
    pub(crate) fn query(&self, query: &'static str, elapsed: Duration) {
        self.queries
            .get_or_create(&Query { query })
            .observe(elapsed.as_secs_f64());
    }

    /// Counts products that were written.
    pub(crate) fn written(&self, action: &'static str, products: usize) {
        let count = self.writes.get_or_create(&Write { action });
        count.inc_by(u64::try_from(products).unwrap_or_default());
    }

    /// Sets the gauges of the connection pool.
    pub(crate) fn pool(&self, pool: &deadpool_postgres::Status) {
        let count = |state, number: usize| {
            self.pool
                .get_or_create(&Connections { state })
                .set(i64::try_from(number).unwrap_or(i64::MAX));
        };
        count("idle", pool.available);
        count("open", pool.size);
        count("most", pool.max_size);
        count("waited_for", pool.waiting);
    }
}

fn histogram() -> Histogram {
    Histogram::new([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
    ])
}
