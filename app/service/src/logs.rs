//! The log: lines on standard output, as JSON or as readable text.

use crate::settings::{LogFormat, Logs};
use tracing_subscriber::EnvFilter;

/// A log filter that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("LOG: {filter:?} is not a log filter such as info or info,hyper=debug")]
pub struct FilterError {
    /// The filter that was set.
    pub filter: String,
}

/// Starts logging for the whole process.
///
/// # Errors
/// [`FilterError`] when the filter is invalid.
pub fn start(logs: &Logs) -> Result<(), FilterError> {
    let filter = EnvFilter::try_new(&logs.filter).map_err(|_| FilterError {
        filter: logs.filter.clone(),
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false);
    // A second call, as tests make it, leaves the first subscriber in place.
    let _ = match logs.format {
        LogFormat::Json => subscriber
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init(),
        LogFormat::Text => subscriber.with_ansi(false).try_init(),
    };
    Ok(())
}
