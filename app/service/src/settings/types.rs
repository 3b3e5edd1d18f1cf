//! The types of the settings that every service has.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// The log's filter and format (`LOG`, `LOG_FORMAT`, `ACCESS_LOG`).
#[derive(Clone, Debug)]
pub struct Logs {
    /// A filter in the syntax of `tracing-subscriber`'s `EnvFilter`, for example `info` or `service=debug`.
    pub filter: String,
    /// The form of a line.
    pub format: LogFormat,
    /// The requests that are logged.
    pub access: AccessLog,
}

/// The spans of traces (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER_ARG`).
#[derive(Clone, Debug)]
pub struct Traces {
    /// The OpenTelemetry collector that spans are sent to, as `host:port`; `None` is off.
    pub collector: Option<String>,
    /// The share of traces that are sent, 0 to 1.
    pub share: f64,
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

/// The access and the limits of a server's API.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The callers (`API_TOKENS`); an empty list is the open mode, in which every caller is an administrator.
    pub tokens: Vec<Token>,
    /// The origins that browsers may call from (`CORS_ORIGINS`); an empty list allows the API's own origin only.
    pub cors_origins: Vec<String>,
    /// The longest that a request may take (`REQUEST_TIMEOUT`).
    pub request_timeout: Duration,
    /// Requests per second and client (`RATE_LIMIT`); `None` is unlimited.
    pub rate_limit: Option<NonZeroU32>,
    /// The number of proxies in front that append to `X-Forwarded-For` (`TRUSTED_PROXIES`).
    pub trusted_proxies: usize,
}

/// A caller of the API.
#[derive(Clone, Debug)]
pub struct Token {
    /// The name that logs and histories show.
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
    /// Permission to change as well.
    Editor,
    /// Permission to do everything, also what changes much at once.
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
