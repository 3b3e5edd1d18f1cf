//! What a load has shown.

use super::Found;
use super::sender::Sent;
use serde::Serialize;
use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The report of a load.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Events sent.
    pub sent: u64,
    /// Events accepted, those of repeated posts included.
    pub accepted_with_repeats: u64,
    /// Events stored.
    pub stored: u64,
    /// Events that the figures have counted.
    pub counted: Option<u64>,
    /// Acknowledged events that are not stored.
    pub lost: u64,
    /// Stored events that nobody sent.
    pub extra: u64,
    /// Posts that failed and were repeated.
    pub failed_posts: u64,
    /// Events acknowledged that were sent in the spike.
    pub in_spike: u64,
    /// Processes killed.
    pub killed: u64,
    /// Milliseconds of an accepted post: median.
    pub p50_ms: f64,
    /// Milliseconds of an accepted post: 99 of 100 took at most as long.
    pub p99_ms: f64,
    /// Milliseconds of the slowest accepted post.
    pub most_ms: f64,
    /// Seconds of sending.
    pub sending_seconds: f64,
    /// Seconds from the last answer to the last event stored.
    pub drained_seconds: f64,
}

impl Report {
    pub(super) fn new(
        sent: &Sent,
        found: &Found,
        counted: Option<u64>,
        killed: u64,
        (sending, drained): (Duration, Duration),
    ) -> Self {
        let times = sent.times();
        let of = |thousandth: usize| {
            let at = (times.len() * thousandth / 1000).min(times.len().saturating_sub(1));
            times.get(at).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
        };
        Self {
            sent: sent.events.load(Ordering::Relaxed),
            accepted_with_repeats: sent.accepted.load(Ordering::Relaxed),
            stored: found.stored,
            counted,
            lost: found.lost,
            extra: found.extra,
            failed_posts: sent.failed.load(Ordering::Relaxed),
            in_spike: sent.in_spike.load(Ordering::Relaxed),
            killed,
            p50_ms: of(500),
            p99_ms: of(990),
            most_ms: of(1000),
            sending_seconds: sending.as_secs_f64(),
            drained_seconds: drained.as_secs_f64(),
        }
    }

    /// Returns true when every acknowledged event is stored and counted, once, and nothing else is.
    pub fn is_exact(&self) -> bool {
        self.lost == 0 && self.extra == 0 && self.counted == Some(self.stored)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = self.counted.map_or_else(|| "none".to_owned(), |n| n.to_string());
        write!(
            f,
            "sent {}, accepted with repeats {}, stored {}, counted {counted}, LOST {}, extra {}; {} processes killed; \
             {} posts failed and were repeated; {} events of the spike; accepted in p50 {:.1} ms, p99 {:.1} ms, most \
             {:.0} ms; drained {:.1} s after the end",
            self.sent,
            self.accepted_with_repeats,
            self.stored,
            self.lost,
            self.extra,
            self.killed,
            self.failed_posts,
            self.in_spike,
            self.p50_ms,
            self.p99_ms,
            self.most_ms,
            self.drained_seconds,
        )
    }
}
