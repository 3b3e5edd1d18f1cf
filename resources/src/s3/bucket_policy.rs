//! A bucket policy.

use super::BucketName;
use crate::{iam::Policy, prelude::*};

/// A bucket policy: access to a bucket and its objects. It is a resource of its own because its statements name the bucket.
///
/// ```
/// use tenon_resources::{iam::Policy, s3::{BucketName, BucketPolicy}, text, value::{Arn, Output}};
/// let (bucket, arn): (Output<BucketName>, Output<Arn>) = (Output::new("logs", "id"), Output::new("logs", "arn"));
/// let tls = Policy::deny(["s3:*"]).anyone().on([text!("{}", &arn), text!("{}/*", &arn)]).when("Bool", "aws:SecureTransport", ["false"]);
/// BucketPolicy::new(&bucket, tls);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket_policy", cfn = "AWS::S3::BucketPolicy")]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html: the call replaces the policy that the bucket has.
#[facts(gone("NoSuchBucketPolicy", "NoSuchBucket"), second_create = Overwritten)]
// A principal that was created a moment ago may be unknown for a while: Terraform retries for 2 minutes.
#[create(PutBucketPolicy: s3, puts, on = "arn:aws:s3:::{id}", rules(
    .retry_on_message("MalformedPolicy", "Invalid principal", minutes(2))
    .retry_on("OperationAborted", minutes(2))
    .retry_on("NoSuchBucket", minutes(2))
))]
#[delete(DeleteBucketPolicy: s3, on = "arn:aws:s3:::{id}", same(bucket),
    rules(.retry_on("OperationAborted", minutes(2))))]
pub struct BucketPolicy {
    /// The bucket.
    #[immutable]
    #[attachment]
    #[sample("a", "b")]
    #[inside("s3.bucket")]
    pub bucket: Input<BucketName>,
    /// The policy document.
    #[cfn("PolicyDocument")]
    #[sample(
        Policy::allow(["s3:GetObject"]).account("111111111111").on(["arn:aws:s3:::a/*"]),
        Policy::allow(["s3:PutObject"]).account("111111111111").on(["arn:aws:s3:::b/*"])
    )]
    #[checked(it.check_as(field, 20_480, crate::iam::Attached::Bucket))]
    pub policy: Policy,
}

/// Outputs of a bucket policy.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketPolicyOutputs {
    /// The bucket's name.
    #[shape("{bucket}")]
    pub id: BucketName,
}

impl Lifecycle for BucketPolicy {
    const READ: Read = Read::new("s3", "GetBucketPolicy", 1, &["s3:GetBucketPolicy"]);

    fn identity(&self) -> Identity {
        Identity::Natural(self.bucket.text())
    }

    fn create(&self) -> Steps {
        PutBucketPolicy::steps(self)
    }

    fn set(&self, _: &Self, field: BucketPolicyField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteBucketPolicy::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for BucketPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let reply = aws.s3.get_bucket_policy().bucket(name).send().await;
            let gone = crate::aws::gone::<Self>();
            let reply = crate::aws::present("s3", "GetBucketPolicy", reply, gone)?;
            let Some(text) = reply.and_then(|r| r.policy) else {
                return Ok(None);
            };
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    bucket: Input::Known(name.as_str().into()),
                    policy: crate::iam::policy::document("s3", "GetBucketPolicy", &text)?,
                },
                outputs: BucketPolicyOutputs {
                    id: name.as_str().into(),
                },
                id: name.clone(),
            }))
        })
        .await
    }

    async fn parts(_: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        // Each has one at the most, by its own id.
        Ok(of.to_vec())
    }
}
