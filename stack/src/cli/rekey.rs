//! `state rekey`: encrypts the state with another key from now on, or not at all.

use super::{
    key::{Key, NewKey},
    session::Session,
};
use crate::error::CliError;
use serde_json::json;
use std::sync::Arc;
use tenon_state::{Error, Holder, Rekeyed, Settings, rekey};

#[derive(clap::Args, Debug)]
pub(super) struct Rekey {
    #[command(flatten)]
    key: NewKey,
}

pub(super) async fn run(session: &Session<'_>, args: &Rekey) -> Result<(), CliError> {
    let (ui, identity) = (&session.ui, session.identity());
    let Some(key) = Key::new(&args.key)? else {
        return Err(CliError::usage("which key is the state to have?").hint(
            "`--new-key-file FILE`, `--new-kms-key KEY`, a passphrase in TENON_STATE_NEW_PASSPHRASE, or `--decrypt` for none",
        ));
    };
    let place = Arc::clone(&session.place);
    let to = key.fresh(session.global, session.env, &identity, place).await?;
    let holder = Holder::here("state rekey")?;
    let done = rekey(session.side(), to, holder, identity, Settings::default()).await;
    let done = done.map_err(|error| {
        let untouched = matches!(
            error,
            Error::Absent { .. }
                | Error::Unsettled { .. }
                | Error::Locked { .. }
                | Error::Foreign { .. }
                | Error::Encrypted { .. }
                | Error::Moved { .. }
                | Error::KeyService { .. }
        );
        match CliError::from(error) {
            error if untouched => error,
            error => error
                .hint("the state may have its new key already: the same command again says so, or finishes"),
        }
    })?;
    let (state, how) = match &done {
        Rekeyed::Done(state) => (state, "is"),
        Rekeyed::AlreadyDone(state) => (state, "was already"),
    };
    if ui.json {
        return ui.json_data(&json!({
            "lineage": state.lineage, "serial": state.serial, "resources": state.records.len(),
        }));
    }
    ui.note(&format!("the state of {} {how} {}", session.title(), key.told()));
    if matches!(done, Rekeyed::Done(_)) {
        ui.note("copies that were made before, such as old versions in a bucket, open as they did");
    }
    Ok(())
}
