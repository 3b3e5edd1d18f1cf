//! `unlock`: who holds the state's lock, and taking it away.

use super::session::Session;
use crate::error::{CliError, Kind, exit};

/// Show who holds the state's lock, or take it away
#[derive(clap::Args, Debug)]
pub(super) struct Unlock {
    /// Take the lock away; only when its holder is certainly dead
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Unlock) -> Result<u8, CliError> {
    let (ui, backend) = (&session.ui, &session.backend);
    let Some(held) = backend.lease_status().await?.held else {
        ui.note(&format!("nobody holds the lock of {}", session.title()));
        return Ok(exit::DONE);
    };
    let left = held.left.map_or_else(
        || "until its process ends".into(),
        |left| format!("for {} s more", left.as_secs()),
    );
    let who = format!("{} holds the lock of {}, {left}", held.holder, session.title());
    if !args.force {
        return Err(CliError::new(Kind::Locked, who)
            .hint("wait for it; if it is certainly dead, `unlock --force` takes the lock away"));
    }
    backend.unlock().await?;
    ui.note(&format!(
        "{who}; it was taken away. What it had begun is in the journal, and the next apply settles it"
    ));
    Ok(exit::DONE)
}
