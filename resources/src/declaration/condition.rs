//! Conditions that must hold before anything is done, and conditions that must hold afterwards.

use crate::lookup::glob;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeSet, fmt};

/// A condition on a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The scope or the stack that it is about.
    pub about: String,
    /// The text, joined from literals and references.
    pub value: Value,
    /// The expectation.
    pub expect: Expect,
    /// The remedy, for whoever finds that it does not hold.
    pub remedy: String,
    /// The file and line.
    pub location: String,
}

/// An expectation of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expect {
    /// This text.
    Is(String),
    /// A text that fits, in which `*` is anything.
    Fits(String),
    /// Any of these texts.
    OneOf(BTreeSet<String>),
    /// Any text but an empty one.
    Something,
}

impl Expect {
    /// This text.
    pub fn is(text: impl Into<String>) -> Self {
        Self::Is(text.into())
    }

    /// A text that fits `pattern`, in which `*` is anything.
    pub fn fits(pattern: impl Into<String>) -> Self {
        Self::Fits(pattern.into())
    }

    /// Any of these texts.
    pub fn one_of<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::OneOf(texts.into_iter().map(Into::into).collect())
    }

    /// True if `text` is as expected.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Is(wanted) => wanted == text,
            Self::Fits(pattern) => glob(pattern, text),
            Self::OneOf(wanted) => wanted.contains(text),
            Self::Something => !text.is_empty(),
        }
    }

    /// The texts in it.
    pub(super) fn texts(&self) -> Vec<&String> {
        match self {
            Self::Is(text) | Self::Fits(text) => vec![text],
            Self::OneOf(texts) => texts.iter().collect(),
            Self::Something => vec![],
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(text) => write!(f, "`{text}`"),
            Self::Fits(pattern) => write!(f, "what fits `{pattern}`"),
            Self::OneOf(texts) => {
                let texts: Vec<_> = texts.iter().map(|t| format!("`{t}`")).collect();
                write!(f, "one of {}", texts.join(", "))
            }
            Self::Something => f.write_str("something"),
        }
    }
}
