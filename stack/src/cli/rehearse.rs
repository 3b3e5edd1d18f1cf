//! `rehearse`: a plan carried out in a sandbox that holds what the state records.

use super::{
    select::Select,
    session::{Session, saved_plan},
};
use crate::{
    error::{CliError, Kind, exit},
    ui::{Ui, elapsed},
};
use serde_json::json;
use std::{path::PathBuf, time::Duration};
use tenon_planner::{
    Plan,
    rehearse::{Absence, Interruption, Outcome, Rehearsal, Rehearsed, rehearse},
    render::{Paint, clean, count},
};

/// Carry out the plan in a sandbox with what the state records, and report each call
///
/// Nothing real is changed. The sandbox answers as AWS's documentation says: a name that is taken, something in use, a range that
/// overlaps. It does not know what others have in the account, quotas or permissions. The report says which calls are refused and why, what
/// stops working meanwhile, and how long the plan takes at AWS. The exit code is 0 if every call is accepted, and 4 if the apply would stop part-way.
#[derive(clap::Args, Debug)]
pub(super) struct Rehearse {
    /// Saved plan to rehearse, from `plan --out FILE`; only the state is read for it
    plan: Option<PathBuf>,
    /// Rehearse the deletion of every resource
    #[arg(long, conflicts_with = "plan")]
    destroy: bool,
    #[command(flatten)]
    select: Select,
}

pub(super) async fn run(session: &Session<'_>, args: &Rehearse) -> Result<u8, CliError> {
    let plan = match &args.plan {
        Some(_) if args.select.is_set() => {
            return Err(CliError::usage(
                "a saved plan is rehearsed exactly as it is: --target, --exclude, --replace, --consent and --no-refresh belong to `plan`",
            ));
        }
        Some(path) => saved_plan(path)?.unverified().clone(),
        None => session.plan(&args.select, args.destroy).await?,
    };
    let rehearsal = rehearse(&plan, &session.state().await?).await?;
    let ui = &session.ui;
    if ui.json {
        let mut data = serde_json::to_value(&rehearsal).expect("a report is plain data");
        data["stack"] = json!(plan.stack);
        data["env"] = json!(plan.env);
        data["digest"] = json!(plan.digest);
        data["complete"] = json!(rehearsal.complete());
        ui.json_data(&data)?;
    } else {
        write(ui, &plan, &rehearsal)?;
    }
    if rehearsal.complete() {
        return Ok(exit::DONE);
    }
    Err(stops(&rehearsal))
}

fn write(ui: &Ui, plan: &Plan, rehearsal: &Rehearsal) -> Result<(), CliError> {
    let paint = Paint::new(&ui.out());
    let title = format!("{}/{}", plan.stack, plan.env);
    if plan.calls.is_empty() {
        ui.note(&format!("{}: no calls to rehearse", clean(&title)));
        return Ok(());
    }
    let width = rehearsal.calls.len().to_string().len();
    // A wait is of interest where it does not end.
    let told = |call: &&Rehearsed| {
        let mutates = plan
            .calls
            .get(call.call - 1)
            .is_some_and(|c| c.step.effect.mutates());
        mutates || matches!(call.outcome, Outcome::Refused(_))
    };
    let calls = rehearsal.calls.iter().filter(told);
    let mut lines: Vec<String> = calls.map(|call| line(paint, width, call)).collect();
    let meanwhile: Vec<String> = (rehearsal.gaps.iter().map(gap))
        .chain(rehearsal.interruptions.iter().map(interruption))
        .collect();
    if !meanwhile.is_empty() {
        lines.extend([String::new(), paint.strong("Meanwhile")]);
        lines.extend(
            meanwhile
                .into_iter()
                .map(|text| format!("  {}", paint.warn(&text))),
        );
    }
    ui.data(&lines.join("\n"))?;
    let calls = count(plan.counts().calls, "API call");
    let takes = elapsed(Duration::from_secs(rehearsal.seconds));
    let so = if rehearsal.complete() {
        ", all accepted"
    } else {
        ""
    };
    ui.note(&format!(
        "{}: {calls}{so}; the longest chain takes about {takes} at AWS",
        clean(&title)
    ));
    Ok(())
}

fn line(paint: Paint, width: usize, call: &Rehearsed) -> String {
    let outcome = match &call.outcome {
        Outcome::Accepted => paint.good("accepted"),
        Outcome::Refused(why) => format!("{}: {}", paint.danger("refused"), clean(why)),
        Outcome::NotMade => paint.dim("not made"),
    };
    let (title, address) = (clean(&call.title), clean(&call.address));
    format!("{:>width$} {title}  {address}  {outcome}", call.call)
}

fn gap(gap: &Absence) -> String {
    let Absence { from, to, .. } = gap;
    let lasts = elapsed(Duration::from_secs(gap.seconds));
    let users: Vec<_> = gap.users.iter().map(|u| clean(u).into_owned()).collect();
    let used = if users.is_empty() {
        String::new()
    } else {
        format!("; used by {}", users.join(", "))
    };
    format!(
        "{} does not exist between calls {from} and {to}, for about {lasts}{used}",
        clean(&gap.address)
    )
}

fn interruption(i: &Interruption) -> String {
    let until = match i.to {
        Some(to) => format!("until call {to}"),
        None => "to the end".into(),
    };
    format!(
        "requests to {} on {} are refused from call {} {until}: {}",
        clean(&i.load_balancer),
        clean(&i.way),
        i.from,
        clean(&i.why)
    )
}

/// The error for a plan whose apply would not get through.
fn stops(rehearsal: &Rehearsal) -> CliError {
    let outcomes = || rehearsal.calls.iter().map(|c| &c.outcome);
    let refused = outcomes().filter(|o| matches!(o, Outcome::Refused(_))).count();
    let left = outcomes().filter(|o| **o == Outcome::NotMade).count();
    if refused == 0 {
        let unmet: Vec<_> = (rehearsal.unmet.iter())
            .map(|u| format!("\n  {}: {}", clean(&u.address), clean(&u.why)))
            .collect();
        return CliError::new(
            Kind::Partial,
            format!(
                "after this plan, conditions do not hold; nothing was changed{}",
                unmet.concat()
            ),
        );
    }
    CliError::new(
        Kind::Partial,
        format!(
            "this plan would stop part-way: of {}, {refused} refused, {left} not made; nothing was changed",
            count(rehearsal.calls.len(), "call")
        ),
    )
}
