//! Progress on a terminal: what runs now, for how long, and how far it all is.

use super::{
    board::{Board, Running, fit},
    elapsed::elapsed,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{io::Write, time::Instant};
use tenon_planner::render::{Look, Paint, Sigil};

/// The most calls in flight that have a line of their own.
const LINES: usize = 8;

/// The cells of the bar: a quarter of the terminal, but at least and at most so many.
const BAR: (usize, usize) = (8, 24);

/// The panel at the bottom of the terminal.
#[derive(Debug)]
pub(super) struct Live {
    bar: ProgressBar,
    reading: Option<(usize, usize)>,
    turn: usize,
}

impl Live {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{msg}").expect("the template is constant"));
        Self {
            bar,
            reading: None,
            turn: 0,
        }
    }

    /// A line that stays, above what moves.
    pub(super) fn above(&self, line: &str) {
        // Cleared and drawn again, so that nothing of the panel stays behind whatever the terminal echoed in between.
        self.bar.suspend(|| {
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        });
    }

    pub(super) fn reading(&mut self, done: usize, total: usize) {
        self.reading = (done < total).then_some((done, total));
    }

    pub(super) fn draw(&mut self, board: &Board, look: &Look) {
        self.turn += 1;
        let columns =
            terminal_size::terminal_size_of(std::io::stderr()).map_or(look.width, |(w, _)| usize::from(w.0));
        let look = Look {
            width: columns,
            ..*look
        };
        let text = match (board.began, self.reading) {
            (Some(_), _) => panel(board, Instant::now(), self.turn, &look),
            (None, Some((done, total))) => {
                format!("{} reading what exists: {done} of {total}", spinner(self.turn))
            }
            (None, None) => return,
        };
        self.bar.set_message(text);
        self.bar.tick();
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

fn spinner(turn: usize) -> char {
    ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'][turn % 10]
}

/// The panel's text; no line is longer than the terminal is wide.
fn panel(board: &Board, now: Instant, turn: usize, look: &Look) -> String {
    let paint = Paint::new(look);
    // The calls in flight, the longest first: those are what is waited for.
    let mut running: Vec<_> = board.running.iter().collect();
    running.sort_by_key(|r| r.since);
    let mut lines: Vec<String> = running
        .iter()
        .take(LINES)
        .map(|r| call_line(r, now, turn, look))
        .collect();
    if running.len() > LINES {
        lines.push(paint.dim(&format!("  and {} more", running.len() - LINES)));
    }
    lines.push(total_line(board, now, look));
    lines.join("\n")
}

/// The line of a call in flight.
fn call_line(running: &Running, now: Instant, turn: usize, look: &Look) -> String {
    let paint = Paint::new(look);
    let time = elapsed(now.duration_since(running.since));
    let what = if running.wait {
        let until = running.title.rsplit_once(' ').map_or("", |(_, end)| end);
        format!("{} until {until}", running.address)
    } else {
        format!("{}  {}", running.address, running.title)
    };
    let status = if running.status.is_empty() {
        String::new()
    } else {
        format!(": {}", running.status)
    };
    let room = look.width.saturating_sub(time.chars().count() + 5);
    let text = fit(&format!("{what}{status}"), room);
    format!(
        "{} {text}  {}",
        paint.sigil(Sigil::Change, &spinner(turn).to_string()),
        paint.dim(&time)
    )
}

/// The last line: how many calls are done, in flight, and failed.
fn total_line(board: &Board, now: Instant, look: &Look) -> String {
    let paint = Paint::new(look);
    let cells = (look.width / 4).clamp(BAR.0, BAR.1);
    let filled = (board.done * cells)
        .checked_div(board.total)
        .unwrap_or(cells)
        .min(cells);
    let bar = format!(
        "{}{}",
        paint.good(&"━".repeat(filled)),
        paint.dim(&"─".repeat(cells - filled))
    );
    let failed = if board.failed > 0 {
        paint.danger(&format!("  {} failed", board.failed))
    } else {
        String::new()
    };
    let paused = if board.paused {
        paint.warn("  paused")
    } else {
        String::new()
    };
    let time = board
        .began
        .map(|b| elapsed(now.duration_since(b)))
        .unwrap_or_default();
    format!(
        "{bar}  {}/{}  {} running{failed}{paused}  {}",
        board.done,
        board.total,
        board.running.len(),
        paint.dim(&time)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn board(now: Instant, calls: usize) -> Board {
        let running = (0..calls).map(|call| Running {
            call,
            address: format!("network/private/eu-west-1{call}/nat-gateway"),
            title: if call == 0 {
                "ec2:DescribeNatGateways until ready".into()
            } else {
                "ec2:CreateNatGateway".into()
            },
            status: if call == 0 {
                "pending".into()
            } else {
                String::new()
            },
            since: now
                .checked_sub(Duration::from_secs(95 - call as u64))
                .expect("the machine runs long enough"),
            wait: call == 0,
        });
        let began = now.checked_sub(Duration::from_secs(130));
        Board {
            total: 63,
            done: 21,
            failed: 1,
            running: running.collect(),
            began,
            ..Board::default()
        }
    }

    #[test]
    fn says_what_runs_and_how_far_it_is() {
        let now = Instant::now();
        let text = panel(
            &board(now, 3),
            now,
            0,
            &Look {
                width: 80,
                ..Look::default()
            },
        );
        insta::assert_snapshot!(text, @"
        ⠋ network/private/eu-west-10/nat-gateway until ready: pending  1 min 35 s
        ⠋ network/private/eu-west-11/nat-gateway  ec2:CreateNatGateway  1 min 34 s
        ⠋ network/private/eu-west-12/nat-gateway  ec2:CreateNatGateway  1 min 33 s
        ━━━━━━──────────────  21/63  3 running  1 failed  2 min 10 s
        ");
    }

    #[test]
    fn stays_within_the_terminal() {
        let now = Instant::now();
        for width in [60, 80, 120] {
            let text = panel(
                &board(now, 30),
                now,
                0,
                &Look {
                    width,
                    ..Look::default()
                },
            );
            assert!(text.lines().all(|l| l.chars().count() <= width), "{text}");
            assert!(text.lines().count() <= LINES + 2, "{text}");
            assert!(text.contains("and 22 more"));
        }
    }
}
