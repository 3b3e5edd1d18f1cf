//! Moments and durations as people read them.

use std::time::Duration;
use tenon_state::{Clock as _, SystemClock};

/// The present moment, in milliseconds since 1970-01-01 UTC.
pub(super) fn now_ms() -> u64 {
    SystemClock.wall_ms()
}

/// A moment in milliseconds since 1970-01-01 UTC: `2026-11-28 05:09:02 UTC`.
pub(super) fn moment(ms: u64) -> String {
    let at = i64::try_from(ms)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    at.map_or_else(
        || "at an unknown time".into(),
        |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// A duration in its largest unit: `3 d`, `5 h`, `12 min`, `40 s`.
pub(super) fn rough(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let rounded = |unit: u64| (seconds + unit / 2) / unit;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", rounded(60)),
        3_600..172_800 => format!("{} h", rounded(3_600)),
        _ => format!("{} d", rounded(86_400)),
    }
}

/// The time from one moment to another, in its largest unit.
pub(super) fn between(from_ms: u64, to_ms: u64) -> String {
    rough(Duration::from_millis(to_ms.saturating_sub(from_ms)))
}

/// A moment from now on: `in 3 d`, or `4 h ago` when it is past.
pub(super) fn from_now(at_ms: u64, now_ms: u64) -> String {
    if at_ms >= now_ms {
        format!("in {}", between(now_ms, at_ms))
    } else {
        format!("{} ago", between(at_ms, now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_durations_are_read_at_a_glance() {
        assert_eq!(moment(1_790_000_000_000), "2026-09-21 14:13:20 UTC");
        let hours = |n: u64| n * 3_600_000;
        assert_eq!(from_now(hours(72), 0), "in 3 d");
        assert_eq!(from_now(0, hours(47)), "47 h ago");
        assert_eq!(
            (rough(Duration::from_secs(59)), rough(Duration::from_secs(60))),
            ("59 s".into(), "1 min".into())
        );
    }
}
