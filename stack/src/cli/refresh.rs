//! `refresh`: takes what drifted over into the state.

use super::{drift, session::Session};
use crate::{
    error::{CliError, exit},
    ui::WHEN_RIGHT,
};
use tenon_planner::render::{Paint, count};

/// Record what was changed outside of this program as it is, so that it is drift no longer
///
/// Every recorded resource is read from AWS. Nothing in the cloud is changed, and neither is the stack's code: what it declares
/// otherwise, the next `apply` changes back, so change the code, too.
#[derive(clap::Args, Debug)]
pub(super) struct Refresh {
    /// Record it without asking
    #[arg(long, short)]
    yes: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Refresh) -> Result<u8, CliError> {
    let ui = &session.ui;
    if !args.yes {
        ui.require_terminal(WHEN_RIGHT)?;
    }
    let connected = session.connect(&session.state().await?).await?;
    let store = session.open("refresh").await?;
    let state = store.state();
    let refreshed = session.read(&connected, &state).await?;
    drop(state);
    if ui.json {
        ui.json_data(&refreshed.drift)?;
    } else if refreshed.changes.is_empty() {
        ui.note(&format!("{} is as recorded", session.title()));
    } else {
        let paint = Paint::new(&ui.out());
        let parts: Vec<_> = refreshed.drift.iter().map(|d| drift::one(paint, d)).collect();
        ui.data(&parts.join("\n"))?;
    }
    let asked = refreshed.changes.is_empty() || args.yes || {
        let changes = count(refreshed.changes.len(), "resource");
        ui.confirm(&format!("Record {changes} as they are?"), WHEN_RIGHT)?
    };
    if asked {
        let changes = refreshed.changes.len();
        store.record(refreshed.changes).await?;
        if changes > 0 {
            ui.note(&format!(
                "{} recorded as found; nothing in the cloud was changed. `plan` shows what the stack's code says otherwise",
                count(changes, "resource")
            ));
        }
    }
    store.close().await?;
    if asked {
        Ok(exit::DONE)
    } else {
        Err(CliError::failed("not recorded: nothing was changed"))
    }
}
