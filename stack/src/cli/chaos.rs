//! `chaos`: experiments, which put faults into the stack for a while and take them out again.

use super::{
    apply::{self, ExecutionArgs},
    connect::Connected,
    select::Select,
    session::Session,
    signals,
};
use crate::{
    error::{CliError, Kind, exit},
    ui::{Progress, elapsed},
};
use serde_json::{Value, json};
use std::time::Duration;
use tenon_planner::{
    Declared, Error, Options,
    chaos::{self, Ended, Foreseen, Report, Stopped, Watching},
    plan,
    render::{self, Paint, clean, count},
};
use tenon_resources::declaration::{Experiment, Fault};
use tenon_state::State;

/// Run experiments: faults are put into the stack for a while and taken out again, as plans that are reviewed before
///
/// A program declares them with `Scope::experiment`. Example: `chaos plan zone-a`, then `chaos run zone-a --digest HEX`.
#[derive(clap::Args, Debug)]
pub(super) struct Chaos {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// List the experiments of the stack: faults, time, and the alarm that ends them
    List,
    /// Show the calls of both halves of an experiment, and what stops working in between
    ///
    /// Both halves are carried out in a sandbox with what the state records. Nothing real is changed. The digest that it prints is that
    /// of the experiment and of the calls of both halves.
    Plan {
        /// Name of the experiment
        experiment: String,
    },
    /// Put the faults in, wait for the end of the time or the alarm, and take them out
    ///
    /// It begins only while the stack is as it is declared and the alarm is not in ALARM. Whatever ends it, a Ctrl-C too, the faults are
    /// taken out. The exit code is 0 if it lasted its time, 14 if it ended early, and 4 if a call that takes faults out failed: then
    /// `chaos restore` goes on.
    Run(Run),
    /// Take out the faults that an experiment left whose process died
    ///
    /// Refused where anything else is not as it is declared. An `apply` takes the faults out, too.
    Restore(ExecutionArgs),
}

#[derive(clap::Args, Debug)]
struct Run {
    /// Name of the experiment
    experiment: String,
    #[command(flatten)]
    execution: ExecutionArgs,
}

/// The hint where approval is needed and standard input is not a terminal.
const HOW_TO_APPROVE: &str =
    "run what was reviewed, by the digest that `chaos plan` prints: `--digest HEX`; or use `--yes`";

/// The hint where faults may still be in.
const RESTORE: &str = "`chaos restore` takes out the faults that are still in, and so does `apply`";

pub(super) async fn run(session: &Session<'_>, args: &Chaos) -> Result<u8, CliError> {
    match &args.what {
        What::List => list(session),
        What::Plan { experiment } => show(session, experiment).await,
        What::Run(args) => disturb(session, &args.experiment, &args.execution).await,
        What::Restore(execution) => restore(session, execution).await,
    }
}

fn list(session: &Session<'_>) -> Result<u8, CliError> {
    let (ui, declared) = (&session.ui, session.declared()?);
    if ui.json {
        ui.json_data(&declared.experiments)?;
    } else if declared.experiments.is_empty() {
        ui.note(&format!("{} declares no experiments", clean(&session.title())));
    } else {
        let each = declared.experiments.iter();
        let lines: Vec<String> = each
            .map(|(name, e)| format!("{}  {}", clean(name), said(e)))
            .collect();
        ui.data(&lines.join("\n"))?;
    }
    Ok(exit::DONE)
}

/// An experiment as a line: its faults, its alarm and its time.
fn said(experiment: &Experiment) -> String {
    let fault = |fault: &Fault| match fault {
        Fault::StopTasks { service, leave: 0 } => format!("stops the tasks of {}", clean(service)),
        Fault::StopTasks { service, leave } => {
            format!("stops the tasks of {} but for {leave}", clean(service))
        }
        Fault::FailZone { vpc, zone } => format!("fails zone {} of {}", clean(zone), clean(vpc)),
        Fault::CutNetwork { group } => format!("cuts {} off", clean(group)),
    };
    let faults: Vec<String> = experiment.faults.iter().map(fault).collect();
    let lasts = elapsed(Duration::from_secs(experiment.seconds.into()));
    let alarm = clean(&experiment.alarm);
    format!("{}; {lasts} at the most, until {alarm}", faults.join(", "))
}

async fn show(session: &Session<'_>, name: &str) -> Result<u8, CliError> {
    let (ui, mut declared) = (&session.ui, session.declared()?);
    let state = session.state().await?;
    let connected = session.connect_for(&state, &declared).await?;
    session.fingerprint(&connected, &mut declared).await?;
    let foreseen = foresee(session, &connected, &declared, &state, name).await?;
    if ui.json {
        ui.json_data(&data(&declared, name, &foreseen))?;
    } else {
        ui.data(&text(
            &declared,
            name,
            &foreseen,
            Paint::new(&ui.out()),
            &ui.out(),
        ))?;
        ui.note(&format!(
            "`chaos run {} --digest {}` does just that",
            clean(name),
            foreseen.digest
        ));
    }
    Ok(exit::DONE)
}

async fn foresee(
    session: &Session<'_>,
    connected: &Connected,
    declared: &Declared,
    state: &State,
    name: &str,
) -> Result<Foreseen, CliError> {
    let seen = session
        .survey(connected, declared, state, &Select::default(), false)
        .await?;
    Ok(chaos::foresee(declared, &seen, &connected.caller, name, state).await?)
}

fn data(declared: &Declared, name: &str, foreseen: &Foreseen) -> Value {
    let plan = |text: String| serde_json::from_str::<Value>(&text).expect("a plan is JSON");
    json!({
        "experiment": name,
        "declared": declared.experiments.get(name),
        "digest": foreseen.digest,
        "disturb": plan(render::json(&foreseen.disturb)),
        "restore": plan(render::json(&foreseen.restore)),
        "stops": foreseen.stops,
        "stays": foreseen.stays,
        "restoring_seconds": foreseen.restoring_seconds,
    })
}

/// Text for a reviewer: the calls of both halves, what stops in between, and how long the second takes.
fn text(declared: &Declared, name: &str, foreseen: &Foreseen, paint: Paint, look: &render::Look) -> String {
    let said = declared.experiments.get(name).map(said).unwrap_or_default();
    let stopped = |all: &[Stopped], none: &str| match all {
        [] => format!("  {none}\n"),
        all => {
            let line = |s: &Stopped| format!("  {}\n", paint.warn(&clean(&format!("{}: {}", s.what, s.why))));
            all.iter().map(line).collect()
        }
    };
    let calls = |plan| render::calls_in_order(plan, look, false).trim_end().to_owned();
    format!(
        "{} {said}\n\n{}\n{}\n\n{}\n{}\n{}\n{}\n\n{}\n{}\n{} about {} at AWS\n",
        paint.strong(&format!("{}:", clean(name))),
        paint.strong("Put the faults in"),
        calls(&foreseen.disturb),
        paint.strong("While they last, this stops"),
        stopped(&foreseen.stops, "nothing that serves now"),
        paint.strong("Take them out"),
        calls(&foreseen.restore),
        paint.strong("Afterwards, this does not serve any more"),
        stopped(&foreseen.stays, "nothing"),
        paint.strong("Taking them out takes"),
        elapsed(Duration::from_secs(foreseen.restoring_seconds)),
    )
}

/// Refuses what nobody can have signed: an experiment is no saved plan.
fn permitted(session: &Session<'_>, execution: &ExecutionArgs, hint: &str) -> Result<(), CliError> {
    if session.deployment.env.approval {
        let why = "an experiment is no saved plan that could have one";
        return Err(apply::not_approved(session, why).hint(apply::HOW_TO_SIGN));
    }
    if !execution.approves(&session.deployment.env) {
        // Asked before the lock is taken and anything is read.
        session.ui.require_terminal(hint)?;
    }
    Ok(())
}

// Long: the lock is held from the first look to the last call, and given back wherever this ends.
async fn disturb(session: &Session<'_>, name: &str, execution: &ExecutionArgs) -> Result<u8, CliError> {
    let (ui, deployment) = (&session.ui, &session.deployment);
    permitted(session, execution, HOW_TO_APPROVE)?;
    let mut declared = session.declared()?;
    let connected = session.connect_for(&session.state().await?, &declared).await?;
    session.fingerprint(&connected, &mut declared).await?;
    let store = session.open("chaos").await?;
    let mut executor = apply::reconcile_open_intents(ui, deployment, &connected, store, execution).await?;
    let state = executor.store.state();
    let approved = match foresee(session, &connected, &declared, &state, name).await {
        Ok(foreseen) => {
            if !ui.json {
                ui.talk(&text(
                    &declared,
                    name,
                    &foreseen,
                    Paint::new(&ui.err()),
                    &ui.err(),
                ));
            }
            let (digests, first) = ([foreseen.digest.as_str()], &foreseen.disturb);
            let calls = first.counts().calls + foreseen.restore.counts().calls;
            let asked = (&digests[..], calls);
            apply::approve_calls(ui, &deployment.env, first, asked, execution, HOW_TO_APPROVE)
                .map(|()| foreseen)
        }
        Err(error) => Err(error),
    };
    drop(state);
    let foreseen = match approved {
        Ok(foreseen) => foreseen,
        Err(error) => {
            executor.store.close().await?;
            return Err(error);
        }
    };
    let seconds = declared.experiments.get(name).map_or(0, |e| e.seconds);
    let watching = Watching::of(seconds, deployment.sandbox_speed().unwrap_or(1.0));
    let (progress, showing) = Progress::start(ui, None);
    executor.sink = progress.sink();
    let watch = signals::watch(executor.stop.clone(), progress);
    let result = chaos::run(&executor, &declared, &connected.caller, name, &foreseen, watching).await;
    watch.abort();
    drop(showing);
    let closed = executor.store.clone().close().await;
    let report = result.map_err(|error| match error {
        // Nothing was begun.
        Error::Experiment { .. } => CliError::from(error),
        error => CliError::from(error).hint(RESTORE),
    })?;
    closed?;
    ended(session, name, &report)
}

fn ended(session: &Session<'_>, name: &str, report: &Report) -> Result<u8, CliError> {
    let (ui, name) = (&session.ui, clean(name));
    if ui.json {
        let mut line =
            json!({"event": "ended", "experiment": name, "restored": report.restored(), "report": report});
        line["complete"] = json!(report.restored() && report.ended == Ended::Elapsed);
        ui.data(&line.to_string())?;
    }
    let lasted = elapsed(Duration::from_millis(report.lasted_ms));
    let calls = |n| count(n, "call");
    let did = format!(
        "{} put the faults in, {} took them out, after {lasted}",
        calls(report.disturbing_calls),
        calls(report.restoring_calls)
    );
    if !report.restored() {
        let failed = report.failed.iter().map(apply::one);
        let what = format!(
            "experiment {name}: faults are still in: {did}{}",
            failed.collect::<String>()
        );
        return Err(CliError::new(Kind::Partial, what).hint(RESTORE));
    }
    let why = match &report.ended {
        Ended::Elapsed => {
            if !ui.json {
                ui.talk(&ui.paint().good(&format!("Done: {did}.")));
            }
            return Ok(exit::DONE);
        }
        Ended::Alarm => "its alarm went off".to_owned(),
        Ended::Unwatched(why) => clean(why).into_owned(),
        Ended::Stopped => "somebody stopped it".to_owned(),
        Ended::Failed(why) => format!("a fault could not be put in: {}", clean(why)),
    };
    let what = format!("experiment {name} ended early: {why}; everything is as it was before: {did}");
    Err(CliError::new(Kind::EndedEarly, what))
}

async fn restore(session: &Session<'_>, execution: &ExecutionArgs) -> Result<u8, CliError> {
    let (ui, deployment) = (&session.ui, &session.deployment);
    permitted(session, execution, apply::HOW_TO_APPROVE)?;
    let mut declared = session.declared()?;
    let connected = session.connect_for(&session.state().await?, &declared).await?;
    session.fingerprint(&connected, &mut declared).await?;
    let store = session.open("chaos").await?;
    let executor = apply::reconcile_open_intents(ui, deployment, &connected, store, execution).await?;
    let state = executor.store.state();
    let planned = async {
        let select = Select::default();
        let seen = session
            .survey(&connected, &declared, &state, &select, false)
            .await?;
        let plan = plan(&declared, &seen, &connected.caller, &Options::default())?;
        chaos::restores_only(&declared, &connected.caller, &plan)?;
        if !ui.json {
            ui.talk(&render::text(&plan, &ui.err()));
        }
        apply::approve(ui, &deployment.env, &plan, execution, apply::HOW_TO_APPROVE)?;
        Ok::<_, CliError>(plan)
    };
    let planned = planned.await;
    drop(state);
    match planned {
        Ok(plan) => apply::execute(ui, executor, &plan, RESTORE).await,
        Err(error) => {
            executor.store.close().await?;
            Err(error)
        }
    }
}
