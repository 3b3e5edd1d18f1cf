//! The issue about previews that a sweep cannot destroy: one a stack, opened after the third failure in a row, closed when nothing is left.

use super::client::{GitHub, GitHubError};
use crate::sweep::SweepReport;
use reqwest::Method;
use serde_json::{Value, json};

const NEEDS: &str = "issues: write";

/// The label of the issue.
const LABEL: &str = "tenon-sweep";

/// The number of failures in a row after which somebody is told.
const TIMES: usize = 3;

/// The outcome for the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepIssue {
    /// Nothing is left, and there is no issue.
    None,
    /// The sweep failed so many times in a row, and the next may do.
    NotYet(usize),
    /// The issue says what is left.
    Written(u64),
    /// The issue was closed.
    Closed(u64),
}

fn mark(report: &SweepReport) -> String {
    format!("<!-- tenon-sweep:{} -->", report.stack)
}

impl GitHub {
    /// Brings the issue of a stack to what `report` says; `run` is this run of the workflow, whose earlier runs say how often it failed.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn sweep_issue(
        &self,
        report: &SweepReport,
        run: Option<u64>,
    ) -> Result<SweepIssue, GitHubError> {
        let open = self.open_sweep_issue(report).await?;
        let number = |issue: &Value| issue["number"].as_u64().unwrap_or_default();
        if report.failed.is_empty() {
            let Some(issue) = open else {
                return Ok(SweepIssue::None);
            };
            let n = number(&issue);
            let change = json!({"state": "closed", "state_reason": "completed"});
            self.write(Method::PATCH, &self.path(&format!("/issues/{n}")), &change, NEEDS)
                .await?;
            return Ok(SweepIssue::Closed(n));
        }
        let body = format!("{}\n{}", mark(report), report.markdown());
        if let Some(issue) = open {
            let n = number(&issue);
            if issue["body"]
                .as_str()
                .is_none_or(|there| there.trim_end() != body.trim_end())
            {
                self.write(
                    Method::PATCH,
                    &self.path(&format!("/issues/{n}")),
                    &json!({"body": body}),
                    NEEDS,
                )
                .await?;
            }
            return Ok(SweepIssue::Written(n));
        }
        let times = 1 + self.failed_before(run).await?;
        if times < TIMES {
            return Ok(SweepIssue::NotYet(times));
        }
        let title = format!("Previews of {} are left", report.stack);
        let issue = json!({"title": title, "body": body, "labels": [LABEL]});
        let mut tries = 0;
        loop {
            match self
                .write(Method::POST, &self.path("/issues"), &issue, NEEDS)
                .await
            {
                Err(error) if error.is_unknown() && tries < 3 => {
                    tries += 1;
                    // The reply was lost, and the issue may be there.
                    if let Some(issue) = self.open_sweep_issue(report).await? {
                        return Ok(SweepIssue::Written(number(&issue)));
                    }
                }
                made => return made.map(|issue| SweepIssue::Written(number(&issue))),
            }
        }
    }

    async fn open_sweep_issue(&self, report: &SweepReport) -> Result<Option<Value>, GitHubError> {
        let path = self.path(&format!("/issues?state=open&labels={LABEL}"));
        let mut all = self.list(&path, None, NEEDS).await?;
        let mark = mark(report);
        all.retain(|i| {
            let ours = self.is_ours(i) && i["pull_request"].is_null();
            ours && i["body"].as_str().is_some_and(|b| b.starts_with(&mark))
        });
        Ok(all.into_iter().min_by_key(|i| i["number"].as_u64()))
    }

    /// The number of runs of the same workflow before `run` that failed, the last ones in a row.
    /// <https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow>: the newest come first.
    async fn failed_before(&self, run: Option<u64>) -> Result<usize, GitHubError> {
        let Some(run) = run else { return Ok(0) };
        let this = self
            .get(&self.path(&format!("/actions/runs/{run}")), "actions: read")
            .await?;
        let workflow = this["workflow_id"].as_u64().unwrap_or_default();
        let path = self.path(&format!(
            "/actions/workflows/{workflow}/runs?status=completed&per_page=20"
        ));
        let page = self.get(&path, "actions: read").await?;
        let runs = page["workflow_runs"].as_array().into_iter().flatten();
        let before = runs.filter(|r| r["id"].as_u64().is_some_and(|id| id < run));
        Ok(before.take_while(|r| r["conclusion"] == "failure").count())
    }
}
