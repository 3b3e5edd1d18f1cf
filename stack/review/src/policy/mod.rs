//! Policy: what a plan breaks of the rules, and the settings of a team.
//!
//! The rules are evaluated by the program `tenon-policy`, which is asked with a document and answers with one. It is a program of its own
//! because Cedar has `serde_json` keep the order of members, and a plan is the same bytes whatever else is linked.

mod ask;
mod facts;
mod settings;

pub use ask::{Answer, PolicyError, Question, ask};
pub use facts::{documents, facts, internet, lets_anyone_in};
pub use settings::{Settings, Verdict, Waiver};

use crate::sarif::{self, Level};
use serde::{Deserialize, Serialize};
use tenon_planner::Plan;

/// The default set of rules, in Cedar.
pub const DEFAULT: &str = include_str!("default.cedar");

/// The beginning of a finding whose rule could not be evaluated.
pub const UNEVALUATED: &str = "could not be held against this rule";

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// The severity; of a resource that stands already and that the plan leaves as it is, at most a warning.
    pub level: Level,
    /// The address.
    pub address: String,
    /// The type.
    pub kind: String,
    /// The file and line of the declaration; empty for what is no longer declared.
    pub location: String,
    /// The fault, as the rest of a sentence that begins with the address.
    pub says: String,
    /// The remedy.
    pub remedy: String,
    /// The number of the call in the plan, from 1, where it is about a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<usize>,
    /// The waiver that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waiver>,
    /// The reason why a waiver does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<String>,
}

impl Finding {
    /// `true` if it stops the plan.
    pub fn forbids(&self) -> bool {
        self.level == Level::Error && self.waived.is_none()
    }

    /// The waiver that counts, as a clause.
    pub(crate) fn waiver(&self) -> Option<String> {
        let waiver = self.waived.as_ref()?;
        Some(format!(
            "waived by {} until {}: {}",
            waiver.by, waiver.until, waiver.reason
        ))
    }

    /// `true` if it says what the rule says; otherwise it says why the rule could not be evaluated.
    pub(crate) fn is_of_rule(&self) -> bool {
        !self.says.starts_with(UNEVALUATED)
    }

    /// The finding as a sentence, with its remedy.
    pub fn sentence(&self) -> String {
        let call = self.call.map(|n| format!(" (call {n})")).unwrap_or_default();
        let mut text = format!("`{}`{call} {}", self.address, self.says);
        if !self.remedy.is_empty() {
            text.push_str(&format!("; {}", self.remedy));
        }
        if let Some(waiver) = self.waiver() {
            text.push_str(&format!("; {waiver}"));
        }
        if let Some(why) = &self.void {
            text.push_str(&format!("; {why}"));
        }
        text
    }
}

/// The findings as results for code scanning: those that are waived are left out.
pub fn results(plan: &Plan, findings: &[Finding]) -> Vec<sarif::Result> {
    let open = findings.iter().filter(|f| f.waived.is_none());
    open.map(|f| sarif::Result {
        rule: format!("policy/{}", f.rule),
        level: f.level,
        message: format!("{}.", f.sentence()),
        location: f.location.clone(),
        identity: [&plan.stack, &plan.env, &f.address, &f.kind]
            .map(Clone::clone)
            .to_vec(),
    })
    .collect()
}
