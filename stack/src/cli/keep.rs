//! `keep`: extends the expiry of a preview, from its state alone.

use super::{
    family::of_environment,
    options::Global,
    session::Session,
    sweep::Previews,
    time::{from_now, now_ms},
};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use tenon_state::StateWrite;

/// Keep a preview for a while from now on: its expiry in the state is moved, and never to an earlier time
///
/// No program is run and no call is made. Example: `keep --stack shop --number 7 --for 72h`.
#[derive(clap::Args, Debug)]
pub(super) struct Keep {
    #[command(flatten)]
    previews: Previews,
    /// Number of the pull request
    #[arg(long, value_name = "NUMBER")]
    number: u64,
    /// Time for which it is kept, at most 31 days
    #[arg(long = "for", value_name = "TIME", value_parser = super::approve::period)]
    period: jiff::SignedDuration,
}

pub(super) async fn run(ui: &Ui, global: &Global, args: &Keep) -> Result<u8, CliError> {
    let (family, stack) = args.previews.stack();
    let name = args.previews.member(args.number);
    let flags = of_environment(global, &name);
    let session = Session::new(&stack, &flags, *ui).await?;
    let title = session.title();
    let Some(view) = session.view().await? else {
        return Err(
            CliError::failed(format!("{title} has no state: there is nothing to keep")).hint(format!(
                "previews are called `{}`; `--pattern` says otherwise",
                family.name
            )),
        );
    };
    let Some(expires) = view.state.expires_ms else {
        return Err(CliError::failed(format!(
            "{title} has no expiry: it is no preview"
        )));
    };
    let now = now_ms();
    let period = u64::try_from(args.period.as_millis()).unwrap_or_default();
    let until = now.saturating_add(period);
    if until > expires {
        let store = session.open("keep").await?;
        store
            .record(vec![StateWrite::Expires { at_ms: Some(until) }])
            .await?;
        store.close().await?;
    }
    ui.note(&format!("{title} expires {}", from_now(until.max(expires), now)));
    Ok(exit::DONE)
}
