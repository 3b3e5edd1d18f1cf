//! Secrets Manager: secrets that services read when they need them.

mod rotation;
mod secret;

use crate::service::Service;
pub use rotation::*;
pub use secret::*;

/// The facts about Secrets Manager.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency: of principals.
    not_yet: &[("MalformedPolicyDocumentException", "unsupported principal")],
    ..Service::new("secretsmanager")
};
