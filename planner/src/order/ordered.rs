//! Decisions to be ordered, and the calls that each of them takes.

use super::builder::Chain;
use crate::{Decision, graph::Dependency};
use serde_json::Value;
use std::collections::HashMap;
use tenon_state::{Record, RecordKey};

/// A decision with everything that ordering needs besides.
pub(crate) struct Ordered<'a> {
    pub(crate) decision: &'a Decision,
    /// The dependencies of the resource, by index among the decisions; empty for what is only deleted.
    pub(crate) dependencies: Vec<Dependency>,
    /// The record of what exists, when that is changed or replaced.
    pub(crate) prior: Option<&'a Record>,
    /// The record of what is removed: an older generation, or the resource itself.
    pub(crate) removed: Option<&'a Record>,
    /// Inputs that it has for a while on the way to its new ones: those with a value that nobody else has.
    pub(crate) parked: Option<&'a Value>,
}

/// The chains of calls of all decisions.
pub(super) struct Chains {
    /// The chain that makes or changes a resource, by the index of its decision.
    pub(super) ups: Vec<Option<Chain>>,
    /// The chain that removes an object, by its record.
    pub(super) downs: HashMap<RecordKey, Chain>,
}
