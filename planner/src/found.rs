//! The findings of lookups, as a plan keeps them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tenon_resources::declaration::Place;

/// A lookup, and what it found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The name.
    pub name: String,
    /// The kind.
    pub kind: String,
    /// The query, with references to earlier lookups in it.
    pub query: Value,
    /// The file and line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub location: String,
    /// The account and region in which it was looked for.
    #[serde(default, skip_serializing_if = "Place::is_home")]
    pub place: Place,
    /// The finding, for people.
    pub label: String,
    /// The outputs.
    pub outputs: Value,
}
