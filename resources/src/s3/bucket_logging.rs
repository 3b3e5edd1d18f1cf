//! The server access logging of a bucket.

use super::BucketName;
#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

/// Server access logging of a bucket (bucket logging): S3 writes a log of the requests to it into another bucket, which must let
/// `logging.s3.amazonaws.com` put objects.
///
/// ```
/// use tenon_resources::{s3::{BucketLogging, BucketName}, value::Output};
/// let (bucket, logs): (Output<BucketName>, Output<BucketName>) = (Output::new("uploads", "id"), Output::new("logs", "id"));
/// BucketLogging::new(&bucket, &logs).target_prefix("uploads/");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket_logging")]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html: the status that a bucket has is replaced.
#[facts(gone("NoSuchBucket"), second_create = Overwritten)]
#[calls(PutBucketLogging)]
pub struct BucketLogging {
    /// The bucket.
    #[immutable]
    #[cfn("")]
    #[sample("aaa", "bbb")]
    pub bucket: Input<BucketName>,
    /// The target bucket, in the region and the account of the bucket.
    #[cfn("")]
    #[sample("ccc", "ddd")]
    pub target_bucket: Input<BucketName>,
    /// The prefix of the keys of log files, such as `uploads/`.
    #[default(String::new())]
    #[cfn("")]
    #[sample("logs/")]
    pub target_prefix: String,
}

/// Outputs of server access logging.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketLoggingOutputs {
    /// The bucket's name.
    #[shape("{bucket}")]
    pub id: BucketName,
}

/// A logging status: where log files go, or nowhere.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct LoggingStatus {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logging_enabled: Option<Target>,
}

/// The bucket and the prefix of log files.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Target {
    target_bucket: Input<BucketName>,
    target_prefix: String,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, folds, on = "arn:aws:s3:::{id}")]
struct PutBucketLogging {
    bucket: Input<BucketName>,
    bucket_logging_status: LoggingStatus,
}

impl BucketLogging {
    fn put(&self) -> PutBucketLogging {
        PutBucketLogging {
            bucket: self.bucket.clone(),
            bucket_logging_status: LoggingStatus {
                logging_enabled: Some(Target {
                    target_bucket: self.target_bucket.clone(),
                    target_prefix: self.target_prefix.clone(),
                }),
            },
        }
    }
}

/// The errors that pass of a bucket that was created a moment ago, or that changes twice at once.
fn patient(steps: Steps) -> Steps {
    steps
        .retry_on("OperationAborted", minutes(2))
        .retry_on("NoSuchBucket", minutes(2))
        // The target bucket, and the policy that lets the logging service write there, may be a moment old.
        .retry_on("InvalidTargetBucketForLogging", minutes(2))
}

impl Lifecycle for BucketLogging {
    const READ: Read = Read::new("s3", "GetBucketLogging", 1, &["s3:GetBucketLogging"]);

    fn identity(&self) -> Identity {
        Identity::Natural(self.bucket.text())
    }

    fn create(&self) -> Steps {
        patient(Steps::create(self.put()))
    }

    fn set(&self, _: &Self, field: BucketLoggingField) -> Steps {
        match field {
            BucketLoggingField::TargetBucket | BucketLoggingField::TargetPrefix => {
                patient(Steps::update(self.put()))
            }
        }
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html: "To disable logging, you use an empty BucketLoggingStatus
    // request element".
    fn delete(&self) -> Steps {
        Steps::delete(PutBucketLogging {
            bucket: this(),
            bucket_logging_status: LoggingStatus::default(),
        })
        .expecting(Self::FACTS)
        .retry_on("OperationAborted", minutes(2))
    }
}

#[cfg(feature = "aws")]
impl ToSdk<sdk::s3::types::BucketLoggingStatus> for LoggingStatus {
    fn to_sdk(self) -> Option<sdk::s3::types::BucketLoggingStatus> {
        let enabled = self.logging_enabled.and_then(|target| {
            sdk::s3::types::LoggingEnabled::builder()
                .set_target_bucket(target.target_bucket.to_sdk())
                .target_prefix(target.target_prefix)
                .build()
                .ok()
        });
        let status = sdk::s3::types::BucketLoggingStatus::builder();
        Some(status.set_logging_enabled(enabled).build())
    }
}

#[cfg(feature = "aws")]
impl Observe for BucketLogging {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let reply = aws.s3.get_bucket_logging().bucket(name).send().await;
            let reply = crate::aws::present("s3", "GetBucketLogging", reply, crate::aws::gone::<Self>())?;
            Ok(reply.and_then(|r| r.logging_enabled).map(|to| Seen {
                status: Status::Ready,
                inputs: Self {
                    bucket: Input::Known(name.as_str().into()),
                    target_bucket: Input::Known(to.target_bucket.into()),
                    target_prefix: to.target_prefix,
                },
                outputs: BucketLoggingOutputs {
                    id: name.as_str().into(),
                },
                id: name.clone(),
            }))
        })
        .await
    }
}
