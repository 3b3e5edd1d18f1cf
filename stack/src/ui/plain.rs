//! Progress where nothing can move: lines, and now and then a sign of life.

use super::{
    board::{Board, Running},
    elapsed::elapsed,
};
use std::time::{Duration, Instant};

/// After so long without a word there is one. CI systems end jobs that say nothing for some minutes.
const SILENCE: Duration = Duration::from_secs(20);

/// Of how many calls in flight a sign of life tells.
const NAMED: usize = 3;

/// When the last line was written.
#[derive(Debug)]
pub(super) struct Plain {
    spoke: Instant,
}

impl Plain {
    pub(super) fn new() -> Self {
        Self {
            spoke: Instant::now(),
        }
    }

    pub(super) fn spoke(&mut self, now: Instant) {
        self.spoke = now;
    }

    /// A line when there was none for a while and something runs.
    pub(super) fn heartbeat(&mut self, board: &Board, now: Instant) -> Option<String> {
        if board.running.is_empty() || now.duration_since(self.spoke) < SILENCE {
            return None;
        }
        self.spoke = now;
        let one = |r: &Running| {
            let status = if r.status.is_empty() {
                String::new()
            } else {
                format!("{}, ", r.status)
            };
            format!("{} ({status}{})", r.address, elapsed(now.duration_since(r.since)))
        };
        let mut names: Vec<String> = board.running.iter().take(NAMED).map(one).collect();
        if board.running.len() > NAMED {
            names.push(format!("{} more", board.running.len() - NAMED));
        }
        Some(format!(
            "... {}/{} done; in flight: {}",
            board.done,
            board.total,
            names.join(", ")
        ))
    }
}
