//! A repository of container images.

use super::ImageRule;
use crate::{choice, iam::Policy, prelude::*};

id!(
    /// Names a repository, such as `shop/api`.
    RepositoryName
);

choice!(
    /// Whether a tag can be moved to another image.
    TagMutability of ecr::ImageTagMutability {
        /// It can.
        Mutable = "MUTABLE",
        /// It cannot: what was pushed under a tag stays.
        Immutable = "IMMUTABLE",
    }
);

/// What images are encrypted with at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// A key that S3 keeps.
    S3,
    /// A key of KMS, by ARN.
    Kms(Input<Arn>),
}

/// Keeps container images.
///
/// ```
/// use tenon_resources::ecr::{Count, ImageRule, Images, Repository, TagMutability};
/// Repository::new()
///     .image_tag_mutability(TagMutability::Immutable)
///     .scan_on_push(true)
///     .lifecycle([ImageRule::new(Images::Untagged, Count::OlderThanDays(7))]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ecr.repository", cfn = "AWS::ECR::Repository", stateful)]
pub struct Repository {
    /// Its name, unique in the region; with slashes, if you like.
    #[immutable]
    #[named(max = 256, also = "-_./", lower)]
    pub repository_name: Option<Input<String>>,
    /// Whether a tag can be moved to another image.
    #[default(TagMutability::Mutable)]
    pub image_tag_mutability: TagMutability,
    /// Look for known holes in what is pushed.
    #[default(false)]
    #[cfn("ImageScanningConfiguration")]
    pub scan_on_push: bool,
    /// What images are encrypted with at rest.
    #[immutable]
    #[default(Encryption::S3)]
    #[cfn("EncryptionConfiguration")]
    pub encryption: Encryption,
    /// Which images end, and when; rules count in their order.
    #[default(vec![])]
    #[after_create]
    #[cfn("LifecyclePolicy")]
    pub lifecycle: Vec<ImageRule>,
    /// Who may pull and push besides the account. Its statements name no resource.
    #[default(None)]
    #[after_create]
    #[cfn("RepositoryPolicyText")]
    pub policy: Option<Policy>,
    /// Delete the images with it, instead of refusing while there are some.
    #[default(false)]
    #[write_only]
    pub empty_on_delete: bool,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RepositoryOutputs {
    /// Its name.
    #[shape("{repository_name}")]
    pub id: RepositoryName,
    /// Its ARN.
    #[shape("arn:aws:ecr:{region}:{account}:repository/{id}")]
    pub arn: Arn,
    /// What images in it are called, without their tag.
    #[shape("{account}.dkr.ecr.{region}.amazonaws.com/{id}")]
    pub uri: String,
}

impl Lifecycle for Repository {
    const CALLS: &'static [CallInfo] = &[
        CreateRepository::INFO,
        PutImageTagMutability::INFO,
        PutImageScanningConfiguration::INFO,
        PutLifecyclePolicy::INFO,
        DeleteLifecyclePolicy::INFO,
        SetRepositoryPolicy::INFO,
        DeleteRepositoryPolicy::INFO,
        TagResource::INFO,
        UntagResource::INFO,
        DeleteRepository::INFO,
    ];
    const READ: Read = Read {
        service: "ecr",
        operation: "DescribeRepositories",
        batch: 1,
        actions: &[
            "ecr:DescribeRepositories",
            "ecr:GetLifecyclePolicy",
            "ecr:GetRepositoryPolicy",
            "ecr:ListTagsForResource",
        ],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.repository_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(CreateRepository {
            repository_name: self.repository_name.clone(),
            image_tag_mutability: self.image_tag_mutability,
            image_scanning_configuration: Scanning {
                scan_on_push: self.scan_on_push,
            },
            encryption_configuration: self.encryption.clone(),
            tags: self.tags.clone(),
        })
    }

    fn set(&self, was: &Self, field: RepositoryField) -> Steps {
        match field {
            RepositoryField::ImageTagMutability => Steps::update(PutImageTagMutability {
                repository_name: this(),
                image_tag_mutability: self.image_tag_mutability,
            }),
            RepositoryField::ScanOnPush => Steps::update(PutImageScanningConfiguration {
                repository_name: this(),
                image_scanning_configuration: Scanning {
                    scan_on_push: self.scan_on_push,
                },
            }),
            RepositoryField::Lifecycle if self.lifecycle.is_empty() => Steps::update(DeleteLifecyclePolicy {
                repository_name: this(),
            })
            .ok_on("LifecyclePolicyNotFoundException"),
            RepositoryField::Lifecycle => Steps::update(PutLifecyclePolicy {
                repository_name: this(),
                lifecycle_policy_text: Rules(self.lifecycle.clone()),
            }),
            RepositoryField::Policy => match self.policy.clone() {
                // A principal that was made a moment ago is unknown for a while.
                Some(policy_text) => Steps::update(SetRepositoryPolicy {
                    repository_name: this(),
                    policy_text,
                })
                .retry_on_message(
                    "InvalidParameterException",
                    "Principal not found",
                    minutes(2),
                ),
                None => Steps::update(DeleteRepositoryPolicy {
                    repository_name: this(),
                })
                .ok_on("RepositoryPolicyNotFoundException"),
            },
            // It is said when the repository is deleted.
            RepositoryField::EmptyOnDelete => Steps::none(),
            RepositoryField::Tags => {
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(TagResource {
                            resource_arn: own("arn"),
                            tags,
                        })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(UntagResource {
                            resource_arn: own("arn"),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        let steps = Steps::delete(DeleteRepository {
            repository_name: this(),
            force: self.empty_on_delete,
        })
        .ok_on("RepositoryNotFoundException");
        if self.empty_on_delete {
            steps.destroys("the images in it")
        } else {
            steps
        }
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if let Some(name) = self.repository_name.as_ref().and_then(Input::known)
            && (name.len() < 2 || !name.starts_with(|c: char| c.is_ascii_alphanumeric()))
        {
            findings.push(format!(
                "`repository_name` is `{name}`: at least 2 characters, and a letter or digit first"
            ));
        }
        let last = self.lifecycle.len().saturating_sub(1);
        if self
            .lifecycle
            .iter()
            .take(last)
            .any(|r| r.images == super::Images::Any)
        {
            findings.push("`lifecycle` has a rule about any image that is not the last: put it there".into());
        }
        if let Some(policy) = &self.policy {
            findings.extend(policy.check("policy", 10_240));
            if policy.statements.iter().any(|s| !s.resource.is_empty()) {
                findings.push("`policy` has a statement with a resource, and the repository itself is meant: leave it out".into());
            }
        }
        findings
    }

    fn samples() -> [Self; 2] {
        use super::{Count, Images};
        let none: [ImageRule; 0] = [];
        [
            Self::new()
                .repository_name("aa")
                .lifecycle(none)
                .tags([("Name", "a")]),
            Self::new()
                .repository_name("bb")
                .image_tag_mutability(TagMutability::Immutable)
                .scan_on_push(true)
                .encryption(Encryption::Kms(
                    "arn:aws:kms:eu-west-1:111111111111:key/b".into_input(),
                ))
                .lifecycle([ImageRule::new(Images::Any, Count::MoreThan(50))])
                .policy(Policy::allow(["ecr:BatchGetImage"]).account("222222222222"))
                .empty_on_delete(true)
                .tags([("Name", "b")]),
        ]
    }
}

/// How pushed images are looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Scanning {
    scan_on_push: bool,
}

/// A lifecycle policy; it is text on the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Rules(Vec<ImageRule>);

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<String> for Rules {
    fn to_sdk(self) -> Option<String> {
        Some(super::lifecycle::document(&self.0))
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::ecr::types::ImageScanningConfiguration> for Scanning {
    fn to_sdk(self) -> Option<sdk::ecr::types::ImageScanningConfiguration> {
        Some(
            sdk::ecr::types::ImageScanningConfiguration::builder()
                .scan_on_push(self.scan_on_push)
                .build(),
        )
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::ecr::types::EncryptionConfiguration> for Encryption {
    fn to_sdk(self) -> Option<sdk::ecr::types::EncryptionConfiguration> {
        let configuration = sdk::ecr::types::EncryptionConfiguration::builder();
        let configuration = match self {
            Self::S3 => configuration.encryption_type("AES256".into()),
            Self::Kms(key) => configuration
                .encryption_type("KMS".into())
                .set_kms_key(key.to_sdk()),
        };
        configuration.build().ok()
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    ecr,
    also("ecr:TagResource"),
    on = "arn:aws:ecr:{region}:{account}:repository/{id}"
)]
struct CreateRepository {
    repository_name: Option<Input<String>>,
    image_tag_mutability: TagMutability,
    image_scanning_configuration: Scanning,
    encryption_configuration: Encryption,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct PutImageTagMutability {
    repository_name: Input<RepositoryName>,
    image_tag_mutability: TagMutability,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct PutImageScanningConfiguration {
    repository_name: Input<RepositoryName>,
    image_scanning_configuration: Scanning,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct PutLifecyclePolicy {
    repository_name: Input<RepositoryName>,
    lifecycle_policy_text: Rules,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct DeleteLifecyclePolicy {
    repository_name: Input<RepositoryName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct SetRepositoryPolicy {
    repository_name: Input<RepositoryName>,
    policy_text: Policy,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct DeleteRepositoryPolicy {
    repository_name: Input<RepositoryName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct TagResource {
    resource_arn: Input<Arn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct UntagResource {
    resource_arn: Input<Arn>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/{id}")]
struct DeleteRepository {
    repository_name: Input<RepositoryName>,
    force: bool,
}

#[cfg(feature = "aws")]
impl Observe for Repository {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut found = vec![];
        match by {
            By::Ids(ids) => {
                // One that is gone fails a whole list, so they are asked for one by one.
                let more = crate::aws::each(ids, |name| async move {
                    let request = aws.ecr.describe_repositories().repository_names(name);
                    let pages = items!(request);
                    crate::aws::there(
                        aws.all("ecr", "DescribeRepositories", pages).await,
                        &["RepositoryNotFoundException"],
                    )
                });
                found.extend(more.await?.into_iter().flatten());
            }
            By::Owner(_) => {
                let pages = items!(aws.ecr.describe_repositories());
                found = aws.all("ecr", "DescribeRepositories", pages).await?;
            }
        }
        crate::aws::each(found, |repository| read(aws, repository)).await
    }
}

#[cfg(feature = "aws")]
async fn read(
    aws: &Aws,
    repository: sdk::ecr::types::Repository,
) -> Result<Option<Seen<Repository>>, CallError> {
    use crate::aws::present;
    let Some(name) = repository.repository_name else {
        return Ok(None);
    };
    let arn = repository.repository_arn.unwrap_or_default();
    let gone = "RepositoryNotFoundException";
    let rules = aws.ecr.get_lifecycle_policy().repository_name(&name).send();
    let policy = aws.ecr.get_repository_policy().repository_name(&name).send();
    let tags = aws.ecr.list_tags_for_resource().resource_arn(&arn).send();
    let (rules, policy, tags) = futures::future::join3(rules, policy, tags).await;
    let rules = present(
        "ecr",
        "GetLifecyclePolicy",
        rules,
        &["LifecyclePolicyNotFoundException", gone],
    )?;
    let policy = present(
        "ecr",
        "GetRepositoryPolicy",
        policy,
        &["RepositoryPolicyNotFoundException", gone],
    )?;
    let Some(tags) = present("ecr", "ListTagsForResource", tags, &[gone])? else {
        return Ok(None);
    };
    let policy = policy.and_then(|p| p.policy_text);
    let kms = repository
        .encryption_configuration
        .filter(|e| e.encryption_type.as_str() != "AES256");
    let mutability = repository
        .image_tag_mutability
        .and_then(|m| TagMutability::word(m.as_str()));
    Ok(Some(Seen {
        status: Status::Ready,
        inputs: Repository {
            repository_name: Some(Input::Known(name.clone())),
            image_tag_mutability: mutability.unwrap_or(TagMutability::Mutable),
            scan_on_push: repository
                .image_scanning_configuration
                .is_some_and(|s| s.scan_on_push),
            encryption: kms
                .and_then(|e| e.kms_key)
                .map_or(Encryption::S3, |key| Encryption::Kms(Input::Known(key.into()))),
            lifecycle: rules
                .and_then(|r| r.lifecycle_policy_text)
                .map(|t| super::lifecycle::rules(&t))
                .unwrap_or_default(),
            policy: policy
                .map(|p| crate::iam::policy::document("ecr", "GetRepositoryPolicy", &p))
                .transpose()?,
            empty_on_delete: false,
            tags: tags.tags.into(),
        },
        outputs: RepositoryOutputs {
            id: name.clone().into(),
            arn: arn.into(),
            uri: repository.repository_uri.unwrap_or_default(),
        },
        id: name,
    }))
}
