//! A bucket.

use super::{LifecycleRule, objects::DeleteObjects};
use crate::prelude::*;

id!(
    /// A bucket's name, such as `shop-prod-uploads-1a2b3c`.
    BucketName
);

choice!(
    /// The ownership of objects that other accounts write.
    ObjectOwnership of s3::ObjectOwnership {
        /// The bucket owner owns every object; access control lists are disabled.
        BucketOwnerEnforced = "BucketOwnerEnforced",
        /// The bucket owner owns objects that are written with the ACL `bucket-owner-full-control`.
        BucketOwnerPreferred = "BucketOwnerPreferred",
        /// The writer owns the object.
        ObjectWriter = "ObjectWriter",
    }
);

/// The default encryption of objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// Server-side encryption with keys of S3 (SSE-S3), which is AWS's default.
    S3,
    /// Server-side encryption with a KMS key (SSE-KMS), by ARN, or `None` for the AWS managed key; with an S3 Bucket Key.
    Kms(Option<Input<Arn>>),
}

/// The settings that block public access, whatever policies and access control lists allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the switches that S3 has")]
pub struct PublicAccessBlock {
    /// Public access control lists are refused.
    pub block_public_acls: bool,
    /// Public access control lists are ignored.
    pub ignore_public_acls: bool,
    /// Public bucket policies are refused.
    pub block_public_policy: bool,
    /// Access by a public bucket policy is limited to the account and AWS services.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// All public access is blocked.
    pub const ALL: Self = Self::of(true);
    /// Nothing is blocked: policies and access control lists apply.
    pub const NONE: Self = Self::of(false);

    const fn of(block: bool) -> Self {
        Self {
            block_public_acls: block,
            ignore_public_acls: block,
            block_public_policy: block,
            restrict_public_buckets: block,
        }
    }
}

/// A bucket for objects. S3 deletes only an empty bucket; with `empty_on_delete`, the objects are deleted first. Access for others than the
/// account is given by `s3.bucket_policy`.
///
/// ```
/// use tenon_resources::s3::{Bucket, LifecycleRule};
/// Bucket::new().versioning(true).lifecycle([LifecycleRule::new("tidy").expire_old_versions_after(90)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket", cfn = "AWS::S3::Bucket", stateful)]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_Errors: a name that is taken, by whomever.
#[facts(gone("NoSuchBucket"), second_create = Refused("BucketAlreadyExists"), exists("BucketAlreadyOwnedByYou"))]
// A bucket that was created a moment ago may be unknown for a while, and one that changes twice at once refuses the second change.
#[update(PutPublicAccessBlock: s3, by(bucket), action = "s3:PutBucketPublicAccessBlock", on = "arn:aws:s3:::{id}",
    rules(.retry_on("OperationAborted", minutes(2)).retry_on("NoSuchBucket", minutes(2))))]
#[update(PutBucketEncryption: s3, by(bucket), action = "s3:PutEncryptionConfiguration", on = "arn:aws:s3:::{id}",
    rules(.retry_on("OperationAborted", minutes(2)).retry_on("NoSuchBucket", minutes(2))))]
#[update(PutBucketOwnershipControls: s3, by(bucket), on = "arn:aws:s3:::{id}",
    rules(.retry_on("OperationAborted", minutes(2)).retry_on("NoSuchBucket", minutes(2))))]
#[retag(retag)]
#[calls(
    CreateBucket,
    PutBucketVersioning,
    PutBucketLifecycleConfiguration,
    DeleteBucketLifecycle,
    PutBucketTagging,
    DeleteObjects,
    DeleteBucket
)]
pub struct Bucket {
    /// The name, unique in all of AWS, 3 to 63 characters.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    #[named(
        max = 63,
        id,
        also = "-.",
        lower,
        global,
        pattern = "[a-z0-9](?:[.]?[a-z0-9-]){1,61}[a-z0-9]",
        reserved("xn--", "sthree-", "amzn-s3-demo-")
    )]
    #[sample("aaa", "bbb")]
    #[wrong_text_if(kept_end(it).is_some(), "is `{it}`, and S3 keeps names that end with `{}` to itself", kept_end(it).unwrap_or_default())]
    #[wrong_text_if(it.parse::<std::net::Ipv4Addr>().is_ok(), "is `{it}`, and S3 refuses one that looks like an IP address")]
    pub bucket_name: Option<Input<String>>,
    /// The default encryption of objects.
    #[default(Encryption::S3)]
    #[after_create]
    #[member("server_side_encryption_configuration")]
    #[updated_by(PutBucketEncryption)]
    #[cfn("BucketEncryption")]
    #[sample(Encryption::Kms(Some("arn:aws:kms:eu-west-1:111111111111:key/b".into_input())))]
    pub encryption: Encryption,
    /// Versioning: noncurrent versions of objects are kept. When it is suspended, existing versions stay.
    #[default(false)]
    #[after_create]
    #[by_hand]
    #[member("")]
    #[cfn("VersioningConfiguration")]
    #[sample(true)]
    pub versioning: bool,
    /// The lifecycle rules: the transition and expiration of objects.
    #[default(BTreeSet::new())]
    #[after_create]
    #[by_hand]
    #[member("")]
    #[cfn("LifecycleConfiguration")]
    #[sample(
        Vec::<LifecycleRule>::new(),
        [LifecycleRule::new("tidy").prefix("tmp/").expire_after(7).abort_uploads_after(1)]
    )]
    #[wrong_if(it.iter().map(|r| r.id.as_str()).collect::<BTreeSet<_>>().len() < it.len(), "has two rules of one `id`: give each its own")]
    #[checked(it.iter().find(|r| !r.acts()).map(|r| format!("`{field}` has rule `{}` that does nothing: say what it does", r.id)))]
    pub lifecycle: BTreeSet<LifecycleRule>,
    /// The settings that block public access, whatever policies allow.
    #[default(PublicAccessBlock::ALL)]
    #[member("public_access_block_configuration")]
    #[cfn("PublicAccessBlockConfiguration")]
    #[sample(PublicAccessBlock::NONE)]
    pub public_access_block: PublicAccessBlock,
    /// Object ownership: the owner of objects that other accounts write.
    #[member("ownership_controls")]
    #[updated_by(PutBucketOwnershipControls)]
    #[default(ObjectOwnership::BucketOwnerEnforced)]
    #[cfn("OwnershipControls")]
    #[sample(ObjectOwnership::BucketOwnerPreferred)]
    pub object_ownership: ObjectOwnership,
    /// Deletion of the bucket deletes its objects first, noncurrent versions and delete markers too.
    #[default(false)]
    #[write_only]
    #[local]
    #[sample(true)]
    pub empty_on_delete: bool,
    /// Tags.
    pub tags: Tags,
}

/// The end of a name that S3 keeps to itself: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn kept_end(name: &str) -> Option<&'static str> {
    const KEPT: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    KEPT.into_iter().find(|end| name.ends_with(end))
}

/// Outputs of a bucket.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketOutputs {
    /// The name.
    #[shape("{bucket_name}")]
    pub id: BucketName,
    /// The ARN; an object's ARN is this, `/` and its key.
    #[shape("arn:aws:s3:::{id}")]
    pub arn: Arn,
    /// The regional domain name.
    #[shape("{id}.s3.{region}.amazonaws.com")]
    pub regional_domain_name: String,
}

impl Lifecycle for Bucket {
    // `InvalidTag`: "System tags cannot be removed by requester": https://github.com/hashicorp/terraform-provider-aws/issues/7323,
    // https://github.com/cloud-custodian/cloud-custodian/pull/2861
    const TAGGED_AS_A_WHOLE: bool = true;

    const READ: Read = Read::new(
        "s3",
        "HeadBucket",
        1,
        &[
            "s3:ListBucket",
            "s3:ListAllMyBuckets",
            "s3:GetBucketTagging",
            "s3:GetEncryptionConfiguration",
            "s3:GetBucketVersioning",
            "s3:GetLifecycleConfiguration",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketOwnershipControls",
        ],
    );

    fn create(&self) -> Steps {
        // The name of a bucket that was deleted a moment ago answers OperationAborted for a while.
        Steps::create(CreateBucket {
            bucket: self.bucket_name.clone(),
            object_ownership: self.object_ownership,
            create_bucket_configuration: Configuration {
                tags: self.tags.clone(),
                location_constraint: None,
            },
        })
        .retry_on("OperationAborted", minutes(5))
        // Set even though AWS blocks by default since April 2023: access is not left to a default.
        .then(self.block())
    }

    fn set(&self, _: &Self, field: BucketField) -> Steps {
        let steps = match field {
            BucketField::Versioning => {
                let status = if self.versioning {
                    Versioning::Enabled
                } else {
                    Versioning::Suspended
                };
                Steps::update(PutBucketVersioning {
                    bucket: this(),
                    versioning_configuration: status,
                })
            }
            BucketField::Lifecycle if self.lifecycle.is_empty() => {
                Steps::update(DeleteBucketLifecycle { bucket: this() })
            }
            BucketField::Lifecycle => Steps::update(PutBucketLifecycleConfiguration {
                bucket: this(),
                lifecycle_configuration: Rules(self.lifecycle.clone()),
            }),
        };
        patient(steps)
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html: "All objects (including all object versions and delete
    // markers) in the bucket must be deleted before the bucket itself can be deleted."
    fn only_when_empty(&self, id: &str) -> Option<OnlyWhenEmpty> {
        (!self.empty_on_delete).then(|| OnlyWhenEmpty {
            code: "BucketNotEmpty",
            of: "objects, old versions or delete markers",
            remedy: format!(
                "look at them (`aws s3api list-object-versions --bucket {id}`) and empty it (`aws s3 rm s3://{id} --recursive`, or \
                 a lifecycle rule for versions), or set `empty_on_delete`, apply that, and go on from there"
            ),
        })
    }

    fn delete(&self) -> Steps {
        let emptied = Steps::none().then_if(self.empty_on_delete, || {
            Steps::update(DeleteObjects { bucket: this() })
                .expecting(Self::FACTS)
                .destroys("everything in the bucket, old versions included")
        });
        let delete = Steps::delete(DeleteBucket { bucket: this() })
            .expecting(Self::FACTS)
            .retry_on("OperationAborted", minutes(2));
        emptied.then(delete)
    }
}

/// The errors that pass of a bucket that was created a moment ago, or that changes twice at once.
fn patient(steps: Steps) -> Steps {
    steps
        .retry_on("OperationAborted", minutes(2))
        .retry_on("NoSuchBucket", minutes(2))
}

/// The call that sets the tags: it takes all of them, and removes the others.
fn retag(tags: &Tags, _: &Tags) -> Steps {
    patient(Steps::update(PutBucketTagging {
        bucket: this(),
        tagging: Tagging(tags.clone()),
    }))
}

impl Bucket {
    fn block(&self) -> Steps {
        let mut call = PutPublicAccessBlock::unchanged(self);
        call.public_access_block_configuration = Some(self.public_access_block);
        call.steps()
    }
}

/// The configuration of a new bucket: its region and its tags.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Configuration {
    tags: Tags,
    /// The region, which is filled in when the call is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location_constraint: Option<String>,
}

/// A lifecycle configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Rules(BTreeSet<LifecycleRule>);

/// A bucket's tags.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Tagging(Tags);

choice!(
    /// The versioning state.
    Versioning {
        /// New versions are kept.
        Enabled = "Enabled",
        /// Existing versions are kept.
        Suspended = "Suspended",
    }
);

#[derive(Call, Serialize, Deserialize)]
#[call(
    s3,
    also("s3:TagResource", "s3:PutBucketTagging", "s3:PutBucketOwnershipControls"),
    on = "arn:aws:s3:::{id}",
    sent_by = wire::create
)]
#[expect(clippy::struct_field_names, reason = "these are the names of the SDK")]
struct CreateBucket {
    bucket: Option<Input<String>>,
    object_ownership: ObjectOwnership,
    create_bucket_configuration: Configuration,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, on = "arn:aws:s3:::{id}")]
struct PutBucketVersioning {
    bucket: Input<BucketName>,
    versioning_configuration: Versioning,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, action = "s3:PutLifecycleConfiguration", on = "arn:aws:s3:::{id}")]
struct PutBucketLifecycleConfiguration {
    bucket: Input<BucketName>,
    lifecycle_configuration: Rules,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, action = "s3:PutLifecycleConfiguration", on = "arn:aws:s3:::{id}")]
struct DeleteBucketLifecycle {
    bucket: Input<BucketName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, also("s3:TagResource", "s3:UntagResource"), on = "arn:aws:s3:::{id}")]
struct PutBucketTagging {
    bucket: Input<BucketName>,
    tagging: Tagging,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, on = "arn:aws:s3:::{id}")]
struct DeleteBucket {
    bucket: Input<BucketName>,
}

#[cfg(feature = "aws")]
mod wire {
    use super::{
        Configuration, CreateBucket, Encryption, ObjectOwnership, PublicAccessBlock, Rules, Tagging,
        Versioning,
    };
    use crate::{
        aws::{Aws, ToSdk, sdk::s3::types as aws},
        cloud::{CallError, Reply},
    };

    /// `CreateBucket` needs the region as its location constraint, except in us-east-1, where it refuses one.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
    pub(super) async fn create(mut call: CreateBucket, aws: &Aws) -> Result<Reply, CallError> {
        if aws.region() != "us-east-1" {
            call.create_bucket_configuration.location_constraint = Some(aws.region().into());
        }
        call.send_as_it_is(aws).await
    }

    impl ToSdk<aws::CreateBucketConfiguration> for Configuration {
        fn to_sdk(self) -> Option<aws::CreateBucketConfiguration> {
            let region = self.location_constraint.map(|r| r.as_str().into());
            let configuration = aws::CreateBucketConfiguration::builder().set_location_constraint(region);
            Some(configuration.set_tags(self.tags.to_sdk()).build())
        }
    }
    impl ToSdk<aws::PublicAccessBlockConfiguration> for PublicAccessBlock {
        fn to_sdk(self) -> Option<aws::PublicAccessBlockConfiguration> {
            let block = aws::PublicAccessBlockConfiguration::builder()
                .block_public_acls(self.block_public_acls)
                .ignore_public_acls(self.ignore_public_acls)
                .block_public_policy(self.block_public_policy)
                .restrict_public_buckets(self.restrict_public_buckets);
            Some(block.build())
        }
    }
    impl ToSdk<aws::ServerSideEncryptionConfiguration> for Encryption {
        fn to_sdk(self) -> Option<aws::ServerSideEncryptionConfiguration> {
            let by_default = aws::ServerSideEncryptionByDefault::builder();
            let (by_default, bucket_key) = match self {
                Self::S3 => (by_default.sse_algorithm("AES256".into()), None),
                Self::Kms(key) => (
                    by_default
                        .sse_algorithm("aws:kms".into())
                        .set_kms_master_key_id(key.to_sdk()),
                    Some(true),
                ),
            };
            let rule = aws::ServerSideEncryptionRule::builder()
                .apply_server_side_encryption_by_default(by_default.build().ok()?)
                .set_bucket_key_enabled(bucket_key);
            aws::ServerSideEncryptionConfiguration::builder()
                .rules(rule.build())
                .build()
                .ok()
        }
    }
    impl ToSdk<aws::VersioningConfiguration> for Versioning {
        fn to_sdk(self) -> Option<aws::VersioningConfiguration> {
            Some(
                aws::VersioningConfiguration::builder()
                    .status(self.as_str().into())
                    .build(),
            )
        }
    }
    impl ToSdk<aws::BucketLifecycleConfiguration> for Rules {
        fn to_sdk(self) -> Option<aws::BucketLifecycleConfiguration> {
            aws::BucketLifecycleConfiguration::builder()
                .set_rules(self.0.to_sdk())
                .build()
                .ok()
        }
    }
    impl ToSdk<aws::OwnershipControls> for ObjectOwnership {
        fn to_sdk(self) -> Option<aws::OwnershipControls> {
            let rule = aws::OwnershipControlsRule::builder()
                .object_ownership(self.as_str().into())
                .build()
                .ok()?;
            aws::OwnershipControls::builder().rules(rule).build().ok()
        }
    }
    impl ToSdk<aws::Tagging> for Tagging {
        fn to_sdk(self) -> Option<aws::Tagging> {
            aws::Tagging::builder().set_tag_set(self.0.to_sdk()).build().ok()
        }
    }
}

#[cfg(feature = "aws")]
impl Observe for Bucket {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                // Buckets of other regions answer with a redirect.
                let pages = items!(aws.s3.list_buckets().bucket_region(aws.region()));
                let buckets = aws.all("s3", "ListBuckets", pages).await?;
                buckets.into_iter().filter_map(|b| b.name).collect()
            }
        };
        crate::aws::each(names, |name| read(aws, name)).await
    }
}

// Long: a call for each part of a bucket, and the value of each field.
#[cfg(feature = "aws")]
async fn read(aws: &Aws, name: String) -> Result<Option<Seen<Bucket>>, CallError> {
    use crate::aws::present;
    let head = aws.s3.head_bucket().bucket(&name).send().await;
    if present("s3", "HeadBucket", head, &["NotFound", "NoSuchBucket"])?.is_none() {
        return Ok(None);
    }
    let gone = "NoSuchBucket";
    let tags = aws.s3.get_bucket_tagging().bucket(&name).send();
    let encryption = aws.s3.get_bucket_encryption().bucket(&name).send();
    let versioning = aws.s3.get_bucket_versioning().bucket(&name).send();
    let rules = aws.s3.get_bucket_lifecycle_configuration().bucket(&name).send();
    let block = aws.s3.get_public_access_block().bucket(&name).send();
    // On the heap: the five together are 24 KB, and many buckets are read at once.
    let (tags, encryption, versioning, rules, block) =
        Box::pin(futures::future::join5(tags, encryption, versioning, rules, block)).await;
    let ownership = aws.s3.get_bucket_ownership_controls().bucket(&name).send().await;
    let tags = present("s3", "GetBucketTagging", tags, &["NoSuchTagSet", gone])?;
    let none = ["ServerSideEncryptionConfigurationNotFoundError", gone];
    let encryption = present("s3", "GetBucketEncryption", encryption, &none)?;
    let versioning = present("s3", "GetBucketVersioning", versioning, &[gone])?.and_then(|v| v.status);
    let none = ["NoSuchLifecycleConfiguration", gone];
    let rules = present("s3", "GetBucketLifecycleConfiguration", rules, &none)?.and_then(|r| r.rules);
    let none = ["NoSuchPublicAccessBlockConfiguration", gone];
    let block = present("s3", "GetPublicAccessBlock", block, &none)?;
    let none = ["OwnershipControlsNotFoundError", gone];
    let ownership = present("s3", "GetBucketOwnershipControls", ownership, &none)?;
    let ownership = ownership.and_then(|o| o.ownership_controls?.rules.into_iter().next());
    let ownership = ownership.and_then(|r| ObjectOwnership::word(r.object_ownership.as_str()));
    Ok(Some(Seen {
        status: Status::Ready,
        inputs: Bucket {
            bucket_name: Some(Input::Known(name.clone())),
            encryption: encryption
                .and_then(|e| e.server_side_encryption_configuration?.rules.into_iter().next())
                .and_then(|r| r.apply_server_side_encryption_by_default)
                .filter(|d| d.sse_algorithm.as_str() == "aws:kms")
                .map_or(Encryption::S3, |d| {
                    Encryption::Kms(d.kms_master_key_id.map(|k| Input::Known(k.into())))
                }),
            versioning: versioning.is_some_and(|s| s.as_str() == "Enabled"),
            lifecycle: rules.into_iter().flatten().map(super::lifecycle::rule).collect(),
            public_access_block: block.and_then(|b| b.public_access_block_configuration).map_or(
                PublicAccessBlock::NONE,
                |b| PublicAccessBlock {
                    block_public_acls: b.block_public_acls.unwrap_or(false),
                    ignore_public_acls: b.ignore_public_acls.unwrap_or(false),
                    block_public_policy: b.block_public_policy.unwrap_or(false),
                    restrict_public_buckets: b.restrict_public_buckets.unwrap_or(false),
                },
            ),
            // A bucket that is older than ownership controls.
            object_ownership: ownership.unwrap_or(ObjectOwnership::ObjectWriter),
            empty_on_delete: false,
            tags: tags.map(|t| t.tag_set).into(),
        },
        outputs: BucketOutputs {
            arn: format!("arn:aws:s3:::{name}").into(),
            regional_domain_name: format!("{name}.s3.{}.amazonaws.com", aws.region()),
            id: name.clone().into(),
        },
        id: name,
    }))
}
