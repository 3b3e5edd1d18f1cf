//! The types of the settings.

use service::settings::{Edge, Logs, Secret, Shutdown, Traces};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The settings of one process.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen on (`HOST`, `PORT`).
    pub listen: SocketAddr,
    /// The log's filter and format.
    pub logs: Logs,
    /// The spans of traces.
    pub traces: Traces,
    /// The timing of the shutdown.
    pub shutdown: Shutdown,
    /// The API's limits and access.
    pub api: Api,
    /// The front end's server.
    pub web: Web,
    /// The database; `None` for the `web` process, which does not use it.
    pub database: Option<Database>,
}

/// The API's limits and access.
#[derive(Clone, Debug)]
pub struct Api {
    /// The access and the limits of every call.
    pub edge: Edge,
    /// The most bytes of a JSON body (`BODY_LIMIT`).
    pub body_limit: usize,
    /// The most bytes of a CSV import (`IMPORT_LIMIT`).
    pub import_limit: usize,
    /// The most bytes of an uploaded image (`IMAGE_LIMIT`).
    pub image_limit: usize,
    /// The most pieces that are low stock (`LOW_STOCK`).
    pub low_stock: i32,
    /// The shop.
    pub shop: Shop,
    /// The most bytes of cached response bodies (`CACHE_MB`); 0 turns the cache off.
    pub cache_bytes: u64,
    /// The namespace of CloudWatch for metrics in the log (`METRICS_NAMESPACE`); `None` is off.
    pub metrics_namespace: Option<String>,
    /// True when `api` migrates the database before it listens (`MIGRATE_ON_START`).
    pub migrate_on_start: bool,
}

/// What everyone may see and order.
#[derive(Clone, Debug)]
pub struct Shop {
    /// True when there is a shop (`SHOP`).
    pub open: bool,
    /// The currency of all prices, by ISO 4217 (`CURRENCY`).
    pub currency: String,
    /// The collector that orders are told to; `None` tells nobody.
    pub analytics: Option<Analytics>,
}

/// The collector of events.
#[derive(Clone, Debug)]
pub struct Analytics {
    /// The collector's address without a path (`ANALYTICS_URL`).
    pub url: String,
    /// The shop's name there (`ANALYTICS_SITE`).
    pub site: String,
    /// The token of the shop's server (`ANALYTICS_TOKEN`).
    pub token: Secret,
}

/// The front end's server.
#[derive(Clone, Debug)]
pub struct Web {
    /// The folder that holds the built front end (`WEB_ROOT`).
    pub root: PathBuf,
    /// The API that calls to `/api` are forwarded to (`API_URL`), as `host:port`; `None` behind a load balancer that
    /// routes them itself.
    pub api: Option<String>,
    /// The collector that the pages' events are forwarded to (`ANALYTICS_URL`), as `host:port`; `None` when pages post there
    /// themselves, or not at all.
    pub collector: Option<String>,
}

/// The address and the credentials of PostgreSQL.
#[derive(Clone, Debug)]
pub struct Database {
    /// Host name or address (`DB_HOST`).
    pub host: String,
    /// Port (`DB_PORT`).
    pub port: u16,
    /// Database name (`DB_NAME`).
    pub name: String,
    /// User (`DB_USER`, or `username` of `DB_SECRET`).
    pub user: String,
    /// Password (`DB_PASSWORD`, or `password` of `DB_SECRET`).
    pub password: Secret,
    /// The TLS mode of the connection (`DB_TLS`, `DB_CA`).
    pub tls: Tls,
    /// Connections in the pool (`DB_POOL`).
    pub pool: usize,
    /// Time for which a server that does not answer is retried at start (`DB_CONNECT_SECONDS`).
    pub connect: Duration,
}

/// The TLS mode of the connection to PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// No TLS: for a server on the same machine.
    Off,
    /// TLS with the server's certificate and its host name verified against the authorities in this PEM file.
    VerifyFull(PathBuf),
}
