//! AWS Identity and Access Management: roles, their policies, and whom they trust.

mod attached;
mod instance_profile;
mod managed_policy;
mod oidc_provider;
pub mod policy;
mod policy_attachment;
mod role;
mod role_policy;
mod user;
mod user_policy;

use crate::service::Service;
pub(crate) use attached::Attached;
pub use instance_profile::*;
pub use managed_policy::*;
pub use oidc_provider::*;
pub use policy::{Policy, Statement};
pub use policy_attachment::*;
pub use role::*;
pub use role_policy::*;
pub use user::*;
pub use user_policy::*;

/// The facts about IAM.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
    not_yet: &[
        ("MalformedPolicyDocument", "Invalid principal in policy"),
        ("DeleteConflict", ""),
    ],
    ..Service::new("iam")
};

/// The policy document in the reply to `operation`.
#[cfg(feature = "aws")]
fn document(operation: &str, text: &str) -> Result<Policy, crate::cloud::CallError> {
    policy::document("iam", operation, text)
}
