//! `unlock`: the holder of the state's lock, and releasing it.

use super::session::Session;
use crate::error::{CliError, Kind, exit};

/// Show who holds the state's lock, or release it
#[derive(clap::Args, Debug)]
pub(super) struct Unlock {
    /// Release the lock
    ///
    /// Use it only when the holder is certainly dead: a run that is still alive may have calls in flight.
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Unlock) -> Result<u8, CliError> {
    let (ui, backend) = (&session.ui, session.backend());
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
            .hint("wait for it; if it is certainly dead, `unlock --force` releases the lock"));
    }
    backend.unlock().await?;
    ui.note(&format!(
        "{who}; the lock was released. The next apply finds out what became of the calls in flight"
    ));
    Ok(exit::DONE)
}
