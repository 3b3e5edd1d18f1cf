//! `apply`: does what the program, or a saved plan, says.

use super::{
    select::Select,
    session::{Connected, Session, saved_plan},
    signals,
};
use crate::{
    error::{CliError, Kind, exit},
    ui::{Progress, elapsed},
};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tenon_planner::{
    Plan,
    execute::{Executor, Summary},
    render::{self, clean, count},
};
use tenon_state::Store;

/// Make it so: plan, ask, and make the calls
#[derive(clap::Args, Debug)]
pub(super) struct Apply {
    /// A plan kept by `plan --out`: just that is done, without asking and without running the program
    plan: Option<PathBuf>,
    #[command(flatten)]
    doing: Doing,
    #[command(flatten)]
    select: Select,
}

/// How calls are made.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Doing {
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
    /// How many calls at once
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    parallelism: u16,
}

pub(super) async fn run(session: &Session<'_>, args: &Apply) -> Result<u8, CliError> {
    match &args.plan {
        Some(_) if args.select.is_set() => Err(CliError::usage(
            "a saved plan is applied as it is: --target, --exclude, --replace, --consent and --no-refresh belong to `plan`",
        )),
        Some(path) => saved(session, saved_plan(path)?, &args.doing).await,
        None => anew(session, &args.select, &args.doing, false).await,
    }
}

/// Plans, asks and applies.
pub(super) async fn anew(
    session: &Session<'_>,
    select: &Select,
    doing: &Doing,
    destroy: bool,
) -> Result<u8, CliError> {
    let mut declared = session.declared()?;
    if !doing.yes && !session.ui.can_ask() {
        return Err(refused());
    }
    let connected = session.connect(&session.state().await?).await?;
    if !destroy {
        session.fingerprint(&connected, &mut declared).await?;
    }
    let store = session.open(if destroy { "destroy" } else { "apply" }).await?;
    let executor = settled(session, &connected, store.clone(), doing).await?;
    let refreshed = session.read(&connected, &store.state(), select).await?;
    session.say_what_drifted(&refreshed);
    let plan = tenon_planner::plan(&declared, &refreshed, &connected.caller, &select.options(destroy))?;
    if !session.ui.json {
        session.ui.talk(&render::text(&plan, &session.ui.err()));
    }
    if !plan.is_empty() && !doing.yes && !approved(session, &plan)? {
        store.close().await?;
        return Err(CliError::failed("not applied: nothing was changed"));
    }
    carry_out(session, executor, &plan).await
}

/// Applies a saved plan.
async fn saved(session: &Session<'_>, plan: Plan, doing: &Doing) -> Result<u8, CliError> {
    let (planned, here) = (format!("{}/{}", plan.stack, plan.env), session.title());
    if planned != here {
        return Err(tenon_planner::Error::PlanElsewhere { planned, here }.into());
    }
    let connected = session.connect(&session.state().await?).await?;
    let caller = &connected.caller;
    if (&plan.account, &plan.region) != (&caller.account, &caller.region) {
        let place = |account: &str, region: &str| format!("account {account} in {region}");
        let (planned, here) = (
            place(&plan.account, &plan.region),
            place(&caller.account, &caller.region),
        );
        let error: CliError = tenon_planner::Error::PlanElsewhere { planned, here }.into();
        return Err(CliError {
            kind: Kind::WrongAccount,
            ..error
        });
    }
    let store = session.open("apply").await?;
    let executor = settled(session, &connected, store, doing).await?;
    if !session.ui.json {
        session.ui.talk(&render::summary(&plan, &session.ui.err()));
    }
    carry_out(session, executor, &plan).await
}

fn refused() -> CliError {
    CliError::usage("nobody can be asked here, because standard input is no terminal; nothing was done")
        .hint("apply a plan that was looked at (`plan --out FILE`, then `apply FILE`), or say `--yes`")
}

/// Asks whether to go on.
pub(super) fn approved(session: &Session<'_>, plan: &Plan) -> Result<bool, CliError> {
    let calls = count(plan.counts().calls, "call");
    let place = format!("account {} region {}", plan.account, plan.region);
    let env = session.env;
    if env.confirm {
        let answer = session
            .ui
            .ask(&format!("Type `{}` to apply these {calls} to {place}:", env.name))?;
        return Ok(answer == env.name);
    }
    let answer = session
        .ui
        .ask(&format!("Apply these {calls} to {place}? [y/N]"))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// An executor that has found out what became of the calls of an earlier run.
pub(super) async fn settled(
    session: &Session<'_>,
    connected: &Connected,
    store: Store,
    doing: &Doing,
) -> Result<Executor, CliError> {
    let (progress, _showing) = Progress::start(&session.ui, None);
    let mut executor = Executor::new(Arc::clone(&connected.cloud), store, progress.sink());
    executor.settings.parallelism = doing.parallelism.into();
    if let Some(speed) = session.sandbox_speed() {
        // What AWS may take minutes to show, the sandbox shows that much sooner.
        executor.settings.visible = executor.settings.visible.div_f64(speed);
    }
    let open = executor.store.open_intents();
    if !open.is_empty() {
        let calls: Vec<_> = open
            .iter()
            .map(|i| format!("{}:{} of {}", i.service, i.operation, i.address))
            .collect();
        progress.say(&format!(
            "an earlier run was cut off; finding out what became of {}",
            clean(&calls.join(", "))
        ));
    }
    executor.settle().await?;
    Ok(executor)
}

/// Makes the calls, and says how it ended.
pub(super) async fn carry_out(
    session: &Session<'_>,
    mut executor: Executor,
    plan: &Plan,
) -> Result<u8, CliError> {
    let (progress, showing) = Progress::start(&session.ui, Some(plan));
    executor.sink = progress.sink();
    let watch = signals::watch(executor.stop.clone(), progress);
    let began = Instant::now();
    let result = executor.apply(plan).await;
    let took = began.elapsed();
    watch.abort();
    drop(showing);
    let closed = executor.store.clone().close().await;
    let summary = result?;
    closed?;
    report(session, plan, &summary, took)
}

fn report(session: &Session<'_>, plan: &Plan, summary: &Summary, took: Duration) -> Result<u8, CliError> {
    let ui = &session.ui;
    if ui.json {
        let line = serde_json::json!({"event": "ended", "complete": summary.complete(), "summary": summary});
        ui.data(&line.to_string())?;
    } else if summary.complete() {
        if !plan.is_empty() {
            let calls = count(plan.counts().calls, "API call");
            ui.talk(&ui.paint().good(&format!("Done: {calls} in {}.", elapsed(took))));
        }
        write_outputs(session, summary)?;
    }
    if summary.complete() {
        return Ok(exit::DONE);
    }
    let mut parts = vec![format!("{} done", summary.done)];
    if !summary.failed.is_empty() {
        parts.push(format!("{} failed", summary.failed.len()));
    }
    parts.push(format!("{} not made", summary.left));
    let why = if summary.stopped {
        "stopped when asked to"
    } else {
        "stopped part-way"
    };
    let mut what = format!(
        "apply {why}: of {}, {}",
        count(plan.calls.len(), "call"),
        parts.join(", ")
    );
    for f in &summary.failed {
        let place = f
            .declared
            .as_deref()
            .map(|d| format!(" ({})", clean(d)))
            .unwrap_or_default();
        let (address, title, why) = (clean(&f.address), clean(&f.title), clean(&f.why));
        what = format!(
            "{what}
  {address}{place}: {title}: {why}"
        );
    }
    Err(CliError::new(Kind::Partial, what)
        .hint("what was done is recorded; run the same command again to go on from here"))
}

/// The outputs, on standard output: what a pipe wants from an apply.
fn write_outputs(session: &Session<'_>, summary: &Summary) -> Result<(), CliError> {
    if summary.outputs.is_empty() {
        return Ok(());
    }
    session.ui.talk("");
    session.ui.data(&super::output::table(&summary.outputs))
}
