//! Durations as numbers.

use std::time::Duration;

/// The whole milliseconds of a duration; the largest number for one that has more.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
