//! The issue of drift: one for each stack and environment, rewritten only when the picture changes, closed when there is no drift.

use super::client::{GitHub, GitHubError};
use crate::drift::{Report, what};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use tenon_planner::{drift::Drifted, render::markup::code};

const NEEDS: &str = "issues: write";

/// The label of issues of drift.
const LABEL: &str = "tenon-drift";

/// The time within which a closed issue is opened again instead of a new one.
const REOPENED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The most characters of the body of an issue.
const LIMIT: usize = 65_536;

/// The outcome for an issue of drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftIssue {
    /// There is no drift and no issue.
    None,
    /// The issue is as it was: the picture is the same.
    Same(u64),
    /// A new one was opened.
    Opened(u64),
    /// The body was rewritten.
    Rewritten(u64),
    /// A closed one was opened again.
    Reopened(u64),
    /// The issue was closed.
    Closed(u64),
}

fn mark(report: &Report) -> String {
    format!("<!-- tenon-drift:{}/{} ", report.stack, report.env)
}

/// A drifted resource as eight digits, so that the next run knows which were there.
fn key(drifted: &Drifted) -> String {
    let of = (drifted.class, &drifted.address, &drifted.kind, &drifted.id);
    let text = serde_json::to_vec(&of).expect("plain data");
    hex::encode(&Sha256::digest(text)[..4])
}

/// The body of the issue: marks, the report, and how it is cured; at most 65,536 bytes.
pub fn drift_issue_body(report: &Report) -> String {
    let keys: Vec<String> = report.survey.drifted.iter().take(2000).map(key).collect();
    let head = format!(
        "{}{} -->\n<!-- keys {} -->\n",
        mark(report),
        report.digest,
        keys.join(" ")
    );
    let cure = format!(
        "\nCure: `tenon --env {} plan --only-drift --out cure.plan`, then `apply cure.plan --digest HEX`; or declare what is there.\n",
        report.env
    );
    let text = report.markdown();
    let room = LIMIT - head.len() - cure.len();
    if text.len() <= room {
        return head + &text + &cure;
    }
    let end = text
        .match_indices('\n')
        .map(|(at, _)| at)
        .take_while(|at| *at < room - 200)
        .last()
        .unwrap_or(0);
    let fences = text[..end].lines().filter(|l| l.starts_with("```")).count();
    let close = if fences % 2 == 1 { "\n```" } else { "" };
    format!(
        "{head}{}{close}\n\n_More is left out: an issue takes 65,536 characters. `drift` shows all._\n{cure}",
        &text[..end]
    )
}

impl GitHub {
    /// Brings the issue of a stack and environment to what `report` says, at the time `now`.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn drift_issue(&self, report: &Report, now: Timestamp) -> Result<DriftIssue, GitHubError> {
        let clean = report.survey.is_clean() && report.survey.unreadable.is_empty();
        let found = self.find_issue(report).await?;
        let open = found.iter().find(|i| i["state"] == "open");
        match open {
            Some(issue) => self.update_issue(issue, report, clean).await,
            None if clean => Ok(DriftIssue::None),
            None => {
                let recent = found.iter().rfind(|i| closed_within(i, now));
                match recent {
                    Some(issue) => self.reopen_issue(issue, report).await,
                    None => self.open_issue(report).await,
                }
            }
        }
    }

    /// Our issues of this stack and environment, the oldest first.
    async fn find_issue(&self, report: &Report) -> Result<Vec<Value>, GitHubError> {
        let path = self.path(&format!("/issues?state=all&labels={LABEL}"));
        let mut all = self.list(&path, None, NEEDS).await?;
        let mark = mark(report);
        let is = |i: &Value| {
            i["pull_request"].is_null() && i["body"].as_str().is_some_and(|b| b.starts_with(&mark))
        };
        all.retain(|i| self.is_ours(i) && is(i));
        all.sort_by_key(|i| i["number"].as_u64());
        Ok(all)
    }

    async fn open_issue(&self, report: &Report) -> Result<DriftIssue, GitHubError> {
        let title = format!("Drift of {}/{}", report.stack, report.env);
        let body = json!({"title": title, "body": drift_issue_body(report), "labels": [LABEL]});
        let mut tries = 0;
        loop {
            match self
                .write(Method::POST, &self.path("/issues"), &body, NEEDS)
                .await
            {
                Err(error) if error.is_unknown() && tries < 3 => {
                    tries += 1;
                    // The reply was lost, and the issue may be there.
                    let found = self.find_issue(report).await?;
                    if let Some(issue) = found.iter().find(|i| i["state"] == "open") {
                        return Ok(DriftIssue::Opened(number(issue)));
                    }
                }
                made => return made.map(|issue| DriftIssue::Opened(number(&issue))),
            }
        }
    }

    async fn update_issue(
        &self,
        issue: &Value,
        report: &Report,
        clean: bool,
    ) -> Result<DriftIssue, GitHubError> {
        let n = number(issue);
        let body = issue["body"].as_str().unwrap_or_default();
        if clean {
            self.say(n, "No drift is left. Closed.").await?;
            let change =
                json!({"state": "closed", "state_reason": "completed", "body": drift_issue_body(report)});
            self.write(Method::PATCH, &self.path(&format!("/issues/{n}")), &change, NEEDS)
                .await?;
            return Ok(DriftIssue::Closed(n));
        }
        if body.starts_with(&format!("{}{} -->", mark(report), report.digest)) {
            return Ok(DriftIssue::Same(n));
        }
        let news = news(body, report);
        let change = json!({"body": drift_issue_body(report)});
        self.write(Method::PATCH, &self.path(&format!("/issues/{n}")), &change, NEEDS)
            .await?;
        if let Some(news) = news {
            self.say(n, &news).await?;
        }
        Ok(DriftIssue::Rewritten(n))
    }

    async fn reopen_issue(&self, issue: &Value, report: &Report) -> Result<DriftIssue, GitHubError> {
        let n = number(issue);
        let change = json!({"state": "open", "body": drift_issue_body(report)});
        self.write(Method::PATCH, &self.path(&format!("/issues/{n}")), &change, NEEDS)
            .await?;
        self.say(n, "Drift again. Opened again.").await?;
        Ok(DriftIssue::Reopened(n))
    }

    /// Says something once, also when the reply is lost.
    async fn say(&self, issue: u64, text: &str) -> Result<(), GitHubError> {
        let path = self.path(&format!("/issues/{issue}/comments"));
        let mut tries = 0;
        loop {
            match self
                .write(Method::POST, &path, &json!({"body": text}), NEEDS)
                .await
            {
                Err(error) if error.is_unknown() && tries < 3 => {
                    tries += 1;
                    let all = self.list(&path, None, NEEDS).await?;
                    if all
                        .iter()
                        .rfind(|c| self.is_ours(c))
                        .is_some_and(|c| c["body"] == text)
                    {
                        return Ok(());
                    }
                }
                said => return said.map(|_| ()),
            }
        }
    }
}

fn number(issue: &Value) -> u64 {
    issue["number"].as_u64().unwrap_or_default()
}

fn closed_within(issue: &Value, now: Timestamp) -> bool {
    let closed = issue["closed_at"]
        .as_str()
        .and_then(|t| t.parse::<Timestamp>().ok());
    closed.is_some_and(|at| now.duration_since(at) <= REOPENED)
}

/// The news: drift that is new, and how much has healed since the body was written; none where only values changed.
fn news(body: &str, report: &Report) -> Option<String> {
    let line = body.lines().nth(1).unwrap_or_default();
    let old: BTreeSet<&str> = line
        .trim_start_matches("<!-- keys ")
        .trim_end_matches(" -->")
        .split(' ')
        .collect();
    let now: BTreeSet<String> = report.survey.drifted.iter().map(key).collect();
    let new: Vec<&Drifted> = report
        .survey
        .drifted
        .iter()
        .filter(|d| !old.contains(key(d).as_str()))
        .collect();
    let healed = old.iter().filter(|k| !k.is_empty() && !now.contains(**k)).count();
    if new.is_empty() && healed == 0 {
        return None;
    }
    let mut lines: Vec<String> = new
        .iter()
        .take(20)
        .map(|d| format!("- new: {}", code(&what(d))))
        .collect();
    if new.len() > 20 {
        lines.push(format!("- and {} more", new.len() - 20));
    }
    if healed > 0 {
        lines.push(format!("- healed: {healed}"));
    }
    Some(lines.join("\n"))
}
