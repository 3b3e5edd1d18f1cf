//! `drift`: changes that were made to resources outside of this program. Reads, and changes nothing.

use super::session::Session;
use crate::error::{CliError, exit};
use tenon_planner::{
    additions::{Addition, additions},
    refresh::{Drift as Drifted, DriftKind},
    render::{Paint, Sigil, clean, count, field_change},
};
use tenon_state::StateWrite;

/// Show resources that were changed outside of this program; exit code 2 if there are any
///
/// Every recorded resource is read from AWS and compared with the state, and so is what somebody put into one: a rule into a security
/// group, an inline policy into a role. Nothing is changed; `apply` restores what the stack declares.
#[derive(clap::Args, Debug)]
pub(super) struct Drift {
    /// Record what was put into the stack's resources, so that the next apply removes what is not declared by then
    #[arg(long)]
    record: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Drift) -> Result<u8, CliError> {
    let ui = &session.ui;
    let state = session.state().await?;
    let connected = session.connect(&state).await?;
    let refreshed = session.read(&connected, &state).await?;
    let added = additions(&*connected.cloud, &state).await?;
    let mut drift = refreshed.drift;
    drift.extend(added.iter().map(Addition::drift));
    let drift = &drift;
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
        if !added.is_empty() && !args.record {
            ui.note("what was put into a resource stays; declare it and `import` it to keep it, or `drift --record` for the next apply to remove it");
        }
    }
    if args.record && !added.is_empty() {
        let mut with = tenon_state::State::clone(&state);
        let mut writes = vec![];
        for addition in &added {
            let record = addition.record(&with);
            ui.note(&format!(
                "{} is now recorded at {}",
                clean(&addition.observed.id),
                clean(&record.address)
            ));
            with.insert(record.clone());
            writes.push(StateWrite::Put(record));
        }
        let store = session.open("drift").await?;
        store.record(writes).await?;
        store.close().await?;
    }
    Ok(if drift.is_empty() {
        exit::DONE
    } else {
        exit::CHANGES
    })
}

/// A resource that drifted, with the fields that did.
pub(super) fn one(paint: Paint, drift: &Drifted) -> String {
    let (sigil, what, lines) = match &drift.what {
        DriftKind::Added => (Sigil::Add, "has something put into it".to_owned(), vec![]),
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
