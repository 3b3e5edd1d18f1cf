//! The list of environment variables; the parser is in `read`.

use service::settings::Presence::{self, Default, OneOf, Optional, Required};
use service::settings::{Variable, secret, variable};

/// A process that reads settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// `analytics collect`.
    Collect,
    /// `analytics consume`.
    Consume,
    /// `analytics query`.
    Query,
    /// `analytics archive`.
    Archive,
    /// `analytics web`.
    Web,
    /// `analytics queue`.
    Queue,
    /// `analytics replay`, `restore`, `erase` and `seed`.
    Task,
}

use Reader::{Archive, Collect, Consume, Query, Queue, Task, Web};

const ALL: &[Reader] = &[Collect, Consume, Query, Archive, Web, Queue, Task];
const SERVERS: &[Reader] = &[Collect, Consume, Query, Archive, Web, Queue];
const EDGE: &[Reader] = &[Collect, Query];
const QUEUE: &[Reader] = &[Collect, Consume, Query, Task];
const STORE: &[Reader] = &[Consume, Query, Archive, Task];
const FILES: &[Reader] = &[Query, Archive, Task];
const SITES: &[Reader] = &[Collect, Consume, Query, Archive, Task];
const URI: Presence = OneOf(&["MONGODB_URI", "MONGODB_URI_FILE"]);

/// All environment variables that the platform reads.
// Long: a table.
pub const VARIABLES: &[Variable<Reader>] = &[
    variable(
        "HOST",
        SERVERS,
        Default("127.0.0.1"),
        "address to listen on; 0.0.0.0 behind a load balancer",
    ),
    variable(
        "PORT",
        SERVERS,
        Default("4000"),
        "port to listen on; 0 for any free one, which the log names",
    ),
    variable(
        "SITES",
        SITES,
        Default("shop=*"),
        "sites as name=origin, separated by commas, a name once for each origin that its browsers post from; the origin * \
         is for loopback only",
    ),
    secret(
        "SITE_TOKENS",
        &[Collect, Task],
        Optional,
        "tokens of the sites' servers as name:token, separated by commas",
    ),
    variable(
        "CURRENCY",
        &[Collect, Consume, Query, Task],
        Default("EUR"),
        "currency of amounts that name none",
    ),
    variable("QUEUE_URL", QUEUE, Required, "URL of the SQS queue"),
    variable(
        "QUEUE_DEAD_URL",
        &[Consume, Query, Task],
        Optional,
        "URL of the dead-letter queue",
    ),
    variable(
        "QUEUE_ENDPOINT",
        QUEUE,
        Optional,
        "endpoint of the queue when it is not AWS, for example http://127.0.0.1:4009",
    ),
    variable(
        "QUEUE_DATA",
        &[Queue],
        Default("queue"),
        "folder of the queue's log",
    ),
    secret(
        "MONGODB_URI",
        STORE,
        URI,
        "URI of MongoDB, with user and password",
    ),
    variable(
        "MONGODB_URI_FILE",
        STORE,
        URI,
        "file that holds MONGODB_URI, such as a credential of systemd",
    ),
    variable("MONGODB_DATABASE", STORE, Default("analytics"), "database name"),
    variable(
        "MONGODB_CA",
        STORE,
        Optional,
        "PEM file of the authorities that TLS to MongoDB trusts",
    ),
    variable(
        "ARCHIVE",
        FILES,
        Required,
        "folder of the archive, or s3://bucket/prefix",
    ),
    variable(
        "ARCHIVE_ENDPOINT",
        FILES,
        Optional,
        "endpoint of the archive's bucket when it is not AWS",
    ),
    secret(
        "VISITOR_SECRET",
        &[Collect],
        Optional,
        "key of the hash that tells visitors without consent apart within a day, the same for all collectors; otherwise a \
         random one of this process",
    ),
    variable(
        "COUNTRY_HEADER",
        &[Collect],
        Default("cloudfront-viewer-country"),
        "header in which the edge says the visitor's country",
    ),
    variable(
        "BUFFER_MB",
        &[Collect],
        Default("64"),
        "most megabytes of posts that wait for the queue; then 503",
    ),
    variable(
        "QUEUE_HANDS",
        &[Collect],
        Default("4"),
        "messages that are sent to the queue at the same time",
    ),
    variable(
        "BATCH_KIB",
        &[Collect],
        Default("64"),
        "size that a message should have; SQS bills by 64 KiB",
    ),
    variable(
        "INFLIGHT",
        &[Consume],
        Default("32"),
        "messages that are worked on at the same time",
    ),
    variable(
        "HOT_DAYS",
        &[Archive, Task],
        Default("30"),
        "days that events stay in MongoDB, 18 or more",
    ),
    variable(
        "ARCHIVE_MONTHS",
        &[Archive],
        Default("25"),
        "months that the archive's files are kept",
    ),
    variable(
        "SEAL_MINUTES",
        &[Archive],
        Default("15"),
        "minutes after an hour's end at which it is archived",
    ),
    variable(
        "ENGINE_DAYS",
        &[Query],
        Default("400"),
        "days that are kept in memory",
    ),
    variable(
        "CART_MINUTES",
        &[Query],
        Default("60"),
        "minutes without a change after which a cart counts as abandoned",
    ),
    secret(
        "API_TOKENS",
        EDGE,
        Optional,
        "callers as name:role:token, separated by commas, role viewer, editor (sees journeys) or admin, tokens of 16 \
         characters or more; not set is the open mode, in which every caller is an administrator",
    ),
    variable(
        "CORS_ORIGINS",
        EDGE,
        Optional,
        "origins that browsers may call the API from, separated by commas",
    ),
    variable(
        "REQUEST_TIMEOUT",
        EDGE,
        Default("15"),
        "most seconds that a request may take",
    ),
    variable(
        "RATE_LIMIT",
        EDGE,
        Default("200"),
        "requests per second and client, twice that in a burst; 0 is off",
    ),
    variable(
        "TRUSTED_PROXIES",
        EDGE,
        Default("0"),
        "number of proxies in front that append the caller's address to X-Forwarded-For; 2 behind CloudFront and a load \
         balancer",
    ),
    variable(
        "WEB_ROOT",
        &[Web],
        Default("app/web/analytics/dist"),
        "folder of the built dashboard",
    ),
    variable(
        "API_URL",
        &[Web],
        Optional,
        "http://host:port that calls to /api are forwarded to",
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
        "seconds that work in flight may take after the drain",
    ),
    variable(
        "LOG",
        ALL,
        Default("info"),
        "log filter, for example info or analytics=debug",
    ),
    variable("LOG_FORMAT", ALL, Default("json"), "json or text"),
    variable(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        &[Collect, Consume, Query],
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
        EDGE,
        Default("changes"),
        "all, changes (requests that change data, fail or take over half a second) or off",
    ),
];
