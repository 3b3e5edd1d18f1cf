//! A virtual private cloud.

use super::{RETAG, retag};
use crate::prelude::*;

id!(
    /// Names a VPC, such as `vpc-0a1b2c3d4e5f67890`.
    VpcId
);

/// A private network in one region.
///
/// ```
/// use tenon_resources::ec2::Vpc;
/// Vpc::new("10.20.0.0/16").enable_dns_hostnames(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.vpc", cfn = "AWS::EC2::VPC", ready = 5)]
pub struct Vpc {
    /// Its IPv4 range, a /16 to a /28.
    #[immutable]
    pub cidr_block: Input<Cidr4>,
    /// Resolve names through the Amazon DNS server.
    #[default(true)]
    #[after_create]
    pub enable_dns_support: bool,
    /// Give instances public DNS names.
    #[default(false)]
    #[after_create]
    pub enable_dns_hostnames: bool,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct VpcOutputs {
    /// Its id.
    #[shape("vpc-{hex17}")]
    pub id: VpcId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:vpc/{id}")]
    pub arn: Arn,
    /// Its IPv4 range, for whoever slices or lets it in.
    #[shape("{cidr_block}")]
    pub cidr_block: Cidr4,
}

impl Lifecycle for Vpc {
    const CALLS: &'static [CallInfo] = &[
        CreateVpc::INFO,
        ModifyVpcAttribute::INFO,
        DeleteVpc::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeVpcs",
        batch: 200,
        actions: &["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateVpc {
            cidr_block: self.cidr_block.clone(),
            tag_specifications: self.tags.on_create("vpc"),
        })
    }

    fn set(&self, was: &Self, field: VpcField) -> Steps {
        // The API takes one attribute a call: AWS's reference of ModifyVpcAttribute says "You can modify only one".
        let modify = |support, hostnames| {
            Steps::update(ModifyVpcAttribute {
                vpc_id: this(),
                enable_dns_support: support,
                enable_dns_hostnames: hostnames,
            })
        };
        match field {
            VpcField::EnableDnsSupport => modify(Some(self.enable_dns_support), None),
            VpcField::EnableDnsHostnames => modify(None, Some(self.enable_dns_hostnames)),
            VpcField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteVpc { vpc_id: this() })
            .ok_on("InvalidVpcID.NotFound")
            .retry_on("DependencyViolation", minutes(15))
    }

    fn check(&self) -> Vec<String> {
        match self.cidr_block.known() {
            Some(cidr) if !(16..=28).contains(&cidr.prefix_len()) => {
                vec![format!("`cidr_block` is {cidr}, and a VPC takes a /16 to a /28")]
            }
            _ => vec![],
        }
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("10.0.0.0/16").tags([("Name", "a")]),
            Self::new("10.1.0.0/16")
                .enable_dns_support(false)
                .enable_dns_hostnames(true)
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.vpc?.vpc_id?, also("ec2:CreateTags"))]
struct CreateVpc {
    cidr_block: Input<Cidr4>,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:vpc/{id}")]
struct ModifyVpcAttribute {
    vpc_id: Input<VpcId>,
    enable_dns_support: Option<bool>,
    enable_dns_hostnames: Option<bool>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:vpc/{id}")]
struct DeleteVpc {
    vpc_id: Input<VpcId>,
}

#[cfg(feature = "aws")]
impl Observe for Vpc {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        use sdk::ec2::types::VpcAttributeName as Attribute;
        let mut seen = vec![];
        for filters in by.filters("vpc-id") {
            let items = aws
                .all(
                    "ec2",
                    "DescribeVpcs",
                    items!(aws.ec2.describe_vpcs().set_filters(Some(filters))),
                )
                .await?;
            for item in items {
                let id = item.vpc_id.clone().unwrap_or_default();
                // Attributes are not in the list: AWS gives each by its own call.
                let attribute = async |name: Attribute| {
                    let reply = aws
                        .ec2
                        .describe_vpc_attribute()
                        .vpc_id(&id)
                        .attribute(name)
                        .send()
                        .await;
                    reply.map_err(|e| crate::aws::call_error("ec2", "DescribeVpcAttribute", e))
                };
                let support = attribute(Attribute::EnableDnsSupport).await?.enable_dns_support;
                let hostnames = attribute(Attribute::EnableDnsHostnames)
                    .await?
                    .enable_dns_hostnames;
                let pending = item.state.as_ref().is_some_and(|s| s.as_str() != "available");
                let Some(cidr) = item.cidr_block.and_then(|c| c.parse::<Cidr4>().ok()) else {
                    continue;
                };
                seen.push(Seen {
                    status: if pending {
                        Status::Pending("pending".into())
                    } else {
                        Status::Ready
                    },
                    inputs: Self {
                        cidr_block: Input::Known(cidr),
                        enable_dns_support: support.and_then(|v| v.value).unwrap_or(true),
                        enable_dns_hostnames: hostnames.and_then(|v| v.value).unwrap_or(false),
                        tags: item.tags.into(),
                    },
                    outputs: VpcOutputs {
                        arn: aws.arn("ec2", &format!("vpc/{id}")),
                        id: id.clone().into(),
                        cidr_block: cidr,
                    },
                    id,
                });
            }
        }
        Ok(seen)
    }
}
