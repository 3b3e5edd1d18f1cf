//! A subnet: the slice of a VPC's address range in one availability zone.

use super::{CreateTags, DeleteTags, VpcId};
use crate::prelude::*;

id!(
    /// A subnet's id, such as `subnet-0a1b2c3d4e5f67890`.
    SubnetId
);

/// A subnet: the slice of a VPC's address range in one availability zone.
///
/// ```
/// use tenon_resources::ec2::Subnet;
/// Subnet::new("vpc-1", "10.20.0.0/20", "eu-west-1a").map_public_ip_on_launch(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.subnet", cfn = "AWS::EC2::Subnet", ready = 5)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidSubnetID.NotFound"),
    in_use("DependencyViolation", 900),
    second_create = Refused("InvalidSubnet.Conflict")
)]
#[create(CreateSubnet: ec2, id = o.subnet?.subnet_id?, also("ec2:CreateTags"))]
#[update(ModifySubnetAttribute: ec2, by(subnet_id), on = "arn:aws:ec2:{region}:{account}:subnet/{id}")]
#[delete(DeleteSubnet: ec2, by(subnet_id), on = "arn:aws:ec2:{region}:{account}:subnet/{id}")]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::Subnet)]
pub struct Subnet {
    /// The VPC.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// The IPv4 range, a /16 to a /28 inside the VPC's own.
    #[immutable]
    #[sample("10.0.0.0/20", "10.1.0.0/20")]
    #[checked(super::check_prefix("subnet", it))]
    pub cidr_block: Input<Cidr4>,
    /// The availability zone.
    #[immutable]
    #[sample("eu-west-1a", "eu-west-1b")]
    pub availability_zone: Input<AvailabilityZone>,
    /// Network interfaces made here get a public address.
    #[default(false)]
    #[after_create]
    #[sample(true)]
    pub map_public_ip_on_launch: bool,
    /// Tags.
    #[tag_specification("subnet")]
    pub tags: Tags,
}

/// Outputs of a subnet.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SubnetOutputs {
    /// The id.
    #[shape("subnet-{hex17}")]
    pub id: SubnetId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:subnet/{id}")]
    pub arn: Arn,
    /// The availability zone, for resources that must be in the same one.
    #[shape("{availability_zone}")]
    pub availability_zone: AvailabilityZone,
}

impl Lifecycle for Subnet {
    const READ: Read = Read::new("ec2", "DescribeSubnets", 200, &["ec2:DescribeSubnets"]);

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "state",
        words: &[
            ("available", Meaning::Ready),
            ("pending", Meaning::Pending),
            ("unavailable", Meaning::Impaired),
            ("failed", Meaning::Failed),
            ("failed-insufficient-capacity", Meaning::Failed),
        ],
    }];

    fn create(&self) -> Steps {
        CreateSubnet::steps(self)
    }

    fn set(&self, _: &Self, field: SubnetField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteSubnet::steps(self)
    }

    // "The CIDR block that you specified overlaps with that of another subnet": InvalidSubnet.Conflict,
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    fn claims(&self) -> Vec<Claim> {
        let range = self.cidr_block.known().copied();
        range
            .map(|range| Claim::of_range("IPv4 range", range).within(&self.vpc))
            .into_iter()
            .collect()
    }

    // https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html (`InvalidSubnet.Range`)
    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        let vpc = serde_json::to_value(&self.vpc).unwrap_or_default();
        let vpc = look(&vpc, "cidr_block").and_then(|range| range.as_str()?.parse::<Cidr4>().ok());
        let outside = vpc
            .zip(self.cidr_block.known())
            .filter(|(vpc, own)| !vpc.contains(own));
        outside
            .map(|(vpc, own)| {
                format!("`cidr_block` is {own}, and its VPC has {vpc}: a subnet lies within its VPC")
            })
            .into_iter()
            .collect()
    }
}

#[cfg(feature = "aws")]
impl Observe for Subnet {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let subnets = super::filtered!(aws, by, Self, describe_subnets.set_filters, "subnet-id");
        let read = |item| read(item).map_err(broken::<Self>);
        subnets.iter().map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(item: &sdk::ec2::types::Subnet) -> Result<Seen<Subnet>, Missing> {
    let id = item.subnet_id.clone().ok_or(Missing("subnet_id"))?;
    let inputs = Subnet::from_sdk(item)?;
    let state = item.state.as_ref().map_or("available", |s| s.as_str());
    Ok(Seen {
        status: Subnet::STATUSES[0].status(state, None).unwrap_or(Status::Ready),
        outputs: SubnetOutputs {
            id: id.clone().into(),
            arn: item.subnet_arn.clone().unwrap_or_default().into(),
            availability_zone: item.availability_zone.clone().unwrap_or_default().into(),
        },
        inputs,
        id,
    })
}
