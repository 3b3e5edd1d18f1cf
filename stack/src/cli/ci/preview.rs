//! Previews of pull requests: which is to have one, and the issue about those that cannot be destroyed.

use super::{outputs, read, summary};
use crate::{
    error::{CliError, Kind, exit},
    ui::Ui,
};
use std::path::PathBuf;
use tenon_planner::render::clean;
use tenon_resources::declaration::{Document, around};
use tenon_review::{
    github::{GitHub, Pull, SweepIssue as Outcome},
    sweep::SweepReport,
};

#[derive(clap::Args, Debug)]
pub(super) struct Preview {
    /// The commit that was declared; its open pull request is found through the API
    #[arg(long, value_name = "SHA")]
    head: String,
    /// The declaration: it must be of the preview of this very pull request, which expires
    #[arg(long, value_name = "FILE")]
    declaration: Option<PathBuf>,
    /// The stack, which the declaration must be of
    #[arg(long, value_name = "NAME", requires = "declaration")]
    stack: Option<String>,
    /// The label that asks for a preview
    #[arg(long, value_name = "LABEL", default_value = "preview")]
    label: String,
    /// Names of the previews, with braces where the number of the pull request stands
    #[arg(long, value_name = "PATTERN", default_value = "pr-{n}")]
    pattern: String,
}

pub(super) async fn run(ui: &Ui, args: &Preview) -> Result<u8, CliError> {
    let pull = GitHub::of_workflow()?.pull_of(&args.head).await?;
    let pull = match wanted(pull, &args.label) {
        Ok(pull) => pull,
        Err(why) => {
            ui.note(&format!("no preview: {why}"));
            return Ok(exit::DONE);
        }
    };
    let (before, behind) = around(&args.pattern);
    let env = format!("{before}{}{behind}", pull.number);
    if let Some(path) = &args.declaration {
        let document = Document::from_json(&read(path)?).map_err(|e| {
            CliError::from(e).context(format!("could not use the declaration in {}", path.display()))
        })?;
        if let Err(why) = is_preview(&document, args.stack.as_deref(), &env) {
            let what = format!(
                "the declaration is of no preview of #{}: {}",
                pull.number,
                clean(&why)
            );
            return Err(CliError::new(Kind::NotApproved, what));
        }
    }
    outputs(&[("number", &pull.number.to_string()), ("env", &env)])?;
    ui.data(&env)?;
    Ok(exit::DONE)
}

/// The pull request, if it is to have a preview.
fn wanted(pull: Option<Pull>, label: &str) -> Result<Pull, String> {
    let pull = pull.ok_or("no open pull request has the commit as its newest one")?;
    let number = pull.number;
    if pull.fork {
        // Its next commit is a stranger's, and the label stays.
        return Err(format!("#{number} is of a fork"));
    }
    if !pull.labels.iter().any(|l| l == label) {
        return Err(format!("#{number} has no label `{label}`"));
    }
    Ok(pull)
}

/// Holds a declaration, which is anybody's text, against what may be made of it.
fn is_preview(document: &Document, stack: Option<&str>, env: &str) -> Result<(), String> {
    let Document {
        environment,
        declared,
    } = document;
    if stack.is_some_and(|stack| stack != declared.stack) {
        return Err(format!("it is of the stack `{}`", declared.stack));
    }
    if environment.name != env || declared.env != env {
        return Err(format!("it is of the environment `{}`", environment.name));
    }
    if !environment.disposable || environment.expires_after_s.is_none() {
        return Err("its environment is not disposable, or has no expiry".into());
    }
    Ok(())
}

#[derive(clap::Args, Debug)]
pub(super) struct SweepIssue {
    /// The outcome, from `sweep --out FILE`
    report: PathBuf,
}

pub(super) async fn sweep_issue(ui: &Ui, args: &SweepIssue) -> Result<u8, CliError> {
    let report: SweepReport = serde_json::from_str(&read(&args.report)?).map_err(|e| {
        CliError::usage(format!("{} is no outcome of a sweep", args.report.display())).because(e)
    })?;
    if !report.failed.is_empty() {
        summary(&report.markdown())?;
    }
    let run = std::env::var("GITHUB_RUN_ID").ok().and_then(|n| n.parse().ok());
    let done = GitHub::of_workflow()?.sweep_issue(&report, run).await?;
    ui.note(&match done {
        Outcome::None => "every preview that was to go is gone".to_owned(),
        Outcome::NotYet(times) => {
            format!("it failed {times} times in a row: an issue is opened after the third")
        }
        Outcome::Written(n) => format!("issue #{n} says what is left"),
        Outcome::Closed(n) => format!("issue #{n} is closed"),
    });
    Ok(exit::DONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenon_resources::declaration::{Declared, EnvironmentSpec};

    #[test]
    fn a_preview_is_of_its_own_pull_request_its_own_stack_and_expires() {
        let pull = |fork, labels: &[&str]| {
            let labels = labels.iter().map(|l| (*l).to_owned()).collect();
            Some(Pull {
                number: 7,
                head: "a".into(),
                fork,
                labels,
            })
        };
        assert!(wanted(pull(false, &["bug", "preview"]), "preview").is_ok());
        for none in [
            None,
            pull(true, &["preview"]),
            pull(false, &[]),
            pull(false, &["preview-not"]),
        ] {
            assert!(wanted(none, "preview").is_err());
        }
        let document = |stack: &str, env: &str, expires, disposable| Document {
            environment: EnvironmentSpec {
                expires_after_s: expires,
                disposable,
                ..EnvironmentSpec::sandbox(env)
            },
            declared: Declared::new(stack, env, None),
        };
        let of = |d: &Document| is_preview(d, Some("shop"), "pr-7");
        assert_eq!(of(&document("shop", "pr-7", Some(60), true)), Ok(()));
        for wrong in [
            document("shop", "prod", Some(60), true),
            document("bank", "pr-7", Some(60), true),
            document("shop", "pr-7", None, true),
            document("shop", "pr-7", Some(60), false),
        ] {
            assert!(of(&wrong).is_err());
        }
    }
}
