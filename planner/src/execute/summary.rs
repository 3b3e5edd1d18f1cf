//! The result of an apply.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The result of an apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Calls and waits that were done.
    pub done: usize,
    /// Calls and waits that failed.
    pub failed: Vec<Failure>,
    /// Calls and waits that were not begun, or abandoned when asked to stop.
    pub left: usize,
    /// Somebody asked to stop.
    pub stopped: bool,
    /// The stack's outputs that are known now.
    pub outputs: BTreeMap<String, Value>,
}

impl Summary {
    /// `true` if the whole plan was carried out.
    pub fn complete(&self) -> bool {
        self.failed.is_empty() && self.left == 0
    }

    /// The verdict on the deployments that did not succeed, where nothing else failed: turned back, if one was.
    pub fn verdict(&self) -> Option<Verdict> {
        let verdicts: Option<Vec<Verdict>> = self.failed.iter().map(|f| f.verdict).collect();
        let verdicts = verdicts.filter(|_| !self.stopped)?;
        let turned_back = verdicts.contains(&Verdict::RolledBack);
        verdicts
            .first()
            .map(|&first| if turned_back { Verdict::RolledBack } else { first })
    }
}

/// The verdict on a deployment that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// AWS turned it back, or stopped it: what ran before runs.
    RolledBack,
    /// The deployment was neither done nor turned back in time.
    Undecided,
}

/// A call that failed for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The address.
    pub address: String,
    /// The file and line of its declaration.
    pub declared: Option<String>,
    /// `ec2:CreateVpc`.
    pub title: String,
    /// The reason, and what to do.
    pub why: String,
    /// The number of calls that were left out because of it.
    pub skipped: usize,
    /// The verdict, where it is a deployment that was waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The last lines that the tasks of a deployment logged that was turned back, each as `CONTAINER: LINE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}
