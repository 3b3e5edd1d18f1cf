//! A VPC (virtual private cloud): a private network in one region.

use super::{CreateTags, DeleteTags, DhcpOptionsId};
use crate::prelude::*;

id!(
    /// A VPC's id, such as `vpc-0a1b2c3d4e5f67890`.
    VpcId
);

/// A VPC (virtual private cloud): a private network in one region.
///
/// ```
/// use tenon_resources::ec2::Vpc;
/// Vpc::new("10.20.0.0/16").enable_dns_hostnames(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.vpc", cfn = "AWS::EC2::VPC", ready = 5)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidVpcID.NotFound"),
    in_use("DependencyViolation", 900),
    second_create = Another
)]
#[create(CreateVpc: ec2, id = o.vpc?.vpc_id?, also("ec2:CreateTags"))]
// One attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
#[update(ModifyVpcAttribute: ec2, by(vpc_id), on = "arn:aws:ec2:{region}:{account}:vpc/{id}")]
#[delete(DeleteVpc: ec2, by(vpc_id), on = "arn:aws:ec2:{region}:{account}:vpc/{id}")]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags, AssociateDhcpOptions)]
#[sdk(ec2::Vpc)]
pub struct Vpc {
    /// The IPv4 range, a /16 to a /28.
    #[immutable]
    #[sample("10.0.0.0/16", "10.1.0.0/16")]
    #[checked(super::check_prefix("VPC", it))]
    pub cidr_block: Input<Cidr4>,
    /// DNS resolution through the Amazon DNS server.
    #[default(true)]
    #[after_create]
    #[member(read = "")]
    #[sample(false)]
    pub enable_dns_support: bool,
    /// Public DNS names for instances that have public addresses.
    #[default(false)]
    #[after_create]
    #[member(read = "")]
    #[sample(true)]
    pub enable_dns_hostnames: bool,
    /// The DHCP options. Unset: those that AWS gives a new VPC.
    #[after_create]
    #[by_hand]
    #[member(create = "", update = "", read = "dhcp_options_id")]
    #[cfn("")]
    #[sample("dopt-1", "dopt-2")]
    pub dhcp_options: Option<Input<DhcpOptionsId>>,
    /// Tags.
    #[tag_specification("vpc")]
    pub tags: Tags,
}

/// Outputs of a VPC.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct VpcOutputs {
    /// The id.
    #[shape("vpc-{hex17}")]
    pub id: VpcId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:vpc/{id}")]
    pub arn: Arn,
    /// The IPv4 range, for subnets and rules.
    #[shape("{cidr_block}")]
    pub cidr_block: Cidr4,
}

impl Lifecycle for Vpc {
    const READ: Read = Read::new(
        "ec2",
        "DescribeVpcs",
        200,
        &["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute"],
    );

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "state",
        words: &[("available", Meaning::Ready), ("pending", Meaning::Pending)],
    }];

    fn create(&self) -> Steps {
        CreateVpc::steps(self)
    }

    fn set(&self, _: &Self, field: VpcField) -> Steps {
        match field {
            VpcField::DhcpOptions => self.dhcp_options.clone().map_or_else(Steps::none, |options| {
                Steps::update(AssociateDhcpOptions {
                    vpc_id: this(),
                    dhcp_options_id: options,
                })
                // Either may be a moment old.
                .retry_on("InvalidDhcpOptionID.NotFound", minutes(2))
                .retry_on("InvalidVpcID.NotFound", minutes(2))
            }),
        }
    }

    fn delete(&self) -> Steps {
        DeleteVpc::steps(self)
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:vpc/{id}")]
struct AssociateDhcpOptions {
    vpc_id: Input<VpcId>,
    dhcp_options_id: Input<DhcpOptionsId>,
}

#[cfg(feature = "aws")]
impl Observe for Vpc {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        use sdk::ec2::types::VpcAttributeName as Attribute;
        let mut vpcs = vec![];
        for item in super::filtered!(aws, by, Self, describe_vpcs.set_filters, "vpc-id") {
            let mut vpc = read(aws, &item).map_err(broken::<Self>)?;
            // Attributes are not in the list: AWS gives each by its own call.
            let attribute = async |name: Attribute| {
                let request = aws.ec2.describe_vpc_attribute().vpc_id(&vpc.id);
                let reply = request.attribute(name).send().await;
                reply.map_err(|e| crate::aws::call_error("ec2", "DescribeVpcAttribute", e))
            };
            let support = attribute(Attribute::EnableDnsSupport).await?;
            let hostnames = attribute(Attribute::EnableDnsHostnames).await?;
            let is = |value: Option<sdk::ec2::types::AttributeBooleanValue>| value.and_then(|v| v.value);
            vpc.inputs.enable_dns_support = is(support.enable_dns_support).unwrap_or(true);
            vpc.inputs.enable_dns_hostnames = is(hostnames.enable_dns_hostnames).unwrap_or(false);
            vpcs.push(vpc);
        }
        Ok(vpcs)
    }
}

/// A VPC with its attributes at their defaults.
#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::Vpc) -> Result<Seen<Vpc>, Missing> {
    let id = item.vpc_id.clone().ok_or(Missing("vpc_id"))?;
    let state = item.state.as_ref().map_or("available", |s| s.as_str());
    let inputs = Vpc::from_sdk(item)?;
    Ok(Seen {
        status: Vpc::STATUSES[0].status(state, None).unwrap_or(Status::Ready),
        outputs: VpcOutputs {
            arn: aws.arn("ec2", &format!("vpc/{id}")),
            id: id.clone().into(),
            cidr_block: *inputs.cidr_block.known().ok_or(Missing("cidr_block"))?,
        },
        inputs,
        id,
    })
}
