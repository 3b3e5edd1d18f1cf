//! The reason for which a call is not done.

use crate::Error;

/// The reason for which a call is not done.
#[derive(Debug)]
pub(super) enum Failed {
    /// Somebody asked to stop, and it had not begun, or it was a wait.
    Stopped,
    /// For good; a sentence for people.
    Refused(String),
    /// AWS turned a deployment back: what ran before runs.
    RolledBack {
        /// A sentence for people.
        why: String,
        /// The last lines that its tasks logged.
        lines: Vec<String>,
    },
    /// The end of a deployment was not to be seen in time; a sentence for people.
    Undecided(String),
    /// The state cannot be kept: nothing more may be sent.
    State(Error),
}

impl From<tenon_state::Error> for Failed {
    fn from(error: tenon_state::Error) -> Self {
        Self::State(Error::State(error))
    }
}
