//! Settings: values that a program is given for an environment, with where each came from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A value that a program was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The name; parts of a nested one are joined by dots: `database.class`.
    pub name: String,
    /// The value. Of text from a command line or a variable, whose type only the program knows, it is a string.
    pub value: Value,
    /// The place that it came from: `tenon.toml:4`, `--set`, or a variable's name.
    pub source: String,
}
