//! The account that buckets must be of: S3 refuses a request about anybody else's.
//!
//! Bucket names are unique in all of AWS and can be guessed. Whoever makes one of our names first, puts our tags on it and
//! lets us in would otherwise be read, adopted and written to.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html>

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextMut, dyn_dispatch_hint},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// The operations that are about no bucket that exists.
const WITHOUT: [&str; 2] = ["CreateBucket", "ListBuckets"];

fn is_about_a_bucket(operation: &str) -> bool {
    !WITHOUT.contains(&operation)
}

/// Adds the account to every request about a bucket.
#[derive(Debug)]
pub(super) struct BucketOwner(pub(super) String);

#[dyn_dispatch_hint]
impl Intercept for BucketOwner {
    fn name(&self) -> &'static str {
        "BucketOwner"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = config.load::<Metadata>().map_or("", Metadata::name);
        if is_about_a_bucket(operation) {
            let headers = context.request_mut().headers_mut();
            headers.insert("x-amz-expected-bucket-owner", self.0.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::registry::TYPES;

    /// Finding 6 of the review: a bucket of an attacker's was read and adopted. The account goes with every call of ours that changes a bucket, but for the one that makes it.
    #[test]
    fn a_bucket_of_somebody_else_is_never_written_to() {
        let calls = TYPES.iter().flat_map(|kind| kind.calls());
        let ours: Vec<&str> = calls.filter(|c| c.service == "s3").map(|c| c.operation).collect();
        assert!(ours.len() > 10, "{ours:?}");
        for operation in ours {
            let owned = super::is_about_a_bucket(operation);
            assert_eq!(owned, operation != "CreateBucket", "{operation}");
        }
    }
}
