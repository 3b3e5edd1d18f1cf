//! Commands in comments of pull requests: `/tenon keep 3d` and `/tenon waive RULE`.
//!
//! A comment is text of anybody. A command counts when its author may write to the repository, as the API says, and the comment is as it was
//! written: whoever may write to a repository may rewrite the comments of others, too.

use super::client::{Ask, GitHub, GitHubError};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The longest time for which a preview is kept.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 31);

/// A command in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Keep the preview of the pull request for so long from now on.
    Keep(SignedDuration),
    /// Waive a rule for what the pull request was planned to do when the comment was written.
    Waive {
        /// The rule.
        rule: String,
        /// The address, which may end in `*`.
        address: String,
        /// The reason.
        reason: String,
    },
}

impl Command {
    /// The command of a comment, which is its first line. `None`: the comment is not for this program.
    ///
    /// # Errors
    /// A command that is not known, or without what it takes; the message says how it is written.
    pub fn of(comment: &str) -> Result<Option<Self>, String> {
        let line = comment.lines().next().unwrap_or_default();
        let mut words = line.split_whitespace();
        if words.next() != Some("/tenon") {
            return Ok(None);
        }
        match words.next() {
            Some("keep") => match (words.next().and_then(period), words.next()) {
                (Some(period), None) => Ok(Some(Self::Keep(period))),
                _ => Err("`/tenon keep` takes a time of at most 31 days, such as `3d` or `12h`".into()),
            },
            Some("waive") => waive(&words.collect::<Vec<_>>()).map(Some).ok_or_else(|| {
                "`/tenon waive RULE [ADDRESS] because REASON` waives a rule; the address may end in `*`"
                    .into()
            }),
            _ => Err("`/tenon keep 3d` and `/tenon waive RULE [ADDRESS] because REASON` are known".into()),
        }
    }
}

/// A number of days or hours.
fn period(text: &str) -> Option<SignedDuration> {
    let hours = match (text.strip_suffix('d'), text.strip_suffix('h')) {
        (Some(days), _) => days.parse::<u16>().ok().map(|days| i64::from(days) * 24)?,
        (_, Some(hours)) => hours.parse::<u16>().ok().map(i64::from)?,
        _ => return None,
    };
    let period = SignedDuration::from_hours(hours);
    (period.is_positive() && period <= LONGEST).then_some(period)
}

fn waive(words: &[&str]) -> Option<Command> {
    let because = words.iter().position(|w| *w == "because")?;
    let (what, why) = (&words[..because], words[because + 1..].join(" "));
    let (rule, address) = match what {
        [rule] => (rule, "*"),
        [rule, address] => (rule, *address),
        _ => return None,
    };
    (!why.is_empty()).then(|| Command::Waive {
        rule: (*rule).to_owned(),
        address: address.to_owned(),
        reason: why,
    })
}

/// A rule that somebody who may write to the repository waives in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidWaiver {
    /// The login, as owners are written: `@ada`.
    pub by: String,
    /// The time at which it was said.
    pub at: Timestamp,
    /// The rule.
    pub rule: String,
    /// The address, which may end in `*`.
    pub address: String,
    /// The reason.
    pub reason: String,
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

impl GitHub {
    /// The waivers in comments of a pull request, by people who may write to the repository. A comment that was changed since it was written
    /// is none: the change may be another's.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn waivers(&self, pull: u64) -> Result<Vec<SaidWaiver>, GitHubError> {
        let path = self.path(&format!("/issues/{pull}/comments"));
        let comments = self.list(&path, None, "pull-requests: read").await?;
        let (mut may, mut said) = (BTreeMap::new(), vec![]);
        for comment in &comments {
            let written =
                time(&comment["created_at"]).filter(|_| comment["created_at"] == comment["updated_at"]);
            let command = Command::of(comment["body"].as_str().unwrap_or_default());
            let (
                Some(at),
                Some(login),
                Ok(Some(Command::Waive {
                    rule,
                    address,
                    reason,
                })),
            ) = (written, comment["user"]["login"].as_str(), command)
            else {
                continue;
            };
            if !may.contains_key(login) {
                may.insert(login, self.may_write(login).await?);
            }
            if may[login] {
                said.push(SaidWaiver {
                    by: format!("@{login}"),
                    at,
                    rule,
                    address,
                    reason,
                });
            }
        }
        Ok(said)
    }

    /// Shows the author of a comment what became of it.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn react(&self, comment: u64, understood: bool) -> Result<(), GitHubError> {
        let path = self.path(&format!("/issues/comments/{comment}/reactions"));
        // https://docs.github.com/en/rest/reactions/reactions#create-reaction-for-an-issue-comment: a second one is the first.
        let body = json!({"content": if understood { "+1" } else { "confused" }});
        self.repeated(&path, &body, "pull-requests: write").await
    }

    /// Runs a run of a workflow again.
    ///
    /// # Errors
    /// GitHub refuses the request.
    pub async fn run_again(&self, run: u64) -> Result<(), GitHubError> {
        let path = self.path(&format!("/actions/runs/{run}/rerun"));
        match self.repeated(&path, &json!({}), "actions: write").await {
            // https://docs.github.com/en/rest/actions/workflow-runs#re-run-a-workflow: one that runs already is refused.
            Err(GitHubError::Refused {
                status: 403, message, ..
            }) if message.contains("already running") => Ok(()),
            other => other,
        }
    }

    /// Sends what may be sent twice.
    async fn repeated(&self, path: &str, body: &Value, needs: &'static str) -> Result<(), GitHubError> {
        let mut tries = 0;
        loop {
            let ask = Ask {
                method: Method::POST,
                path,
                body: Some(body),
                needs,
            };
            match self.send(&ask).await {
                Err(error) if error.is_unknown() && tries < 3 => tries += 1,
                other => return other.map(|_| ()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_the_first_line_and_nothing_else_is_one() {
        let hours = |h| Ok(Some(Command::Keep(SignedDuration::from_hours(h))));
        assert_eq!(Command::of("/tenon keep 3d\nthanks"), hours(72));
        assert_eq!(Command::of("/tenon  keep 12h "), hours(12));
        let waive = |address: &str| {
            Ok(Some(Command::Waive {
                rule: "open-ports".into(),
                address: address.into(),
                reason: "it is a test".into(),
            }))
        };
        assert_eq!(
            Command::of("/tenon waive open-ports because it is a test"),
            waive("*")
        );
        assert_eq!(
            Command::of("/tenon waive open-ports edge/* because it is a test"),
            waive("edge/*")
        );
        for other in [
            "",
            "nice\n/tenon keep 3d",
            "> /tenon keep 3d",
            "/tenonkeep 3d",
            "please /tenon keep 3d",
        ] {
            assert_eq!(Command::of(other), Ok(None), "{other}");
        }
        for wrong in [
            "/tenon",
            "/tenon apply",
            "/tenon keep",
            "/tenon keep 0d",
            "/tenon keep 32d",
            "/tenon keep -1d",
            "/tenon keep 3d 4d",
            "/tenon keep 3",
            "/tenon waive",
            "/tenon waive open-ports",
            "/tenon waive open-ports because",
            "/tenon waive because of it",
            "/tenon waive a b c because d",
        ] {
            assert!(Command::of(wrong).is_err(), "{wrong}");
        }
    }
}
