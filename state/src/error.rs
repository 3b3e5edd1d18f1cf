//! Errors of this crate. A message says what is wrong and where; the fields say the same for programs.
//!
//! Not here: advice on what to run next, which depends on the program that shows the error; errors of the calls that an
//! engine sends, which are [`crate::Outcome`]s.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{lease::Held, record::Identity};

/// Reason why a state could not be read, locked or written. No variant ever means "there are no resources".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The state exists and has no bytes, or none but NUL bytes.
    #[error("{location} is empty, but a state is never empty")]
    Empty {
        /// Location of the state.
        location: String,
    },
    /// The state ends too early.
    #[error("{location} is truncated: it ends after {length} bytes")]
    Truncated {
        /// Location of the state.
        location: String,
        /// Length in bytes.
        length: usize,
    },
    /// The document is not a state of this program.
    #[error("{location} is not a tenon state: {found}")]
    Foreign {
        /// Location of the state.
        location: String,
        /// Kind of document that was found.
        found: String,
    },
    /// The state is encrypted, and the key does not decrypt it.
    #[error("{location} is encrypted and could not be decrypted: {why}")]
    Encrypted {
        /// Location of the state.
        location: String,
        /// Reason given by the key wrapping.
        why: String,
    },
    /// The service that wraps the data key of an encrypted state could not be reached, or refused.
    #[error("{key} could not be used: {operation} failed ({why}); {remedy}")]
    KeyService {
        /// Name of the key, such as `the KMS key alias/states`.
        key: String,
        /// Operation that was called, such as `kms:Decrypt`.
        operation: &'static str,
        /// Reason given by the service.
        why: String,
        /// Advice specific to the reason, such as which permission is missing.
        remedy: String,
    },
    /// The state was edited outside of this program, or its bytes decayed.
    #[error("{location} is damaged: {why}")]
    Damaged {
        /// Location of the state.
        location: String,
        /// Inconsistency that was found.
        why: String,
    },
    /// The state was written by a newer version of this program.
    #[error("{location} has format version {found}, and this version reads at most {supported}")]
    Newer {
        /// Location of the state.
        location: String,
        /// Format version of the document.
        found: u64,
        /// Newest version that this program reads.
        supported: u32,
    },
    /// The state belongs to another stack or environment.
    #[error("{location} belongs to stack {:?} in environment {:?}, not to {:?} in {:?}", found.stack, found.env, expected.stack, expected.env)]
    OtherStack {
        /// Location of the state.
        location: String,
        /// Stack and environment in the state.
        found: Identity,
        /// Stack and environment that were expected.
        expected: Identity,
    },
    /// The environment is pinned to another account or region.
    #[error("the state is pinned to account {pinned}, and the change says {asked}")]
    OtherTarget {
        /// The account and region in the state.
        pinned: String,
        /// The account and region asked for.
        asked: String,
    },
    /// A state was written here before and is gone.
    #[error("the state at {location} is missing, although serial {serial} was written there")]
    Missing {
        /// Expected location of the state.
        location: String,
        /// The last serial known to have been written.
        serial: u64,
    },
    /// The state was moved and is kept elsewhere now.
    #[error("the state at {location} was moved to {to} at serial {serial}")]
    Moved {
        /// Former location of the state.
        location: String,
        /// New location of the state.
        to: String,
        /// Lineage of the state.
        lineage: String,
        /// Serial of the state when it was moved.
        serial: u64,
    },
    /// No state exists that could be moved or given another key.
    #[error("there is no state at {location}")]
    Absent {
        /// Expected location of the state.
        location: String,
    },
    /// The destination of a move has a state already.
    #[error(
        "there is a state at {location} already: lineage {lineage}, serial {serial}, {records} resources; nothing was changed"
    )]
    Occupied {
        /// Location of the destination.
        location: String,
        /// Lineage of the state.
        lineage: String,
        /// Serial of the state there.
        serial: u64,
        /// Number of records in the state there.
        records: usize,
    },
    /// Outcomes of some calls are unknown, and only a run at the current location can reconcile them.
    #[error(
        "an earlier run was interrupted during {}, and the outcome of that is not known yet", calls.join(", ")
    )]
    Unsettled {
        /// The calls, such as `ec2:CreateSubnet of network/a`.
        calls: Vec<String>,
    },
    /// The snapshot is there without its journal.
    #[error("the journal of {location} is missing, and with it all changes since serial {serial}")]
    JournalMissing {
        /// Location of the state.
        location: String,
        /// Serial of the snapshot.
        serial: u64,
    },
    /// The state is older than the last one known to have been written.
    #[error(
        "the state at {location} has serial {found}, older than serial {expected}, which was written there"
    )]
    RolledBack {
        /// Location of the state.
        location: String,
        /// Serial that was found.
        found: u64,
        /// Serial that was expected.
        expected: u64,
    },
    /// The state is not as far as this machine has seen it: an older copy was put back, or another one in its place.
    #[error(
        "the state at {location} is {found}, and this machine has seen serial {seen} of it, as {} says",
        path.display()
    )]
    Behind {
        /// Location of the state.
        location: String,
        /// The finding, as the rest of a sentence.
        found: String,
        /// Serial that was seen.
        seen: u64,
        /// File that remembers it.
        path: PathBuf,
    },
    /// A state of another lineage was put in the place of the expected one.
    #[error("the state at {location} has lineage {found}, but lineage {expected} was written there last")]
    Replaced {
        /// Location of the state.
        location: String,
        /// Lineage that was found.
        found: String,
        /// Lineage that was expected.
        expected: String,
    },
    /// The journal belongs to another state.
    #[error("the journal of {location} has lineage {found}, not {expected}")]
    JournalForeign {
        /// Location of the state.
        location: String,
        /// The journal's lineage.
        found: String,
        /// The state's lineage.
        expected: String,
    },
    /// The journal has a damaged part that is not just an unfinished last write.
    #[error("the journal of {location} is damaged at {at}: {why}")]
    JournalDamaged {
        /// Location of the state.
        location: String,
        /// Position in the journal, such as `byte 1024` or `frame 7`.
        at: String,
        /// Inconsistency that was found.
        why: String,
    },
    /// The lease is held by another process.
    #[error("the state at {location} is in use by {}{}", held.holder, ends(held))]
    Locked {
        /// Location of the state.
        location: String,
        /// Holder of the lease.
        held: Box<Held>,
    },
    /// The lease of this process was taken away or has expired.
    #[error("the lease on {location} was lost: {why}; nothing more was sent")]
    LeaseLost {
        /// Location of the state.
        location: String,
        /// Evidence of the loss.
        why: String,
    },
    /// The remaining time of the lease is too short to begin a call.
    #[error(
        "the lease on {location} lasts {left:?} more, less than the {need:?} that a call can take, and could not be renewed"
    )]
    LeaseShort {
        /// Location of the state.
        location: String,
        /// Remaining time of the lease.
        left: Duration,
        /// Time that a call may take.
        need: Duration,
    },
    /// The stored snapshot was replaced by another process since it was read.
    #[error("the state at {location} was changed by somebody else since it was read")]
    Conflict {
        /// Location of the state.
        location: String,
    },
    /// A file is a link or not a regular file.
    #[error("{path} is {found}, and the state is only written to a regular file with one name")]
    Unsafe {
        /// The file.
        path: PathBuf,
        /// Kind of file that was found.
        found: String,
    },
    /// A file operation failed.
    #[error("could not {doing} {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Operation that failed, as a verb phrase that precedes the path.
        doing: &'static str,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// A backend failed.
    #[error("{location}: could not {doing}")]
    Backend {
        /// Location of the state.
        location: String,
        /// Operation that failed, as a verb phrase.
        doing: &'static str,
        /// Error of the client library.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The value must not be written.
    #[error("{what} was refused: {why}")]
    Invalid {
        /// Name of the refused value.
        what: String,
        /// Reason of the refusal.
        why: String,
    },
    /// An earlier write of the journal failed, so that no call may be begun any more.
    #[error("the journal of {location} could not be written, so no further call is begun")]
    Stopped {
        /// Location of the state.
        location: String,
        /// First failure.
        source: Arc<Error>,
    },
    /// The store was closed.
    #[error("the state at {location} was closed")]
    Closed {
        /// Location of the state.
        location: String,
    },
    /// The operating system gave no random bytes.
    #[error("the system gave no random bytes")]
    Random {
        /// Error of the operating system.
        source: getrandom::Error,
    },
    /// The value cannot be represented as JSON.
    #[error("{what} could not be written as JSON")]
    Json {
        /// Name of the value.
        what: &'static str,
        /// Error of the serialiser.
        source: serde_json::Error,
    },
}

impl Error {
    /// Returns `true` if the state itself is lost or damaged, so that replacing it is a way out. `false` when it is
    /// just unreachable, locked, encrypted with another key, of another stack, or newer than this program.
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
