//! `environments`: the deployments of the stack.

use super::{
    backend::environments_with_state,
    connect::AwsConfig,
    deployment::Deployment,
    family::of_environment,
    options::{Env, Global, Stack},
    session::Session,
    time::{between, from_now, now_ms},
};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use serde::Serialize;
use tenon_planner::render::{Paint, clean, count};
use tenon_resources::declaration::TargetSpec;
use tenon_state::State;

/// List the environments of the stack: account, serial, resources, age and expiry
///
/// The members of a family are those that have a state.
#[derive(clap::Args, Debug)]
pub(super) struct Environments {}

/// A line of the list.
#[derive(Debug, Serialize)]
struct Row {
    environment: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    /// The account and region, when they are known.
    target: String,
    serial: Option<u64>,
    resources: usize,
    /// The first run that is known, and the last one.
    since_ms: Option<u64>,
    changed_ms: Option<u64>,
    expires_ms: Option<u64>,
    /// Why its state could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(super) async fn run(
    ui: &Ui,
    stack: &Stack<'_>,
    global: &Global,
    _: &Environments,
) -> Result<u8, CliError> {
    if global.state_dir.is_some() {
        return Err(CliError::usage(
            "--state-dir names the state of one environment: leave it out, or name their location with --state",
        ));
    }
    let aws = AwsConfig::new(global);
    let mut rows = vec![];
    for env in &stack.environments {
        let names = match &env.family {
            None => vec![env.name.clone()],
            Some(_) => members(stack, env, global, &aws, &mut rows).await,
        };
        for name in names {
            let flags = of_environment(global, &name);
            let state = match Session::new(stack, &flags, *ui).await {
                Ok(session) => session.view().await.map(|view| view.map(|view| view.state)),
                Err(error) => Err(error),
            };
            rows.push(row(env, &name, state));
        }
    }
    if ui.json {
        ui.json_data(&rows)?;
    } else {
        ui.data(&table(&rows, Paint::new(&ui.out())))?;
        for (row, error) in rows.iter().filter_map(|row| Some((row, row.error.as_ref()?))) {
            ui.warn(&format!("{}: {}", row.environment, clean(error)));
        }
    }
    let unread = rows.iter().any(|row| row.error.is_some());
    Ok(if unread { exit::ERROR } else { exit::DONE })
}

/// Names of the members of a family that have a state; what keeps them from being listed becomes a row.
async fn members(
    stack: &Stack<'_>,
    family: &Env,
    global: &Global,
    aws: &AwsConfig,
    rows: &mut Vec<Row>,
) -> Vec<String> {
    let listed = async {
        let example = super::deployment::example(family);
        let flags = of_environment(global, &example);
        let deployment = Deployment::new(stack, &flags)?;
        environments_with_state(&deployment, aws).await
    };
    match listed.await {
        Ok(names) => names
            .into_iter()
            .filter(|name| family.called(name).is_some())
            .collect(),
        Err(error) => {
            rows.push(row(family, &family.name, Err(error)));
            vec![]
        }
    }
}

fn row(env: &Env, name: &str, state: Result<Option<State>, CliError>) -> Row {
    let target = match &env.target {
        TargetSpec::Sandbox => "sandbox".to_owned(),
        TargetSpec::Account { account, region } => format!("{account} {region}"),
        TargetSpec::FirstApply => String::new(),
    };
    let mut row = Row {
        environment: name.to_owned(),
        family: env.family.as_ref().map(|family| family.pattern.clone()),
        target,
        serial: None,
        resources: 0,
        since_ms: None,
        changed_ms: None,
        expires_ms: None,
        error: None,
    };
    match state {
        Ok(Some(state)) => {
            if row.target.is_empty() && !state.account.is_empty() {
                row.target = format!("{} {}", state.account, state.region);
            }
            row.serial = Some(state.serial);
            row.resources = state.records.len();
            row.since_ms = state.runs.first().map(|run| run.at_ms);
            row.changed_ms = state.runs.last().map(|run| run.at_ms);
            row.expires_ms = state.expires_ms;
        }
        Ok(None) => {}
        Err(error) => row.error = Some(error.message()),
    }
    row
}

fn table(rows: &[Row], paint: Paint) -> String {
    let now = now_ms();
    let cells = |row: &Row| {
        let resources = match (&row.error, row.serial) {
            (Some(_), _) => "not read".to_owned(),
            (None, None) => "never applied".to_owned(),
            (None, Some(_)) => count(row.resources, "resource"),
        };
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
        [
            clean(&row.environment).into_owned(),
            if row.target.is_empty() {
                "-".into()
            } else {
                clean(&row.target).into_owned()
            },
            or_dash(row.serial.map(|serial| serial.to_string())),
            resources,
            or_dash(row.since_ms.map(|at| between(at, now))),
            or_dash(row.changed_ms.map(|at| from_now(at, now))),
            or_dash(row.expires_ms.map(|at| from_now(at, now))),
        ]
    };
    let head = [
        "environment",
        "account",
        "serial",
        "resources",
        "age",
        "changed",
        "expires",
    ]
    .map(str::to_owned);
    let all: Vec<_> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    let widths: [usize; 7] =
        std::array::from_fn(|i| all.iter().map(|row| row[i].chars().count()).max().unwrap_or(0));
    let line = |row: &[String; 7]| {
        let cells: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    let mut lines: Vec<_> = all.iter().map(line).collect();
    if let Some(head) = lines.first_mut() {
        *head = paint.dim(head);
    }
    lines.join("\n")
}
