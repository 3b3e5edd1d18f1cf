//! A repository of container images.

use super::{Count, ImageRule, Images};
use crate::{iam::Policy, prelude::*};

id!(
    /// A repository's name, such as `shop/api`.
    RepositoryName
);

choice!(
    /// The mutability of image tags.
    TagMutability of ecr::ImageTagMutability {
        /// A tag can be moved to another image.
        Mutable = "MUTABLE",
        /// A tag stays with the image that was pushed under it.
        Immutable = "IMMUTABLE",
    }
);

/// The encryption of images at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// Server-side encryption with keys of S3 (AES-256).
    S3,
    /// Server-side encryption with a KMS key, by ARN.
    Kms(Input<Arn>),
}

/// A repository of container images.
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
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html#API_CreateRepository_Errors
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html#API_DeleteRepository_Errors
#[facts(gone("RepositoryNotFoundException"), second_create = Refused("RepositoryAlreadyExistsException"))]
#[on("arn:aws:ecr:{region}:{account}:repository/{id}")]
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html: what the principal needs of the key.
#[by(repository_name)]
#[create(CreateRepository: ecr, also("ecr:TagResource", "kms:CreateGrant", "kms:RetireGrant", "kms:DescribeKey"))]
#[update(PutImageTagMutability: ecr)]
#[update(PutImageScanningConfiguration: ecr)]
#[update(PutLifecyclePolicy: ecr)]
// A principal that was created a moment ago may be unknown for a while.
#[update(SetRepositoryPolicy: ecr, rules(
    .retry_on_message("InvalidParameterException", "Principal not found", minutes(2))
))]
#[delete(DeleteRepository: ecr, with(force: bool = me.empty_on_delete))]
#[retag(TagResource, UntagResource: ecr, by(resource_arn = "arn"))]
#[sdk(ecr::Repository)]
pub struct Repository {
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html#API_CreateRepository_RequestSyntax
    /// The name, unique in the region; it may have a namespace in front, such as `shop/api`.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html: `repositoryName`.
    #[named(
        max = 256,
        id,
        also = "-_./",
        lower,
        pattern = "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"
    )]
    #[length(2..=256)]
    #[pattern("([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*")]
    #[sample("aa", "bb")]
    pub repository_name: Option<Input<String>>,
    /// The mutability of image tags.
    #[default(TagMutability::Mutable)]
    #[sample(TagMutability::Immutable)]
    pub image_tag_mutability: TagMutability,
    /// Scan on push: images are scanned for known vulnerabilities when they are pushed.
    #[default(false)]
    #[member("image_scanning_configuration")]
    #[sent_as(Scanning, Scanning { scan_on_push: me.scan_on_push })]
    #[updated_by(PutImageScanningConfiguration)]
    #[read(item.image_scanning_configuration.as_ref().is_some_and(|s| s.scan_on_push))]
    #[cfn("ImageScanningConfiguration")]
    #[sample(true)]
    pub scan_on_push: bool,
    /// The encryption of images at rest.
    #[immutable]
    #[default(Encryption::S3)]
    #[member("encryption_configuration")]
    #[read(encryption(item))]
    #[cfn("EncryptionConfiguration")]
    #[sample(Encryption::Kms("arn:aws:kms:eu-west-1:111111111111:key/b".into_input()))]
    pub encryption: Encryption,
    /// The lifecycle policy: rules that expire images, in their order.
    #[default(vec![])]
    #[after_create]
    #[member("lifecycle_policy_text", read = "")]
    #[sent_as(Rules, Rules(me.lifecycle.clone()))]
    #[updated_by(PutLifecyclePolicy)]
    #[unset(DeleteLifecyclePolicy: ecr, rules(.ok_on("LifecyclePolicyNotFoundException")))]
    #[cfn("LifecyclePolicy")]
    #[sample(Vec::<ImageRule>::new(), [ImageRule::new(Images::Any, Count::MoreThan(50))])]
    #[wrong_if(it.iter().rev().skip(1).any(|r| r.images == Images::Any), "has a rule about any image that is not the last: put it there")]
    pub lifecycle: Vec<ImageRule>,
    /// The repository policy: who may pull and push besides the account. Its statements name no resource.
    #[default(None)]
    #[after_create]
    #[member("policy_text", read = "")]
    #[updated_by(SetRepositoryPolicy)]
    #[unset(DeleteRepositoryPolicy: ecr, rules(.ok_on("RepositoryPolicyNotFoundException")))]
    #[cfn("RepositoryPolicyText")]
    #[sample(Policy::allow(["ecr:BatchGetImage"]).account("222222222222"))]
    #[checked(it.check_as(field, 10_240, crate::iam::Attached::Own))]
    pub policy: Option<Policy>,
    /// Deletion of the repository deletes its images, too; otherwise AWS refuses while there are any.
    #[default(false)]
    #[write_only]
    #[local]
    #[sample(true)]
    pub empty_on_delete: bool,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a repository.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RepositoryOutputs {
    /// The name.
    #[shape("{repository_name}")]
    pub id: RepositoryName,
    /// The ARN.
    #[shape("arn:aws:ecr:{region}:{account}:repository/{id}")]
    pub arn: Arn,
    /// The URI: the name of its images without their tag.
    #[shape("{account}.dkr.ecr.{region}.amazonaws.com/{id}")]
    pub uri: String,
}

impl Lifecycle for Repository {
    const READ: Read = Read::new(
        "ecr",
        "DescribeRepositories",
        1,
        &[
            "ecr:DescribeRepositories",
            "ecr:GetLifecyclePolicy",
            "ecr:GetRepositoryPolicy",
            "ecr:ListTagsForResource",
        ],
    );

    fn create(&self) -> Steps {
        CreateRepository::steps(self)
    }

    fn set(&self, _: &Self, field: RepositoryField) -> Steps {
        match field {}
    }

    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html: "If the repository isn't empty when you
    // delete it, the request must use the force option".
    fn only_when_empty(&self, id: &str) -> Option<OnlyWhenEmpty> {
        (!self.empty_on_delete).then(|| OnlyWhenEmpty {
            code: "RepositoryNotEmptyException",
            of: "images",
            remedy: format!(
                "delete them (`aws ecr list-images --repository-name {id}` says which, `aws ecr batch-delete-image` does it), or \
                 set `empty_on_delete`, apply that, and go on from there"
            ),
        })
    }

    fn delete(&self) -> Steps {
        let steps = DeleteRepository::steps(self);
        if self.empty_on_delete {
            steps.destroys("the images in it")
        } else {
            steps
        }
    }
}

/// The image scanning configuration, as calls take it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Scanning {
    scan_on_push: bool,
}

/// A lifecycle policy, which is sent as text.
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

#[cfg(feature = "aws")]
impl Observe for Repository {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let repositories = match by {
            By::Ids(ids) => {
                // A name that does not exist fails a whole list.
                let read = crate::aws::each(ids, |name| async move {
                    let request = aws.ecr.describe_repositories().repository_names(name);
                    let pages = items!(request);
                    crate::aws::there(
                        aws.all("ecr", "DescribeRepositories", pages).await,
                        crate::aws::gone::<Self>(),
                    )
                });
                read.await?.into_iter().flatten().collect()
            }
            By::Owner(_) => {
                let pages = items!(aws.ecr.describe_repositories());
                aws.all("ecr", "DescribeRepositories", pages).await?
            }
        };
        crate::aws::each(repositories, |repository| read(aws, repository)).await
    }
}

#[cfg(feature = "aws")]
fn encryption(item: &sdk::ecr::types::Repository) -> Encryption {
    let kms = item.encryption_configuration.as_ref();
    let key = kms
        .filter(|e| e.encryption_type.as_str() != "AES256")
        .and_then(|e| e.kms_key.clone());
    key.map_or(Encryption::S3, |key| Encryption::Kms(Input::Known(key.into())))
}

#[cfg(feature = "aws")]
async fn read(
    aws: &Aws,
    repository: sdk::ecr::types::Repository,
) -> Result<Option<Seen<Repository>>, CallError> {
    use crate::aws::present;
    let mut inputs = Repository::from_sdk(&repository).map_err(broken::<Repository>)?;
    let Some(name) = repository.repository_name else {
        return Err(broken::<Repository>(Missing("repository_name")));
    };
    let arn = repository.repository_arn.unwrap_or_default();
    let rules = aws.ecr.get_lifecycle_policy().repository_name(&name).send();
    let policy = aws.ecr.get_repository_policy().repository_name(&name).send();
    let tags = aws.ecr.list_tags_for_resource().resource_arn(&arn).send();
    let (rules, policy, tags) = futures::future::join3(rules, policy, tags).await;
    let gone = "RepositoryNotFoundException";
    let none = ["LifecyclePolicyNotFoundException", gone];
    let rules = present("ecr", "GetLifecyclePolicy", rules, &none)?;
    let none = ["RepositoryPolicyNotFoundException", gone];
    let policy = present("ecr", "GetRepositoryPolicy", policy, &none)?;
    let Some(tags) = present("ecr", "ListTagsForResource", tags, &[gone])? else {
        return Ok(None);
    };
    inputs.lifecycle = rules
        .and_then(|r| r.lifecycle_policy_text)
        .map(|text| super::lifecycle::rules(&text))
        .unwrap_or_default();
    inputs.policy = policy
        .and_then(|p| p.policy_text)
        .map(|text| crate::iam::policy::document("ecr", "GetRepositoryPolicy", &text))
        .transpose()?;
    inputs.tags = tags.tags.into();
    Ok(Some(Seen {
        status: Status::Ready,
        inputs,
        outputs: RepositoryOutputs {
            id: name.clone().into(),
            arn: arn.into(),
            uri: repository.repository_uri.unwrap_or_default(),
        },
        id: name,
    }))
}
