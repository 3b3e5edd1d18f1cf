//! `sweep`: destroys previews that are expired or whose pull request is closed, from their states alone.

use super::{
    apply::{self, ExecutionArgs},
    backend::environments_with_state,
    connect::AwsConfig,
    deployment::{Deployment, example},
    family::of_environment,
    options::{Env, Global, Stack},
    output,
    select::Select,
    session::Session,
    time::now_ms,
};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};
use tenon_planner::{
    Declared,
    drift::{left_over, of_aws, of_family},
    event::quiet,
    refresh::refresh,
    render::{clean, count},
};
use tenon_resources::{
    declaration::{Document, FamilySpec, PartKind, TargetSpec, around},
    registry,
    resource::ResourceType,
    value::EXPIRES,
};
use tenon_review::{
    github::Pull,
    sweep::{Failure, Fate, Preview, SweepReport, confirmed, expiry_of, fate},
};
use tenon_state::{Phase, Record, State};

/// Destroy previews that are expired or whose pull request is closed, from their states alone
///
/// No program is run. A preview is an environment whose name is of the pattern and whose state has an expiry. After each, whatever still
/// has its ownership tags is named. A sweep that was cut off is continued by the next. Example: `sweep --stack shop --open open.json --yes`.
#[derive(clap::Args, Debug)]
pub(super) struct Sweep {
    #[command(flatten)]
    previews: Previews,
    /// Open pull requests, from `ci open-pulls`; without it only what has expired is destroyed
    #[arg(long, value_name = "FILE")]
    open: Option<PathBuf>,
    /// Write the outcome to this file, as JSON, for `ci sweep-issue`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say what would be destroyed, and destroy nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    execution: ExecutionArgs,
}

pub(super) async fn run(ui: &Ui, global: &Global, args: &Sweep) -> Result<u8, CliError> {
    let open = args.open.as_deref().map(open_pulls).transpose()?;
    let (family, stack) = args.previews.stack();
    let mut report = SweepReport {
        stack: stack.name.clone(),
        ..SweepReport::default()
    };
    let flags = of_environment(global, &example(&family));
    let names = environments_with_state(&Deployment::new(&stack, &flags)?, &AwsConfig::new(global)).await?;
    // What is there beside the state of one that has resources, its own destroy finds.
    let mut standing = vec![];
    for name in names.iter().filter(|name| family.called(name).is_some()) {
        let flags = of_environment(global, name);
        match one(ui, &stack, &flags, args, open.as_ref()).await {
            Ok(Swept::Destroyed) => {
                report.destroyed.push(name.clone());
                if args.dry_run {
                    standing.push(name.clone());
                }
            }
            Ok(Swept::Stays) => standing.push(name.clone()),
            Ok(Swept::Empty) => {}
            Err(error) => {
                standing.push(name.clone());
                // One that cannot be destroyed keeps none of the others.
                let why = error.message();
                ui.error(&error.context(format!("{}/{name} is not swept", stack.name)));
                report.failed.push(Failure {
                    env: name.clone(),
                    why,
                });
            }
        }
    }
    if !args.previews.sandbox {
        report
            .failed
            .extend(strays(ui, &stack, &flags, args, &standing).await?);
    }
    if let Some(path) = &args.out {
        let text = serde_json::to_string_pretty(&report).expect("a report is plain data");
        output::file(path, &text).map_err(|e| CliError::file("write the outcome to", path, e))?;
    }
    let (swept, failed) = (report.destroyed.len(), report.failed.len());
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

/// Resources with the tags of a preview whose state has none: nothing says that they may go, so they are named.
async fn strays(
    ui: &Ui,
    stack: &Stack<'_>,
    flags: &Global,
    args: &Sweep,
    standing: &[String],
) -> Result<Vec<Failure>, CliError> {
    let deployment = Deployment::new(stack, flags)?;
    let connected = deployment.connect_in(&AwsConfig::new(flags), None).await?;
    let pattern = args.previews.pattern.split('{').next().unwrap_or_default();
    let (left, unread) = of_family(&*connected.cloud, &stack.name, pattern).await;
    if ui.verbose() && !unread.is_empty() {
        let kinds: Vec<&str> = unread.iter().map(|u| u.kind).collect();
        ui.note(&format!("not searched by tags: {}", kinds.join(", ")));
    }
    let mut strays: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in left.into_iter().filter(|one| !standing.contains(&one.env)) {
        let what = format!("{} {} ({})", one.kind, one.id, one.why);
        strays.entry(one.env).or_default().push(what);
    }
    let failure = |(env, what): (String, Vec<String>)| {
        let why = format!(
            "its state has no resources, and these have its tags: {}",
            what.join(", ")
        );
        ui.warn(&format!("{}/{}: {}", stack.name, clean(&env), clean(&why)));
        Failure { env, why }
    };
    Ok(strays.into_iter().map(failure).collect())
}

/// The previews of a stack, without a program that declares them.
#[derive(clap::Args, Debug)]
pub(super) struct Previews {
    /// Name of the stack
    #[arg(long, value_name = "NAME")]
    stack: String,
    /// Names of the previews, with braces where the number of the pull request stands
    #[arg(long, value_name = "PATTERN", default_value = "pr-{n}")]
    pattern: String,
    /// Take the sandbox on this machine instead of the account that each state names
    #[arg(long)]
    sandbox: bool,
}

impl Previews {
    /// The name of the preview of a pull request.
    pub(super) fn member(&self, number: u64) -> String {
        let (before, behind) = around(&self.pattern);
        format!("{before}{number}{behind}")
    }

    fn family(&self) -> Env {
        Env {
            target: if self.sandbox {
                TargetSpec::Sandbox
            } else {
                TargetSpec::FirstApply
            },
            family: Some(FamilySpec {
                pattern: self.pattern.clone(),
                part: PartKind::Number,
                limit: None,
            }),
            ..Env::sandbox(&self.pattern)
        }
    }

    /// The family, and a stack of it that declares nothing.
    pub(super) fn stack(&self) -> (Env, Stack<'static>) {
        let family = self.family();
        let stack = empty_stack(&self.stack, &family);
        (family, stack)
    }
}

/// A stack that declares nothing.
fn empty_stack(name: &str, family: &Env) -> Stack<'static> {
    let (name, environment) = (name.to_owned(), family.clone());
    Stack {
        name: name.clone(),
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

/// The end of a sweep for a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swept {
    /// The preview was destroyed, or would be.
    Destroyed,
    /// The preview stays.
    Stays,
    /// The state has no resources.
    Empty,
}

/// Destroys a preview if it is to go.
async fn one(
    ui: &Ui,
    stack: &Stack<'_>,
    flags: &Global,
    args: &Sweep,
    open: Option<&BTreeSet<u64>>,
) -> Result<Swept, CliError> {
    let session = Session::new(stack, flags, *ui).await?;
    let Some(view) = session.view().await? else {
        return Ok(Swept::Empty);
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
        return Ok(Swept::Empty);
    }
    let title = session.title();
    let mut fate = fate(&preview, open, now_ms());
    if matches!(fate, Fate::Goes(_)) {
        let tags = expiries(&session, &view.state).await?;
        fate = confirmed(&preview, open, &tags, now_ms());
    }
    match fate {
        Fate::Stays(why) => {
            ui.note(&format!("{title} stays: {}", clean(&why)));
            return Ok(Swept::Stays);
        }
        Fate::Refused(why) => {
            return Err(CliError::failed(clean(&why).into_owned())
                .hint("look at it, and destroy it by hand where it may go: `destroy`"));
        }
        Fate::Goes(why) => ui.note(&format!("{title} goes: {}", clean(&why))),
    }
    if args.dry_run {
        return Ok(Swept::Destroyed);
    }
    let code = apply::plan_and_apply(&session, &Select::default(), &args.execution, true).await?;
    if code != exit::DONE {
        return Err(CliError::failed(format!(
            "its destroy ended with exit code {code}"
        )));
    }
    census(&session, &view.state).await?;
    Ok(Swept::Destroyed)
}

/// The time of expiry in the tags of each resource of a state that can have tags, by address.
async fn expiries(session: &Session<'_>, state: &State) -> Result<Vec<(String, Option<u64>)>, CliError> {
    let connected = session.connect(state).await?;
    let there = refresh(&*connected.cloud, state, &quiet()).await?.state;
    let tagged = |r: &&Arc<Record>| {
        let kind = registry::find(&r.kind);
        r.id.is_some() && r.phase == Phase::Ready && !r.unmarked && kind.is_some_and(ResourceType::taggable)
    };
    let expiry = |r: &Arc<Record>| {
        let tag = r.inputs["tags"][EXPIRES].as_str();
        (r.address.clone(), tag.and_then(expiry_of))
    };
    Ok(there.records.values().filter(tagged).map(expiry).collect())
}

/// Names whatever still has the ownership tags of an environment that was destroyed, and what AWS made by itself for resources of `before`.
async fn census(session: &Session<'_>, before: &State) -> Result<(), CliError> {
    let state = session.state().await?;
    // A state that is empty says no more where its resources were.
    let connected = session.connect(before).await?;
    let found = left_over(&*connected.cloud, before, &state).await?;
    let left = found
        .iter()
        .map(|d| format!("{} {}", d.kind, d.id.as_deref().unwrap_or_default()));
    let of_aws = of_aws(&*connected.cloud, before).await?;
    let of_aws = of_aws
        .into_iter()
        .map(|one| format!("{} {} ({})", one.kind, one.id, one.why));
    let left: Vec<String> = left.chain(of_aws).collect();
    if left.is_empty() {
        return Ok(());
    }
    let what = format!("it is destroyed, and these are left: {}", left.join(", "));
    Err(CliError::failed(clean(&what).into_owned()).hint("remove them by hand: they are in no state"))
}
