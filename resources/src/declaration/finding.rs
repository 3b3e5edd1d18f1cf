//! Mistakes of a program, each with its place.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A mistake in a program, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The address.
    pub address: String,
    /// The file and line: `main.rs:38`; empty when it is of no single line.
    pub location: String,
    /// The mistake and its remedy, as the rest of a sentence that begins with the address.
    pub why: String,
}

impl Finding {
    /// A finding about `address`, declared at `location`.
    pub fn at(address: &str, location: &str, why: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            location: location.into(),
            why: why.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.location.is_empty() {
            write!(f, "{}: ", self.location)?;
        }
        write!(f, "`{}` {}", self.address, self.why)
    }
}
