//! The state of an apply as its events tell it, and the lines that each event is worth.

use super::{Ui, elapsed::elapsed};
use std::time::{Duration, Instant};
use tenon_planner::{
    event::Event,
    render::{clean, count},
};

/// The calls of an apply: how many there are, and which are in flight.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// Flags of the plan's calls: whether each is a wait.
    pub(super) waits: Vec<bool>,
    /// The longest title of a call that is no wait: later ones are aligned to it.
    pub(super) titles: usize,
    pub(super) total: usize,
    pub(super) done: usize,
    pub(super) failed: usize,
    pub(super) running: Vec<Running>,
    pub(super) began: Option<Instant>,
    pub(super) paused: bool,
}

/// A call in flight.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) call: usize,
    pub(super) address: String,
    pub(super) title: String,
    /// The resource's status in AWS's words, or the reason for a retry.
    pub(super) status: String,
    pub(super) since: Instant,
    pub(super) wait: bool,
}

/// An id is not cut to fewer columns than this; it is left out instead.
const SHORTEST_ID: usize = 12;

/// Shorter waits are counted and not printed.
const WORTH_TELLING: Duration = Duration::from_secs(2);

impl Board {
    /// Updates the board from an event, and returns the lines to print for it.
    // Long: one arm an event; each only moves fields of the event into the board.
    pub(super) fn handle_event(&mut self, event: &Event, now: Instant, ui: &Ui) -> Vec<String> {
        let paint = ui.paint();
        match event {
            Event::Started { calls } => {
                (self.total, self.began) = (*calls, Some(now));
            }
            Event::Begun { call, address, title } => {
                let wait = self.waits.get(*call).copied().unwrap_or(false);
                let (address, title) = (clean(address).into_owned(), clean(title).into_owned());
                self.running.push(Running {
                    call: *call,
                    address,
                    title,
                    status: String::new(),
                    since: now,
                    wait,
                });
            }
            Event::Waiting { call, status, .. } => self.status(*call, clean(status).into_owned()),
            Event::Retrying {
                call,
                address,
                why,
                after_ms,
            } => {
                let again = elapsed(Duration::from_millis(*after_ms));
                self.status(*call, format!("again in {again}: {}", clean(why)));
                if ui.verbose() {
                    return vec![paint.dim(&format!(
                        "{} {}: again in {again}: {}",
                        self.position(),
                        clean(address),
                        clean(why)
                    ))];
                }
            }
            Event::Done {
                call,
                address,
                title,
                id,
                ms,
            } => {
                self.done += 1;
                self.running.retain(|r| r.call != *call);
                return self.done_line(
                    *call,
                    address,
                    title,
                    id.as_deref(),
                    Duration::from_millis(*ms),
                    ui,
                );
            }
            Event::Failed {
                call,
                address,
                title,
                why,
                skipped,
            } => {
                self.failed += 1;
                self.running.retain(|r| r.call != *call);
                let left = if *skipped > 0 {
                    format!(" ({} skipped because of it)", count(*skipped, "call"))
                } else {
                    String::new()
                };
                let head = paint.danger(&format!("{} failed:", self.position()));
                return vec![format!(
                    "{head} {} of {}: {}{left}",
                    clean(title),
                    clean(address),
                    clean(why)
                )];
            }
            other => return self.around(other, ui),
        }
        vec![]
    }

    /// Lines for the events that are of no single call.
    fn around(&mut self, event: &Event, ui: &Ui) -> Vec<String> {
        let paint = ui.paint();
        match event {
            Event::Settled { address, call, found } => {
                vec![format!(
                    "settled {} of {} from an earlier run: {}",
                    clean(call),
                    clean(address),
                    clean(found)
                )]
            }
            Event::Stopping { in_flight } => {
                let what: Vec<_> = in_flight.iter().map(|c| clean(c)).collect();
                let what = if what.is_empty() {
                    "nothing is in flight".to_owned()
                } else {
                    format!("waiting for {}", what.join(", "))
                };
                vec![paint.warn(&format!("stopping: no new calls; {what}"))]
            }
            Event::Paused { why } => {
                self.paused = true;
                let line = format!(
                    "paused: credentials have expired; renew them and the apply continues ({})",
                    clean(why)
                );
                vec![paint.warn(&line)]
            }
            Event::Resumed => {
                self.paused = false;
                vec!["credentials work again".into()]
            }
            _ => vec![],
        }
    }

    fn done_line(
        &self,
        call: usize,
        address: &str,
        title: &str,
        id: Option<&str>,
        took: Duration,
        ui: &Ui,
    ) -> Vec<String> {
        let paint = ui.paint();
        let wait = self.waits.get(call).copied().unwrap_or(false);
        if wait && took < WORTH_TELLING && !ui.verbose() {
            return vec![];
        }
        let what = if wait {
            title.rsplit_once(" until ").map_or("ready", |(_, until)| until)
        } else {
            title
        };
        let title = format!("{:width$}", clean(what), width = self.titles);
        let (position, address, took) = (self.position(), clean(address), elapsed(took));
        let used = position.len() + title.chars().count() + address.chars().count() + took.len() + 8;
        // On a terminal a line is a line: an id that does not fit is cut.
        let room = if ui.live {
            ui.err().width.saturating_sub(used)
        } else {
            usize::MAX
        };
        let id = id
            .filter(|_| room >= SHORTEST_ID)
            .map(|id| fit(&clean(id), room))
            .unwrap_or_default();
        let title = if wait {
            paint.dim(&title)
        } else {
            paint.good(&title)
        };
        let line = format!(
            "{position} {title} {address}  {}  {}",
            paint.dim(&took),
            paint.dim(&id)
        );
        vec![line.trim_end().to_owned()]
    }

    fn status(&mut self, call: usize, status: String) {
        if let Some(running) = self.running.iter_mut().find(|r| r.call == call) {
            running.status = status;
        }
    }

    /// `[ 3/63]`
    fn position(&self) -> String {
        let total = self.total.to_string();
        format!("[{:>width$}/{total}]", self.done, width = total.len())
    }
}

/// At most `room` columns of `text`.
pub(super) fn fit(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{kept}…")
}
