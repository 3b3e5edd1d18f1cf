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
        if !WITHOUT.contains(&operation) {
            let headers = context.request_mut().headers_mut();
            headers.insert("x-amz-expected-bucket-owner", self.0.clone());
        }
        Ok(())
    }
}
