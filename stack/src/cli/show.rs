//! `show`: the state, or a saved plan.

use super::{
    format::Format,
    session::{Session, saved_plan},
};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use serde_json::json;
use std::path::PathBuf;
use tenon_planner::render::{Paint, clean, count};
use tenon_resources::declaration::Place;
use tenon_state::{Phase, State, StateView};

/// Show the state, or a saved plan
///
/// Example: `show`, or `show my.plan --calls`.
#[derive(clap::Args, Debug)]
pub(super) struct Show {
    /// Saved plan to show instead of the state, from `plan --out FILE`
    pub(super) plan: Option<PathBuf>,
    /// Print the JSON Schema of a document that other programs read
    ///
    /// Of a saved plan and `plan --json`, of what `declare` writes, of `drift --json`, `status --json` and `rehearse --json`.
    #[arg(long, value_name = "DOCUMENT", conflicts_with_all = ["plan", "calls", "markdown"])]
    pub(super) schema: Option<Document>,
    #[command(flatten)]
    format: Format,
}

/// A document that other programs read.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum Document {
    Plan,
    Declaration,
    Drift,
    Status,
    Rehearsal,
}

impl Document {
    fn schema(self) -> &'static str {
        match self {
            Self::Plan => include_str!("../../schema/plan.json"),
            Self::Declaration => include_str!("../../schema/declaration.json"),
            Self::Drift => include_str!("../../schema/drift.json"),
            Self::Status => include_str!("../../schema/status.json"),
            Self::Rehearsal => include_str!("../../schema/rehearsal.json"),
        }
    }
}

/// A saved plan needs no environment: it says what it is for; a schema needs none either.
pub(super) fn saved(ui: &Ui, args: &Show) -> Result<u8, CliError> {
    if let Some(document) = args.schema {
        ui.data(document.schema().trim_end())?;
        return Ok(exit::DONE);
    }
    let path = args
        .plan
        .as_deref()
        .ok_or_else(|| CliError::usage("which plan?"))?;
    args.format.write(ui, saved_plan(path)?.unverified())?;
    Ok(exit::DONE)
}

pub(super) async fn run(session: &Session<'_>, args: &Show) -> Result<u8, CliError> {
    let ui = &session.ui;
    if args.format.is_set() {
        return Err(CliError::usage(
            "--calls and --markdown are formats of a plan: name one, `show PLAN`",
        ));
    }
    let Some(view) = session.view().await? else {
        if ui.json {
            ui.json_data(&json!(null))?;
        } else {
            ui.note(&format!(
                "{} has no state yet; `apply` creates one",
                session.title()
            ));
        }
        return Ok(exit::DONE);
    };
    if ui.json {
        let open = &view.open_intents;
        ui.json_data(&json!({"state": view.state, "open_calls": open, "held_by": view.held.map(|h| h.holder.to_string())}))?;
    } else {
        ui.data(&text(&view, Paint::new(&ui.out())))?;
    }
    Ok(exit::DONE)
}

fn text(view: &StateView, paint: Paint) -> String {
    let state = &view.state;
    let target = if state.account.is_empty() {
        "not applied yet".to_owned()
    } else {
        format!("account {}, {}", clean(&state.account), clean(&state.region))
    };
    let mut lines = vec![
        format!(
            "{}  {target}",
            paint.strong(&clean(&format!("{}/{}", state.stack, state.env)))
        ),
        paint.dim(&format!(
            "serial {}, lineage {}",
            state.serial,
            clean(&state.lineage)
        )),
    ];
    lines.extend(
        view.held
            .as_ref()
            .map(|h| paint.warn(&format!("in use by {}", h.holder))),
    );
    for intent in &view.open_intents {
        let what = format!(
            "open: {}:{} of {}; the next `apply` finds out what became of it",
            intent.service, intent.operation, intent.address
        );
        lines.push(paint.warn(&clean(&what)));
    }
    lines.push(String::new());
    lines.extend(records(state));
    lines.push(paint.dim(&count(state.records.len(), "resource")));
    if !state.outputs.is_empty() {
        lines.extend([
            String::new(),
            paint.strong("Outputs"),
            super::output::table(&state.outputs),
        ]);
    }
    lines.join("\n")
}

/// The account and region of a record, for people, where those are not the environment's.
pub(super) fn place(record: &tenon_state::Record) -> Option<String> {
    let place: Place = serde_json::from_value(record.place.clone()).ok()?;
    (!place.is_home()).then(|| clean(&place.to_string()).into_owned())
}

/// A line for each record: address, type, id, and what is unusual about it.
pub(super) fn records(state: &State) -> Vec<String> {
    let records = || state.records.values().map(|r| &**r);
    let width = |text: fn(&tenon_state::Record) -> &str| {
        records().map(|r| text(r).chars().count()).max().unwrap_or(0)
    };
    let (addresses, kinds) = (width(|r| &r.address), width(|r| &r.kind));
    let line = |r: &tenon_state::Record| {
        let phase = match r.phase {
            Phase::Ready => "",
            Phase::Creating => "  (being created)",
            Phase::Deleting => "  (being deleted)",
            Phase::Deposed => "  (replaced, to be deleted)",
        };
        let id = r.id.as_deref().map_or_else(|| "(no id yet)".into(), clean);
        format!(
            "{:addresses$}  {:kinds$}  {id}{}{phase}",
            clean(&r.address),
            clean(&r.kind),
            place(r).map(|there| format!("  in {there}")).unwrap_or_default()
        )
    };
    records().map(line).collect()
}
