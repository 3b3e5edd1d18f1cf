//! An Amazon Machine Image.

use super::query::{Lookup, found, matches};
use crate::cloud::Candidate;
use crate::id;
use serde::{Deserialize, Serialize};

id!(
    /// An Amazon Machine Image's id, such as `ami-0a1b2c3d4e5f67890`.
    AmiId
);

/// The newest available Amazon Machine Image of an owner whose name fits.
///
/// What is newest changes when its owner publishes another. A plan says which one it found, and is refused once that is another.
///
/// ```
/// use tenon_resources::lookup::Ami;
/// Ami::newest("amazon", "al2023-ami-2023.*-x86_64");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ami {
    owner: String,
    name: String,
    architecture: Option<String>,
}

found! {
    /// Outputs of an Amazon Machine Image.
    AmiFound, AmiRefs {
        /// The id.
        id: AmiId = "The id.",
        /// The name.
        name: String = "The name.",
    }
}

impl Ami {
    /// The newest one of `owner` (an account, `amazon`, `aws-marketplace` or `self`) whose name fits `name`, in which `*` is anything.
    pub fn newest(owner: &str, name: &str) -> Self {
        Self {
            owner: owner.into(),
            name: name.into(),
            architecture: None,
        }
    }

    /// Of this architecture alone: `x86_64` or `arm64`.
    #[must_use]
    pub fn architecture(mut self, architecture: &str) -> Self {
        self.architecture = Some(architecture.into());
        self
    }
}

impl Lookup for Ami {
    const KIND: &'static str = "ec2.ami";
    const DOC: &'static str = "The newest available Amazon Machine Image of an owner whose name fits.";
    const ACTIONS: &'static [&'static str] = &["ec2:DescribeImages"];
    type Found = AmiFound;

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if self.owner.is_empty() {
            // Anybody may publish an image under any name.
            findings.push(
                "`owner` is empty, and anybody may publish an image under any name; name the account".into(),
            );
        }
        if self.name.is_empty() {
            findings.push("`name` is empty; say which images are meant".into());
        }
        findings
    }

    fn choose(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let query = serde_json::to_value(self).unwrap_or_default();
        let fitting = candidates.into_iter().filter(|c| matches(&query, &c.facts));
        // Two of one moment are told apart by their ids.
        let newest = fitting.max_by_key(|c| (c.facts["created"].to_string(), c.outputs["id"].to_string()));
        newest.into_iter().collect()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for Ami {
    async fn candidates(&self, aws: &crate::aws::Aws) -> Result<Vec<Candidate>, crate::cloud::CallError> {
        use crate::aws::sdk::ec2::types::Filter;
        let filter = |name: &str, value: &str| Filter::builder().name(name).values(value).build();
        let request = aws.ec2.describe_images().owners(&self.owner);
        let request = request
            .filters(filter("name", &self.name))
            .filters(filter("state", "available"));
        let images = aws
            .all("ec2", "DescribeImages", crate::aws::items!(request))
            .await?;
        let candidate = |image: crate::aws::sdk::ec2::types::Image| {
            let (id, name) = (image.image_id?, image.name.unwrap_or_default());
            let architecture = image.architecture.map(|a| a.as_str().to_owned());
            Some(Candidate {
                label: format!("{name} ({id})"),
                // The owner that was asked for may be an alias, and AWS has held the images against it.
                facts: serde_json::json!({"owner": self.owner, "name": name, "architecture": architecture, "created": image.creation_date}),
                outputs: serde_json::json!({"id": id, "name": name}),
            })
        };
        Ok(images.into_iter().filter_map(candidate).collect())
    }
}
