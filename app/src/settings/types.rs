//! The types of the settings.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Everything that the catalogue can be told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen (`HOST`, `PORT`).
    pub listen: SocketAddr,
    /// What is logged and how.
    pub logs: Logs,
    /// How the process ends.
    pub shutdown: Shutdown,
    /// The API's limits and access.
    pub api: Api,
    /// The front end's server.
    pub web: Web,
    /// The database; `None` for the `web` process, which has none.
    pub database: Option<Database>,
}

/// What is logged and how (`LOG`, `LOG_FORMAT`, `ACCESS_LOG`).
#[derive(Clone, Debug)]
pub struct Logs {
    /// A filter in the syntax of `tracing-subscriber`'s `EnvFilter`, for example `info` or `catalog=debug`.
    pub filter: String,
    /// One JSON object a line, or text for people.
    pub format: LogFormat,
    /// Which requests get a line.
    pub access: AccessLog,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Text for people.
    Text,
}

/// Which requests are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLog {
    /// Every one.
    All,
    /// Those that change data, fail, or take longer than half a second. The metrics count all of them.
    Changes,
    /// None.
    Off,
}

/// How the process ends after SIGTERM (`DRAIN_SECONDS`, `SHUTDOWN_SECONDS`).
#[derive(Clone, Copy, Debug)]
pub struct Shutdown {
    /// For how long requests are still accepted while `/ready` already answers 503: longer than the load balancer
    /// needs to notice.
    pub drain: Duration,
    /// How long requests in flight may take after that.
    pub deadline: Duration,
}

/// The API's limits and access.
#[derive(Clone, Debug)]
pub struct Api {
    /// Who may call (`API_TOKENS`); empty is the open mode, in which everyone is an administrator.
    pub tokens: Vec<Token>,
    /// The origins that browsers may call from (`CORS_ORIGINS`); empty allows none but the API's own.
    pub cors_origins: Vec<String>,
    /// The most bytes of a JSON body (`BODY_LIMIT`).
    pub body_limit: usize,
    /// The most bytes of a CSV import (`IMPORT_LIMIT`).
    pub import_limit: usize,
    /// The longest that a request may take (`REQUEST_TIMEOUT`).
    pub request_timeout: Duration,
    /// Requests per second and client (`RATE_LIMIT`); `None` is unlimited.
    pub rate_limit: Option<std::num::NonZeroU32>,
    /// How many proxies in front add to `X-Forwarded-For` (`TRUSTED_PROXIES`).
    pub trusted_proxies: usize,
    /// The most bytes of response bodies that are kept (`CACHE_MB`); 0 keeps none.
    pub cache_bytes: u64,
    /// Whether `api` brings the schema up to date before it listens (`MIGRATE_ON_START`).
    pub migrate_on_start: bool,
}

/// One caller of the API.
#[derive(Clone, Debug)]
pub struct Token {
    /// The name that product histories show.
    pub name: String,
    /// What the caller may do.
    pub role: Role,
    /// The bearer token.
    pub token: Secret,
}

/// What a caller may do; each role includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Creates, changes and deletes single products, and changes many at once.
    Editor,
    /// Also deletes many at once and imports.
    Admin,
}

impl Role {
    /// All of them, the weakest first.
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
    /// Where calls to `/api` are passed on to (`API_URL`), as `host:port`; `None` passes none on, as behind a load
    /// balancer that routes them itself.
    pub api: Option<String>,
}

/// How to reach PostgreSQL.
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
    /// How the connection is protected (`DB_TLS`, `DB_CA`).
    pub tls: Tls,
    /// Connections in the pool (`DB_POOL`).
    pub pool: usize,
    /// For how long a server that does not answer is tried again at start (`DB_CONNECT_SECONDS`).
    pub connect: Duration,
}

/// How the connection to PostgreSQL is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on the same machine.
    Off,
    /// Encrypted, with the server's certificate and its host name verified against the authorities in this PEM file.
    VerifyFull(PathBuf),
}

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `value` from being printed.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}
