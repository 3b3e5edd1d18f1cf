//! The replication configuration of a bucket.

use super::{BucketName, StorageClass};
#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

/// A replication rule: the objects that S3 copies, and where to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReplicationRule {
    /// The ID, unique in the configuration.
    pub id: String,
    /// The priority, which decides between rules that fit one object: the highest is taken. Unique in the configuration.
    pub priority: u32,
    /// The prefix of the keys; empty for all.
    pub prefix: String,
    /// The ARN of the destination bucket, which has versioning.
    pub destination: Input<Arn>,
    /// The storage class of the copies. `None`: that of the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<StorageClass>,
    /// Delete markers are copied, too.
    pub delete_markers: bool,
}

impl ReplicationRule {
    /// The rule `id` of this priority that copies every object to the bucket with the ARN `destination`, and no delete marker.
    pub fn new(id: &str, priority: u32, destination: impl IntoInput<Arn>) -> Self {
        Self {
            id: id.into(),
            priority,
            prefix: String::new(),
            destination: destination.into_input(),
            storage_class: None,
            delete_markers: false,
        }
    }

    /// The same for keys that begin with `prefix`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The same with copies of another storage class.
    #[must_use]
    pub fn storage_class(mut self, class: StorageClass) -> Self {
        self.storage_class = Some(class);
        self
    }

    /// The same with delete markers copied, or not.
    #[must_use]
    pub fn delete_markers(mut self, copied: bool) -> Self {
        self.delete_markers = copied;
        self
    }
}

/// Replication of a bucket (bucket replication): S3 copies new objects to other buckets, in any region. Both buckets have versioning.
///
/// ```
/// use tenon_resources::{s3::{BucketName, BucketReplication, ReplicationRule}, value::{Arn, Output}};
/// let bucket: Output<BucketName> = Output::new("uploads", "id");
/// let (role, copy): (Output<Arn>, Output<Arn>) = (Output::new("replication", "arn"), Output::new("copy", "arn"));
/// BucketReplication::new(&bucket, &role).rules([ReplicationRule::new("all", 1, &copy)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket_replication")]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ReplicationErrorCodeList
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html: "Creates a replication configuration or replaces an
// existing one."
#[facts(gone("ReplicationConfigurationNotFoundError", "NoSuchBucket"), second_create = Overwritten)]
// Versioning and the role may be a moment old. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html: "can take up
// to 15 minutes"; Terraform retries for as long as a create may take.
#[create(PutBucketReplication: s3, puts, action = "s3:PutReplicationConfiguration", also("iam:PassRole to s3.amazonaws.com"), on = "arn:aws:s3:::{id}",
    with(replication_configuration: Replication = Replication::of(me)),
    rules(.retry_on("OperationAborted", minutes(2)).retry_on("NoSuchBucket", minutes(2))
        .retry_on_message("InvalidRequest", "Versioning must be", minutes(15))
        .retry_on_message("InvalidArgument", "assume", minutes(2))))]
#[delete(DeleteBucketReplication: s3, action = "s3:PutReplicationConfiguration", on = "arn:aws:s3:::{id}", same(bucket),
    rules(.retry_on("OperationAborted", minutes(2))))]
pub struct BucketReplication {
    /// The bucket whose objects are copied.
    #[immutable]
    #[cfn("")]
    #[sample("aaa", "bbb")]
    pub bucket: Input<BucketName>,
    /// The ARN of the IAM role that S3 copies with.
    #[cfn("")]
    #[member("")]
    #[in_struct(Replication)]
    #[sample("arn:aws:iam::123456789012:role/a", "arn:aws:iam::111111111111:role/b")]
    pub role: Input<Arn>,
    /// The rules.
    #[cfn("")]
    #[member("")]
    #[in_struct(Replication)]
    #[sample(
        [ReplicationRule::new("all", 1, "arn:aws:s3:::copy")],
        [ReplicationRule::new("cold", 2, "arn:aws:s3:::b").prefix("in/").storage_class(StorageClass::StandardIa).delete_markers(true)]
    )]
    #[missing_if(true, "is empty: say what is copied, and where to")]
    #[wrong_if(
        it.iter().map(|r| r.priority).collect::<BTreeSet<_>>().len() < it.len(),
        "has two rules of one `priority`: give each its own"
    )]
    #[wrong_if(it.iter().map(|r| r.id.as_str()).collect::<BTreeSet<_>>().len() < it.len(), "has two rules of one `id`: give each its own")]
    pub rules: BTreeSet<ReplicationRule>,
}

/// Outputs of a replication configuration.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketReplicationOutputs {
    /// The bucket's name.
    #[shape("{bucket}")]
    pub id: BucketName,
}

impl Lifecycle for BucketReplication {
    const READ: Read = Read::new(
        "s3",
        "GetBucketReplication",
        1,
        &["s3:GetReplicationConfiguration"],
    );

    fn identity(&self) -> Identity {
        Identity::Natural(self.bucket.text())
    }

    fn create(&self) -> Steps {
        PutBucketReplication::steps(self)
    }

    fn set(&self, _: &Self, field: BucketReplicationField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteBucketReplication::steps(self)
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{Input, Replication, ReplicationRule, StorageClass, ToSdk};
    use crate::aws::sdk::s3::types as aws;

    impl ToSdk<aws::ReplicationConfiguration> for Replication {
        fn to_sdk(self) -> Option<aws::ReplicationConfiguration> {
            aws::ReplicationConfiguration::builder()
                .set_role(self.role.to_sdk())
                .set_rules(self.rules.to_sdk())
                .build()
                .ok()
        }
    }

    impl ToSdk<aws::ReplicationRule> for ReplicationRule {
        fn to_sdk(self) -> Option<aws::ReplicationRule> {
            let class = self.storage_class.map(|class| class.as_str().into());
            let destination = aws::Destination::builder()
                .set_bucket(self.destination.to_sdk())
                .set_storage_class(class);
            let copied = if self.delete_markers {
                "Enabled"
            } else {
                "Disabled"
            };
            let markers = aws::DeleteMarkerReplication::builder().status(copied.into());
            aws::ReplicationRule::builder()
                .id(self.id)
                .set_priority(self.priority.to_sdk())
                .filter(aws::ReplicationRuleFilter::builder().prefix(self.prefix).build())
                .status(aws::ReplicationRuleStatus::Enabled)
                .set_destination(destination.build().ok())
                .delete_marker_replication(markers.build())
                .build()
                .ok()
        }
    }

    pub(super) fn rule(item: aws::ReplicationRule) -> Option<ReplicationRule> {
        let to = item.destination?;
        let markers = item.delete_marker_replication.and_then(|m| m.status);
        Some(ReplicationRule {
            id: item.id.unwrap_or_default(),
            priority: item.priority.and_then(|p| p.try_into().ok()).unwrap_or(0),
            prefix: item.filter.and_then(|f| f.prefix).unwrap_or_default(),
            destination: Input::Known(to.bucket.into()),
            storage_class: to.storage_class.and_then(|c| StorageClass::word(c.as_str())),
            delete_markers: markers.is_some_and(|m| m.as_str() == "Enabled"),
        })
    }
}

#[cfg(feature = "aws")]
impl Observe for BucketReplication {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let reply = aws.s3.get_bucket_replication().bucket(name).send().await;
            let gone = crate::aws::gone::<Self>();
            let reply = crate::aws::present("s3", "GetBucketReplication", reply, gone)?;
            let configuration = reply.and_then(|r| r.replication_configuration);
            Ok(configuration.map(|configuration| Seen {
                status: Status::Ready,
                inputs: Self {
                    bucket: Input::Known(name.as_str().into()),
                    role: Input::Known(configuration.role.into()),
                    rules: configuration.rules.into_iter().filter_map(wire::rule).collect(),
                },
                outputs: BucketReplicationOutputs {
                    id: name.as_str().into(),
                },
                id: name.clone(),
            }))
        })
        .await
    }
}
