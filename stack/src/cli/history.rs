//! `history`: the runs that changed the environment.

use super::{session::Session, time::moment};
use crate::error::{CliError, exit};
use serde_json::json;
use std::collections::BTreeSet;
use tenon_planner::render::{Paint, Sigil, clean, count};
use tenon_state::{Change, Run};

/// Show which runs changed the environment: when, by whom, from which commit, and what
///
/// The newest comes first. The history is part of the state, and a run that was cut off is in it with what it had done. Example:
/// `history network/vpc`.
#[derive(clap::Args, Debug)]
pub(super) struct History {
    /// Resource, or scope with `/*` behind it, whose changes to show [default: all]
    address: Option<String>,
    /// Number of runs to show
    #[arg(long, short = 'n', value_name = "N", default_value = "20")]
    limit: usize,
}

pub(super) async fn run(session: &Session<'_>, args: &History) -> Result<u8, CliError> {
    let ui = &session.ui;
    let state = session.state().await?;
    let wanted = |address: &str| match &args.address {
        None => true,
        Some(pattern) => match pattern.strip_suffix('*') {
            Some(scope) => address.starts_with(scope),
            None => address == pattern,
        },
    };
    let runs: Vec<_> = state
        .runs
        .iter()
        .rev()
        .map(|run| {
            let mut run = Run::clone(run);
            run.changes.retain(|address, _| wanted(address));
            if args.address.is_some() {
                run.outputs.clear();
            }
            run
        })
        .filter(|run| args.address.is_none() || !run.changes.is_empty())
        .collect();
    let shown = &runs[..runs.len().min(args.limit)];
    if ui.json {
        ui.json_data(&shown)?;
    } else if let (true, Some(address)) = (runs.is_empty(), &args.address) {
        return Err(
            CliError::failed(format!("no run that is known changed `{address}`"))
                .hint("`history` shows all runs, `state list` what is recorded"),
        );
    } else if runs.is_empty() {
        ui.note(&format!(
            "{} was never changed; `apply` does that first",
            session.title()
        ));
    } else {
        let paint = Paint::new(&ui.out());
        let parts: Vec<_> = shown.iter().map(|run| one(run, paint)).collect();
        ui.data(&parts.join("\n"))?;
        if runs.len() > shown.len() {
            let more = count(runs.len() - shown.len(), "earlier run");
            ui.note(&format!("{more} not shown; `--limit {}` shows all", runs.len()));
        }
    }
    Ok(exit::DONE)
}

/// A run on one line: when, who, the command, and the commit.
pub(super) fn title(run: &Run, paint: Paint) -> String {
    let commit = run
        .commit
        .as_deref()
        .map(|commit| format!("  commit {}", short(commit)));
    let who = if run.who.is_empty() { "somebody" } else { &run.who };
    let command = if run.command.is_empty() {
        "an unknown command"
    } else {
        &run.command
    };
    format!(
        "{}  {}  {}{}",
        paint.strong(&moment(run.at_ms)),
        clean(who),
        clean(command),
        paint.dim(&clean(&commit.unwrap_or_default()))
    )
}

/// The first twelve digits of a commit, and whether files differed from it.
fn short(commit: &str) -> String {
    let (digits, rest) = commit
        .split_once('-')
        .map_or((commit, ""), |(digits, _)| (digits, "-dirty"));
    format!("{}{rest}", digits.chars().take(12).collect::<String>())
}

fn one(run: &Run, paint: Paint) -> String {
    let mut lines = vec![title(run, paint)];
    lines.extend(
        run.changes
            .iter()
            .map(|(address, change)| format!("    {}", line(address, change, paint))),
    );
    if !run.outputs.is_empty() {
        lines.push(format!("    outputs: {}", names(&run.outputs)));
    }
    lines.join("\n")
}

fn line(address: &str, change: &Change, paint: Paint) -> String {
    let address = clean(address).into_owned();
    let (sigil, text) = match change {
        Change::Added => (Sigil::Add, address),
        Change::Replaced => (Sigil::Replace, address),
        Change::Removed => (Sigil::Remove, address),
        Change::Changed(fields) => (Sigil::Change, format!("{address}  {}", names(fields))),
        Change::Moved { from, fields } if fields.is_empty() => {
            (Sigil::Change, format!("{address}  moved from {}", clean(from)))
        }
        Change::Moved { from, fields } => (
            Sigil::Change,
            format!("{address}  moved from {}; {}", clean(from), names(fields)),
        ),
    };
    paint.sigil(sigil, &format!("{} {text}", sigil.char()))
}

fn names(names: &BTreeSet<String>) -> String {
    let names: Vec<_> = names.iter().map(|name| clean(name)).collect();
    names.join(", ")
}

/// A run as data, without what it changed.
pub(super) fn data(run: &Run) -> serde_json::Value {
    json!({"at_ms": run.at_ms, "who": run.who, "command": run.command, "commit": run.commit})
}
