//! A bucket: objects by key.

use super::{LifecycleRule, objects::DeleteObjects};
use crate::{choice, prelude::*};

id!(
    /// Names a bucket, such as `shop-prod-uploads-1a2b3c`.
    BucketName
);

choice!(
    /// Who owns the objects that others write.
    ObjectOwnership of s3::ObjectOwnership {
        /// The bucket's owner; there are no access control lists.
        BucketOwnerEnforced = "BucketOwnerEnforced",
        /// The bucket's owner, when the writer says so.
        BucketOwnerPreferred = "BucketOwnerPreferred",
        /// The writer.
        ObjectWriter = "ObjectWriter",
    }
);

/// What objects are encrypted with, unless their writer says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// A key that S3 keeps: what AWS does by itself.
    S3,
    /// A key of KMS, by ARN, and `None` for AWS's own; always with a bucket key, which makes it cheap.
    Kms(Option<Input<Arn>>),
}

/// Who is kept out, whatever policies and access control lists say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the switches that S3 has")]
pub struct PublicAccessBlock {
    /// Refuse access control lists that open it to everyone.
    pub block_public_acls: bool,
    /// Ignore those that are there.
    pub ignore_public_acls: bool,
    /// Refuse policies that open it to everyone.
    pub block_public_policy: bool,
    /// Where a policy does open it, let in nobody but the account and AWS services.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// Everyone is kept out.
    pub const ALL: Self = Self::of(true);
    /// Policies and access control lists decide.
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

/// Keeps objects by key. It is deleted only when it is empty, or told to be emptied first. Who may use it besides the
/// account is said by `s3.bucket_policy`.
///
/// ```
/// use tenon_resources::s3::{Bucket, LifecycleRule};
/// Bucket::new().versioning(true).lifecycle([LifecycleRule::new("tidy").expire_old_versions_after(90)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket", cfn = "AWS::S3::Bucket", stateful)]
pub struct Bucket {
    /// Its name, unique in all of AWS, 3 to 63 characters.
    #[immutable]
    #[named(max = 63, also = "-.", lower)]
    pub bucket_name: Option<Input<String>>,
    /// What objects are encrypted with.
    #[default(Encryption::S3)]
    #[after_create]
    #[cfn("BucketEncryption")]
    pub encryption: Encryption,
    /// Keep the old versions of objects. Taking it back keeps those that are there, and no new ones.
    #[default(false)]
    #[after_create]
    #[cfn("VersioningConfiguration")]
    pub versioning: bool,
    /// What becomes of objects with time.
    #[default(BTreeSet::new())]
    #[after_create]
    #[cfn("LifecycleConfiguration")]
    pub lifecycle: BTreeSet<LifecycleRule>,
    /// Who is kept out, whatever policies say.
    #[default(PublicAccessBlock::ALL)]
    #[cfn("PublicAccessBlockConfiguration")]
    pub public_access_block: PublicAccessBlock,
    /// Who owns the objects that others write.
    #[default(ObjectOwnership::BucketOwnerEnforced)]
    #[cfn("OwnershipControls")]
    pub object_ownership: ObjectOwnership,
    /// Delete what is in it with it, old versions and delete markers too, instead of refusing while there is anything.
    #[default(false)]
    #[write_only]
    pub empty_on_delete: bool,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketOutputs {
    /// Its name.
    #[shape("{bucket_name}")]
    pub id: BucketName,
    /// Its ARN; its objects' are this, `/` and their keys.
    #[shape("arn:aws:s3:::{id}")]
    pub arn: Arn,
    /// Its name in the DNS, for those who speak HTTP.
    #[shape("{id}.s3.{region}.amazonaws.com")]
    pub regional_domain_name: String,
}

impl Lifecycle for Bucket {
    const CALLS: &'static [CallInfo] = &[
        CREATE,
        PutPublicAccessBlock::INFO,
        PutBucketEncryption::INFO,
        PutBucketVersioning::INFO,
        PutBucketLifecycleConfiguration::INFO,
        DeleteBucketLifecycle::INFO,
        PutBucketOwnershipControls::INFO,
        PutBucketTagging::INFO,
        DeleteObjects::INFO,
        DELETE,
    ];
    const READ: Read = Read {
        service: "s3",
        operation: "HeadBucket",
        batch: 1,
        actions: &[
            "s3:ListBucket",
            "s3:ListAllMyBuckets",
            "s3:GetBucketTagging",
            "s3:GetEncryptionConfiguration",
            "s3:GetBucketVersioning",
            "s3:GetLifecycleConfiguration",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketOwnershipControls",
        ],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.bucket_name.as_ref())
    }

    fn create(&self) -> Steps {
        // Deleting a bucket and making it again meets OperationAborted for a while.
        Steps::create(CreateBucket {
            bucket: self.bucket_name.clone(),
            object_ownership: self.object_ownership,
            create_bucket_configuration: Configuration {
                tags: self.tags.clone(),
                location_constraint: None,
            },
        })
        .retry_on("OperationAborted", minutes(5))
        // Said even where AWS does it by itself, since April 2023: who gets in is not left to a default.
        .then(self.block())
    }

    fn set(&self, _was: &Self, field: BucketField) -> Steps {
        let steps = match field {
            BucketField::Encryption => Steps::update(PutBucketEncryption {
                bucket: this(),
                server_side_encryption_configuration: self.encryption.clone(),
            }),
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
            BucketField::PublicAccessBlock => return self.block(),
            BucketField::ObjectOwnership => Steps::update(PutBucketOwnershipControls {
                bucket: this(),
                ownership_controls: self.object_ownership,
            }),
            // It is said when the bucket is deleted.
            BucketField::EmptyOnDelete => return Steps::none(),
            // The call takes all of them, and forgets the others.
            BucketField::Tags => Steps::update(PutBucketTagging {
                bucket: this(),
                tagging: Tagging(self.tags.clone()),
            }),
        };
        patient(steps)
    }

    fn delete(&self) -> Steps {
        let emptied = Steps::none().then_if(self.empty_on_delete, || {
            Steps::update(DeleteObjects { bucket: this() })
                .ok_on("NoSuchBucket")
                .destroys("everything in the bucket, old versions included")
        });
        let delete = Steps::delete(DeleteBucket { bucket: this() })
            .ok_on("NoSuchBucket")
            .retry_on("OperationAborted", minutes(2));
        emptied.then(delete)
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if let Some(name) = self.bucket_name.as_ref().and_then(Input::known) {
            let edges = [name.chars().next(), name.chars().last()];
            if name.len() < 3 || edges.iter().flatten().any(|c| !c.is_ascii_alphanumeric()) {
                findings.push(format!(
                    "`bucket_name` is `{name}`: 3 to 63 characters, a letter or digit at both ends"
                ));
            }
            if name.contains("..") || name.starts_with("xn--") || name.ends_with("-s3alias") {
                findings.push(format!(
                    "`bucket_name` is `{name}`, and S3 refuses `..`, `xn--` and `-s3alias` there"
                ));
            }
        }
        let ids: BTreeSet<&str> = self.lifecycle.iter().map(|r| r.id.as_str()).collect();
        if ids.len() < self.lifecycle.len() {
            findings.push("`lifecycle` has two rules of one `id`: give each its own".into());
        }
        if let Some(idle) = self.lifecycle.iter().find(|r| !r.acts()) {
            findings.push(format!(
                "`lifecycle` has rule `{}` that does nothing: say what it does",
                idle.id
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        let none: [LifecycleRule; 0] = [];
        [
            Self::new()
                .bucket_name("aaa")
                .lifecycle(none)
                .tags([("Name", "a")]),
            Self::new()
                .bucket_name("bbb")
                .encryption(Encryption::Kms(Some(
                    "arn:aws:kms:eu-west-1:111111111111:key/b".into_input(),
                )))
                .versioning(true)
                .lifecycle([LifecycleRule::new("tidy")
                    .prefix("tmp/")
                    .expire_after(7)
                    .abort_uploads_after(1)])
                .public_access_block(PublicAccessBlock::NONE)
                .object_ownership(ObjectOwnership::BucketOwnerPreferred)
                .empty_on_delete(true)
                .tags([("Name", "b")]),
        ]
    }
}

/// What a bucket that was just made may meet, and one that changes twice.
fn patient(steps: Steps) -> Steps {
    steps
        .retry_on("OperationAborted", minutes(2))
        .retry_on("NoSuchBucket", minutes(2))
}

impl Bucket {
    fn block(&self) -> Steps {
        patient(Steps::update(PutPublicAccessBlock {
            bucket: this(),
            public_access_block_configuration: self.public_access_block,
        }))
    }
}

/// Where a bucket is made, and its tags.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Configuration {
    tags: Tags,
    /// Filled when the call is sent: the region that the plan was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location_constraint: Option<String>,
}

/// A bucket's lifecycle.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Rules(BTreeSet<LifecycleRule>);

/// A bucket's tags.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Tagging(Tags);

choice!(
    /// Whether old versions are kept.
    Versioning {
        /// They are.
        Enabled = "Enabled",
        /// Those that are there.
        Suspended = "Suspended",
    }
);

#[derive(Call, Serialize, Deserialize)]
#[call(
    s3,
    also("s3:TagResource", "s3:PutBucketTagging", "s3:PutBucketOwnershipControls"),
    on = "arn:aws:s3:::{id}"
)]
#[expect(clippy::struct_field_names, reason = "these are the names of the SDK")]
struct CreateBucket {
    bucket: Option<Input<String>>,
    object_ownership: ObjectOwnership,
    create_bucket_configuration: Configuration,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, action = "s3:PutBucketPublicAccessBlock", on = "arn:aws:s3:::{id}")]
struct PutPublicAccessBlock {
    bucket: Input<BucketName>,
    public_access_block_configuration: PublicAccessBlock,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, action = "s3:PutEncryptionConfiguration", on = "arn:aws:s3:::{id}")]
struct PutBucketEncryption {
    bucket: Input<BucketName>,
    server_side_encryption_configuration: Encryption,
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
#[call(s3, on = "arn:aws:s3:::{id}")]
struct PutBucketOwnershipControls {
    bucket: Input<BucketName>,
    ownership_controls: ObjectOwnership,
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

/// Everywhere but in us-east-1 the call wants the region said, and there it wants it left out.
const CREATE: CallInfo = CallInfo {
    #[cfg(feature = "aws")]
    send: |aws, mut params| {
        if aws.region() != "us-east-1" {
            params["create_bucket_configuration"]["location_constraint"] = aws.region().into();
        }
        (CreateBucket::INFO.send)(aws, params)
    },
    ..CreateBucket::INFO
};

/// AWS says that a bucket is not empty, and not what to do about it.
const DELETE: CallInfo = CallInfo {
    #[cfg(feature = "aws")]
    send: |aws, params| {
        Box::pin(async move {
            let name = params["bucket"].as_str().unwrap_or_default().to_owned();
            (DeleteBucket::INFO.send)(aws, params).await.map_err(|mut error| {
                if error.code == "BucketNotEmpty" {
                    error.message = format!(
                        "the bucket is not empty; look at what is in it (`aws s3api list-object-versions --bucket {name}`: old \
                         versions and delete markers count, too), empty it (`aws s3 rm s3://{name} --recursive`, or a lifecycle \
                         rule for versions) or set `empty_on_delete`, and apply again"
                    );
                }
                error
            })
        })
    },
    ..DeleteBucket::INFO
};

#[cfg(feature = "aws")]
mod wire {
    use super::{Configuration, Encryption, ObjectOwnership, PublicAccessBlock, Rules, Tagging, Versioning};
    use crate::aws::{ToSdk, sdk::s3::types as aws};

    impl ToSdk<aws::CreateBucketConfiguration> for Configuration {
        fn to_sdk(self) -> Option<aws::CreateBucketConfiguration> {
            let place = self.location_constraint.map(|r| r.as_str().into());
            let configuration = aws::CreateBucketConfiguration::builder().set_location_constraint(place);
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
            let (by_default, cheap) = match self {
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
                .set_bucket_key_enabled(cheap);
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
            // A bucket from before there were such controls.
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
