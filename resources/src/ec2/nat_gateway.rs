//! A NAT gateway: the way out for private subnets.

use super::{RETAG, SubnetId, retag};
use crate::prelude::*;

id!(
    /// Names a NAT gateway, such as `nat-0a1b2c3d4e5f67890`.
    NatGatewayId
);
id!(
    /// Names an elastic IP address's allocation, such as `eipalloc-0a1b2c3d4e5f67890`.
    AllocationId
);

/// Lets private subnets reach the internet, and nothing reach them. Costs by the hour.
///
/// ```
/// use tenon_resources::ec2::NatGateway;
/// NatGateway::new("subnet-1", "eipalloc-1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.nat_gateway", cfn = "AWS::EC2::NatGateway", ready = 10)]
pub struct NatGateway {
    /// The public subnet it stands in.
    #[immutable]
    #[cfn("SubnetId")]
    pub subnet: Input<SubnetId>,
    /// The elastic IP address it speaks from.
    #[immutable]
    #[cfn("AllocationId")]
    pub allocation: Input<AllocationId>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct NatGatewayOutputs {
    /// Its id.
    #[shape("nat-{hex17}")]
    pub id: NatGatewayId,
}

impl Lifecycle for NatGateway {
    const CALLS: &'static [CallInfo] = &[CreateNatGateway::INFO, DeleteNatGateway::INFO, RETAG[0], RETAG[1]];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeNatGateways",
        batch: 200,
        actions: &["ec2:DescribeNatGateways"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateNatGateway {
            subnet_id: self.subnet.clone(),
            allocation_id: self.allocation.clone(),
            client_token: Token::Fill,
            tag_specifications: self.tags.on_create("natgateway"),
        })
    }

    fn set(&self, was: &Self, field: NatGatewayField) -> Steps {
        match field {
            NatGatewayField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // Its address cannot be released, nor its subnet deleted, before it is gone: 42 to 61 s seen.
        Steps::delete(DeleteNatGateway {
            nat_gateway_id: this(),
        })
        .ok_on("NatGatewayNotFound")
        .until_gone(minutes(15))
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("subnet-1", "eipalloc-1").tags([("Name", "a")]),
            Self::new("subnet-2", "eipalloc-2").tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.nat_gateway?.nat_gateway_id?, also("ec2:CreateTags"))]
struct CreateNatGateway {
    subnet_id: Input<SubnetId>,
    allocation_id: Input<AllocationId>,
    client_token: Token,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:natgateway/{id}")]
struct DeleteNatGateway {
    nat_gateway_id: Input<NatGatewayId>,
}

#[cfg(feature = "aws")]
impl Observe for NatGateway {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for filters in by.filters("nat-gateway-id") {
            // This one operation calls its filters `Filter`.
            let request = items!(aws.ec2.describe_nat_gateways().set_filter(Some(filters)));
            for item in aws.all("ec2", "DescribeNatGateways", request).await? {
                seen.extend(see(item));
            }
        }
        Ok(seen)
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::ec2::types::NatGateway) -> Option<Seen<NatGateway>> {
    let status = match item.state.as_ref()?.as_str() {
        // Deleted ones stay listed for about an hour.
        "deleted" => return None,
        "available" => Status::Ready,
        "deleting" => Status::Leaving("deleting".into()),
        "failed" => Status::Failed(item.failure_message.unwrap_or_default()),
        other => Status::Pending(other.into()),
    };
    let id = item.nat_gateway_id?;
    let allocation = item.nat_gateway_addresses?.into_iter().next()?.allocation_id?;
    Some(Seen {
        status,
        inputs: NatGateway {
            subnet: Input::Known(item.subnet_id?.into()),
            allocation: Input::Known(allocation.into()),
            tags: item.tags.into(),
        },
        outputs: NatGatewayOutputs {
            id: id.clone().into(),
        },
        id,
    })
}
