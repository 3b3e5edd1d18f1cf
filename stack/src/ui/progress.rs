//! The executor's events, as they come: a moving panel on a terminal, lines elsewhere, JSON on demand.

use super::{Ui, board::Board, live::Live, plain::Plain};
use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tenon_planner::{
    Plan,
    event::{Event, Sink},
};

/// The interval at which the display is drawn.
const TICK: Duration = Duration::from_millis(100);

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

    /// The sink of the executor's events.
    pub(crate) fn sink(self: &Arc<Self>) -> Sink {
        let me = Arc::clone(self);
        Arc::new(move |event| me.handle_event(&event))
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

    fn handle_event(&self, event: &Event) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let (board, show) = &mut *inside;
        if let Show::Json = show {
            let line = serde_json::to_string(event).expect("an event is plain data");
            // A reader that has gone does not stop an apply: what was begun is finished and recorded.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
            return;
        }
        for line in board.handle_event(event, Instant::now(), &self.ui) {
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
