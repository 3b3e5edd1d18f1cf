//! The executor's events, as they come: a moving panel on a terminal, lines elsewhere, JSON on demand.

use super::{
    Ui,
    elapsed::elapsed,
    live::{Live, fit},
    plain::Plain,
};
use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tenon_planner::{
    Plan,
    event::{Event, Sink},
    render::{clean, count},
};

/// How often the display looks at the clock.
const TICK: Duration = Duration::from_millis(100);

/// What is known while an apply runs.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// Which calls of the plan are waits.
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
    /// AWS's word for where it is, or why it is tried again.
    pub(super) status: String,
    pub(super) since: Instant,
    pub(super) wait: bool,
}

enum Show {
    Json,
    Plain(Plain),
    Live(Live),
}

/// A display of events.
pub(crate) struct Progress {
    ui: Ui,
    inside: Mutex<(Board, Show)>,
}

/// Ends the display when it is dropped.
pub(crate) struct Showing(Arc<Progress>, tokio::task::JoinHandle<()>);

impl Progress {
    /// A display of what happens to `plan`; without a plan, of reading.
    pub(crate) fn start(ui: &Ui, plan: Option<&Plan>) -> (Arc<Self>, Showing) {
        let waits = plan
            .map(|p| p.calls.iter().map(|c| !c.step.effect.mutates()).collect())
            .unwrap_or_default();
        let titles = plan
            .and_then(|p| p.mutating().map(|c| c.title().len()).max())
            .unwrap_or(0);
        let show = match () {
            () if ui.json => Show::Json,
            () if ui.live => Show::Live(Live::new()),
            () => Show::Plain(Plain::new()),
        };
        let progress = Arc::new(Self {
            ui: *ui,
            inside: Mutex::new((
                Board {
                    waits,
                    titles,
                    ..Board::default()
                },
                show,
            )),
        });
        let ticking = Arc::clone(&progress);
        let clock = tokio::spawn(async move {
            let mut every = tokio::time::interval(TICK);
            loop {
                every.tick().await;
                ticking.tick();
            }
        });
        (Arc::clone(&progress), Showing(progress, clock))
    }

    /// Where the executor's events go.
    pub(crate) fn sink(self: &Arc<Self>) -> Sink {
        let me = Arc::clone(self);
        Arc::new(move |event| me.see(&event))
    }

    /// Says something without disturbing what moves.
    pub(crate) fn say(&self, text: &str) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        self.print(&mut inside.1, text);
    }

    fn print(&self, show: &mut Show, line: &str) {
        match show {
            Show::Live(panel) => panel.above(line),
            Show::Plain(plain) => {
                plain.spoke(Instant::now());
                self.ui.talk(line);
            }
            Show::Json => self.ui.talk(line),
        }
    }

    fn see(&self, event: &Event) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let (board, show) = &mut *inside;
        if let Show::Json = show {
            let line = serde_json::to_string(event).expect("an event is plain data");
            // A reader that has gone does not stop an apply: what was begun is finished and recorded.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
            return;
        }
        for line in board.see(event, Instant::now(), &self.ui) {
            self.print(show, &line);
        }
        if let (Event::Refreshing { done, total }, Show::Live(live)) = (event, &mut *show) {
            live.reading(*done, *total);
        }
    }

    fn tick(&self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let (board, show) = &mut *inside;
        match show {
            Show::Live(live) => live.draw(board, &self.ui.err()),
            Show::Plain(plain) => {
                if let Some(line) = plain.heartbeat(board, Instant::now()) {
                    self.ui.talk(&line);
                }
            }
            Show::Json => {}
        }
    }
}

impl Drop for Showing {
    fn drop(&mut self) {
        self.1.abort();
        let mut inside = self.0.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Show::Live(live) = &mut inside.1 {
            live.clear();
        }
    }
}

/// An id is not cut to fewer columns than this; it is left out instead.
const SHORTEST_ID: usize = 12;

/// Shorter waits are counted and not told of.
const WORTH_TELLING: Duration = Duration::from_secs(2);

impl Board {
    /// Takes an event in, and returns the lines that it is worth.
    pub(super) fn see(&mut self, event: &Event, now: Instant, ui: &Ui) -> Vec<String> {
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
                        self.place(),
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
                    format!(" ({} left out because of it)", count(*skipped, "call"))
                } else {
                    String::new()
                };
                let head = paint.danger(&format!("{} failed:", self.place()));
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

    /// What happens around the calls.
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
                    "paused: credentials have expired; renew them and this goes on ({})",
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
        let (place, address, took) = (self.place(), clean(address), elapsed(took));
        let used = place.len() + title.chars().count() + address.chars().count() + took.len() + 8;
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
            "{place} {title} {address}  {}  {}",
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
    fn place(&self) -> String {
        let total = self.total.to_string();
        format!("[{:>width$}/{total}]", self.done, width = total.len())
    }
}
