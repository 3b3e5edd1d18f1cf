//! Key Management Service: keys and their aliases.

mod alias;
mod key;

use crate::service::Service;
pub use alias::*;
pub use key::*;

/// The facts about KMS.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
    not_yet: &[("MalformedPolicyDocumentException", "")],
    ..Service::new("kms")
};
