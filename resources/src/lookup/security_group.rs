//! A security group that exists.

use super::query::Lookup;
use crate::{
    ec2::{SecurityGroupOutputs, VpcId},
    value::{Input, IntoInput, Tags},
};
use serde::{Deserialize, Serialize};

/// A security group, by its id, its name, its tags and its VPC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroup {
    id: Option<Input<String>>,
    group_name: Option<Input<String>>,
    vpc: Option<Input<VpcId>>,
    tags: Tags,
}

impl SecurityGroup {
    /// The security group with this id.
    pub fn id(id: &str) -> Self {
        Self {
            id: Some(Input::Known(id.into())),
            ..Self::default()
        }
    }

    /// The security group with this name; `default` is the one that every VPC has.
    pub fn named(name: &str) -> Self {
        Self {
            group_name: Some(Input::Known(name.into())),
            ..Self::default()
        }
    }

    /// The security group with these tags.
    pub fn tagged(tags: impl Into<Tags>) -> Self {
        Self {
            tags: tags.into(),
            ..Self::default()
        }
    }

    /// In this VPC alone, which may be one that another lookup finds.
    #[must_use]
    pub fn vpc(mut self, vpc: impl IntoInput<VpcId>) -> Self {
        self.vpc = Some(vpc.into_input());
        self
    }
}

impl Lookup for SecurityGroup {
    const KIND: &'static str = "ec2.security_group";
    const DOC: &'static str = "A security group, by its id, its name, its tags and its VPC.";
    const ACTIONS: &'static [&'static str] = &["ec2:DescribeSecurityGroups"];
    type Found = SecurityGroupOutputs;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for SecurityGroup {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let pages = crate::aws::items!(aws.ec2.describe_security_groups());
        let groups = aws.all("ec2", "DescribeSecurityGroups", pages).await?;
        let candidate = |group: crate::aws::sdk::ec2::types::SecurityGroup| {
            let (id, name) = (group.group_id?, group.group_name.unwrap_or_default());
            let arn = aws.arn("ec2", &format!("security-group/{id}"));
            let tags: Tags = group.tags.into();
            Some(crate::cloud::Candidate {
                label: format!("{name} ({id})"),
                facts: serde_json::json!({"id": id, "group_name": name, "vpc": group.vpc_id, "tags": tags}),
                outputs: serde_json::json!({"id": id, "arn": arn}),
            })
        };
        Ok(groups.into_iter().filter_map(candidate).collect())
    }
}
