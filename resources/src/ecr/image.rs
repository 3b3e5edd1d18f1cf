//! An image that is expected in a repository.

use super::RepositoryName;
use crate::prelude::*;

/// A container image that is expected in a repository, and that a person or a pipeline pushes. The create is a wait, of at most an
/// hour, until the repository has an image with that tag, so that what runs the image is not made before there is one: ECS would fail
/// to start its tasks, and the circuit breaker its deployment. The removal is no call: the image stays as long as its repository.
///
/// ```
/// use tenon_resources::{ecr::{Image, RepositoryName}, value::Output};
/// let repository: Output<RepositoryName> = Output::new("api", "id");
/// Image::new(&repository, "1.4.0");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ecr.image")]
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html#API_DescribeImages_Errors
#[facts(gone("ImageNotFoundException", "RepositoryNotFoundException"), second_create = Returned)]
#[calls(DescribeImages)]
pub struct Image {
    /// The repository.
    #[immutable]
    #[cfn("")]
    #[sample("shop/a", "shop/b")]
    pub repository: Input<RepositoryName>,
    /// The image tag.
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html
    #[immutable]
    #[cfn("")]
    #[length(1..=300)]
    #[pattern("[a-zA-Z0-9_][a-zA-Z0-9._-]*")]
    #[sample("1.0.0", "2.0.0")]
    pub tag: Input<String>,
}

/// Outputs of an image.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ImageOutputs {
    /// The repository's name and the tag, with a `:` between.
    #[shape("{repository}:{tag}")]
    pub id: String,
    /// The URI, as a container definition takes it.
    #[shape("{account}.dkr.ecr.{region}.amazonaws.com/{repository}:{tag}")]
    pub uri: String,
}

impl Lifecycle for Image {
    // A tag that does not exist fails a whole list.
    const READ: Read = Read::new("ecr", "DescribeImages", 1, &["ecr:DescribeImages"]);
    const AWAITED: bool = true;

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}:{}", &self.repository, &self.tag))
    }

    fn create(&self) -> Steps {
        let call = DescribeImages {
            repository_name: self.repository.clone(),
            image_ids: ImageIds([ImageId {
                image_tag: self.tag.clone(),
            }]),
        };
        Steps::create(call).retry_on("ImageNotFoundException", minutes(60))
    }

    fn set(&self, _: &Self, field: ImageField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        Steps::none()
    }

    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html
    fn by_hand(&self, account: &str, region: &str) -> Option<String> {
        let (repository, tag) = (self.repository.known()?, self.tag.known()?);
        let registry = registry(account, region);
        let uri = format!("{registry}/{repository}:{tag}");
        Some(format!(
            "the repository `{repository}` needs an image with the tag `{tag}`: `aws ecr get-login-password --region {region} | docker login --username AWS --password-stdin {registry}`, `docker build -t {uri} .`, `docker push {uri}`"
        ))
    }
}

/// The host of an account's registry.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html; China: https://docs.amazonaws.cn/en_us/aws/latest/userguide/ecr.html
fn registry(account: &str, region: &str) -> String {
    let china = if region.starts_with("cn-") { ".cn" } else { "" };
    format!("{account}.dkr.ecr.{region}.amazonaws.com{china}")
}

/// The images that a call is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct ImageIds([ImageId; 1]);

/// An image, by its tag.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ImageId {
    image_tag: Input<String>,
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<Vec<sdk::ecr::types::ImageIdentifier>> for ImageIds {
    fn to_sdk(self) -> Option<Vec<sdk::ecr::types::ImageIdentifier>> {
        let [ImageId { image_tag }] = self.0;
        let id = sdk::ecr::types::ImageIdentifier::builder().set_image_tag(image_tag.to_sdk());
        Some(vec![id.build()])
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecr, on = "arn:aws:ecr:{region}:{account}:repository/*")]
struct DescribeImages {
    repository_name: Input<RepositoryName>,
    image_ids: ImageIds,
}

#[cfg(feature = "aws")]
impl Observe for Image {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default().iter();
        let ids = ids.filter_map(|id| id.split_once(':'));
        crate::aws::each(ids, |(repository, tag)| async move {
            let image = sdk::ecr::types::ImageIdentifier::builder().image_tag(tag).build();
            let request = aws.ecr.describe_images().repository_name(repository);
            let pages = items!(request.image_ids(image));
            let read = aws.all("ecr", "DescribeImages", pages).await;
            let found = crate::aws::there(read, crate::aws::gone::<Self>())?;
            let id = format!("{repository}:{tag}");
            Ok(found.filter(|images| !images.is_empty()).map(|_| Seen {
                status: Status::Ready,
                inputs: Self {
                    repository: Input::Known(repository.into()),
                    tag: Input::Known(tag.into()),
                },
                outputs: ImageOutputs {
                    uri: format!("{}/{id}", registry(aws.account(), aws.region())),
                    id: id.clone(),
                },
                id,
            }))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_that_push_it_name_its_registry() {
        let text = Image::new("shop/api", "1.0.0").by_hand("111111111111", "cn-north-1");
        let text = text.unwrap();
        assert!(
            text.contains("`docker push 111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/shop/api:1.0.0`"),
            "{text}"
        );
    }
}
