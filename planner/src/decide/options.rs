//! The wishes of a person beside the program.

use serde::{Deserialize, Serialize};

/// The wishes of a person beside the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Remove everything.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub destroy: bool,
    /// Only these, and what they depend on (for a destroy: what depends on them). Patterns: an address, `scope/*`, `*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// Not these, nor what depends on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
    /// Replace these though nothing asks for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replace: Vec<String>,
    /// Data in these may be lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consent: Vec<String>,
}
