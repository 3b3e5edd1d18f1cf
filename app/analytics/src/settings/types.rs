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
    /// The access and the limits of a server.
    pub edge: Edge,
    /// The sites (`SITES`).
    pub sites: Vec<Site>,
    /// The queue; `None` for processes without one.
    pub queue: Option<Queue>,
    /// The hot store; `None` for processes without one.
    pub mongo: Option<Mongo>,
    /// The archive (`ARCHIVE`): a folder, or `s3://bucket/prefix`.
    pub archive: Option<String>,
    /// The endpoint of the archive, when it is not AWS (`ARCHIVE_ENDPOINT`).
    pub archive_endpoint: Option<String>,
    /// The three letters of the currency of amounts that name none (`CURRENCY`).
    pub currency: String,
    /// The collector's settings.
    pub collect: Collect,
    /// The consumer's and the archive's settings.
    pub work: Work,
    /// The engine's settings.
    pub engine: Engine,
    /// The dashboard's server.
    pub web: Web,
    /// The folder of the queue's server (`QUEUE_DATA`).
    pub queue_data: PathBuf,
}

/// A site whose events are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The name in posts.
    pub name: String,
    /// The origins that browsers may post from; `*` for any.
    pub origins: Vec<String>,
    /// The token of the site's server (`SITE_TOKENS`).
    pub token: Option<Secret>,
}

/// The queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The queue's URL (`QUEUE_URL`).
    pub url: String,
    /// The dead-letter queue's URL (`QUEUE_DEAD_URL`).
    pub dead: Option<String>,
    /// The endpoint, when it is not AWS (`QUEUE_ENDPOINT`).
    pub endpoint: Option<String>,
}

/// The hot store.
#[derive(Clone, Debug)]
pub struct Mongo {
    /// The URI with the password (`MONGODB_URI`, `MONGODB_URI_FILE`).
    pub uri: Secret,
    /// The database (`MONGODB_DATABASE`).
    pub database: String,
    /// The PEM file of the authorities that TLS trusts (`MONGODB_CA`).
    pub ca: Option<PathBuf>,
}

/// The collector's settings.
#[derive(Clone, Debug)]
pub struct Collect {
    /// The key of the hash by which visitors without consent are told apart within a day (`VISITOR_SECRET`).
    pub visitor_secret: Option<Secret>,
    /// The header in which the edge says the visitor's country (`COUNTRY_HEADER`).
    pub country_header: String,
    /// The batching.
    pub batch: Batch,
}

/// The batching of events into messages.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The most bytes that wait to be sent (`BUFFER_MB`).
    pub buffer: usize,
    /// The messages that are sent at the same time (`QUEUE_HANDS`).
    pub hands: usize,
    /// The size that a message should have (`BATCH_KIB`).
    pub bytes: usize,
}

/// The consumer's and the archive's settings.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The messages that are worked on at the same time (`INFLIGHT`).
    pub in_flight: usize,
    /// The days that events stay in the hot store (`HOT_DAYS`).
    pub hot_days: u32,
    /// The months that the archive's files are kept (`ARCHIVE_MONTHS`).
    pub archive_months: u32,
    /// The time after an hour's end at which it is archived (`SEAL_MINUTES`).
    pub seal: Duration,
}

/// The engine's settings.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// The days that are kept in memory (`ENGINE_DAYS`).
    pub days: u32,
    /// The time after which a cart counts as abandoned (`CART_MINUTES`).
    pub cart: Duration,
}

/// The dashboard's server.
#[derive(Clone, Debug)]
pub struct Web {
    /// The folder of the built dashboard (`WEB_ROOT`).
    pub root: PathBuf,
    /// The API that calls to `/api` are forwarded to (`API_URL`), as `host:port`.
    pub api: Option<String>,
}
