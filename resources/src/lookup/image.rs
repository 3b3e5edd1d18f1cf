//! The digest of a container image.

use super::query::{Lookup, found};
use serde::{Deserialize, Serialize};

/// The image that a tag names in a repository of the account, by its digest: the tag may move, what was reviewed does not.
///
/// ```
/// use tenon_resources::lookup::Image;
/// Image::tagged("shop/api", "v42");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    repository_name: String,
    tag: String,
}

found! {
    /// Outputs of a container image.
    ImageFound, ImageRefs {
        /// The digest, such as `sha256:0a1b…`.
        digest: String = "The digest, such as `sha256:0a1b…`.",
        /// The repository's URI, `@` and the digest: what a container runs.
        uri: String = "The repository's URI, `@` and the digest: what a container runs.",
    }
}

impl Image {
    /// The image with this tag in this repository.
    pub fn tagged(repository: &str, tag: &str) -> Self {
        Self {
            repository_name: repository.into(),
            tag: tag.into(),
        }
    }
}

impl Lookup for Image {
    const KIND: &'static str = "ecr.image";
    const DOC: &'static str = "The image that a tag names in a repository of the account, by its digest.";
    const ACTIONS: &'static [&'static str] = &["ecr:DescribeImages"];
    type Found = ImageFound;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for Image {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let request = aws.ecr.describe_images().repository_name(&self.repository_name);
        let pages = crate::aws::items!(request);
        let images = aws.all("ecr", "DescribeImages", pages).await;
        let images = crate::aws::there(images, &["RepositoryNotFoundException"])?.unwrap_or_default();
        let candidates = images.into_iter().flat_map(|image| {
            let digest = image.image_digest.unwrap_or_default();
            let registry = image.registry_id.unwrap_or_default();
            let uri = format!(
                "{registry}.dkr.ecr.{}.amazonaws.com/{}@{digest}",
                aws.region(),
                self.repository_name
            );
            let tags = image.image_tags.unwrap_or_default().into_iter();
            tags.map(move |tag| (tag, digest.clone(), uri.clone()))
        });
        let candidate = |(tag, digest, uri): (String, String, String)| crate::cloud::Candidate {
            label: format!("{}:{tag}", self.repository_name),
            facts: serde_json::json!({"repository_name": self.repository_name, "tag": tag}),
            outputs: serde_json::json!({"digest": digest, "uri": uri}),
        };
        Ok(candidates.map(candidate).collect())
    }
}
