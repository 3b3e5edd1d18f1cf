//! An Elastic IP address: a public IPv4 address that stays the same.

use super::{AllocationId, CreateTags, DeleteTags};
use crate::prelude::*;

choice!(
    /// The domain of an address; AWS's other domain was for EC2-Classic, which is gone.
    AddressDomain of ec2::DomainType {
        /// In a VPC.
        Vpc = "vpc",
    }
);

/// An Elastic IP address: a public IPv4 address that stays allocated to the account until it is released. It costs by the
/// hour. A released address is lost: AWS may give it to anyone.
///
/// ```
/// use tenon_resources::ec2::ElasticIp;
/// ElasticIp::new().tags([("Name", "nat")]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.elastic_ip", cfn = "AWS::EC2::EIP")]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidAllocationID.NotFound"),
    in_use("InvalidIPAddress.InUse", 900),
    second_create = Another
)]
#[create(
    AllocateAddress: ec2,
    id = o.allocation_id?,
    also("ec2:CreateTags"),
    with(domain: AddressDomain = AddressDomain::Vpc)
)]
// A NAT gateway holds its address for a moment after it is gone; AWS answers with this code or the one above meanwhile.
#[delete(
    ReleaseAddress: ec2,
    by(allocation_id),
    on = "arn:aws:ec2:{region}:{account}:elastic-ip/{id}",
    rules(.retry_on_message("AuthFailure", "do not have permission to access the specified resource", minutes(5)))
)]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::Address)]
pub struct ElasticIp {
    /// The address pool (BYOIP) that the address is taken from, such as `ipv4pool-ec2-012345`; Amazon's pool when unset.
    // AWS calls its own pool `amazon`.
    #[immutable]
    #[cfn("PublicIpv4Pool")]
    #[read(item.public_ipv4_pool.clone().filter(|pool| pool != "amazon").map(Input::Known))]
    #[sample("ipv4pool-ec2-1")]
    pub public_ipv4_pool: Option<Input<String>>,
    /// The network border group that advertises the address, such as the region or a Local Zone's group.
    #[immutable]
    #[sample("eu-west-1")]
    pub network_border_group: Option<Input<String>>,
    /// Tags.
    #[tag_specification("elastic-ip")]
    pub tags: Tags,
}

/// Outputs of an Elastic IP address.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ElasticIpOutputs {
    /// The id: the allocation id.
    #[shape("eipalloc-{hex17}")]
    pub id: AllocationId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:elastic-ip/{id}")]
    pub arn: Arn,
    /// The address, such as `203.0.113.7`.
    #[shape("203.0.113.7")]
    pub public_ip: String,
}

impl Lifecycle for ElasticIp {
    const READ: Read = Read::new("ec2", "DescribeAddresses", 200, &["ec2:DescribeAddresses"]);

    fn create(&self) -> Steps {
        AllocateAddress::steps(self)
    }

    fn set(&self, _: &Self, field: ElasticIpField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        ReleaseAddress::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for ElasticIp {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut addresses = vec![];
        for filters in by.filters("allocation-id") {
            // This operation has no pages.
            let request = aws.ec2.describe_addresses().set_filters(Some(filters));
            let reply = request.send().await;
            let reply = reply.map_err(|e| crate::aws::call_error("ec2", "DescribeAddresses", e))?;
            for item in reply.addresses() {
                addresses.push(read(aws, item).map_err(broken::<Self>)?);
            }
        }
        Ok(addresses)
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::Address) -> Result<Seen<ElasticIp>, Missing> {
    let id = item.allocation_id.clone().ok_or(Missing("allocation_id"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs: ElasticIp::from_sdk(item)?,
        outputs: ElasticIpOutputs {
            arn: aws.arn("ec2", &format!("elastic-ip/{id}")),
            id: id.clone().into(),
            public_ip: item.public_ip.clone().ok_or(Missing("public_ip"))?,
        },
        id,
    })
}
