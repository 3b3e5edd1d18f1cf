//! Runs and their changes, as the history of a state has them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Number of runs that are kept whole.
pub const WHOLE_RUNS: usize = 200;

/// A run that changed the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Fencing number of its holder.
    pub fence: u64,
    /// When it took the lease: milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
    /// The user and machine, such as `ada@build-7`.
    pub who: String,
    /// Command that it ran, such as `apply`.
    pub command: String,
    /// Commit of the program's repository, as 40 hex digits, with `-dirty` behind it when files differed from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Changes by address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changes: BTreeMap<String, Change>,
    /// Names of the outputs of the stack that changed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub outputs: BTreeSet<String>,
}

/// Change of what is recorded at an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// A resource was created, or recorded by an import.
    Added,
    /// A successor was created.
    Replaced,
    /// Inputs changed, by name.
    Changed(BTreeSet<String>),
    /// The resource was recorded at this other address before; inputs that changed as well are named.
    Moved {
        /// The address before.
        from: String,
        /// Names of the inputs that changed.
        fields: BTreeSet<String>,
    },
    /// The resource was deleted, or is recorded no longer.
    Removed,
}

impl Change {
    /// Returns `true` if nothing older at the address matters to `field` of what is there.
    pub fn covers(&self, field: &str) -> bool {
        match self {
            Self::Added | Self::Replaced | Self::Removed => true,
            Self::Changed(fields) | Self::Moved { fields, .. } => fields.contains(field),
        }
    }

    /// The change that both are together; `None` when that is no change.
    pub(crate) fn then(self, next: Self) -> Option<Self> {
        match (self, next) {
            (Self::Added, Self::Removed) => None,
            (Self::Removed, Self::Added) => Some(Self::Replaced),
            (_, Self::Removed) => Some(Self::Removed),
            (first @ (Self::Added | Self::Replaced), _) => Some(first),
            (Self::Changed(mut fields), Self::Changed(more)) => {
                fields.extend(more);
                Some(Self::Changed(fields))
            }
            (Self::Moved { from, mut fields }, Self::Changed(more) | Self::Moved { fields: more, .. }) => {
                fields.extend(more);
                Some(Self::Moved { from, fields })
            }
            (Self::Changed(mut fields), Self::Moved { from, fields: more }) => {
                fields.extend(more);
                Some(Self::Moved { from, fields })
            }
            (_, next) => Some(next),
        }
    }
}
