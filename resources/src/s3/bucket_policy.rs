//! Who may do what with a bucket and its objects.

use super::BucketName;
use crate::{iam::Policy, prelude::*};

/// A bucket's policy. A resource of its own, because its statements name the bucket.
///
/// ```
/// use tenon_resources::{iam::Policy, s3::{BucketName, BucketPolicy}, text, value::{Arn, Output}};
/// let (bucket, arn): (Output<BucketName>, Output<Arn>) = (Output::new("logs", "id"), Output::new("logs", "arn"));
/// let tls = Policy::deny(["s3:*"]).anyone().on([text!("{}", &arn), text!("{}/*", &arn)]).when("Bool", "aws:SecureTransport", ["false"]);
/// BucketPolicy::new(&bucket, tls);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket_policy", cfn = "AWS::S3::BucketPolicy")]
pub struct BucketPolicy {
    /// The bucket.
    #[immutable]
    #[attachment]
    pub bucket: Input<BucketName>,
    /// Who may do what.
    #[cfn("PolicyDocument")]
    pub policy: Policy,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketPolicyOutputs {
    /// The bucket's name.
    #[shape("{bucket}")]
    pub id: BucketName,
}

impl Lifecycle for BucketPolicy {
    const CALLS: &'static [CallInfo] = &[PutBucketPolicy::INFO, DeleteBucketPolicy::INFO];
    const READ: Read = Read {
        service: "s3",
        operation: "GetBucketPolicy",
        batch: 1,
        actions: &["s3:GetBucketPolicy"],
    };

    fn identity(&self) -> Identity {
        Identity::Natural(self.bucket.text())
    }

    fn create(&self) -> Steps {
        self.put(Steps::create)
    }

    fn set(&self, _was: &Self, field: BucketPolicyField) -> Steps {
        match field {
            BucketPolicyField::Policy => self.put(Steps::update),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteBucketPolicy {
            bucket: self.bucket.clone(),
        })
        .ok_on("NoSuchBucketPolicy")
        .ok_on("NoSuchBucket")
        .retry_on("OperationAborted", minutes(2))
    }

    fn check(&self) -> Vec<String> {
        self.policy.check("policy", 20_480)
    }

    fn samples() -> [Self; 2] {
        let of = |bucket: &str, action: &str| {
            let arn = format!("arn:aws:s3:::{bucket}/*");
            Self::new(bucket, Policy::allow([action]).account("111111111111").on([arn]))
        };
        [of("a", "s3:GetObject"), of("b", "s3:PutObject")]
    }
}

impl BucketPolicy {
    /// A principal that was made a moment ago is unknown for a while: Terraform tries for 2 minutes.
    fn put(&self, step: fn(PutBucketPolicy) -> Steps) -> Steps {
        step(PutBucketPolicy {
            bucket: self.bucket.clone(),
            policy: self.policy.clone(),
        })
        .retry_on_message("MalformedPolicy", "Invalid principal", minutes(2))
        .retry_on("OperationAborted", minutes(2))
        .retry_on("NoSuchBucket", minutes(2))
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, on = "arn:aws:s3:::{id}")]
struct PutBucketPolicy {
    bucket: Input<BucketName>,
    policy: Policy,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, on = "arn:aws:s3:::{id}")]
struct DeleteBucketPolicy {
    bucket: Input<BucketName>,
}

#[cfg(feature = "aws")]
impl Observe for BucketPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let reply = aws.s3.get_bucket_policy().bucket(name).send().await;
            let gone = ["NoSuchBucketPolicy", "NoSuchBucket"];
            let reply = crate::aws::present("s3", "GetBucketPolicy", reply, &gone)?;
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
}
