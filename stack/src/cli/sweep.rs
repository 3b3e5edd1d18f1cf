//! `sweep`: destroys previews that are expired or whose pull request is closed, from their states alone.

use super::{
    apply::{self, ExecutionArgs},
    backend::environments_with_state,
    connect::AwsConfig,
    deployment::{Deployment, example},
    family::of_environment,
    options::{Env, Global, Stack},
    select::Select,
    session::Session,
    time::now_ms,
};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use std::{collections::BTreeSet, path::PathBuf};
use tenon_planner::{
    Declared,
    drift::left_over,
    render::{clean, count},
};
use tenon_resources::declaration::{Document, FamilySpec, PartKind, TargetSpec};
use tenon_review::{
    github::Pull,
    sweep::{Fate, Preview, fate},
};
use tenon_state::State;

/// Destroy previews that are expired or whose pull request is closed, from their states alone
///
/// No program is run. A preview is an environment whose name is of the pattern and whose state has an expiry. After each, whatever still
/// has its ownership tags is named. A sweep that was cut off is continued by the next. Example: `sweep --stack shop --open open.json --yes`.
#[derive(clap::Args, Debug)]
pub(super) struct Sweep {
    /// Name of the stack
    #[arg(long, value_name = "NAME")]
    stack: String,
    /// Names of the previews, with braces where the number of the pull request stands
    #[arg(long, value_name = "PATTERN", default_value = "pr-{n}")]
    pattern: String,
    /// Open pull requests, from `ci open-pulls`; without it only what has expired is destroyed
    #[arg(long, value_name = "FILE")]
    open: Option<PathBuf>,
    /// Sweep the sandbox on this machine instead of the account that each state names
    #[arg(long)]
    sandbox: bool,
    /// Say what would be destroyed, and destroy nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    execution: ExecutionArgs,
}

pub(super) async fn run(ui: &Ui, global: &Global, args: &Sweep) -> Result<u8, CliError> {
    let open = args.open.as_deref().map(open_pulls).transpose()?;
    let family = family(args);
    let stack = stack(args, &family);
    let flags = of_environment(global, &example(&family));
    let names = environments_with_state(&Deployment::new(&stack, &flags)?, &AwsConfig::new(global)).await?;
    let (mut swept, mut failed) = (0, 0);
    for name in names.iter().filter(|name| family.called(name).is_some()) {
        let flags = of_environment(global, name);
        match one(ui, &stack, &flags, args, open.as_ref()).await {
            Ok(destroyed) => swept += usize::from(destroyed),
            Err(error) => {
                // One that cannot be destroyed keeps none of the others.
                ui.error(&error.context(format!("{}/{name} is not swept", stack.name)));
                failed += 1;
            }
        }
    }
    let word = if args.dry_run {
        "would be destroyed"
    } else {
        "destroyed"
    };
    ui.note(&format!("{} {word}", count(swept, "preview")));
    Ok(if failed == 0 { exit::DONE } else { exit::PARTIAL })
}

fn open_pulls(path: &std::path::Path) -> Result<BTreeSet<u64>, CliError> {
    let text = std::fs::read_to_string(path).map_err(|e| CliError::file("read", path, e))?;
    let pulls: Vec<Pull> = serde_json::from_str(&text).map_err(|e| {
        CliError::usage(format!("{} is no list of pull requests", path.display()))
            .because(e)
            .hint("`ci open-pulls --out FILE` writes one")
    })?;
    Ok(pulls.into_iter().map(|pull| pull.number).collect())
}

/// The family of the previews, without a program that declares it.
fn family(args: &Sweep) -> Env {
    Env {
        target: if args.sandbox {
            TargetSpec::Sandbox
        } else {
            TargetSpec::FirstApply
        },
        family: Some(FamilySpec {
            pattern: args.pattern.clone(),
            part: PartKind::Number,
            limit: None,
        }),
        ..Env::sandbox(&args.pattern)
    }
}

/// A stack that declares nothing.
fn stack(args: &Sweep, family: &Env) -> Stack<'static> {
    let (name, environment) = (args.stack.clone(), family.clone());
    Stack {
        name: args.stack.clone(),
        environments: vec![family.clone()],
        declare: Box::new(move |env, _| {
            let mut declared = Declared::new(&name, env, None);
            declared.disposable = true;
            let environment = environment.called(env).unwrap_or_else(|| environment.clone());
            Ok(Document {
                environment,
                declared,
            })
        }),
        folder: None,
    }
}

/// Destroys a preview if it is to go; whether it was.
async fn one(
    ui: &Ui,
    stack: &Stack<'_>,
    flags: &Global,
    args: &Sweep,
    open: Option<&BTreeSet<u64>>,
) -> Result<bool, CliError> {
    let session = Session::new(stack, flags, *ui).await?;
    let Some(view) = session.view().await? else {
        return Ok(false);
    };
    let env = &session.deployment.env;
    let part = env.family.as_ref().and_then(|f| f.part_of(&env.name));
    let preview = Preview {
        env: env.name.clone(),
        pull: part.and_then(|p| p.parse().ok()),
        expires_ms: view.state.expires_ms,
        resources: view.state.records.len(),
        held_by: view.held.map(|held| held.holder.to_string()),
    };
    if preview.resources == 0 && view.open_intents.is_empty() {
        return Ok(false);
    }
    let title = session.title();
    match fate(&preview, open, now_ms()) {
        Fate::Stays(why) => {
            ui.note(&format!("{title} stays: {}", clean(&why)));
            return Ok(false);
        }
        Fate::Refused(why) => {
            ui.warn(&format!("{title} is left alone: {}", clean(&why)));
            return Ok(false);
        }
        Fate::Goes(why) => ui.note(&format!("{title} goes: {}", clean(&why))),
    }
    if args.dry_run {
        return Ok(true);
    }
    let code = apply::plan_and_apply(&session, &Select::default(), &args.execution, true).await?;
    if code != exit::DONE {
        return Err(CliError::failed(format!(
            "its destroy ended with exit code {code}"
        )));
    }
    census(&session, &view.state).await?;
    Ok(true)
}

/// Names whatever still has the ownership tags of an environment that was destroyed.
async fn census(session: &Session<'_>, before: &State) -> Result<(), CliError> {
    let state = session.state().await?;
    let connected = session.connect(&state).await?;
    let found = left_over(&*connected.cloud, before, &state).await?;
    let left: Vec<String> = found
        .iter()
        .map(|d| format!("{} {}", d.kind, d.id.as_deref().unwrap_or_default()))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    let what = format!(
        "it is destroyed, and these have its tags still: {}",
        left.join(", ")
    );
    Err(CliError::failed(clean(&what).into_owned()).hint("remove them by hand: they are in no state"))
}
