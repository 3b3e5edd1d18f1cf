//! `state migrate`: keeps the state somewhere else from now on.

use super::{
    Global, backend,
    key::{Key, NewKey},
    session::{FINGERPRINT_FILE, FINGERPRINT_KEY, SANDBOX, Session},
};
use crate::{Place, backend::Location, error::CliError};
use serde_json::json;
use std::{path::Path, sync::Arc};
use tenon_planner::render::count;
use tenon_state::{Holder, Moved, Settings, StateHandle, Transfer, copy_sidecar};

/// The file of the sandbox's contents, in its folder.
const SANDBOX_FILE: &str = "sandbox.jsonl";

#[derive(clap::Args, Debug)]
pub(super) struct Migrate {
    /// Where to, in the forms of `--state`
    #[arg(value_name = "URL")]
    to: String,
    #[command(flatten)]
    key: NewKey,
}

pub(super) async fn run(session: &Session<'_>, args: &Migrate) -> Result<(), CliError> {
    let (ui, identity) = (&session.ui, session.identity());
    let to: Location = args
        .to
        .parse()
        .map_err(|why| CliError::usage(format!("there is no such place for a state: {why}")))?;
    let new = Key::new(&args.key)?;
    let key = match &new {
        Some(key) => key.clone(),
        None => Key::current(session.global)?,
    };
    // What says where the state is now says nothing about where it goes.
    let global = Global {
        state: None,
        state_dir: None,
        ..session.global.clone()
    };
    let folder = backend::folder(&global, &to, &identity);
    let place = backend::bare(&global, session.env, &to, &folder, &identity).await?;
    if place.location() == session.place.location() {
        let what = format!(
            "the state of {} is kept at {} already",
            session.title(),
            place.location()
        );
        return Err(CliError::usage(what).hint("`state rekey` changes its key where it is"));
    }
    let view = key
        .fresh(&global, session.env, &identity, Arc::clone(&place))
        .await?;
    let (from, to_side) = (
        session.side(),
        StateHandle {
            raw: place,
            encrypted: view,
        },
    );
    let holder = Holder::here("state migrate")?;
    let transfer = Transfer::begin(from, to_side, holder, identity, Settings::default()).await?;
    if transfer.is_first()
        && let Err(error) = beside(session, &to, &folder)
    {
        transfer.give_up().await;
        return Err(error);
    }
    let Moved { state, backup: aside } = transfer.finish().await?;
    if ui.json {
        let place = format!("{to:?}");
        return ui.json_data(&json!({
            "to": place, "lineage": state.lineage, "serial": state.serial,
            "resources": state.records.len(), "aside": aside.locations,
        }));
    }
    for place in &aside.locations {
        ui.note(&format!("what was there before is now in {place}"));
    }
    ui.note(&format!(
        "the state of {}, with {}, is kept at {to:?} now: say so in the program, `{}`, or with `--state {to:?}` or TENON_STATE",
        session.title(),
        count(state.records.len(), "resource"),
        to.in_program(),
    ));
    if let Some(key) = new {
        let aside = if aside.locations.is_empty() {
            ""
        } else {
            "; what was set aside is as it was"
        };
        ui.note(&format!("it is {}{aside}", key.told()));
    }
    Ok(())
}

/// Carries along what is kept beside the state on this machine.
fn beside(session: &Session<'_>, to: &Location, folder: &Path) -> Result<(), CliError> {
    if session.env.place == Place::Sandbox {
        copy_sidecar(SANDBOX_FILE, &session.folder.join(SANDBOX), &folder.join(SANDBOX))?;
    }
    let carried = copy_sidecar(FINGERPRINT_FILE, &session.folder, folder)?;
    let path = folder.join(FINGERPRINT_FILE);
    let path = path.display();
    if carried {
        session.ui.note(&format!(
            "the key of the fingerprints of secrets was copied to {path}"
        ));
    }
    if !matches!(to, Location::Local(_)) && folder.join(FINGERPRINT_FILE).exists() {
        session.ui.note(&format!(
            "the key of the fingerprints of secrets stays on this machine, in {path}: whoever shares the state needs it in {FINGERPRINT_KEY}"
        ));
    }
    Ok(())
}
