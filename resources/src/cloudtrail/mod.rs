//! CloudTrail: logs of the calls to an account.

mod trail;

use crate::service::Service;
pub use trail::*;

/// The facts about CloudTrail.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency: of bucket policies.
    not_yet: &[("InsufficientS3BucketPolicyException", "")],
    ..Service::new("cloudtrail")
};
