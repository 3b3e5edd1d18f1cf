//! Subnets that exist: one, or all that match.

use super::query::Lookup;
use crate::{
    ec2::{SubnetOutputs, VpcId},
    value::{Input, IntoInput, Tags},
};
use serde::{Deserialize, Serialize};

macro_rules! subnets {
    ($name:ident, $kind:literal, $doc:literal, $many:literal) => {
        #[doc = $doc]
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            id: Option<Input<String>>,
            vpc: Option<Input<VpcId>>,
            availability_zone: Option<Input<String>>,
            tags: Tags,
        }

        impl $name {
            /// By these tags.
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

            /// In this availability zone alone.
            #[must_use]
            pub fn availability_zone(mut self, zone: &str) -> Self {
                self.availability_zone = Some(Input::Known(zone.into()));
                self
            }
        }

        impl Lookup for $name {
            const KIND: &'static str = $kind;
            const DOC: &'static str = $doc;
            const ACTIONS: &'static [&'static str] = &["ec2:DescribeSubnets"];
            const MANY: bool = $many;
            type Found = SubnetOutputs;
        }

        #[cfg(feature = "aws")]
        impl crate::aws::LookUp for $name {
            async fn candidates(
                &self,
                aws: &crate::aws::Aws,
            ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
                read(aws).await
            }
        }
    };
}

subnets!(
    Subnet,
    "ec2.subnet",
    "A subnet, by its id, its tags, its VPC and its availability zone.",
    false
);
subnets!(
    Subnets,
    "ec2.subnets",
    "All subnets with these tags, in a VPC or an availability zone; their outputs stand in lists for all of them.",
    true
);

impl Subnet {
    /// The subnet with this id.
    pub fn id(id: &str) -> Self {
        Self {
            id: Some(Input::Known(id.into())),
            ..Self::default()
        }
    }
}

impl Subnets {
    /// All subnets of this VPC.
    pub fn of(vpc: impl IntoInput<VpcId>) -> Self {
        Self::default().vpc(vpc)
    }
}

#[cfg(feature = "aws")]
async fn read(aws: &crate::aws::Aws) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
    let pages = crate::aws::items!(aws.ec2.describe_subnets());
    let subnets = aws.all("ec2", "DescribeSubnets", pages).await?;
    let candidate = |subnet: crate::aws::sdk::ec2::types::Subnet| {
        let (id, zone) = (subnet.subnet_id?, subnet.availability_zone);
        let tags: Tags = subnet.tags.into();
        Some(crate::cloud::Candidate {
            label: super::query::named(&id, &tags),
            facts: serde_json::json!({"id": id, "vpc": subnet.vpc_id, "availability_zone": zone, "tags": tags}),
            outputs: serde_json::json!({"id": id, "arn": subnet.subnet_arn, "availability_zone": zone}),
        })
    };
    Ok(subnets.into_iter().filter_map(candidate).collect())
}
