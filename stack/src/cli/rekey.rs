//! `state rekey`: encrypts the state with another key from now on, or not at all.

use super::{
    key::{NewKey, StateKey},
    session::Session,
};
use crate::error::CliError;
use serde_json::json;
use tenon_state::{Error, Holder, Rekeyed, Settings, rekey};

#[derive(clap::Args, Debug)]
pub(super) struct Rekey {
    #[command(flatten)]
    key: NewKey,
}

pub(super) async fn run(session: &Session<'_>, args: &Rekey) -> Result<(), CliError> {
    let (ui, identity) = (&session.ui, session.identity());
    let Some(key) = StateKey::new(&args.key)? else {
        return Err(CliError::usage("no new key is given").hint(
            "use `--new-key-file FILE`, `--new-kms-key KEY`, a passphrase in TENON_STATE_NEW_PASSPHRASE, or `--decrypt`",
        ));
    };
    let to = key
        .create(&session.deployment, &session.aws, session.raw_backend())
        .await?;
    let holder = Holder::here("state rekey")?;
    let done = rekey(session.handle(), to, holder, identity, Settings::default()).await;
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
            error => {
                error.hint("the state may have its new key already; run the same command again to finish")
            }
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
    ui.note(&format!(
        "the state of {} {how} {}",
        session.title(),
        key.usage_note()
    ));
    if matches!(done, Rekeyed::Done(_)) {
        ui.note("existing backups, such as old versions in a bucket, keep their old key");
    }
    Ok(())
}
