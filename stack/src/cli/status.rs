//! `status`: the health of the recorded resources.

use super::session::Session;
use crate::error::{CliError, exit};
use serde_json::json;
use tenon_planner::{
    health::{Health, health},
    render::{Paint, clean, count},
};
use tenon_resources::cloud::Status as Word;

/// Show which recorded resources are unhealthy, with AWS's words for their status
///
/// Reads each resource; `--all` lists the healthy ones, too. The exit code is 2 if one is unhealthy, and 9 if a type could not be read and no
/// other resource is unhealthy.
#[derive(clap::Args, Debug)]
pub(super) struct Status {
    /// Resource, or scope with `/*` behind it [default: all]
    address: Option<String>,
    /// List healthy resources, too
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Status) -> Result<u8, CliError> {
    let ui = &session.ui;
    let state = session.state().await?;
    let connected = session.connect(&state).await?;
    let (mut found, mut unread) = health(&*connected.cloud, &state).await?;
    if let Some(pattern) = &args.address {
        let asked = |address: &str| match pattern.strip_suffix('*') {
            Some(scope) => address.starts_with(scope),
            None => address == pattern,
        };
        found.retain(|h| asked(&h.address));
        let records: Vec<_> = state.records.values().filter(|r| asked(&r.address)).collect();
        unread.retain(|u| records.iter().any(|r| r.kind == u.kind));
        if records.is_empty() {
            return Err(CliError::usage(format!("nothing is recorded at `{pattern}`"))
                .hint("`state list` shows what is"));
        }
    }
    let healthy = found.iter().filter(|h| h.healthy).count();
    let not = found.len() - healthy;
    if ui.json {
        let unread: Vec<_> = unread
            .iter()
            .map(|u| json!({ "type": u.kind, "why": u.error.to_string() }))
            .collect();
        ui.json_data(&json!({ "resources": found, "unread": unread }))?;
    } else {
        let paint = Paint::new(&ui.out());
        let listed = found.iter().filter(|h| args.all || !h.healthy);
        let lines: Vec<String> = listed.map(|h| line(paint, h)).collect();
        if !lines.is_empty() {
            ui.data(&lines.join("\n"))?;
        }
        let bad = if not == 0 {
            String::new()
        } else {
            format!(", {not} not")
        };
        ui.note(&format!(
            "{}: {} healthy{bad}",
            session.title(),
            count(healthy, "resource")
        ));
    }
    for one in &unread {
        ui.warn(&format!(
            "`{}` resources could not be read: {}",
            one.kind, one.error
        ));
    }
    Ok(match (not, unread.is_empty()) {
        (0, true) => exit::DONE,
        (0, false) => exit::UNREADABLE,
        _ => exit::CHANGES,
    })
}

fn line(paint: Paint, health: &Health) -> String {
    let place = if health.place.is_home() {
        String::new()
    } else {
        format!("  in {}", health.place)
    };
    let (word, why) = match &health.status {
        None => ("gone", ""),
        Some(Word::Ready) => ("ready", ""),
        Some(Word::Pending(why)) => ("pending", why.as_str()),
        Some(Word::Leaving(why)) => ("leaving", why.as_str()),
        Some(Word::Stopped(why)) => ("stopped", why.as_str()),
        Some(Word::Impaired(why)) => ("impaired", why.as_str()),
        Some(Word::Failed(why)) => ("failed", why.as_str()),
    };
    let word = if health.healthy {
        paint.good(word)
    } else {
        paint.danger(word)
    };
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {}", clean(why))
    };
    let rest = format!("  {}  {}{place}", health.kind, health.id);
    format!(
        "{}  {word}{why}{}",
        clean(&health.address),
        paint.dim(&clean(&rest))
    )
}
