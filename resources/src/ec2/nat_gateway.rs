//! A NAT gateway: outbound internet access for private subnets.

use super::{CreateTags, DeleteTags, SubnetId};
use crate::prelude::*;

id!(
    /// A NAT gateway's id, such as `nat-0a1b2c3d4e5f67890`.
    NatGatewayId
);
id!(
    /// The allocation id of an Elastic IP address, such as `eipalloc-0a1b2c3d4e5f67890`.
    AllocationId
);

/// A NAT gateway: private subnets reach the internet through it, and nothing reaches them. It costs by the hour.
///
/// ```
/// use tenon_resources::ec2::NatGateway;
/// NatGateway::new("subnet-1", "eipalloc-1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.nat_gateway", cfn = "AWS::EC2::NatGateway", ready = 10)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(gone("NatGatewayNotFound"), second_create = Another)]
#[create(
    CreateNatGateway: ec2,
    id = o.nat_gateway?.nat_gateway_id?,
    also("ec2:CreateTags"),
    with(client_token: Token = Token::Fill)
)]
#[delete(DeleteNatGateway: ec2, by(nat_gateway_id), on = "arn:aws:ec2:{region}:{account}:natgateway/{id}")]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::NatGateway)]
pub struct NatGateway {
    /// The public subnet of the gateway.
    #[immutable]
    #[member("subnet_id")]
    #[cfn("SubnetId")]
    #[sample("subnet-1", "subnet-2")]
    pub subnet: Input<SubnetId>,
    /// The allocation of the Elastic IP address that packets leave from.
    // A private gateway, which this type does not make, has none: that differs from every allocation.
    #[immutable]
    #[member("allocation_id")]
    #[cfn("AllocationId")]
    #[read(Input::Known(item.nat_gateway_addresses().iter().find_map(|a| a.allocation_id()).unwrap_or_default().into()))]
    #[sample("eipalloc-1", "eipalloc-2")]
    pub allocation: Input<AllocationId>,
    /// Tags.
    #[tag_specification("natgateway")]
    pub tags: Tags,
}

/// Outputs of a NAT gateway.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct NatGatewayOutputs {
    /// The id.
    #[shape("nat-{hex17}")]
    pub id: NatGatewayId,
}

impl Lifecycle for NatGateway {
    const READ: Read = Read::new("ec2", "DescribeNatGateways", 200, &["ec2:DescribeNatGateways"]);

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html: a failed one is deleted by AWS after about an hour; deleted ones stay
    // listed for as long.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "state",
        words: &[
            ("available", Meaning::Ready),
            ("pending", Meaning::Pending),
            ("deleting", Meaning::Leaving),
            ("deleted", Meaning::Gone),
            ("failed", Meaning::Failed),
        ],
    }];

    fn create(&self) -> Steps {
        CreateNatGateway::steps(self)
    }

    fn set(&self, _: &Self, field: NatGatewayField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        // Its address cannot be released, nor its subnet deleted, before it is gone: measured at 42 to 61 s.
        DeleteNatGateway::steps(self).until_gone(minutes(15))
    }

    // "Elastic IP address [eipalloc-…] is already associated" (Resource.AlreadyAssociated); an address cannot move from one gateway to
    // another: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    fn claims(&self) -> Vec<Claim> {
        vec![Claim::of("Elastic IP address", &self.allocation)]
    }
}

#[cfg(feature = "aws")]
impl Observe for NatGateway {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        // This operation calls its filters `Filter`.
        let gateways = super::filtered!(aws, by, Self, describe_nat_gateways.set_filter, "nat-gateway-id");
        let read = |item| read(item).map_err(broken::<Self>).transpose();
        gateways.iter().filter_map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(item: &sdk::ec2::types::NatGateway) -> Result<Option<Seen<NatGateway>>, Missing> {
    let state = item.state.as_ref().ok_or(Missing("state"))?;
    let why = item.failure_message.as_deref();
    let Some(status) = NatGateway::STATUSES[0].status(state.as_str(), why) else {
        return Ok(None);
    };
    let id = item.nat_gateway_id.clone().ok_or(Missing("nat_gateway_id"))?;
    Ok(Some(Seen {
        status,
        inputs: NatGateway::from_sdk(item)?,
        outputs: NatGatewayOutputs {
            id: id.clone().into(),
        },
        id,
    }))
}
