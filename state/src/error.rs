//! What can go wrong, each with its place, what was expected there, and the way out.
//!
//! Not here: errors of the calls that an engine sends; those are [`crate::Outcome`]s.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{Held, Identity};

/// Why a state could not be read, locked or written. Nothing here ever means "there are no resources".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The state exists and has no bytes, or none but NUL bytes.
    #[error(
        "{location} is empty, but a state is never empty; do not delete it: restore a copy, or run `tenon recover` to rebuild it from ownership tags"
    )]
    Empty {
        /// Where the state is.
        location: String,
    },
    /// The state ends too early.
    #[error(
        "{location} is cut short after {length} bytes; restore a copy, or run `tenon recover` to rebuild it from ownership tags"
    )]
    Truncated {
        /// Where the state is.
        location: String,
        /// How long it is, in bytes.
        length: usize,
    },
    /// What is there is not a state of this program.
    #[error(
        "{location} is not a tenon state: {found}; point at the right one, or move it away if this stack was never applied"
    )]
    Foreign {
        /// Where the state is.
        location: String,
        /// What it seems to be.
        found: String,
    },
    /// The state is encrypted, and the key does not open it.
    #[error(
        "{location} is encrypted and could not be opened: {why}; give the passphrase or key that it was encrypted with"
    )]
    Encrypted {
        /// Where the state is.
        location: String,
        /// What the key's keeper said.
        why: String,
    },
    /// Who keeps the key of an encrypted state could not be asked, or refused.
    #[error("{key} could not be used: {operation} failed ({why}); {remedy}")]
    KeyService {
        /// Which key, such as `the KMS key alias/states`.
        key: String,
        /// What was asked of its keeper, such as `kms:Decrypt`.
        operation: &'static str,
        /// What it said.
        why: String,
        /// What to do about it.
        remedy: String,
    },
    /// The state was changed outside of this program, or decayed.
    #[error(
        "{location} is damaged: {why}; restore a copy, or run `tenon recover` to rebuild it from ownership tags"
    )]
    Damaged {
        /// Where the state is.
        location: String,
        /// What does not fit.
        why: String,
    },
    /// The state was written by a newer version of this program.
    #[error(
        "{location} has format version {found}, and this program reads up to {supported}; install the version that wrote it"
    )]
    Newer {
        /// Where the state is.
        location: String,
        /// Its version.
        found: u64,
        /// The newest version that can be read here.
        supported: u32,
    },
    /// The state belongs to another stack or environment.
    #[error("{location} belongs to stack {:?} in environment {:?}, not to {:?} in {:?}; point at the right state", found.stack, found.env, expected.stack, expected.env)]
    OtherStack {
        /// Where the state is.
        location: String,
        /// Whose state it is.
        found: Identity,
        /// Whose state was asked for.
        expected: Identity,
    },
    /// The environment is pinned to another account or region.
    #[error(
        "the state is pinned to account {pinned}, and the change says {asked}; use the right credentials, or destroy the stack first"
    )]
    OtherTarget {
        /// The account and region in the state.
        pinned: String,
        /// The account and region asked for.
        asked: String,
    },
    /// There was a state and it is gone.
    #[error(
        "the state at {location} is missing, though serial {serial} was written there; if a `state migrate` was cut off, run that again; else restore it, or run `tenon recover` to rebuild it from ownership tags"
    )]
    Missing {
        /// Where the state should be.
        location: String,
        /// The last serial known to have been written.
        serial: u64,
    },
    /// The state was moved, and is kept elsewhere now.
    #[error(
        "the state at {location} was moved to {to} at serial {serial}; name that location in the environment's `backend(…)`, or with --state or TENON_STATE"
    )]
    Moved {
        /// Where the state was.
        location: String,
        /// Where it was moved to.
        to: String,
        /// Its lineage.
        lineage: String,
        /// Its serial when it was moved.
        serial: u64,
    },
    /// There is no state to be moved or to be given another key.
    #[error("there is no state at {location}; check the environment and where its state is kept")]
    Absent {
        /// Where it should be.
        location: String,
    },
    /// There is a state already where one is to be moved to.
    #[error(
        "there is a state at {location} already: lineage {lineage}, serial {serial}, {records} resources; nothing was changed: move it away first, or name another location"
    )]
    Occupied {
        /// Where it is.
        location: String,
        /// Its lineage.
        lineage: String,
        /// Its serial.
        serial: u64,
        /// How many records it has.
        records: usize,
    },
    /// What became of some calls is not known yet, and only where the state is now can it be found out.
    #[error(
        "an earlier run was cut off during {}, and what became of that is not known yet; `tenon apply` finds out: run it first", calls.join(", ")
    )]
    Unsettled {
        /// The calls, such as `ec2:CreateSubnet of network/a`.
        calls: Vec<String>,
    },
    /// There is a state without its journal.
    #[error(
        "the journal of {location} is missing, and with it what was done since serial {serial}; if a `state migrate` was cut off, run that again; else restore it, or run `tenon state repair`"
    )]
    JournalMissing {
        /// Where the state is.
        location: String,
        /// The state's serial.
        serial: u64,
    },
    /// The state is older than what is known to have been written.
    #[error(
        "the state at {location} is of serial {found}, older than serial {expected} which was written there; restore the newer one, or run `tenon state repair` to accept it"
    )]
    RolledBack {
        /// Where the state is.
        location: String,
        /// The serial that was found.
        found: u64,
        /// The serial that was expected.
        expected: u64,
    },
    /// Another state stands where ours was.
    #[error(
        "the state at {location} is of lineage {found}, but lineage {expected} was written there last; put the right one back, or run `tenon state repair` to accept it"
    )]
    Replaced {
        /// Where the state is.
        location: String,
        /// The lineage that was found.
        found: String,
        /// The lineage that was expected.
        expected: String,
    },
    /// The journal belongs to another state.
    #[error(
        "the journal of {location} is of lineage {found}, not {expected}; put the right journal back, or run `tenon state repair`"
    )]
    JournalForeign {
        /// Where the state is.
        location: String,
        /// The journal's lineage.
        found: String,
        /// The state's lineage.
        expected: String,
    },
    /// The journal has a damaged part that is not merely an unfinished last write.
    #[error(
        "the journal of {location} is damaged at {at}: {why}; restore a copy, or run `tenon state repair` to see what can be kept"
    )]
    JournalDamaged {
        /// Where the state is.
        location: String,
        /// Where in the journal, such as `byte 1024` or `frame 7`.
        at: String,
        /// What does not fit.
        why: String,
    },
    /// Somebody else holds the lease.
    #[error("the state at {location} is in use by {}{}; wait for it, or run `tenon unlock` if it is dead", held.holder, ends(held))]
    Locked {
        /// Where the state is.
        location: String,
        /// Who holds it.
        held: Box<Held>,
    },
    /// Our lease was taken or has run out.
    #[error(
        "the lease on {location} was lost: {why}; nothing more was sent: run again to settle what is open"
    )]
    LeaseLost {
        /// Where the state is.
        location: String,
        /// How that is known.
        why: String,
    },
    /// Our lease is too short to begin a call.
    #[error(
        "the lease on {location} lasts {left:?} more, less than the {need:?} that a call can take, and could not be renewed; run again when the state's backend answers"
    )]
    LeaseShort {
        /// Where the state is.
        location: String,
        /// What is left of it.
        left: Duration,
        /// What a call needs.
        need: Duration,
    },
    /// The stored state changed under us.
    #[error(
        "the state at {location} was changed by somebody else since it was read; run again to work on the newest one"
    )]
    Conflict {
        /// Where the state is.
        location: String,
    },
    /// A file is a link or not a regular file.
    #[error(
        "{path} is {found}, and only a regular file of its own is written to; remove it, or use another folder"
    )]
    Unsafe {
        /// The file.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// A file operation failed.
    #[error("could not {doing} {path}{}", advice(source))]
    File {
        /// The file.
        path: PathBuf,
        /// What was being done to it.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A backend's own failure.
    #[error("{location}: could not {doing}; check that it can be reached and that its credentials may do so")]
    Backend {
        /// Where the state is.
        location: String,
        /// What was being done.
        doing: &'static str,
        /// What the backend's library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An intent or change that must not be written.
    #[error("{what} was refused: {why}")]
    Invalid {
        /// What was refused.
        what: String,
        /// Why.
        why: String,
    },
    /// The journal failed earlier, so that nothing more may be begun.
    #[error(
        "the journal of {location} could not be written, so nothing more is begun; mend the cause and run again to settle what is open"
    )]
    Stopped {
        /// Where the state is.
        location: String,
        /// The first failure.
        source: Arc<Error>,
    },
    /// The store was closed.
    #[error("the state at {location} was closed")]
    Closed {
        /// Where the state is.
        location: String,
    },
    /// No random bytes.
    #[error("the system gave no random bytes")]
    Random {
        /// What the system said.
        source: getrandom::Error,
    },
    /// A value that JSON cannot hold.
    #[error("{what} could not be written as JSON")]
    Json {
        /// What was being written.
        what: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}

impl Error {
    /// Whether the state itself is lost or damaged, so that putting another in its place is a way out. Not so when it is
    /// merely out of reach, locked, encrypted with another key, somebody else's, or newer than this program.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Empty { .. }
                | Self::Truncated { .. }
                | Self::Damaged { .. }
                | Self::Missing { .. }
                | Self::JournalMissing { .. }
                | Self::RolledBack { .. }
                | Self::Replaced { .. }
                | Self::JournalForeign { .. }
                | Self::JournalDamaged { .. }
        )
    }
}

fn ends(held: &Held) -> String {
    held.left
        .map(|left| format!(", for {} more seconds unless renewed", left.as_secs()))
        .unwrap_or_default()
}

fn advice(source: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as Kind;
    match source.kind() {
        Kind::StorageFull => ": the disk is full; free some space and run again",
        Kind::QuotaExceeded => ": the disk quota is used up; free some space and run again",
        Kind::ReadOnlyFilesystem => ": the file system is read-only; use a folder that can be written",
        Kind::PermissionDenied => ": not permitted; check the owner and mode of the folder",
        _ => "",
    }
}
