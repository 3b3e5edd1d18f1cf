//! The wishes of a person beside the program.

/// The wishes of a person beside the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Remove everything.
    pub destroy: bool,
    /// Only these, and what they depend on (for a destroy: what depends on them). Patterns: an address, `scope/*`, `*`.
    pub targets: Vec<String>,
    /// Not these, nor what depends on them.
    pub excludes: Vec<String>,
    /// Replace these though nothing asks for it.
    pub replace: Vec<String>,
    /// Data in these may be lost.
    pub consent: Vec<String>,
}
