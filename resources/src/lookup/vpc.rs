//! A VPC that exists.

use super::query::Lookup;
use crate::{
    ec2::VpcOutputs,
    value::{Input, Tags},
};
use serde::{Deserialize, Serialize};

/// A VPC, by its id, its tags, or as the default of the region.
///
/// ```
/// use tenon_resources::lookup::Vpc;
/// Vpc::tagged([("Name", "shared")]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    id: Option<Input<String>>,
    tags: Tags,
    is_default: Option<bool>,
}

impl Vpc {
    /// The VPC with this id.
    pub fn id(id: &str) -> Self {
        Self {
            id: Some(Input::Known(id.into())),
            ..Self::default()
        }
    }

    /// The VPC with these tags.
    pub fn tagged(tags: impl Into<Tags>) -> Self {
        Self {
            tags: tags.into(),
            ..Self::default()
        }
    }

    /// The default VPC of the region.
    pub fn default_of_region() -> Self {
        Self {
            is_default: Some(true),
            ..Self::default()
        }
    }
}

impl Lookup for Vpc {
    const KIND: &'static str = "ec2.vpc";
    const DOC: &'static str = "A VPC, by its id, its tags, or as the default of the region.";
    const ACTIONS: &'static [&'static str] = &["ec2:DescribeVpcs"];
    type Found = VpcOutputs;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for Vpc {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let pages = crate::aws::items!(aws.ec2.describe_vpcs());
        let vpcs = aws.all("ec2", "DescribeVpcs", pages).await?;
        let candidate = |vpc: crate::aws::sdk::ec2::types::Vpc| {
            let id = vpc.vpc_id?;
            let arn = aws.arn("ec2", &format!("vpc/{id}"));
            let tags: Tags = vpc.tags.into();
            Some(crate::cloud::Candidate {
                label: super::query::named(&id, &tags),
                facts: serde_json::json!({"id": id, "tags": tags, "is_default": vpc.is_default}),
                outputs: serde_json::json!({"id": id, "arn": arn, "cidr_block": vpc.cidr_block}),
            })
        };
        Ok(vpcs.into_iter().filter_map(candidate).collect())
    }
}
