//! `ci`: the steps of workflows that speak to GitHub.
//!
//! Each step can be run again and comes to the same end. What a workflow decides is decided here, and not in YAML.

mod command;
mod preview;

use super::{output, policy::Folder, session::saved_plan};
use crate::{
    error::{CliError, Kind, exit},
    ui::Ui,
};
use command::Waived;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use tenon_planner::Plan;
use tenon_review::{
    comment::{EnvReview, LIMIT, Review, annotations},
    drift::Report,
    github::{Check, DriftIssue, GitHub, GitHubError},
};

/// Steps of a workflow that speak to GitHub: the review of a pull request, checks, drift issues
///
/// The repository and the token are `GITHUB_REPOSITORY` and `GITHUB_TOKEN`; `GITHUB_API_URL` is the server. `new --workflows` writes
/// workflows that use these steps.
#[derive(clap::Args, Debug)]
pub(super) struct Ci {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand, Debug)]
enum Step {
    /// Write the review of saved plans as the one comment of a pull request, and a check for each environment
    ///
    /// Example: `ci comment plan-*/plan.json --head $SHA`.
    Comment(Comment),
    /// Print the digest of the plan that was reviewed in the pull request that a commit was merged with
    ///
    /// As outputs of the step: `digest`, `calls_digest`, `run` (the run that has the plan as an artifact), `pull`. Exit code 13 when there
    /// is none that nothing forbids.
    Reviewed(Reviewed),
    /// Mark the checks of open pull requests whose plan is of an older state
    Stale(Stale),
    /// Bring the issue of drift to what a report says
    ///
    /// Example: `ci drift-issue drift.json`, with the file of `drift --out drift.json`.
    DriftIssue(Drift),
    /// Put a page, such as the difference of two plans, on a pull request
    Page(Page),
    /// Print the open pull requests, for `sweep --open`
    OpenPulls(OpenPulls),
    /// Carry out the command in a comment on a pull request: `/tenon keep 3d`, `/tenon waive RULE because REASON`
    ///
    /// The author must be allowed to write to the repository. `keep` becomes the outputs `number` and `keep` of the step, for `keep`;
    /// `waive` runs the review again, which takes waivers from comments by owners of the rule. Exit code 13 when the author may not.
    Command(command::Command),
    /// Say whether the open pull request of a commit is to have a preview, as outputs of the step: `number` and `env`
    ///
    /// A pull request is to have one while it is open, has the label, and is of this repository.
    Preview(preview::Preview),
    /// Keep the one issue about environments that a sweep cannot destroy, after its third failure
    SweepIssue(preview::SweepIssue),
    /// Exit with code 13 unless a person may write to the repository, as for a command in a comment
    MayWrite(MayWrite),
}

#[derive(clap::Args, Debug)]
struct Comment {
    /// Saved plans, one an environment
    #[arg(required = true)]
    plans: Vec<PathBuf>,
    /// The commit that was planned; its open pull request is found through the API
    #[arg(long, value_name = "SHA", required_unless_present = "out")]
    head: Option<String>,
    /// Write the comment to this file instead
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder of the program's sources, from the root of the repository
    #[arg(long, value_name = "FOLDER", default_value = "src")]
    sources: String,
    #[command(flatten)]
    policies: Folder,
}

#[derive(clap::Args, Debug)]
struct Reviewed {
    /// The commit on the main branch
    #[arg(long, value_name = "SHA")]
    commit: String,
    /// The stack
    #[arg(long, value_name = "NAME")]
    stack: String,
}

#[derive(clap::Args, Debug)]
struct Stale {
    /// The plan that was applied
    plan: PathBuf,
}

#[derive(clap::Args, Debug)]
struct Drift {
    /// The report, from `drift --out FILE`
    report: PathBuf,
}

#[derive(clap::Args, Debug)]
struct Page {
    /// The page, in Markdown
    page: PathBuf,
    /// The number of the pull request
    #[arg(long, value_name = "NUMBER")]
    pull: u64,
}

#[derive(clap::Args, Debug)]
struct OpenPulls {
    /// Write them to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
struct MayWrite {
    /// The login
    login: String,
}

impl From<GitHubError> for CliError {
    fn from(error: GitHubError) -> Self {
        let hint = match &error {
            GitHubError::Refused {
                status: 403 | 404,
                needs,
                ..
            } => Some(format!("the job needs `permissions: {{ {needs} }}`")),
            GitHubError::Refused { status: 401, .. } => {
                Some("give the step the token: `env: { GITHUB_TOKEN: ${{ github.token }} }`".into())
            }
            _ => None,
        };
        let kind = match &error {
            GitHubError::Variable { .. } => Kind::Usage,
            _ => Kind::Failed,
        };
        let base = Self::new(kind, error);
        hint.into_iter().fold(base, Self::hint)
    }
}

pub(super) async fn run(ui: &Ui, env: Option<&str>, args: &Ci) -> Result<u8, CliError> {
    match &args.step {
        Step::Comment(args) => comment(ui, args).await,
        Step::Reviewed(args) => {
            let env = env.ok_or_else(|| CliError::usage("which environment? name it with `--env NAME`"))?;
            reviewed(ui, env, args).await
        }
        Step::Stale(args) => {
            let saved = saved_plan(&args.plan)?;
            let plan = saved.unverified();
            // The apply of a plan moves its state by one snapshot at least.
            let marked = GitHub::of_workflow()?
                .mark_stale(&plan.stack, &plan.env, plan.serial + 1)
                .await?;
            let list: Vec<String> = marked.iter().map(|n| format!("#{n}")).collect();
            ui.note(&match list.as_slice() {
                [] => "no open pull request has a plan of an older state".to_owned(),
                some => format!("marked stale: {}", some.join(", ")),
            });
            Ok(exit::DONE)
        }
        Step::DriftIssue(args) => drift_issue(ui, args).await,
        Step::Page(args) => {
            let text = read(&args.page)?;
            summary(&text)?;
            GitHub::of_workflow()?.page(args.pull, &text).await?;
            Ok(exit::DONE)
        }
        Step::OpenPulls(args) => {
            let pulls = GitHub::of_workflow()?.open_pulls().await?;
            let text = serde_json::to_string_pretty(&pulls).expect("pull requests are plain data");
            match &args.out {
                Some(path) => output::file(path, &text).map_err(|e| CliError::file("write", path, e))?,
                None => ui.data(&text)?,
            }
            Ok(exit::DONE)
        }
        Step::Command(args) => command::run(ui, args).await,
        Step::Preview(args) => preview::run(ui, args).await,
        Step::SweepIssue(args) => preview::sweep_issue(ui, args).await,
        Step::MayWrite(args) => {
            if GitHub::of_workflow()?.may_write(&args.login).await? {
                return Ok(exit::DONE);
            }
            let what = format!("`{}` may not write to the repository", args.login.escape_debug());
            Err(CliError::new(Kind::NotApproved, what))
        }
    }
}

async fn reviewed(ui: &Ui, env: &str, args: &Reviewed) -> Result<u8, CliError> {
    let github = GitHub::of_workflow()?;
    let none = |what: String| {
        Err(CliError::new(Kind::NotApproved, what)
            .hint("plan it in a pull request, or apply by hand: `apply`"))
    };
    let Some((pull, head)) = github.merged_with(&args.commit).await? else {
        return none(format!("{} came with no pull request", args.commit));
    };
    let Some(plan) = github.reviewed(&head, &args.stack, env).await? else {
        return none(format!(
            "#{pull} has no check of a plan of {}/{env} that nothing forbids",
            args.stack
        ));
    };
    let run = plan.run.map(|run| run.to_string()).unwrap_or_default();
    outputs(&[
        ("digest", &plan.digest),
        ("calls_digest", &plan.calls_digest),
        ("run", &run),
        ("pull", &pull.to_string()),
    ])?;
    ui.data(&plan.digest)?;
    Ok(exit::DONE)
}

fn read(path: &Path) -> Result<String, CliError> {
    fs::read_to_string(path).map_err(|e| CliError::file("read", path, e))
}

// Long: the findings of each plan, the comment, the checks.
async fn comment(ui: &Ui, args: &Comment) -> Result<u8, CliError> {
    let mut envs = vec![];
    let github = args.head.as_ref().filter(|_| args.out.is_none());
    let github = github.map(|_| GitHub::of_workflow()).transpose()?;
    let waived = Waived::of(github.as_ref(), args.head.as_deref()).await?;
    for path in &args.plans {
        let plan: Plan = saved_plan(path)?.unverified().clone();
        let waivers = waived.of_plan(&plan).await?;
        let findings = args.policies.check_waived(&plan, waivers)?.findings;
        envs.push(EnvReview::new(plan, findings));
    }
    let stack = envs.first().map(|e| e.plan.stack.clone()).unwrap_or_default();
    if let Some(other) = envs.iter().find(|e| e.plan.stack != stack) {
        let what = format!(
            "a comment is of one stack, and these plans are of `{stack}` and `{}`",
            other.plan.stack
        );
        return Err(CliError::usage(what));
    }
    envs.sort_by(|a, b| a.plan.env.cmp(&b.plan.env));
    let review = Review {
        stack: &stack,
        head: args.head.as_deref(),
        envs: &envs,
    };
    let comments = review.comments();
    if let Some(path) = &args.out {
        return output::file(path, &comments.join("\n"))
            .map(|()| exit::DONE)
            .map_err(|e| CliError::file("write the comment to", path, e));
    }
    summary(&comments.join("\n"))?;
    for env in &envs {
        // A runner reads commands from what a step prints.
        for line in annotations(&env.findings, &args.sources) {
            ui.talk(&line);
        }
    }
    let head = args.head.as_deref().unwrap_or_default();
    let Some(github) = &github else {
        return Err(CliError::usage("which commit was planned?").hint("name it with `--head SHA`"));
    };
    for env in &envs {
        let check = Check {
            head,
            plan: &env.plan,
            findings: &env.findings,
            sources: &args.sources,
            run: std::env::var("GITHUB_RUN_ID").ok().and_then(|n| n.parse().ok()),
        };
        github.check(&check).await?;
    }
    match &waived.pull {
        Some(pull) => {
            let changed = github.comment(pull.number, &stack, &comments).await?;
            let what = if changed { "is written" } else { "is as it was" };
            ui.note(&format!("the review of #{} {what}", pull.number));
        }
        None => ui.note(&format!(
            "no open pull request has {head} as its newest commit; the checks are written"
        )),
    }
    Ok(exit::DONE)
}

async fn drift_issue(ui: &Ui, args: &Drift) -> Result<u8, CliError> {
    let text = read(&args.report)?;
    let report: Report = serde_json::from_str(&text).map_err(|e| {
        CliError::usage(format!("{} is no report of drift", args.report.display())).because(e)
    })?;
    summary(&report.markdown())?;
    let done = GitHub::of_workflow()?
        .drift_issue(&report, jiff::Timestamp::now())
        .await?;
    ui.note(&match done {
        DriftIssue::None => "no drift, and no issue".to_owned(),
        DriftIssue::Same(n) => format!("issue #{n} has this picture already"),
        DriftIssue::Opened(n) => format!("issue #{n} is opened"),
        DriftIssue::Rewritten(n) => format!("issue #{n} is rewritten"),
        DriftIssue::Reopened(n) => format!("issue #{n} is opened again"),
        DriftIssue::Closed(n) => format!("issue #{n} is closed"),
    });
    Ok(exit::DONE)
}

/// Adds to the summary of the step, where there is one.
fn summary(text: &str) -> Result<(), CliError> {
    append(
        "GITHUB_STEP_SUMMARY",
        &text.chars().take(LIMIT * 8).collect::<String>(),
    )
}

/// Sets outputs of the step, where there are any.
fn outputs(pairs: &[(&str, &str)]) -> Result<(), CliError> {
    let lines: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    append("GITHUB_OUTPUT", &lines.concat())
}

fn append(variable: &str, text: &str) -> Result<(), CliError> {
    let Some(path) = std::env::var_os(variable)
        .filter(|p| !p.is_empty())
        .map(PathBuf::from)
    else {
        return Ok(());
    };
    let file = fs::OpenOptions::new().append(true).create(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| CliError::file("add to", &path, e))
}
