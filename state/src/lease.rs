//! Who may write: a [`Lease`] with a fencing number, held by a [`Holder`].
//!
//! Not here: how a lease is kept, which is each backend's own affair, and when it is renewed ([`crate::Store`]).

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Who holds a lease; shown to whoever is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Drawn at random for each open; tells two holders on one machine apart.
    pub token: String,
    /// The user and machine, such as `ada@build-7`.
    pub who: String,
    /// The process id on that machine.
    pub pid: u32,
    /// What it is doing, such as `apply`.
    pub command: String,
    /// When it took the lease: milliseconds since 1970-01-01 UTC.
    pub since_ms: u64,
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

/// The last snapshot that a backend was told of, kept beside the lease and the journal. A state that is older than
/// its snapshot_ref was put back by somebody; a snapshot_ref without a state means that the state was lost.
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
    /// Who holds it. Its token is what a backend compares when the lease is renewed or released.
    pub holder: Holder,
    /// Grows with each holder; written into every journal frame.
    pub fence: u64,
    /// How long it lasts from the moment it was asked for; none when the operating system ends it with the process.
    pub ttl: Option<Duration>,
    /// What the last holder left beside the lease.
    pub snapshot_ref: Option<SnapshotRef>,
    /// The backend's own version of the stored lease, such as an entity tag.
    pub tag: String,
}

/// Who holds a lease now, as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The holder.
    pub holder: Holder,
    /// Its fencing number.
    pub fence: u64,
    /// How long the lease still lasts unless it is renewed; none when it ends with the holder's process.
    pub left: Option<Duration>,
}

/// How long leases last and what they must outlast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseConfig {
    /// How long a lease lasts without renewal.
    pub ttl: Duration,
    /// How often it is renewed.
    pub renew_every: Duration,
    /// How long one call can take at most: with less than this left on the lease, no call is begun.
    pub call_timeout: Duration,
    /// How long to wait for a lease that somebody else holds.
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
