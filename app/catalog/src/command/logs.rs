//! The log: lines on standard output, as JSON or as readable text.

use super::failure::Failure;
use crate::settings::{LogFormat, Logs};
use tracing_subscriber::EnvFilter;

/// Starts logging for the whole process.
///
/// # Errors
/// [`Failure::Filter`] when the filter is invalid.
pub fn start(logs: &Logs) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&logs.filter).map_err(|_| Failure::Filter {
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
