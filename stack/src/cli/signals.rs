//! Signals that stop an apply.
//!
//! Once: no new calls are made, and those in flight are awaited and recorded. Twice: the process leaves at once; the
//! journal names the calls in flight, and the next run finds out what became of them.

use crate::{error::exit, ui::Progress};
use std::sync::Arc;
use tenon_planner::execute::Stop;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
};

/// Listens for signals until it is aborted.
pub(super) fn watch(stop: Stop, progress: Arc<Progress>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let kinds = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ];
        let [mut interrupt, mut terminate, mut hangup] = kinds.map(|kind| signal(kind).ok());
        loop {
            tokio::select! {
                () = next(&mut interrupt) => {}
                () = next(&mut terminate) => {}
                () = next(&mut hangup) => {}
            }
            if stop.requested() {
                progress.say(
                    "interrupted: calls in flight were abandoned; the next run finds out what became of them",
                );
                leave();
            }
            stop.request();
            progress.say("stopping; press Ctrl-C again to exit at once");
        }
    })
}

/// The next signal of a kind; never, when it cannot be listened for.
async fn next(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

#[expect(
    clippy::exit,
    reason = "leaving at once is what was asked for; everything that matters is on disk"
)]
fn leave() -> ! {
    std::process::exit(i32::from(exit::INTERRUPTED))
}
