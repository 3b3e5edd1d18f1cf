//! `apply`: does what the program, or a saved plan, says.

use super::{
    connect::Connected,
    deployment::Deployment,
    options::Env,
    select::Select,
    session::{Session, saved_plan},
    signals,
};
use crate::{
    error::{CliError, Kind, exit},
    ui::{Progress, Ui, elapsed},
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

/// Plan, ask for approval, and apply
///
/// An interrupted apply is continued by the next one, which first finds out what became of the calls in flight.
#[derive(clap::Args, Debug)]
pub(super) struct Apply {
    /// Saved plan to apply exactly as it is, without asking and without running the stack's program
    ///
    /// `plan --out FILE` saves one.
    plan: Option<PathBuf>,
    #[command(flatten)]
    execution: ExecutionArgs,
    #[command(flatten)]
    select: Select,
}

/// Flags for how the calls of a plan are made.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ExecutionArgs {
    /// Apply without asking for approval
    #[arg(long, short)]
    pub(super) yes: bool,
    /// Maximum number of API calls in flight
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    parallelism: u16,
}

/// The hint where approval is needed and standard input is not a terminal.
const HOW_TO_APPROVE: &str =
    "apply a plan that was reviewed (`plan --out FILE`, then `apply FILE`), or use `--yes`";

pub(super) async fn run(session: &Session<'_>, args: &Apply) -> Result<u8, CliError> {
    match &args.plan {
        Some(_) if args.select.is_set() => Err(CliError::usage(
            "a saved plan is applied exactly as it is: --target, --exclude, --replace, --consent and --no-refresh belong to `plan`",
        )),
        Some(path) => saved(session, saved_plan(path)?, &args.execution).await,
        None => plan_and_apply(session, &args.select, &args.execution, false).await,
    }
}

/// Plans, asks and applies.
pub(super) async fn plan_and_apply(
    session: &Session<'_>,
    select: &Select,
    execution: &ExecutionArgs,
    destroy: bool,
) -> Result<u8, CliError> {
    let mut declared = session.declared()?;
    if !execution.yes {
        // Asked before the lock is taken and anything is read.
        session.ui.require_terminal(HOW_TO_APPROVE)?;
    }
    let connected = session.connect(&session.state().await?).await?;
    if !destroy {
        session.fingerprint(&connected, &mut declared).await?;
    }
    let store = session.open(if destroy { "destroy" } else { "apply" }).await?;
    let executor = reconcile_open_intents(
        &session.ui,
        &session.deployment,
        &connected,
        store.clone(),
        execution,
    )
    .await?;
    let refreshed = session.read(&connected, &store.state(), select).await?;
    session.say_what_drifted(&refreshed);
    let plan = tenon_planner::plan(&declared, &refreshed, &connected.caller, &select.options(destroy))?;
    if !session.ui.json {
        session.ui.talk(&render::text(&plan, &session.ui.err()));
    }
    if !plan.is_empty()
        && !execution.yes
        && !approved(&session.ui, session.deployment.env, &plan, HOW_TO_APPROVE)?
    {
        store.close().await?;
        return Err(CliError::failed("not applied: nothing was changed"));
    }
    execute(&session.ui, executor, &plan).await
}

/// Applies a saved plan.
async fn saved(session: &Session<'_>, plan: Plan, execution: &ExecutionArgs) -> Result<u8, CliError> {
    let (planned, here) = (format!("{}/{}", plan.stack, plan.env), session.title());
    if planned != here {
        return Err(tenon_planner::Error::PlanElsewhere { planned, here }.into());
    }
    let connected = session.connect(&session.state().await?).await?;
    let caller = &connected.caller;
    if (&plan.account, &plan.region) != (&caller.account, &caller.region) {
        let name = |account: &str, region: &str| format!("account {account} in {region}");
        let (planned, here) = (
            name(&plan.account, &plan.region),
            name(&caller.account, &caller.region),
        );
        let error: CliError = tenon_planner::Error::PlanElsewhere { planned, here }.into();
        return Err(CliError {
            kind: Kind::WrongAccount,
            ..error
        });
    }
    let store = session.open("apply").await?;
    let executor =
        reconcile_open_intents(&session.ui, &session.deployment, &connected, store, execution).await?;
    if !session.ui.json {
        session.ui.talk(&render::summary(&plan, &session.ui.err()));
    }
    execute(&session.ui, executor, &plan).await
}

/// Asks for approval of `plan`: by typing the environment's name, where the environment wants that.
pub(super) fn approved(ui: &Ui, env: &Env, plan: &Plan, hint: &str) -> Result<bool, CliError> {
    let calls = count(plan.counts().calls, "call");
    let target = format!("account {} region {}", plan.account, plan.region);
    if env.confirm {
        ui.require_terminal(hint)?;
        let answer = ui.ask(&format!(
            "Type `{}` to apply these {calls} to {target}:",
            env.name
        ))?;
        return Ok(answer == env.name);
    }
    ui.confirm(&format!("Apply these {calls} to {target}?"), hint)
}

/// An executor for `store`, after the calls that an earlier run left open in it are settled.
pub(super) async fn reconcile_open_intents(
    ui: &Ui,
    deployment: &Deployment<'_>,
    connected: &Connected,
    store: Store,
    execution: &ExecutionArgs,
) -> Result<Executor, CliError> {
    let (progress, _showing) = Progress::start(ui, None);
    let mut executor = Executor::new(Arc::clone(&connected.cloud), store, progress.sink());
    executor.settings.parallelism = execution.parallelism.into();
    if let Some(speed) = deployment.sandbox_speed() {
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
            "an earlier run was interrupted; finding out what became of {}",
            clean(&calls.join(", "))
        ));
    }
    executor.settle().await?;
    Ok(executor)
}

/// Makes the calls of `plan`, and reports the result.
pub(super) async fn execute(ui: &Ui, mut executor: Executor, plan: &Plan) -> Result<u8, CliError> {
    let (progress, showing) = Progress::start(ui, Some(plan));
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
    report(ui, plan, &summary, took)
}

fn report(ui: &Ui, plan: &Plan, summary: &Summary, took: Duration) -> Result<u8, CliError> {
    if ui.json {
        let line = serde_json::json!({"event": "ended", "complete": summary.complete(), "summary": summary});
        ui.data(&line.to_string())?;
    } else if summary.complete() {
        if !plan.is_empty() {
            let calls = count(plan.counts().calls, "API call");
            ui.talk(&ui.paint().good(&format!("Done: {calls} in {}.", elapsed(took))));
        }
        write_outputs(ui, summary)?;
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
        "stopped on request"
    } else {
        "stopped part-way"
    };
    let mut what = format!(
        "apply {why}: of {}, {}",
        count(plan.calls.len(), "call"),
        parts.join(", ")
    );
    for f in &summary.failed {
        let location = f
            .declared
            .as_deref()
            .map(|d| format!(" ({})", clean(d)))
            .unwrap_or_default();
        let (address, title, why) = (clean(&f.address), clean(&f.title), clean(&f.why));
        what = format!(
            "{what}
  {address}{location}: {title}: {why}"
        );
    }
    Err(CliError::new(Kind::Partial, what)
        .hint("completed calls are recorded; run the same command again to continue"))
}

/// The outputs, on standard output: what a pipe wants from an apply.
fn write_outputs(ui: &Ui, summary: &Summary) -> Result<(), CliError> {
    if summary.outputs.is_empty() {
        return Ok(());
    }
    ui.talk("");
    ui.data(&super::output::table(&summary.outputs))
}
