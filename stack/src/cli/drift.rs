//! `drift`: changes that were made to resources outside of this program. Reads, and changes nothing.

use super::{select::Select, session::Session};
use crate::error::{CliError, exit};
use tenon_planner::{
    refresh::{Drift as Drifted, DriftKind},
    render::{Paint, Sigil, clean, count, field_change},
};

/// Show resources that were changed outside of this program; exit code 2 if there are any
///
/// Every recorded resource is read from AWS and compared with the state. Nothing is changed; `apply` restores what the stack
/// declares.
#[derive(clap::Args, Debug)]
pub(super) struct Drift {}

pub(super) async fn run(session: &Session<'_>, _: &Drift) -> Result<u8, CliError> {
    let ui = &session.ui;
    let state = session.state().await?;
    let connected = session.connect(&state).await?;
    let refreshed = session.read(&connected, &state, &Select::default()).await?;
    let drift = &refreshed.drift;
    if ui.json {
        ui.json_data(drift)?;
    } else if drift.is_empty() {
        ui.note(&format!(
            "no drift: {} of {} are as recorded",
            count(state.records.len(), "resource"),
            session.title()
        ));
    } else {
        let paint = Paint::new(&ui.out());
        let parts: Vec<_> = drift.iter().map(|d| one(paint, d)).collect();
        ui.data(&parts.join("\n"))?;
        ui.note(&format!(
            "{} drifted; `apply` restores what is declared",
            count(drift.len(), "resource")
        ));
    }
    Ok(if drift.is_empty() {
        exit::DONE
    } else {
        exit::CHANGES
    })
}

fn one(paint: Paint, drift: &Drifted) -> String {
    let (sigil, what, lines) = match &drift.what {
        DriftKind::Gone => (Sigil::Remove, "is gone".to_owned(), vec![]),
        DriftKind::Stopped(why) => (Sigil::Change, format!("is stopped: {}", clean(why)), vec![]),
        DriftKind::Impaired(why) => (Sigil::Replace, format!("is impaired: {}", clean(why)), vec![]),
        DriftKind::Failed(why) => (Sigil::Replace, format!("has failed: {}", clean(why)), vec![]),
        DriftKind::Changed(changes) => (
            Sigil::Change,
            "was changed".to_owned(),
            changes.iter().flat_map(field_change).collect(),
        ),
    };
    let id = drift
        .id
        .as_deref()
        .map(|id| format!("  {}", clean(id)))
        .unwrap_or_default();
    let location = drift
        .declared
        .as_deref()
        .map(|d| format!("  {}", clean(d)))
        .unwrap_or_default();
    let head = paint.sigil(
        sigil,
        &format!("{} {} {what}", sigil.char(), clean(&drift.address)),
    );
    let head = format!(
        "{head}{}",
        paint.dim(&format!("  {}{id}{location}", clean(&drift.kind)))
    );
    std::iter::once(head)
        .chain(lines.into_iter().map(|line| format!("    {line}")))
        .collect::<Vec<_>>()
        .join("\n")
}
