//! An elastic IP address: a public IPv4 address that stays.

use super::{AllocationId, RETAG, retag};
use crate::prelude::*;

/// A public IPv4 address that stays ours until it is released. Costs by the hour. One that is released is lost: AWS
/// may give it to anyone.
///
/// ```
/// use tenon_resources::ec2::ElasticIp;
/// ElasticIp::new().tags([("Name", "nat")]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.elastic_ip", cfn = "AWS::EC2::EIP")]
pub struct ElasticIp {
    /// The pool of own addresses it is taken from, such as `ipv4pool-ec2-012345`; Amazon's when unset.
    #[immutable]
    #[cfn("PublicIpv4Pool")]
    pub public_ipv4_pool: Option<Input<String>>,
    /// The location that advertises it, such as the region or a local zone's group.
    #[immutable]
    pub network_border_group: Option<Input<String>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ElasticIpOutputs {
    /// Its id: the allocation.
    #[shape("eipalloc-{hex17}")]
    pub id: AllocationId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:elastic-ip/{id}")]
    pub arn: Arn,
    /// The address, such as `203.0.113.7`.
    #[shape("203.0.113.7")]
    pub public_ip: String,
}

impl Lifecycle for ElasticIp {
    const CALLS: &'static [CallInfo] = &[AllocateAddress::INFO, ReleaseAddress::INFO, RETAG[0], RETAG[1]];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeAddresses",
        batch: 200,
        actions: &["ec2:DescribeAddresses"],
    };

    fn create(&self) -> Steps {
        Steps::create(AllocateAddress {
            domain: AddressDomain::Vpc,
            public_ipv4_pool: self.public_ipv4_pool.clone(),
            network_border_group: self.network_border_group.clone(),
            tag_specifications: self.tags.on_create("elastic-ip"),
        })
    }

    fn set(&self, was: &Self, field: ElasticIpField) -> Steps {
        match field {
            ElasticIpField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // A NAT gateway holds its address for a moment after it is gone; AWS says either code meanwhile.
        Steps::delete(ReleaseAddress {
            allocation_id: this(),
        })
        .ok_on("InvalidAllocationID.NotFound")
        .retry_on("InvalidIPAddress.InUse", minutes(15))
        .retry_on_message(
            "AuthFailure",
            "do not have permission to access the specified resource",
            minutes(5),
        )
    }

    fn samples() -> [Self; 2] {
        [
            Self::new().tags([("Name", "a")]),
            Self::new()
                .public_ipv4_pool("ipv4pool-ec2-1")
                .network_border_group("eu-west-1")
                .tags([("Name", "b")]),
        ]
    }
}

choice!(
    /// Where an address can be used; AWS's other word was for EC2-Classic, which is gone.
    AddressDomain of ec2::DomainType {
        /// In a VPC.
        Vpc = "vpc",
    }
);

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.allocation_id?, also("ec2:CreateTags"))]
struct AllocateAddress {
    domain: AddressDomain,
    public_ipv4_pool: Option<Input<String>>,
    network_border_group: Option<Input<String>>,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:elastic-ip/{id}")]
struct ReleaseAddress {
    allocation_id: Input<AllocationId>,
}

#[cfg(feature = "aws")]
impl Observe for ElasticIp {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for filters in by.filters("allocation-id") {
            // This one operation has no pages.
            let reply = aws
                .ec2
                .describe_addresses()
                .set_filters(Some(filters))
                .send()
                .await;
            let reply = reply.map_err(|e| crate::aws::call_error("ec2", "DescribeAddresses", e))?;
            seen.extend(
                reply
                    .addresses
                    .into_iter()
                    .flatten()
                    .filter_map(|item| see(aws, item)),
            );
        }
        Ok(seen)
    }
}

#[cfg(feature = "aws")]
fn see(aws: &Aws, item: sdk::ec2::types::Address) -> Option<Seen<ElasticIp>> {
    let id = item.allocation_id?;
    Some(Seen {
        status: Status::Ready,
        inputs: ElasticIp {
            // AWS calls its own pool `amazon`.
            public_ipv4_pool: item
                .public_ipv4_pool
                .filter(|pool| pool != "amazon")
                .map(Input::Known),
            network_border_group: item.network_border_group.map(Input::Known),
            tags: item.tags.into(),
        },
        outputs: ElasticIpOutputs {
            arn: aws.arn("ec2", &format!("elastic-ip/{id}")),
            id: id.clone().into(),
            public_ip: item.public_ip.unwrap_or_default(),
        },
        id,
    })
}
