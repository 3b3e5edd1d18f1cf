//! A subnet: one availability zone's slice of a VPC.

use super::{RETAG, VpcId, retag};
use crate::prelude::*;

id!(
    /// Names a subnet, such as `subnet-0a1b2c3d4e5f67890`.
    SubnetId
);

/// One availability zone's slice of a VPC's address range.
///
/// ```
/// use tenon_resources::ec2::Subnet;
/// Subnet::new("vpc-1", "10.20.0.0/20", "eu-west-1a").map_public_ip_on_launch(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.subnet", cfn = "AWS::EC2::Subnet", ready = 5)]
pub struct Subnet {
    /// The VPC it is carved from.
    #[immutable]
    #[cfn("VpcId")]
    pub vpc: Input<VpcId>,
    /// Its IPv4 range, inside the VPC's own.
    #[immutable]
    pub cidr_block: Input<Cidr4>,
    /// The one zone it lives in.
    #[immutable]
    pub availability_zone: Input<AvailabilityZone>,
    /// Give network interfaces made here a public address.
    #[default(false)]
    #[after_create]
    pub map_public_ip_on_launch: bool,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SubnetOutputs {
    /// Its id.
    #[shape("subnet-{hex17}")]
    pub id: SubnetId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:subnet/{id}")]
    pub arn: Arn,
    /// Its zone, for whoever must be in the same one.
    #[shape("{availability_zone}")]
    pub availability_zone: AvailabilityZone,
}

impl Lifecycle for Subnet {
    const CALLS: &'static [CallInfo] = &[
        CreateSubnet::INFO,
        ModifySubnetAttribute::INFO,
        DeleteSubnet::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeSubnets",
        batch: 200,
        actions: &["ec2:DescribeSubnets"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateSubnet {
            vpc_id: self.vpc.clone(),
            cidr_block: self.cidr_block.clone(),
            availability_zone: self.availability_zone.clone(),
            tag_specifications: self.tags.on_create("subnet"),
        })
    }

    fn set(&self, was: &Self, field: SubnetField) -> Steps {
        match field {
            SubnetField::MapPublicIpOnLaunch => Steps::update(ModifySubnetAttribute {
                subnet_id: this(),
                map_public_ip_on_launch: self.map_public_ip_on_launch,
            }),
            SubnetField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteSubnet { subnet_id: this() })
            .ok_on("InvalidSubnetID.NotFound")
            .retry_on("DependencyViolation", minutes(15))
    }

    fn check(&self) -> Vec<String> {
        match self.cidr_block.known() {
            Some(cidr) if !(16..=28).contains(&cidr.prefix_len()) => {
                vec![format!(
                    "`cidr_block` is {cidr}, and a subnet takes a /16 to a /28"
                )]
            }
            _ => vec![],
        }
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("vpc-1", "10.0.0.0/20", "eu-west-1a").tags([("Name", "a")]),
            Self::new("vpc-2", "10.1.0.0/20", "eu-west-1b")
                .map_public_ip_on_launch(true)
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.subnet?.subnet_id?, also("ec2:CreateTags"))]
struct CreateSubnet {
    vpc_id: Input<VpcId>,
    cidr_block: Input<Cidr4>,
    availability_zone: Input<AvailabilityZone>,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:subnet/{id}")]
struct ModifySubnetAttribute {
    subnet_id: Input<SubnetId>,
    map_public_ip_on_launch: bool,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:subnet/{id}")]
struct DeleteSubnet {
    subnet_id: Input<SubnetId>,
}

#[cfg(feature = "aws")]
impl Observe for Subnet {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for filters in by.filters("subnet-id") {
            let request = items!(aws.ec2.describe_subnets().set_filters(Some(filters)));
            for item in aws.all("ec2", "DescribeSubnets", request).await? {
                seen.extend(see(item));
            }
        }
        Ok(seen)
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::ec2::types::Subnet) -> Option<Seen<Subnet>> {
    let id = item.subnet_id?;
    let zone: AvailabilityZone = item.availability_zone?.into();
    let pending = item.state.as_ref().filter(|s| s.as_str() != "available");
    Some(Seen {
        status: pending.map_or(Status::Ready, |s| Status::Pending(s.as_str().into())),
        inputs: Subnet {
            vpc: Input::Known(item.vpc_id?.into()),
            cidr_block: Input::Known(item.cidr_block?.parse().ok()?),
            availability_zone: Input::Known(zone.clone()),
            map_public_ip_on_launch: item.map_public_ip_on_launch.unwrap_or(false),
            tags: item.tags.into(),
        },
        outputs: SubnetOutputs {
            id: id.clone().into(),
            arn: item.subnet_arn.unwrap_or_default().into(),
            availability_zone: zone,
        },
        id,
    })
}
