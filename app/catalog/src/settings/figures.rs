//! The names of the figures that the catalogue sends to CloudWatch when `METRICS_NAMESPACE` is set, all with the dimension
//! [`DIMENSION`].

/// The dimension of every figure, and its value.
pub const DIMENSION: (&str, &str) = ("Service", "catalog");

/// Requests.
pub const REQUESTS: &str = "Requests";
/// Requests that the server itself failed.
pub const SERVER_ERRORS: &str = "ServerErrors";
/// Requests that the rate limit refused.
pub const RATE_LIMITED: &str = "RateLimited";
/// Requests that took longer than the log calls slow.
pub const SLOW_REQUESTS: &str = "SlowRequests";
/// Reads that were answered from memory.
pub const ANSWERS_FROM_CACHE: &str = "AnswersFromCache";
/// Reads that shared the statement of another one.
pub const ANSWERS_SHARED: &str = "AnswersShared";
/// Reads with a statement of their own.
pub const ANSWERS_FROM_DATABASE: &str = "AnswersFromDatabase";
/// Requests that wait for a connection to PostgreSQL at that moment.
pub const CONNECTIONS_WAITED_FOR: &str = "ConnectionsWaitedFor";

/// All names.
pub const ALL: [&str; 8] = [
    REQUESTS,
    SERVER_ERRORS,
    RATE_LIMITED,
    SLOW_REQUESTS,
    ANSWERS_FROM_CACHE,
    ANSWERS_SHARED,
    ANSWERS_FROM_DATABASE,
    CONNECTIONS_WAITED_FOR,
];
