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
}
