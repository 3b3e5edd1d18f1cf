//! The metrics that only the catalogue has.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The metrics that only the catalogue has.
#[derive(Default)]
pub(crate) struct CatalogMetrics {
    pool: Family<Connections, Gauge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    state: &'static str,
}

impl CatalogMetrics {
    /// Registers them beside those of every service.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "database_connections",
            "Connections of the pool, by state",
            self.pool.clone(),
        );
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
