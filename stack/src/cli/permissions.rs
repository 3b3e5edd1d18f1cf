//! `permissions`: the least IAM policy for a plan's calls.

use super::{
    select::Select,
    session::{Session, saved_plan},
};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};
use tenon_planner::Plan;
use tenon_resources::registry;

/// IAM's limit for a managed policy, in characters without white space.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const MANAGED_POLICY: usize = 6144;

/// Print the IAM policy that the calls of a plan need
///
/// Example: `permissions my.plan > policy.json`.
#[derive(clap::Args, Debug)]
pub(super) struct Permissions {
    /// Saved plan, from `plan --out FILE` [default: plan now]
    pub(super) plan: Option<PathBuf>,
    /// Include every call of the plan's resource types, also for later changes and for destroy
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    select: Select,
}

pub(super) fn saved(ui: &Ui, args: &Permissions) -> Result<u8, CliError> {
    let path = args
        .plan
        .as_deref()
        .ok_or_else(|| CliError::usage("which plan?"))?;
    write(ui, saved_plan(path)?.unverified(), args.all)
}

pub(super) async fn run(session: &Session<'_>, args: &Permissions) -> Result<u8, CliError> {
    let plan = session.plan(&args.select, false).await?;
    write(&session.ui, &plan, args.all)
}

fn write(ui: &Ui, plan: &Plan, all: bool) -> Result<u8, CliError> {
    let policy = policy(plan, all);
    ui.json_data(&policy)?;
    let length = serde_json::to_string(&policy).map_or(0, |text| text.len());
    if length > MANAGED_POLICY {
        ui.warn(&format!("this policy has {length} characters, and a managed policy takes {MANAGED_POLICY}: split it by statement"));
    }
    Ok(exit::DONE)
}

/// A policy in IAM's own form.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: &'static str,
    action: Vec<String>,
    resource: Vec<String>,
}

/// The actions by the resources they are for: one statement for each set of resources.
fn policy(plan: &Plan, all: bool) -> Policy {
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut need = |action: &str, on: String| {
        needs.entry(action.to_owned()).or_default().insert(on);
    };
    let ids: BTreeMap<&str, &str> = plan
        .decisions
        .iter()
        .filter_map(|d| Some((d.address.as_str(), d.id.as_deref()?)))
        .collect();
    for call in &plan.calls {
        let id = ids.get(call.address.as_str()).copied();
        // A read is for whatever exists: AWS limits few of them to a resource.
        let on = if call.step.effect.mutates() {
            pattern(&call.step.on, plan, id)
        } else {
            "*".into()
        };
        call.step
            .actions
            .iter()
            .for_each(|action| need(action, on.clone()));
    }
    let kinds: BTreeSet<&str> = plan.decisions.iter().map(|d| d.kind.as_str()).collect();
    for kind in kinds.into_iter().filter_map(registry::find) {
        kind.read()
            .actions
            .iter()
            .for_each(|action| need(action, "*".into()));
        for call in kind.calls().into_iter().filter(|_| all) {
            call.actions
                .iter()
                .for_each(|action| need(action, pattern(call.on, plan, None)));
        }
    }
    let mut statements: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for (action, on) in needs {
        statements.entry(widest(&on)).or_default().push(action);
    }
    let statements = statements.into_iter().map(|(resource, action)| Statement {
        effect: "Allow",
        action,
        resource,
    });
    Policy {
        version: "2012-10-17",
        statement: statements.collect(),
    }
}

/// An ARN pattern with what is known filled in, and `*` for what is not.
fn pattern(on: &str, plan: &Plan, id: Option<&str>) -> String {
    let on = if on.is_empty() { "*" } else { on };
    let filled = on
        .replace("{region}", &plan.region)
        .replace("{account}", &plan.account);
    let mut filled = filled.replace("{id}", id.unwrap_or("*"));
    while filled.contains("**") {
        filled = filled.replace("**", "*");
    }
    // A bare id is no ARN, and IAM takes nothing else.
    if filled.starts_with("arn:") || filled == "*" {
        filled
    } else {
        "*".into()
    }
}

/// Without the patterns that another one covers.
fn widest(on: &BTreeSet<String>) -> Vec<String> {
    let covered = |narrow: &String| {
        let covers = |wide: &String| {
            wide != narrow
                && wide
                    .strip_suffix('*')
                    .is_some_and(|start| narrow.starts_with(start))
        };
        on.iter().any(covers)
    };
    on.iter().filter(|p| !covered(p)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_pattern_covers_is_left_out() {
        let on = [
            "arn:aws:ec2:r:a:vpc/*",
            "arn:aws:ec2:r:a:vpc/vpc-1",
            "arn:aws:ec2:r:a:subnet/s-1",
        ]
        .map(String::from);
        assert_eq!(
            widest(&on.into()),
            ["arn:aws:ec2:r:a:subnet/s-1", "arn:aws:ec2:r:a:vpc/*"]
        );
        assert_eq!(
            widest(&["*", "arn:aws:iam::a:role/x"].map(String::from).into()),
            ["*"]
        );
    }
}
