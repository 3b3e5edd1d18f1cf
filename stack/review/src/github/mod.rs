//! GitHub: comments, checks and issues, found again by a mark in them and written only when they change.
//!
//! Text of a comment or an issue may be anybody's, so one is ours only if it has our mark and our login. Events may be lost, late or
//! twice; everything here can be run again and comes to the same end.

mod checks;
mod client;
mod commands;
mod comments;
mod issues;
mod pulls;
mod sweeps;

pub use checks::{Check, Conclusion, Reviewed};
pub use client::{GitHub, GitHubError};
pub use commands::{Command, SaidWaiver};
pub use issues::{DriftIssue, drift_issue_body};
pub use pulls::Pull;
pub use sweeps::SweepIssue;

use serde_json::Value;

impl GitHub {
    /// `true` for a comment or an issue that was written by our login.
    fn is_ours(&self, item: &Value) -> bool {
        item["user"]["login"] == self.login.as_str()
    }
}
