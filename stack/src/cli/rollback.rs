//! `rollback`: puts a service back to what ran before.

use super::{
    apply::{self, ExecutionArgs},
    connect::Connected,
    output,
    session::Session,
};
use crate::{
    error::{CliError, Kind, exit},
    ui::Progress,
};
use std::path::PathBuf;
use tenon_planner::{
    event::quiet,
    render::{self, clean},
    rollback::{Rollback as Made, name, rollback},
};
use tenon_state::State;

/// Put a service back to the task definition that ran before
///
/// The plan is made from the state alone, so what the program declares and nobody has applied is not in it: it registers the old
/// task definition again, updates the service, and removes the one that ran. Its rollout has the same verdict as that of an apply. The
/// program still declares what was put back, until it is changed. Example: `rollback api/service`.
#[derive(clap::Args, Debug)]
pub(super) struct Rollback {
    /// Address of the service
    service: String,
    /// Version to put back, as `family:revision` [default: the last other one that ran]
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// Save the plan to this file, for `apply FILE`, and change nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["yes", "digest"])]
    out: Option<PathBuf>,
    #[command(flatten)]
    execution: ExecutionArgs,
}

pub(super) async fn run(session: &Session<'_>, args: &Rollback) -> Result<u8, CliError> {
    match &args.out {
        Some(path) => {
            let state = session.state().await?;
            let connected = session.connect(&state).await?;
            let made = plan(session, &connected, args, &state).await?;
            output::file(path, &made.plan.to_json())
                .map_err(|e| CliError::file("write the plan to", path, e))?;
            say(session, &made);
            session.ui.note(&format!(
                "the plan is in {0}; `apply {0} --digest {1}` does just that",
                path.display(),
                made.plan.digest
            ));
            Ok(exit::DONE)
        }
        None => plan_and_apply(session, args).await,
    }
}

async fn plan_and_apply(session: &Session<'_>, args: &Rollback) -> Result<u8, CliError> {
    let (ui, env) = (&session.ui, &session.deployment.env);
    if env.approval {
        let name = &env.name;
        let why =
            format!("environment `{name}` takes only a saved plan with its approval; nothing was changed");
        return Err(CliError::new(Kind::NotApproved, why)
            .hint("`rollback SERVICE --out FILE`, `approve FILE --key KEY --as NAME --out APPROVAL`, then `apply FILE --digest HEX --approval APPROVAL`"));
    }
    let connected = session.connect(&session.state().await?).await?;
    let store = session.open("rollback").await?;
    let executor =
        apply::reconcile_open_intents(ui, &session.deployment, &connected, store, &args.execution).await?;
    // With the lock: nobody deploys from here on.
    let state = executor.store.state();
    let made = plan(session, &connected, args, &state).await;
    let approved = match made {
        Ok(made) => {
            say(session, &made);
            let hint = "name the digest that `rollback --out FILE` prints: `--digest HEX`; or use `--yes`";
            apply::approve(ui, env, &made.plan, &args.execution, hint).map(|()| made)
        }
        Err(error) => Err(error),
    };
    drop(state);
    match approved {
        Ok(made) => apply::execute(ui, executor, &made.plan, apply::RUN_AGAIN).await,
        Err(error) => {
            executor.store.close().await?;
            Err(error)
        }
    }
}

/// Plans the rollback from `state`.
async fn plan(
    session: &Session<'_>,
    connected: &Connected,
    args: &Rollback,
    state: &State,
) -> Result<Made, CliError> {
    let (progress, _showing) = Progress::start(&session.ui, None);
    let sink = if session.ui.json { quiet() } else { progress.sink() };
    let of = (args.service.as_str(), args.to.as_deref());
    Ok(rollback(&*connected.cloud, &connected.caller, state, of, &sink).await?)
}

fn say(session: &Session<'_>, made: &Made) {
    let ui = &session.ui;
    if ui.json {
        return;
    }
    ui.talk(&render::text(&made.plan, &ui.err()));
    ui.note(&format!(
        "{} is registered again and takes the place of {}; the program still declares what runs now, and the next apply deploys it again unless it is changed",
        clean(name(&made.to.id)),
        clean(name(&made.from))
    ));
}
