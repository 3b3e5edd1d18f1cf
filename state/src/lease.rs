//! The right to write: a [`Lease`] with a fencing number, held by a [`Holder`].
//!
//! Not here: how a lease is stored, which differs by backend, and when it is renewed ([`crate::Store`]).

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Holder of a lease; shown to whoever is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Drawn at random for each open; tells two holders on one machine apart.
    pub token: String,
    /// The user and machine, such as `ada@build-7`.
    pub who: String,
    /// The process id on that machine.
    pub pid: u32,
    /// Command that it runs, such as `apply`.
    pub command: String,
    /// When it took the lease: milliseconds since 1970-01-01 UTC.
    pub since_ms: u64,
    /// Commit of the program that it runs for, as 40 hex digits, with `-dirty` behind it when files differ from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Holder {
    /// This process, doing `command`.
    ///
    /// # Errors
    /// [`Error::Random`] when the system gives no random bytes.
    pub fn here(command: &str) -> Result<Self, Error> {
        use crate::clock::Clock as _;
        let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
        let user = user.unwrap_or_else(|_| format!("uid {}", rustix::process::getuid().as_raw()));
        let machine = rustix::system::uname().nodename().to_string_lossy().into_owned();
        Ok(Self {
            token: random_hex()?,
            who: format!("{user}@{machine}"),
            pid: std::process::id(),
            command: command.to_owned(),
            since_ms: crate::clock::SystemClock.wall_ms(),
            commit: None,
        })
    }
}

impl fmt::Display for Holder {
    /// On one line, with control characters escaped: the text may come from somebody else's file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            who, pid, command, ..
        } = self;
        write!(
            f,
            "{} (process {pid}, {})",
            who.escape_debug(),
            command.escape_debug()
        )
    }
}

/// Reference to the last saved snapshot, kept with the lease and the journal. A state that is older than
/// its reference was restored from a copy; a reference without a state means that the state was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRef {
    /// The state's lineage.
    pub lineage: String,
    /// The state's serial.
    pub serial: u64,
    /// The number of the last journal frame in the snapshot.
    pub sequence: u64,
}

/// The right to write, as granted by a backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Holder of the lease. A backend compares its token when the lease is renewed or released.
    pub holder: Holder,
    /// Fencing number: grows with each holder, and is written into every journal frame.
    pub fence: u64,
    /// Duration from the moment of the request; `None` when the operating system ends the lease with the process.
    pub ttl: Option<Duration>,
    /// Last snapshot known to the previous holder.
    pub snapshot_ref: Option<SnapshotRef>,
    /// The backend's own version of the stored lease, such as an entity tag.
    pub tag: String,
}

/// A lease that is held now, as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The holder.
    pub holder: Holder,
    /// Fencing number of the holder.
    pub fence: u64,
    /// Remaining time unless renewed; `None` when the lease ends with the holder's process.
    pub left: Option<Duration>,
}

/// Durations of leases, and of the calls that they must outlast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseConfig {
    /// Duration of a lease without renewal.
    pub ttl: Duration,
    /// Interval of renewals.
    pub renew_every: Duration,
    /// Longest duration of one call: with less than this left on the lease, no call is begun.
    pub call_timeout: Duration,
    /// Longest wait for a lease that another process holds.
    pub wait: Duration,
}

impl Default for LeaseConfig {
    /// Two minutes, renewed every 20 seconds; calls of at most 40 seconds; no waiting.
    fn default() -> Self {
        Self {
            ttl: Duration::from_mins(2),
            renew_every: Duration::from_secs(20),
            call_timeout: Duration::from_secs(40),
            wait: Duration::ZERO,
        }
    }
}

/// 32 lower-case hex digits, at random.
pub(crate) fn random_hex() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|source| Error::Random { source })?;
    Ok(hex::encode(bytes))
}
