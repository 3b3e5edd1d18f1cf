//! `apply`: does what the program, or a saved plan, says.

use super::{
    connect::Connected,
    deployment::{Deployment, beside},
    family,
    options::Env,
    select::Select,
    session::{Session, saved_plan},
    signals,
    states::with_states,
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
    Plan, SavedPlan,
    execute::{Again, Executor, Failure, Summary, Verdict},
    render::{self, clean, count},
};
use tenon_resources::cloud::Caller;
use tenon_review::approval::{Approval, ApprovalError, Signers};
use tenon_state::Store;

/// Plan, ask for approval, and apply
///
/// An interrupted apply is continued by the next one, which first finds out what became of the calls in flight.
#[derive(clap::Args, Debug)]
pub(super) struct Apply {
    /// Saved plan to apply exactly as it is, without running the stack's program
    ///
    /// `plan --out FILE` saves one. A plan is data that anybody may have written, so it is made again from the state and
    /// from the declaration in it, and refused when it does not come out the same. Without a terminal it needs the digest
    /// that was approved, `--digest`.
    plan: Option<PathBuf>,
    /// Approval of the saved plan, from `approve`
    ///
    /// An environment that asks for approval takes nothing else.
    #[arg(long, value_name = "FILE", requires = "plan")]
    approval: Option<PathBuf>,
    /// Those who may approve, a file in OpenSSH's format `allowed_signers`
    #[arg(long, value_name = "FILE", env = "TENON_APPROVERS", default_value = APPROVERS)]
    approvers: PathBuf,
    /// When the state moved since the plan was made, plan again what the program declares now, and not what the plan was made from
    ///
    /// After a merge: what other changes declared and applied meanwhile is in the program, and not in the plan.
    #[arg(long, requires = "plan")]
    as_declared: bool,
    /// Write the difference of the two plans to this file, as Markdown, when the state moved and the calls are others
    #[arg(long, value_name = "FILE", requires = "plan")]
    difference: Option<PathBuf>,
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
    /// Apply only the plan with this digest, and without asking, because it was approved
    ///
    /// `plan` and `show` print it: for a saved plan that of the plan; otherwise that of the plan or of its calls, which
    /// stays the same as long as the plan would do the same.
    #[arg(long, value_name = "HEX")]
    pub(super) digest: Option<String>,
    /// Maximum number of API calls in flight
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    parallelism: u16,
}

/// The hint where approval is needed and standard input is not a terminal.
pub(super) const HOW_TO_APPROVE: &str =
    "apply a plan that was reviewed, by the digest that `plan` prints: `--digest HEX`; or use `--yes`";

/// The hint where a saved plan needs the digest that was approved.
const HOW_TO_APPROVE_A_PLAN: &str =
    "name the digest that was approved: `apply FILE --digest HEX`; `plan` and `show FILE` print it";

/// The hint after an apply that did not get through.
pub(super) const RUN_AGAIN: &str = "completed calls are recorded; run the same command again to continue";

/// The list of those who may approve, in the folder of the policies.
pub(super) const APPROVERS: &str = "policies/allowed_signers";

/// The hint where an environment takes only what was approved.
pub(super) const HOW_TO_SIGN: &str = "`plan --out FILE`, `approve FILE --key KEY --as NAME --out APPROVAL`, then `apply FILE --digest HEX --approval APPROVAL`";

/// The hint where an environment asks for its name and nobody can be asked.
const HOW_TO_CONFIRM: &str = "this environment asks for its name: apply at a terminal, or add `--yes`";

pub(super) async fn run(session: &Session<'_>, args: &Apply) -> Result<u8, CliError> {
    match &args.plan {
        Some(_) if args.select.is_set() => Err(CliError::usage(
            "a saved plan is applied exactly as it is: --target, --exclude, --replace, --consent and --no-refresh belong to `plan`",
        )),
        Some(path) => saved(session, &saved_plan(path)?, args).await,
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
    if session.deployment.env.approval {
        return Err(not_approved(session, "it takes only a saved plan with its approval").hint(HOW_TO_SIGN));
    }
    let mut declared = session.declared()?;
    if !execution.approves(&session.deployment.env) {
        // Asked before the lock is taken and anything is read.
        session.ui.require_terminal(HOW_TO_APPROVE)?;
    }
    let state = session.state().await?;
    if !destroy {
        family::require_room(session, &state).await?;
    }
    let connected = session.connect_for(&state, &declared).await?;
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
    let refreshed = session
        .survey(&connected, &declared, &store.state(), select, destroy)
        .await?;
    session.say_what_drifted(&refreshed);
    let plan = tenon_planner::plan(&declared, &refreshed, &connected.caller, &select.options(destroy))?;
    if !session.ui.json {
        session.ui.talk(&render::text(&plan, &session.ui.err()));
    }
    session.say_what_the_sandbox_has(&plan);
    if let Err(error) = approve(
        &session.ui,
        &session.deployment.env,
        &plan,
        execution,
        HOW_TO_APPROVE,
    ) {
        store.close().await?;
        return Err(error);
    }
    if !destroy {
        family::extend_expiry(&session.deployment.env, &executor.store).await?;
    }
    execute(&session.ui, executor, &plan, RUN_AGAIN).await
}

/// Applies a saved plan: what comes out when it is made again, once that is approved.
// Long: each check stands before what relies on it: the digest, the place, the approval, the state.
async fn saved(session: &Session<'_>, saved: &SavedPlan, args: &Apply) -> Result<u8, CliError> {
    let execution = &args.execution;
    let env = &session.deployment.env;
    let plan = saved.unverified();
    let (planned, here) = (format!("{}/{}", plan.stack, plan.env), session.title());
    if planned != here {
        return Err(tenon_planner::Error::PlanElsewhere { planned, here }.into());
    }
    match &execution.digest {
        Some(digest) if *digest != plan.digest => {
            // That of the calls says too little of a file: whatever else is in it would go unseen.
            return Err(other_plan(&[&plan.digest, &plan.calls_digest]));
        }
        Some(_) => {}
        // Somebody must have seen this very file: a yes given beforehand says nothing about it.
        None => session.ui.require_terminal(HOW_TO_APPROVE_A_PLAN)?,
    }
    if !execution.approves(env) {
        session.ui.require_terminal(HOW_TO_CONFIRM)?;
    }
    if plan.basis.disposable && !env.disposable {
        let why = format!("it says that `{}` is disposable, which it is not", env.name);
        return Err(tenon_planner::Error::PlanForged { why }.into());
    }
    if env.approval || args.approval.is_some() {
        approved(session, plan, args)?;
    }
    let lookups = plan
        .basis
        .lookups
        .iter()
        .map(|found| (found.kind.as_str(), &found.query));
    let state = session.state().await?;
    family::require_room(session, &state).await?;
    let connected = session.connect(&state).await?;
    let connected = with_states(connected, &session.deployment, &session.aws, lookups).await?;
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
    let mut executor =
        reconcile_open_intents(&session.ui, &session.deployment, &connected, store, execution).await?;
    if let Some(path) = &args.plan {
        executor.settings.assets.folders.insert(0, beside(path));
    }
    let mut execution = execution.clone();
    let plan = match executor.verify(saved, caller).await {
        Err(stale @ (tenon_planner::Error::PlanStale { .. } | tenon_planner::Error::PlanOutdated { .. })) => {
            let now = moved(session, &executor, saved, args, caller, stale).await;
            let Ok(now) = now else {
                executor.store.close().await?;
                return now.map(|_| exit::ERROR);
            };
            // The digest that was named was that of the saved plan, and this one does nothing that it does not.
            execution.digest = execution.digest.map(|_| now.digest.clone());
            now
        }
        verified => verified?,
    };
    if !session.ui.json {
        session.ui.talk(&render::summary(&plan, &session.ui.err()));
    }
    if let Err(error) = approve(&session.ui, env, &plan, &execution, HOW_TO_APPROVE_A_PLAN) {
        executor.store.close().await?;
        return Err(error);
    }
    if !plan.basis.options.destroy {
        family::extend_expiry(env, &executor.store).await?;
    }
    execute(&session.ui, executor, &plan, RUN_AGAIN).await
}

pub(super) fn not_approved(session: &Session<'_>, why: &str) -> CliError {
    let name = &session.deployment.env.name;
    CliError::new(
        Kind::NotApproved,
        format!("environment `{name}` asks for approval: {why}; nothing was changed"),
    )
}

/// Holds the approval against the plan.
fn approved(session: &Session<'_>, plan: &Plan, args: &Apply) -> Result<(), CliError> {
    let Some(path) = &args.approval else {
        return Err(not_approved(session, "this plan has none").hint(HOW_TO_SIGN));
    };
    let read = |path: &std::path::Path| {
        std::fs::read_to_string(path).map_err(|e| {
            let error = CliError::file("read the approval", path, e);
            CliError {
                kind: Kind::NotApproved,
                ..error
            }
        })
    };
    let refused = |e: ApprovalError| not_approved(session, &e.to_string()).hint(HOW_TO_SIGN);
    let signers: Signers = read(&args.approvers)?.parse().map_err(refused)?;
    let approval = Approval::from_text(&read(path)?).map_err(refused)?;
    approval
        .verify(plan, &signers, jiff::Timestamp::now())
        .map_err(refused)?;
    let statement = &approval.statement;
    session.ui.note(&format!(
        "approved by {} until {}",
        clean(&statement.by),
        statement.expires
    ));
    Ok(())
}

/// The plan that a saved one has become, when that does nothing else than what was approved.
async fn moved(
    session: &Session<'_>,
    executor: &Executor,
    saved: &SavedPlan,
    args: &Apply,
    caller: &Caller,
    stale: tenon_planner::Error,
) -> Result<Plan, CliError> {
    let (ui, before) = (&session.ui, saved.unverified());
    let error =
        |why: String| CliError::new(Kind::Moved, format!("{why}; nothing was changed")).because(stale);
    if session.deployment.env.approval {
        let what = "the state moved since the plan was made, and its approval is of that state";
        return Err(error(what.into()).hint(HOW_TO_SIGN));
    }
    let declared = args.as_declared.then(|| session.declared()).transpose()?;
    match executor.plan_again(saved, declared, caller).await? {
        Again::Within(now) => {
            let (then, calls) = (before.counts().calls, now.counts().calls);
            ui.note(&format!(
                "the state moved from serial {} to {}; planned again, {} of the {} that were approved are left, and no other",
                before.serial,
                now.serial,
                calls,
                count(then, "call")
            ));
            Ok(*now)
        }
        Again::Beyond(now) => {
            let paint = render::Paint::new(&ui.err());
            ui.talk(&render::difference(before, &now, paint));
            if let Some(path) = &args.difference {
                let plain = render::difference(before, &now, render::Paint::new(&render::Look::default()));
                let page = tenon_review::comment::moved(before, &now, &plain);
                super::output::file(path, &page)
                    .map_err(|e| CliError::file("write the difference to", path, e))?;
            }
            let what = "the state moved since the plan was made, and the plan of today makes other calls";
            Err(error(what.into())
                .hint("review the plan of today: `plan --out FILE`, then `apply FILE --digest HEX`"))
        }
    }
}

impl ExecutionArgs {
    /// `true` if nobody need be asked. An environment that asks for its name takes no digest instead.
    pub(super) fn approves(&self, env: &Env) -> bool {
        self.yes || self.digest.is_some() && !env.confirm
    }
}

/// The error for a plan that is not the one whose digest was named: its digest, and that of its calls.
fn other_plan(digests: &[&str]) -> CliError {
    let digests = digests.join(", that of its calls ");
    CliError::failed(format!(
        "this is not the plan that was approved: its digest is {digests}; nothing was changed"
    ))
    .hint("apply the plan that was reviewed, or review this one and approve its digest")
}

/// Holds `plan` against the digest that was approved, and asks for approval where that is not given: by typing the
/// environment's name, where the environment wants that.
///
/// # Errors
/// It is not approved.
pub(super) fn approve(
    ui: &Ui,
    env: &Env,
    plan: &Plan,
    execution: &ExecutionArgs,
    hint: &str,
) -> Result<(), CliError> {
    let (digests, calls) = ([&*plan.digest, &*plan.calls_digest], plan.counts().calls);
    approve_calls(ui, env, plan, (&digests, calls), execution, hint)
}

/// As [`approve`], of so many calls that have these digests together; `plan` is one of their plans.
///
/// # Errors
/// They are not approved.
pub(super) fn approve_calls(
    ui: &Ui,
    env: &Env,
    plan: &Plan,
    (digests, calls): (&[&str], usize),
    execution: &ExecutionArgs,
    hint: &str,
) -> Result<(), CliError> {
    if let Some(digest) = &execution.digest
        && !digests.contains(&digest.as_str())
    {
        return Err(other_plan(digests));
    }
    if plan.is_empty() || execution.approves(env) {
        return Ok(());
    }
    let calls = count(calls, "call");
    let target = format!("account {} region {}", plan.account, plan.region);
    let yes = if env.confirm {
        ui.require_terminal(hint)?;
        let answer = ui.ask(&format!(
            "Type `{}` to apply these {calls} to {target}:",
            env.name
        ))?;
        answer == env.name
    } else {
        ui.confirm(&format!("Apply these {calls} to {target}?"), hint)?
    };
    if yes {
        Ok(())
    } else {
        Err(CliError::failed("not applied: nothing was changed"))
    }
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
    executor.settings.assets = deployment.shelf();
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
pub(super) async fn execute(
    ui: &Ui,
    mut executor: Executor,
    plan: &Plan,
    how_to_go_on: &str,
) -> Result<u8, CliError> {
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
    report(ui, plan, &summary, took, how_to_go_on)
}

fn report(
    ui: &Ui,
    plan: &Plan,
    summary: &Summary,
    took: Duration,
    how_to_go_on: &str,
) -> Result<u8, CliError> {
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
    for failure in &summary.failed {
        what.push_str(&one(failure));
    }
    Err(match summary.verdict() {
        Some(Verdict::RolledBack) => CliError::new(Kind::RolledBack, what)
            .hint("what ran before runs, and the state says so: mend the image or the task definition, and apply again"),
        Some(Verdict::Undecided) => CliError::new(Kind::Undecided, what).hint(how_to_go_on),
        None => CliError::new(Kind::Partial, what).hint(how_to_go_on),
    })
}

/// A failure on lines of its own: where, which call, why, and what its tasks logged last.
pub(super) fn one(failure: &Failure) -> String {
    let location = failure.declared.as_deref().map(|d| format!(" ({})", clean(d)));
    let (address, title, why) = (
        clean(&failure.address),
        clean(&failure.title),
        clean(&failure.why),
    );
    let mut text = format!("\n  {address}{}: {title}: {why}", location.unwrap_or_default());
    for line in &failure.lines {
        text.push_str("\n    ");
        text.push_str(&clean(line));
    }
    text
}

/// The outputs, on standard output: what a pipe wants from an apply.
fn write_outputs(ui: &Ui, summary: &Summary) -> Result<(), CliError> {
    if summary.outputs.is_empty() {
        return Ok(());
    }
    ui.talk("");
    ui.data(&super::output::table(&summary.outputs))
}
