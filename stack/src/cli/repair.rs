//! `state repair`: keeps what can be read of a damaged state.

use super::session::Session;
use crate::error::{CliError, Kind};
use serde_json::json;
use tenon_planner::render::{clean, count};
use tenon_state::{Error, Holder, Salvage, Settings, State, Store, salvage};

pub(super) async fn run(session: &Session<'_>, yes: bool) -> Result<(), CliError> {
    let ui = &session.ui;
    let (state, found) = readable(session).await?;
    let Some(state) = state else {
        return nothing_to_repair(session);
    };
    if ui.json {
        let problems: Vec<_> = found.problems.iter().map(ToString::to_string).collect();
        let (open, lost) = (&found.open_intents, found.lost_frames);
        ui.json_data(
            &json!({"problems": problems, "state": state, "open_calls": open, "lost_frames": lost}),
        )?;
    } else {
        show(session, &state, &found)?;
    }
    let question = "Replace the damaged state by this, and keep it as a backup?";
    let hint = "if this is right, repeat the command with `--yes`; the damaged state is kept as a backup";
    if !yes && !ui.confirm(question, hint)? {
        return Err(CliError::failed("not repaired: nothing was changed"));
    }
    let backend = session.backend();
    let holder = Holder::here("state repair")?;
    let kept = count(state.records.len(), "resource");
    let (store, aside) =
        Store::replace(backend, holder, state, found.open_intents, Settings::default()).await?;
    store.close().await?;
    for place in &aside.locations {
        ui.note(&format!("the previous state is kept in {place}"));
    }
    ui.note(&format!(
        "the state of {} is repaired, with {kept}; `recover --merge` searches for missing resources, and `plan` shows differences",
        session.title()
    ));
    Ok(())
}

/// The readable part of a damaged state; no state when nothing is wrong with it.
async fn readable(session: &Session<'_>) -> Result<(Option<State>, Salvage), CliError> {
    let backend = session.backend();
    if let Some(held) = backend.lease_status().await?.held {
        // Whoever writes may just be between two files.
        let location = backend.location();
        return Err(Error::Locked {
            location,
            held: Box::new(held),
        }
        .into());
    }
    let mut found = salvage(&*backend).await;
    if let Some(at) = found.problems.iter().position(|p| !p.is_damage()) {
        return Err(found.problems.swap_remove(at).into());
    }
    let Some(first) = found.problems.first() else {
        return Ok((None, found));
    };
    let Some(state) = found.state.take() else {
        let what = format!("no part of the state of {} can be read: {first}", session.title());
        return Err(CliError::new(Kind::State, what)
            .hint("`recover` rebuilds it from the resources tagged as this stack's"));
    };
    state.expect_identity(&session.identity(), &backend.location())?;
    Ok((Some(state), found))
}

fn nothing_to_repair(session: &Session<'_>) -> Result<(), CliError> {
    session
        .ui
        .note(&format!("nothing is wrong with the state of {}", session.title()));
    if session.ui.json {
        session.ui.json_data(&json!({"problems": []}))?;
    }
    Ok(())
}

fn show(session: &Session<'_>, state: &State, found: &Salvage) -> Result<(), CliError> {
    let ui = &session.ui;
    for problem in &found.problems {
        ui.warn(&problem.to_string());
    }
    let lines = super::show::records(state);
    if !lines.is_empty() {
        ui.data(&lines.join("\n"))?;
    }
    let kept = count(state.records.len(), "resource");
    ui.note(&format!("{kept} of serial {} can be kept", state.serial));
    if found.lost_frames > 0 {
        ui.warn(&format!(
            "{} of the journal cannot be read: the records in them are lost, but the resources exist",
            count(found.lost_frames, "write")
        ));
    }
    for intent in &found.open_intents {
        let call = format!("{}:{} of {}", intent.service, intent.operation, intent.address);
        ui.warn(&format!(
            "{} may have been made; the next apply finds out",
            clean(&call)
        ));
    }
    Ok(())
}
