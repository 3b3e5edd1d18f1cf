//! Commands in comments of pull requests, and the waivers among them.

use super::{outputs, read};
use crate::{
    error::{CliError, Kind, exit},
    ui::Ui,
};
use serde_json::Value;
use std::path::PathBuf;
use tenon_planner::{Plan, render::clean};
use tenon_review::{
    github::{Command as Said, GitHub, Pull, SaidWaiver},
    policy::Waiver,
};

#[derive(clap::Args, Debug)]
pub(super) struct Command {
    /// The event of the comment
    #[arg(long, value_name = "FILE", env = "GITHUB_EVENT_PATH", hide_env_values = true)]
    event: PathBuf,
}

pub(super) async fn run(ui: &Ui, args: &Command) -> Result<u8, CliError> {
    let event: Value = serde_json::from_str(&read(&args.event)?)
        .map_err(|e| CliError::usage(format!("{} is no event", args.event.display())).because(e))?;
    let comment = &event["comment"];
    let (pull, id, login) = (
        event["issue"]["number"].as_u64(),
        comment["id"].as_u64(),
        comment["user"]["login"].as_str(),
    );
    let (Some(pull), Some(id), Some(login)) = (pull, id, login) else {
        return Err(CliError::usage("the event is of no comment")
            .hint("run this in a workflow `on: { issue_comment: { types: [created] } }`"));
    };
    // Who rewrites a comment may be another than its author.
    let on_pull = !event["issue"]["pull_request"].is_null() && event["action"] == "created";
    let said = Said::of(comment["body"].as_str().unwrap_or_default());
    if !on_pull || said == Ok(None) {
        ui.note("the comment has no command");
        return Ok(exit::DONE);
    }
    let github = GitHub::of_workflow()?;
    if !github.may_write(login).await? {
        let what = format!(
            "`{}` may not write to the repository: nothing is done",
            login.escape_debug()
        );
        return Err(CliError::new(Kind::NotApproved, what));
    }
    let done = match said {
        Err(why) => Err(CliError::usage(why)),
        Ok(Some(Said::Keep(period))) => {
            let hours = format!("{}h", period.as_hours());
            outputs(&[("number", &pull.to_string()), ("keep", &hours)])?;
            ui.note(&format!("the preview of #{pull} is to be kept for {hours}"));
            Ok(())
        }
        Ok(Some(Said::Waive { rule, .. })) => review_again(ui, &github, pull, &rule).await,
        Ok(None) => Ok(()),
    };
    github.react(id, done.is_ok()).await?;
    done.map(|()| exit::DONE)
}

/// Runs the review again, which reads the waivers.
async fn review_again(ui: &Ui, github: &GitHub, pull: u64, rule: &str) -> Result<(), CliError> {
    let Some(open) = github.open_pull(pull).await? else {
        return Err(CliError::failed(format!("pull request #{pull} is not open")));
    };
    let runs = github.runs_of(&open.head).await?;
    if runs.is_empty() {
        return Err(CliError::failed(format!(
            "#{pull} has no plan yet, and a waiver is for what was planned"
        ))
        .hint("wait for the review, and say it again"));
    }
    for run in runs {
        github.run_again(run).await?;
    }
    ui.note(&format!(
        "`{}` is waived if its owners say so: #{pull} is reviewed again",
        clean(rule)
    ));
    Ok(())
}

/// The waivers in the comments of the pull request that is reviewed.
pub(super) struct Waived<'a> {
    /// The pull request.
    pub(super) pull: Option<Pull>,
    said: Vec<SaidWaiver>,
    at: Option<(&'a GitHub, &'a str)>,
}

impl<'a> Waived<'a> {
    /// The waivers of the open pull request whose newest commit is `head`.
    pub(super) async fn of(github: Option<&'a GitHub>, head: Option<&'a str>) -> Result<Self, CliError> {
        let Some(at @ (github, head)) = github.zip(head) else {
            return Ok(Self {
                pull: None,
                said: vec![],
                at: None,
            });
        };
        let pull = github.pull_of(head).await?;
        let said = match &pull {
            Some(pull) => github.waivers(pull.number).await?,
            None => vec![],
        };
        Ok(Self {
            pull,
            said,
            at: Some(at),
        })
    }

    /// The waivers that are about the calls of `plan`: they were said when a check of the commit had shown these very calls. A waiver is for what
    /// its owner could see, and for nothing that was pushed behind it.
    pub(super) async fn of_plan(&self, plan: &Plan) -> Result<Vec<Waiver>, CliError> {
        let Some((github, head)) = self.at.filter(|_| !self.said.is_empty()) else {
            return Ok(vec![]);
        };
        let Some(since) = github.planned_since(head, plan).await? else {
            return Ok(vec![]);
        };
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let about = self.said.iter().filter(|said| said.at >= since);
        let waiver = |said: &SaidWaiver| Waiver {
            rule: said.rule.clone(),
            address: said.address.clone(),
            env: Some(plan.env.clone()),
            by: said.by.clone(),
            until: today,
            reason: said.reason.clone(),
        };
        Ok(about.map(waiver).collect())
    }
}
