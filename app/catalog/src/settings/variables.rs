//! The list of environment variables; the parser is in `read`.

use service::settings::Presence::{self, Default, Optional, Required};
use service::settings::{Variable, secret, variable};

/// A process that reads settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// `catalog api`.
    Api,
    /// `catalog web`.
    Web,
    /// `catalog migrate` and `catalog seed`.
    Task,
}

const ALL: &[Reader] = &[Reader::Api, Reader::Web, Reader::Task];
const SERVERS: &[Reader] = &[Reader::Api, Reader::Web];
const DATABASE: &[Reader] = &[Reader::Api, Reader::Task];
const API: &[Reader] = &[Reader::Api];
const WEB: &[Reader] = &[Reader::Web];

const PASSWORD: Presence = Presence::OneOf(&["DB_PASSWORD", "DB_SECRET"]);

/// All environment variables that the catalogue reads.
pub const VARIABLES: &[Variable<Reader>] = &[
    variable(
        "HOST",
        SERVERS,
        Default("127.0.0.1"),
        "address to listen on; 0.0.0.0 in a container",
    ),
    variable(
        "PORT",
        SERVERS,
        Default("3000"),
        "port to listen on; 0 for any free one, which the log names",
    ),
    variable(
        "DB_HOST",
        DATABASE,
        Required,
        "host name or address of PostgreSQL (13 or newer)",
    ),
    variable("DB_PORT", DATABASE, Default("5432"), "port of PostgreSQL"),
    variable("DB_NAME", DATABASE, Default("catalog"), "database name"),
    variable(
        "DB_USER",
        DATABASE,
        Optional,
        "user; otherwise the username in DB_SECRET, otherwise catalog",
    ),
    secret("DB_PASSWORD", DATABASE, PASSWORD, "password of the user"),
    secret(
        "DB_SECRET",
        DATABASE,
        PASSWORD,
        "the JSON of a Secrets Manager database secret: {\"username\": .., \"password\": ..}",
    ),
    variable(
        "DB_TLS",
        DATABASE,
        Optional,
        "verify-full or off; otherwise off for a loopback host and verify-full for any other",
    ),
    variable(
        "DB_CA",
        DATABASE,
        Optional,
        "PEM file of the authorities that verify-full trusts",
    ),
    variable(
        "DB_POOL",
        API,
        Default("10"),
        "connections to PostgreSQL per process",
    ),
    variable(
        "DB_CONNECT_SECONDS",
        DATABASE,
        Default("10"),
        "seconds for which a server that does not answer is retried at start",
    ),
    variable(
        "MIGRATE_ON_START",
        API,
        Default("true"),
        "bring the schema up to date before listening",
    ),
    secret(
        "API_TOKENS",
        API,
        Optional,
        "callers as name:role:token, separated by commas, role viewer, editor or admin, tokens of 16 characters or \
         more; not set is the open mode, in which every caller is an administrator",
    ),
    variable(
        "CORS_ORIGINS",
        API,
        Optional,
        "origins that browsers may call from, separated by commas",
    ),
    variable("BODY_LIMIT", API, Default("1048576"), "most bytes of a JSON body"),
    variable(
        "IMPORT_LIMIT",
        API,
        Default("10485760"),
        "most bytes of a CSV import",
    ),
    variable(
        "IMAGE_LIMIT",
        API,
        Default("2097152"),
        "most bytes of an uploaded image",
    ),
    variable(
        "LOW_STOCK",
        API,
        Default("10"),
        "most pieces of a product that the shop calls low stock",
    ),
    variable(
        "SHOP",
        API,
        Default("false"),
        "true lets everyone see the active products under /api/shop and order them at /api/orders",
    ),
    variable(
        "CURRENCY",
        API,
        Default("USD"),
        "currency of all prices, by ISO 4217",
    ),
    variable(
        "ANALYTICS_URL",
        SERVERS,
        Optional,
        "address of the collector of events: the api tells it of orders, the web process passes the pages' events on to it",
    ),
    variable(
        "ANALYTICS_SITE",
        API,
        Default("shop"),
        "name of the shop at the collector",
    ),
    secret(
        "ANALYTICS_TOKEN",
        API,
        Optional,
        "token of the shop's server at the collector; needed with ANALYTICS_URL",
    ),
    variable(
        "REQUEST_TIMEOUT",
        API,
        Default("15"),
        "most seconds that a request may take",
    ),
    variable(
        "RATE_LIMIT",
        API,
        Default("200"),
        "requests per second and client, twice that in a burst; 0 is off",
    ),
    variable(
        "TRUSTED_PROXIES",
        API,
        Default("0"),
        "number of proxies in front that append the caller's address to X-Forwarded-For; 1 behind a load balancer",
    ),
    variable(
        "CACHE_MB",
        API,
        Default("32"),
        "most megabytes of cached responses; 0 turns the cache off",
    ),
    variable(
        "METRICS_NAMESPACE",
        API,
        Optional,
        "namespace of CloudWatch for metrics in the log, in the embedded metric format; not set is off",
    ),
    variable(
        "DRAIN_SECONDS",
        SERVERS,
        Default("10"),
        "seconds after SIGTERM during which requests are still accepted while /ready answers 503",
    ),
    variable(
        "SHUTDOWN_SECONDS",
        SERVERS,
        Default("15"),
        "seconds that requests in flight may take after the drain",
    ),
    variable(
        "WEB_ROOT",
        WEB,
        Default("app/web/catalog/dist"),
        "folder of the built front end",
    ),
    variable(
        "API_URL",
        WEB,
        Optional,
        "http://host:port that calls to /api are forwarded to",
    ),
    variable(
        "LOG",
        ALL,
        Default("info"),
        "log filter, for example info or catalog=debug",
    ),
    variable("LOG_FORMAT", ALL, Default("json"), "json or text"),
    variable(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        API,
        Optional,
        "http://host:port of an OpenTelemetry collector that the spans of traces are sent to, by OTLP over HTTP; not set is off",
    ),
    variable(
        "OTEL_TRACES_SAMPLER_ARG",
        ALL,
        Default("1"),
        "share of traces that are sent, 0 to 1",
    ),
    variable(
        "ACCESS_LOG",
        API,
        Default("changes"),
        "all, changes (requests that change data, fail or take over half a second) or off",
    ),
];
