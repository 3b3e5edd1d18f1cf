//! `logs`: what recorded resources write to their log groups. Reads, and changes nothing.

mod reader;

use super::session::Session;
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use jiff::{SignedDuration, Timestamp};
use reader::Reader;
use serde_json::json;
use std::time::Duration;
use tenon_planner::{
    logs::{Logs as Found, logs},
    render::clean,
};
use tenon_resources::cloud::LogEvent;

/// The time between two readings of `--follow`.
const PAUSE: Duration = Duration::from_secs(2);

/// Show the logs of a service, a task definition, a log group, a database or a function
///
/// Lines are the time, the stream and the text. Ctrl-C ends `--follow` with exit code 0. The credentials need `logs:FilterLogEvents`
/// of the log group. Example: `logs api/service --since 1h --follow`.
#[derive(clap::Args, Debug)]
pub(super) struct Logs {
    /// Resource, or scope with `/*` behind it
    address: String,
    /// Go on with what is written from now on
    #[arg(long, short)]
    follow: bool,
    /// Begin so long ago: `90s`, `10m`, `2h`, `1d`
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = since)]
    since: Duration,
}

fn since(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<SignedDuration>().ok();
    let parsed = parsed.or_else(|| {
        let days: i64 = text.strip_suffix('d')?.parse().ok()?;
        SignedDuration::from_hours(0).checked_add(SignedDuration::from_secs(days.checked_mul(86_400)?))
    });
    parsed
        .and_then(|d| Duration::try_from(d).ok())
        .ok_or_else(|| "expected a time such as `90s`, `10m`, `2h` or `1d`".into())
}

pub(super) async fn run(session: &Session<'_>, args: &Logs) -> Result<u8, CliError> {
    let ui = &session.ui;
    let state = session.state().await?;
    let sources = match logs(&state, &args.address)? {
        Found::Groups(sources) => sources,
        Found::Elsewhere(why) => {
            if ui.json {
                ui.data("[]")?;
            }
            ui.note(&format!("{} {}", clean(&args.address), clean(&why)));
            return Ok(exit::DONE);
        }
    };
    let connected = session.connect(&state).await?;
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    let from = now.saturating_sub(u64::try_from(args.since.as_millis()).unwrap_or(u64::MAX));
    let mut reader = Reader::new(&*connected.cloud, &sources, from);
    let first = reader.next().await?;
    if first.is_empty() && !args.follow {
        let names: Vec<_> = sources.iter().map(|s| clean(&s.group).into_owned()).collect();
        ui.note(&format!(
            "nothing was written to {} meanwhile; `--since` goes further back",
            names.join(", ")
        ));
    }
    write(ui, &first)?;
    if !args.follow {
        return Ok(exit::DONE);
    }
    // One for all of the time: a signal that comes while lines are written counts, too.
    let mut stopped = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            () = tokio::time::sleep(PAUSE) => {}
        }
        let read = tokio::select! {
            _ = &mut stopped => break,
            read = reader.next() => read?,
        };
        write(ui, &read)?;
    }
    Ok(exit::DONE)
}

fn write(ui: &Ui, events: &[LogEvent]) -> Result<(), CliError> {
    for event in events {
        let at = i64::try_from(event.at_ms)
            .ok()
            .and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let at = at.map(|at| format!("{at:.3}")).unwrap_or_default();
        if ui.json {
            let line = json!({ "at": at, "stream": event.stream, "message": event.message, "id": event.id });
            ui.data(&line.to_string())?;
            continue;
        }
        let (stream, text) = (clean(&event.stream), clean(event.message.trim_end()));
        ui.data(&format!("{at}  {stream}  {text}"))?;
    }
    Ok(())
}
