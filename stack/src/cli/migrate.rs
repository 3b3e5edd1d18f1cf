//! `state migrate`: keeps the state somewhere else from now on.

use super::{
    backend::open_unencrypted,
    connect::SANDBOX,
    deployment::Deployment,
    key::{NewKey, StateKey},
    session::{FINGERPRINT_FILE, FINGERPRINT_KEY, Session},
};
use crate::{backend::Location, error::CliError};
use serde_json::json;
use std::sync::Arc;
use tenon_planner::render::count;
use tenon_state::{Holder, Moved, Settings, StateHandle, Transfer, copy_sidecar};

/// The file of the sandbox's contents, in its folder.
const SANDBOX_FILE: &str = "sandbox.jsonl";

#[derive(clap::Args, Debug)]
pub(super) struct Migrate {
    /// New location, in the forms of `--state`
    #[arg(value_name = "URL")]
    to: String,
    #[command(flatten)]
    key: NewKey,
}

pub(super) async fn run(session: &Session<'_>, args: &Migrate) -> Result<(), CliError> {
    let identity = session.identity();
    let to: Location = args
        .to
        .parse()
        .map_err(|why| CliError::usage(format!("the destination is not a location of a state: {why}")))?;
    let new = StateKey::new(&args.key)?;
    let key = match &new {
        Some(key) => key.clone(),
        None => StateKey::current(session.deployment.global)?,
    };
    let destination = session.deployment.with_state_at(to.clone());
    let raw = open_unencrypted(&destination, &session.aws).await?;
    if raw.location() == session.raw_backend().location() {
        let what = format!(
            "the state of {} is kept at {} already",
            session.title(),
            raw.location()
        );
        return Err(CliError::usage(what).hint("`state rekey` changes its key where it is"));
    }
    let encrypted = key.create(&destination, &session.aws, Arc::clone(&raw)).await?;
    let handle = StateHandle { raw, encrypted };
    let holder = Holder::here("state migrate")?;
    let transfer = Transfer::begin(session.handle(), handle, holder, identity, Settings::default()).await?;
    if transfer.is_first()
        && let Err(error) = copy_sidecars(session, &destination)
    {
        transfer.give_up().await;
        return Err(error);
    }
    report(session, &to, new.as_ref(), &transfer.finish().await?)
}

/// Says where the state is now, and what names it from now on.
fn report(
    session: &Session<'_>,
    to: &Location,
    new_key: Option<&StateKey>,
    moved: &Moved,
) -> Result<(), CliError> {
    let Moved { state, backup: aside } = moved;
    let ui = &session.ui;
    if ui.json {
        return ui.json_data(&json!({
            "to": to.to_string(), "lineage": state.lineage, "serial": state.serial,
            "resources": state.records.len(), "aside": aside.locations,
        }));
    }
    for place in &aside.locations {
        ui.note(&format!("the previous state is kept in {place}"));
    }
    ui.note(&format!(
        "the state of {}, with {}, is kept at {to} now: name that in the stack's code, `{}`, or with `--state {to}` or TENON_STATE",
        session.title(),
        count(state.records.len(), "resource"),
        to.in_program(),
    ));
    if let Some(key) = new_key {
        let aside = if aside.locations.is_empty() {
            ""
        } else {
            "; the previous state keeps its old key"
        };
        ui.note(&format!("it is {}{aside}", key.usage_note()));
    }
    Ok(())
}

/// Copies the files that are kept beside the state on this machine.
fn copy_sidecars(session: &Session<'_>, destination: &Deployment<'_>) -> Result<(), CliError> {
    let (from, folder) = (&session.deployment.folder, &destination.folder);
    if destination.env.is_sandbox() {
        copy_sidecar(SANDBOX_FILE, &from.join(SANDBOX), &folder.join(SANDBOX))?;
    }
    let carried = copy_sidecar(FINGERPRINT_FILE, from, folder)?;
    let path = folder.join(FINGERPRINT_FILE);
    let path = path.display();
    if carried {
        session
            .ui
            .note(&format!("the fingerprint key of secrets was copied to {path}"));
    }
    if !matches!(destination.location, Location::Local(_)) && folder.join(FINGERPRINT_FILE).exists() {
        session.ui.note(&format!(
            "the fingerprint key of secrets stays on this machine, in {path}: everyone who shares the state needs it in {FINGERPRINT_KEY}"
        ));
    }
    Ok(())
}
