//! An internet gateway: a VPC's door to the internet.

use super::{RETAG, VpcId, retag};
use crate::prelude::*;

id!(
    /// Names an internet gateway, such as `igw-0a1b2c3d4e5f67890`.
    InternetGatewayId
);

/// A VPC's door to the internet, attached to it. A VPC has one at the most.
///
/// What needs the door open (a NAT gateway, a public load balancer, an address in use) belongs behind the output `vpc`:
/// a subnet made from it is made after the gateway is attached, and deleted before it is detached.
///
/// ```
/// use tenon_resources::{ec2::{InternetGatewayOutputs, InternetGateway, Subnet}, resource::Outputs};
/// InternetGateway::new("vpc-1");
/// let gateway = InternetGatewayOutputs::refs("gateway");
/// Subnet::new(&gateway.vpc, "10.20.0.0/20", "eu-west-1a");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.internet_gateway", cfn = "AWS::EC2::InternetGateway", ready = 5)]
pub struct InternetGateway {
    /// The VPC it is attached to.
    #[immutable]
    #[cfn("")]
    pub vpc: Input<VpcId>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct InternetGatewayOutputs {
    /// Its id.
    #[shape("igw-{hex17}")]
    pub id: InternetGatewayId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:internet-gateway/{id}")]
    pub arn: Arn,
    /// The VPC with the gateway attached, for whoever needs the way out.
    #[shape("{vpc}")]
    pub vpc: VpcId,
}

impl Lifecycle for InternetGateway {
    const CALLS: &'static [CallInfo] = &[
        CreateInternetGateway::INFO,
        AttachInternetGateway::INFO,
        DetachInternetGateway::INFO,
        DeleteInternetGateway::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeInternetGateways",
        batch: 200,
        actions: &["ec2:DescribeInternetGateways"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateInternetGateway {
            tag_specifications: self.tags.on_create("internet-gateway"),
        })
        .then(Steps::update(AttachInternetGateway {
            internet_gateway_id: this(),
            vpc_id: self.vpc.clone(),
        }))
        .ok_on("Resource.AlreadyAssociated")
        .retry_on("InvalidInternetGatewayID.NotFound", minutes(5))
    }

    fn set(&self, was: &Self, field: InternetGatewayField) -> Steps {
        match field {
            InternetGatewayField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // One that was found detached has no VPC.
        let attached = self.vpc.known().is_none_or(|vpc| !vpc.0.is_empty());
        let detach = || {
            // It cannot leave while the VPC has public addresses in use: a load balancer's go minutes after it.
            Steps::update(DetachInternetGateway {
                internet_gateway_id: this(),
                vpc_id: self.vpc.clone(),
            })
            .ok_on("Gateway.NotAttached")
            .ok_on("InvalidInternetGatewayID.NotFound")
            .retry_on("DependencyViolation", minutes(15))
        };
        Steps::none().then_if(attached, detach).then(
            Steps::delete(DeleteInternetGateway {
                internet_gateway_id: this(),
            })
            .ok_on("InvalidInternetGatewayID.NotFound")
            .retry_on("DependencyViolation", minutes(15)),
        )
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("vpc-1").tags([("Name", "a")]),
            Self::new("vpc-2").tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.internet_gateway?.internet_gateway_id?, also("ec2:CreateTags"))]
struct CreateInternetGateway {
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
struct AttachInternetGateway {
    internet_gateway_id: Input<InternetGatewayId>,
    vpc_id: Input<VpcId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
struct DetachInternetGateway {
    internet_gateway_id: Input<InternetGatewayId>,
    vpc_id: Input<VpcId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:internet-gateway/{id}")]
struct DeleteInternetGateway {
    internet_gateway_id: Input<InternetGatewayId>,
}

#[cfg(feature = "aws")]
impl Observe for InternetGateway {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for filters in by.filters("internet-gateway-id") {
            let pages = items!(aws.ec2.describe_internet_gateways().set_filters(Some(filters)));
            for item in aws.all("ec2", "DescribeInternetGateways", pages).await? {
                seen.extend(see(aws, item));
            }
        }
        Ok(seen)
    }
}

#[cfg(feature = "aws")]
fn see(aws: &Aws, item: sdk::ec2::types::InternetGateway) -> Option<Seen<InternetGateway>> {
    let id = item.internet_gateway_id?;
    let attachment = item.attachments.into_iter().flatten().next();
    // AWS says `available` here, which is not in its own list of states.
    let state = attachment.as_ref().map_or("detached", |a| {
        a.state.as_ref().map_or("attaching", |s| s.as_str())
    });
    let status = match state {
        "available" | "attached" => Status::Ready,
        other => Status::Pending(other.into()),
    };
    // Detached, it has none: that differs from every VPC, so a gateway that someone detached is seen as drift.
    let vpc: super::VpcId = attachment.and_then(|a| a.vpc_id).unwrap_or_default().into();
    Some(Seen {
        status,
        inputs: InternetGateway {
            vpc: Input::Known(vpc.clone()),
            tags: item.tags.into(),
        },
        outputs: InternetGatewayOutputs {
            arn: aws.arn("ec2", &format!("internet-gateway/{id}")),
            id: id.clone().into(),
            vpc,
        },
        id,
    })
}
