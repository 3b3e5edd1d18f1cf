//! Deployments that succeeded: what ran, and can be put back when it is gone from the records.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A version that was deployed and ran, such as a task definition of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deployed {
    /// The address of the resource that is the version.
    pub address: String,
    /// The physical id of the version.
    pub id: String,
    /// The inputs of the version, as they were recorded. Secrets are references or fingerprints, never their bytes.
    pub inputs: Value,
    /// The time at which it was seen to run: milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
}
