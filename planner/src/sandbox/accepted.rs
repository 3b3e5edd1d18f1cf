//! Requests that Cloud Control has accepted.

use serde::{Deserialize, Serialize};

/// A request that was accepted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Accepted {
    pub(super) kind: String,
    pub(super) id: String,
    /// The client token, and a digest of what it was sent with.
    pub(super) token: String,
    pub(super) digest: String,
    pub(super) at_ms: u64,
    pub(super) done_ms: u64,
    pub(super) failed: Option<(String, String)>,
}
