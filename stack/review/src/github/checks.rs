//! Check runs: one for each stack and environment of a commit, with the serial and the digest of its plan.

use super::client::{GitHub, GitHubError};
use crate::{
    policy::Finding,
    sarif::{Level, place},
};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenon_planner::Plan;

const NEEDS: &str = "checks: write";

/// The most annotations of a request.
/// <https://docs.github.com/en/rest/checks/runs#create-a-check-run>
const ANNOTATIONS: usize = 50;

/// The conclusion of a check run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Nothing forbids the plan.
    Success,
    /// A rule forbids it.
    Failure,
    /// The plan is of a state that moved since.
    Neutral,
}

impl Conclusion {
    fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Neutral => "neutral",
        }
    }
}

/// A check of the plan of an environment.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    /// The commit that was planned.
    pub head: &'a str,
    /// The plan.
    pub plan: &'a Plan,
    /// The rules that it breaks.
    pub findings: &'a [Finding],
    /// The folder of the program's sources.
    pub sources: &'a str,
    /// The run of a workflow that has the plan as an artifact.
    pub run: Option<u64>,
}

/// A plan that was reviewed in a pull request, as its check has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The digest of the plan.
    pub digest: String,
    /// The digest of its calls.
    pub calls_digest: String,
    /// The run of a workflow that has it as an artifact.
    pub run: Option<u64>,
}

/// The name of the check of an environment.
fn name(stack: &str, env: &str) -> String {
    format!("tenon: {stack}/{env}")
}

/// The external id of a check run: the plan's serial, its two digests, and the run that has it.
fn external_id(plan: &Plan, run: Option<u64>) -> String {
    let run = run.map(|run| format!(" {run}")).unwrap_or_default();
    format!("{} {} {}{run}", plan.serial, plan.digest, plan.calls_digest)
}

impl GitHub {
    /// Writes the check of a plan. One that is there for the same plan is left as it is.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn check(&self, check: &Check<'_>) -> Result<(), GitHubError> {
        let (plan, name) = (check.plan, name(&check.plan.stack, &check.plan.env));
        let external_id = external_id(plan, check.run);
        let known = self.checks_of(check.head, &name).await?;
        let forbidden = check.findings.iter().filter(|f| f.forbids()).count();
        let conclusion = if forbidden == 0 {
            Conclusion::Success
        } else {
            Conclusion::Failure
        };
        if known
            .iter()
            .any(|k| k["external_id"] == external_id.as_str() && k["conclusion"] == conclusion.name())
        {
            return Ok(());
        }
        let counts = plan.counts();
        let title = format!(
            "{} to create, {} to change, {} to replace, {} to delete; {}",
            counts.create,
            counts.update,
            counts.replace,
            counts.delete,
            if forbidden == 0 {
                "no rule forbids it".to_owned()
            } else {
                format!("{forbidden} findings forbid it")
            }
        );
        let summary = format!(
            "Plan `{}` at serial {}, calls `{}`.",
            plan.digest, plan.serial, plan.calls_digest
        );
        let annotations: Vec<Value> = check
            .findings
            .iter()
            .filter_map(|f| annotation(f, check.sources))
            .collect();
        let mut batches = annotations.chunks(ANNOTATIONS);
        let output = |batch: &[Value]| json!({"title": title, "summary": summary, "annotations": batch});
        let body = json!({
            "name": name,
            "head_sha": check.head,
            "external_id": external_id,
            "status": "completed",
            "conclusion": conclusion.name(),
            "output": output(batches.next().unwrap_or_default()),
        });
        let made = self
            .write(Method::POST, &self.path("/check-runs"), &body, NEEDS)
            .await?;
        for batch in batches {
            let path = self.path(&format!("/check-runs/{}", made["id"]));
            self.write(Method::PATCH, &path, &json!({"output": output(batch)}), NEEDS)
                .await?;
        }
        Ok(())
    }

    /// Marks the checks of open pull requests whose plan is of an older state than `serial`. Returns the pull requests.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn mark_stale(&self, stack: &str, env: &str, serial: u64) -> Result<Vec<u64>, GitHubError> {
        let (name, mut marked) = (name(stack, env), vec![]);
        for pull in self.open_pulls().await? {
            for check in self.checks_of(&pull.head, &name).await? {
                let id = check["external_id"].as_str().unwrap_or_default();
                let planned: Option<u64> = id.split(' ').next().and_then(|n| n.parse().ok());
                let old = planned.is_some_and(|planned| planned < serial);
                if !old || check["conclusion"] == Conclusion::Neutral.name() {
                    continue;
                }
                let title = format!("Stale: the state moved to serial {serial}");
                let summary = "Plan again: other changes were applied since this plan was made.";
                let body = json!({
                    "conclusion": Conclusion::Neutral.name(),
                    "output": {"title": title, "summary": summary},
                });
                let path = self.path(&format!("/check-runs/{}", check["id"]));
                self.write(Method::PATCH, &path, &body, NEEDS).await?;
                marked.push(pull.number);
            }
        }
        marked.dedup();
        Ok(marked)
    }

    /// The plan of a commit that nothing forbids, as its check has it.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn reviewed(
        &self,
        head: &str,
        stack: &str,
        env: &str,
    ) -> Result<Option<Reviewed>, GitHubError> {
        let checks = self.checks_of(head, &name(stack, env)).await?;
        // A plan that has become stale since was reviewed all the same; the apply looks at what it has become.
        let forbidden = |c: &&Value| c["conclusion"] == Conclusion::Failure.name();
        let passed = checks
            .iter()
            .rfind(|c| self.is_check_of_ours(c))
            .filter(|c| !forbidden(c));
        let id = passed.and_then(|c| c["external_id"].as_str()).unwrap_or_default();
        let mut parts = id.split(' ').skip(1);
        let digests = parts.next().zip(parts.next());
        Ok(digests.map(|(digest, calls_digest)| Reviewed {
            digest: digest.into(),
            calls_digest: calls_digest.into(),
            run: parts.next().and_then(|n| n.parse().ok()),
        }))
    }

    /// The time since which a commit has a check of a plan that makes these very calls: who wrote something later could have seen it.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn planned_since(&self, head: &str, plan: &Plan) -> Result<Option<Timestamp>, GitHubError> {
        let checks = self.checks_of(head, &name(&plan.stack, &plan.env)).await?;
        let same = checks.iter().filter(|c| self.is_check_of_ours(c)).filter(|c| {
            let id = c["external_id"].as_str().unwrap_or_default();
            id.split(' ').nth(2) == Some(&plan.calls_digest)
        });
        let times = same.filter_map(|c| c["completed_at"].as_str()?.parse().ok());
        Ok(times.min())
    }

    /// The runs of workflows whose plans are in the checks of a commit.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn runs_of(&self, head: &str) -> Result<BTreeSet<u64>, GitHubError> {
        let path = self.path(&format!("/commits/{head}/check-runs"));
        let all = self.list(&path, Some("check_runs"), "checks: read").await?;
        let ours = all.iter().filter(|c| self.is_check_of_ours(c));
        let ours = ours.filter(|c| c["name"].as_str().is_some_and(|n| n.starts_with("tenon: ")));
        let run = |c: &Value| c["external_id"].as_str()?.split(' ').nth(3)?.parse().ok();
        Ok(ours.filter_map(run).collect())
    }

    /// `true` for a check of a workflow: anybody may name one so who may write checks at all.
    #[expect(
        clippy::unused_self,
        reason = "it stands beside what is asked of comments and issues"
    )]
    fn is_check_of_ours(&self, check: &Value) -> bool {
        let app = &check["app"]["slug"];
        app.is_null() || *app == "github-actions"
    }

    async fn checks_of(&self, head: &str, name: &str) -> Result<Vec<Value>, GitHubError> {
        let path = self.path(&format!("/commits/{head}/check-runs"));
        let mut all = self.list(&path, Some("check_runs"), "checks: read").await?;
        all.retain(|c| c["name"] == name);
        all.sort_by_key(|c| c["id"].as_u64());
        Ok(all)
    }
}

fn annotation(finding: &Finding, sources: &str) -> Option<Value> {
    let (file, line) = place(&finding.location, sources)?;
    let level = match (&finding.waived, finding.level) {
        (Some(_), _) | (_, Level::Note) => "notice",
        (None, Level::Warning) => "warning",
        (None, Level::Error) => "failure",
    };
    Some(json!({
        "path": file,
        "start_line": line,
        "end_line": line,
        "annotation_level": level,
        "title": finding.rule,
        "message": finding.sentence(),
    }))
}
