//! The types of the settings.

use std::fmt;
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
    /// The timing of the shutdown.
    pub shutdown: Shutdown,
    /// The API's limits and access.
    pub api: Api,
    /// The front end's server.
    pub web: Web,
    /// The database; `None` for the `web` process, which does not use it.
    pub database: Option<Database>,
}

/// The log's filter and format (`LOG`, `LOG_FORMAT`, `ACCESS_LOG`).
#[derive(Clone, Debug)]
pub struct Logs {
    /// A filter in the syntax of `tracing-subscriber`'s `EnvFilter`, for example `info` or `catalog=debug`.
    pub filter: String,
    /// The form of a line.
    pub format: LogFormat,
    /// The requests that are logged.
    pub access: AccessLog,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A JSON object per line.
    Json,
    /// Readable text.
    Text,
}

/// The requests that are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLog {
    /// Every request.
    All,
    /// Requests that change data, fail, or take longer than half a second. The metrics count all requests.
    Changes,
    /// No request.
    Off,
}

/// The timing of the shutdown after SIGTERM (`DRAIN_SECONDS`, `SHUTDOWN_SECONDS`).
#[derive(Clone, Copy, Debug)]
pub struct Shutdown {
    /// Time during which requests are still accepted while `/ready` already answers 503; longer than the load balancer
    /// needs to notice.
    pub drain: Duration,
    /// Time that the requests in flight may take after the drain time.
    pub deadline: Duration,
}

/// The API's limits and access.
#[derive(Clone, Debug)]
pub struct Api {
    /// The callers (`API_TOKENS`); an empty list is the open mode, in which every caller is an administrator.
    pub tokens: Vec<Token>,
    /// The origins that browsers may call from (`CORS_ORIGINS`); an empty list allows the API's own origin only.
    pub cors_origins: Vec<String>,
    /// The most bytes of a JSON body (`BODY_LIMIT`).
    pub body_limit: usize,
    /// The most bytes of a CSV import (`IMPORT_LIMIT`).
    pub import_limit: usize,
    /// The longest that a request may take (`REQUEST_TIMEOUT`).
    pub request_timeout: Duration,
    /// Requests per second and client (`RATE_LIMIT`); `None` is unlimited.
    pub rate_limit: Option<std::num::NonZeroU32>,
    /// The number of proxies in front that append to `X-Forwarded-For` (`TRUSTED_PROXIES`).
    pub trusted_proxies: usize,
    /// The most bytes of cached response bodies (`CACHE_MB`); 0 turns the cache off.
    pub cache_bytes: u64,
    /// True when `api` migrates the database before it listens (`MIGRATE_ON_START`).
    pub migrate_on_start: bool,
}

/// A caller of the API.
#[derive(Clone, Debug)]
pub struct Token {
    /// The name that product histories show.
    pub name: String,
    /// The caller's role.
    pub role: Role,
    /// The bearer token.
    pub token: Secret,
}

/// The permissions of a caller; each role includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Permission to read.
    Viewer,
    /// Permission to create, change and delete single products, and to change many at once.
    Editor,
    /// Permission to delete many products at once and to import as well.
    Admin,
}

impl Role {
    /// All roles, from the fewest permissions to the most.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Admin];

    /// The role's name in settings and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// The front end's server.
#[derive(Clone, Debug)]
pub struct Web {
    /// The folder that holds the built front end (`WEB_ROOT`).
    pub root: PathBuf,
    /// The API that calls to `/api` are forwarded to (`API_URL`), as `host:port`; `None` behind a load balancer that
    /// routes them itself.
    pub api: Option<String>,
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

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}
