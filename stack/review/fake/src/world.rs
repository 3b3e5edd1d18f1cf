//! Contents of the fake GitHub.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The repository.
pub(crate) const REPOSITORY: &str = "shop/catalog";

/// Access of a token to a kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Read it.
    Read,
    /// Read and write it.
    Write,
}

/// A trouble that is switched on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Every so many requests, the work is done and the reply is lost (502).
    pub loses_every: Option<u64>,
    /// Every so many writes are turned away by the secondary rate limit, with a second to wait.
    pub throttles_every: Option<u64>,
    /// The most items of a page, whatever is asked for.
    pub page: Option<usize>,
    /// Every so many events never arrive.
    pub drops_events_every: Option<usize>,
    /// Events arrive in the opposite order.
    pub reorders_events: bool,
}

/// An event that a workflow would be started by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `pull_request`, `push`.
    pub name: &'static str,
    /// `opened`, `synchronize`, `closed`.
    pub action: &'static str,
    /// The number of the pull request.
    pub pull: u64,
}

/// The contents of GitHub.
#[derive(Debug)]
pub struct World {
    url: String,
    /// Permissions of each token, and the login that it writes under.
    tokens: BTreeMap<String, (String, BTreeMap<String, Access>)>,
    pub(crate) comments: BTreeMap<u64, Value>,
    pub(crate) issues: BTreeMap<u64, Value>,
    pub(crate) checks: BTreeMap<u64, Value>,
    pub(crate) collaborators: BTreeMap<String, String>,
    events: Vec<Event>,
    next: u64,
    /// The troubles that are on.
    pub trouble: Trouble,
    /// Requests so far: method, path, status.
    pub requests: Vec<(String, String, u16)>,
    pub(crate) writes: u64,
    /// Reactions to comments: the comment, and what was reacted.
    pub reactions: Vec<(u64, String)>,
    /// Completed runs of the one workflow, the oldest first: id and conclusion.
    pub runs: Vec<(u64, &'static str)>,
    /// Runs of workflows that were started again.
    pub runs_again: Vec<u64>,
    /// The time, as GitHub writes it.
    pub now: String,
}

impl World {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            url: url.into(),
            tokens: BTreeMap::new(),
            comments: BTreeMap::new(),
            issues: BTreeMap::new(),
            checks: BTreeMap::new(),
            collaborators: BTreeMap::new(),
            events: vec![],
            next: 0,
            trouble: Trouble::default(),
            requests: vec![],
            writes: 0,
            reactions: vec![],
            runs: vec![],
            runs_again: vec![],
            now: "2026-11-28T12:00:00Z".into(),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Gives a token these permissions, as the `permissions` of a workflow's job name them: `("checks", Access::Write)`.
    pub fn token(&mut self, token: &str, login: &str, permissions: &[(&str, Access)]) {
        let permissions = permissions
            .iter()
            .map(|(name, access)| ((*name).to_owned(), *access));
        self.tokens
            .insert(token.into(), (login.into(), permissions.collect()));
    }

    /// The login of a token, and what it may do.
    pub(crate) fn who(&self, token: &str) -> Option<&(String, BTreeMap<String, Access>)> {
        self.tokens.get(token)
    }

    /// Opens a pull request with this head; from a fork, or from the repository itself.
    pub fn open_pull(&mut self, head: &str, fork: bool) -> u64 {
        let number = self.number();
        let repository = if fork { "eve/catalog" } else { REPOSITORY };
        let pull = json!({
            "number": number,
            "state": "open",
            "title": "A change",
            "body": "",
            "user": {"login": "eve"},
            "labels": [],
            "merged_at": null,
            "head": {"sha": head, "repo": {"full_name": repository}},
            "base": {"ref": "main", "repo": {"full_name": REPOSITORY}},
            "pull_request": {"url": format!("{}/repos/{REPOSITORY}/pulls/{number}", self.url)},
        });
        self.issues.insert(number, pull);
        self.event("pull_request", "opened", number);
        number
    }

    /// Merges a pull request as a commit of the main branch.
    pub fn merge_pull(&mut self, number: u64, commit: &str) {
        if let Some(pull) = self.issues.get_mut(&number) {
            pull["merge_commit_sha"] = json!(commit);
        }
        self.close_pull(number, true, false);
    }

    /// Closes a pull request; GitHub sends no event for one that conflicts with its base.
    pub fn close_pull(&mut self, number: u64, merged: bool, conflicts: bool) {
        let now = self.now.clone();
        if let Some(pull) = self.issues.get_mut(&number) {
            pull["state"] = json!("closed");
            if merged {
                pull["merged_at"] = json!(now);
            }
        }
        if !conflicts {
            self.event("pull_request", "closed", number);
        }
    }

    fn event(&mut self, name: &'static str, action: &'static str, pull: u64) {
        self.events.push(Event { name, action, pull });
    }

    /// The events since this was last asked, as they arrive.
    pub fn events(&mut self) -> Vec<Event> {
        let mut events = std::mem::take(&mut self.events);
        if let Some(every) = self.trouble.drops_events_every {
            let mut n = 0;
            events.retain(|_| {
                n += 1;
                n % every != 0
            });
        }
        if self.trouble.reorders_events {
            events.reverse();
        }
        events
    }

    /// Says what a person may do in the repository: `admin`, `write`, `read`, `none`.
    pub fn collaborator(&mut self, login: &str, permission: &str) {
        self.collaborators.insert(login.into(), permission.into());
    }

    /// Writes a comment as somebody.
    pub fn say(&mut self, issue: u64, login: &str, body: &str) -> u64 {
        let id = self.number();
        let comment = json!({
            "id": id, "issue": issue, "user": {"login": login}, "body": body,
            "created_at": self.now, "updated_at": self.now,
        });
        self.comments.insert(id, comment);
        id
    }

    /// Rewrites a comment, as its author and whoever may write to the repository can; its author stays the author.
    pub fn rewrite(&mut self, comment: u64, body: &str) {
        let now = self.now.clone();
        if let Some(comment) = self.comments.get_mut(&comment) {
            comment["body"] = json!(body);
            comment["updated_at"] = json!(now);
        }
    }

    /// The event of a comment that was just written, as the file that a workflow's `GITHUB_EVENT_PATH` names.
    pub fn comment_event(&self, comment: u64) -> Value {
        let comment = self.comments.get(&comment).cloned().unwrap_or_default();
        let issue = comment["issue"].as_u64().and_then(|n| self.issues.get(&n));
        json!({"action": "created", "comment": comment, "issue": issue})
    }

    /// Puts a label on a pull request.
    pub fn label(&mut self, pull: u64, label: &str) {
        if let Some(pull) = self.issues.get_mut(&pull) {
            pull["labels"] = json!([{"name": label}]);
        }
    }

    /// The comments of an issue or a pull request: login and body, the oldest first.
    pub fn comments_of(&self, issue: u64) -> Vec<(String, String)> {
        let of = self.comments.values().filter(|c| c["issue"] == issue);
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        of.map(|c| (text(&c["user"]["login"]), text(&c["body"])))
            .collect()
    }

    /// An issue: state and body.
    pub fn issue(&self, number: u64) -> Option<(String, String)> {
        let issue = self.issues.get(&number)?;
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        Some((text(&issue["state"]), text(&issue["body"])))
    }

    /// The issues that are no pull requests.
    pub fn issue_numbers(&self) -> Vec<u64> {
        let plain = self.issues.iter().filter(|(_, i)| i["pull_request"].is_null());
        plain.map(|(n, _)| *n).collect()
    }

    /// The checks of a commit: name, conclusion, external id, number of annotations.
    pub fn checks_of(&self, head: &str) -> Vec<(String, String, String, usize)> {
        let of = self.checks.values().filter(|c| c["head_sha"] == head);
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        of.map(|c| {
            let notes = c["output"]["annotations_count"].as_u64().unwrap_or_default();
            (
                text(&c["name"]),
                text(&c["conclusion"]),
                text(&c["external_id"]),
                usize::try_from(notes).unwrap_or_default(),
            )
        })
        .collect()
    }
}
