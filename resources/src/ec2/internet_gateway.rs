//! An internet gateway: the connection of a VPC to the internet.

use super::{CreateTags, DeleteTags, VpcId};
use crate::prelude::*;

id!(
    /// An internet gateway's id, such as `igw-0a1b2c3d4e5f67890`.
    InternetGatewayId
);

/// An internet gateway: the connection of a VPC to the internet, attached to the VPC. A VPC has one at the most.
///
/// A resource that needs the attached gateway (a NAT gateway, a public load balancer, an address in use) depends on it by
/// the output `vpc`: a subnet made from it is made after the gateway is attached, and deleted before it is detached.
///
/// ```
/// use tenon_resources::{ec2::{InternetGatewayOutputs, InternetGateway, Subnet}, resource::Outputs};
/// InternetGateway::new("vpc-1");
/// let gateway = InternetGatewayOutputs::refs("gateway");
/// Subnet::new(&gateway.vpc, "10.20.0.0/20", "eu-west-1a");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.internet_gateway", cfn = "AWS::EC2::InternetGateway", ready = 5)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidInternetGatewayID.NotFound"),
    in_use("DependencyViolation", 900),
    second_create = Another
)]
#[create(CreateInternetGateway: ec2, id = o.internet_gateway?.internet_gateway_id?, also("ec2:CreateTags"))]
#[delete(
    DeleteInternetGateway: ec2,
    by(internet_gateway_id),
    on = "arn:aws:ec2:{region}:{account}:internet-gateway/{id}"
)]
#[retag(super::retag)]
#[calls(AttachInternetGateway, DetachInternetGateway, CreateTags, DeleteTags)]
#[sdk(ec2::InternetGateway)]
pub struct InternetGateway {
    /// The VPC that the gateway is attached to.
    // A detached gateway has none: that differs from every VPC, so a gateway that someone detached shows as drift.
    #[immutable]
    #[member(create = "")]
    #[cfn("")]
    #[read(Input::Known(item.attachments().iter().find_map(|a| a.vpc_id()).unwrap_or_default().into()))]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// Tags.
    #[tag_specification("internet-gateway")]
    pub tags: Tags,
}

/// Outputs of an internet gateway.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct InternetGatewayOutputs {
    /// The id.
    #[shape("igw-{hex17}")]
    pub id: InternetGatewayId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:internet-gateway/{id}")]
    pub arn: Arn,
    /// The VPC with the gateway attached, for resources that need internet access.
    #[shape("{vpc}")]
    pub vpc: VpcId,
}

impl Lifecycle for InternetGateway {
    const READ: Read = Read::new(
        "ec2",
        "DescribeInternetGateways",
        200,
        &["ec2:DescribeInternetGateways"],
    );

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html: "The VPC must not contain any running
    // instances with Elastic IP addresses or public IPv4 addresses"; NAT gateways and load balancers have such.
    const REMOVED_AFTER: &'static [&'static str] = &["ec2.nat_gateway", "elb.load_balancer"];

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html: an attached one is `available`, which is not in the
    // list of `AttachmentStatus`.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "attachmentSet.state",
        words: &[
            ("available", Meaning::Ready),
            ("attached", Meaning::Ready),
            ("attaching", Meaning::Pending),
            ("detaching", Meaning::Pending),
            ("detached", Meaning::Pending),
        ],
    }];

    fn create(&self) -> Steps {
        CreateInternetGateway::steps(self)
            .then(Steps::update(AttachInternetGateway {
                internet_gateway_id: this(),
                vpc_id: self.vpc.clone(),
            }))
            .ok_on("Resource.AlreadyAssociated")
            .retry_on("InvalidInternetGatewayID.NotFound", minutes(5))
    }

    fn set(&self, _: &Self, field: InternetGatewayField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        // A detached gateway has no VPC to be detached from.
        let attached = self.vpc.known().is_none_or(|vpc| !vpc.0.is_empty());
        let detach = || {
            // AWS refuses while the VPC has public addresses in use: a load balancer's go minutes after it.
            Steps::update(DetachInternetGateway {
                internet_gateway_id: this(),
                vpc_id: self.vpc.clone(),
            })
            .ok_on("Gateway.NotAttached")
            .expecting(Self::FACTS)
        };
        Steps::none()
            .then_if(attached, detach)
            .then(DeleteInternetGateway::steps(self))
    }

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html
    fn claims(&self) -> Vec<Claim> {
        vec![Claim::of("internet gateway", ()).within(&self.vpc)]
    }
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

#[cfg(feature = "aws")]
impl Observe for InternetGateway {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let gateways = super::filtered!(
            aws,
            by,
            Self,
            describe_internet_gateways.set_filters,
            "internet-gateway-id"
        );
        let read = |item| read(aws, item).map_err(broken::<Self>);
        gateways.iter().map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::InternetGateway) -> Result<Seen<InternetGateway>, Missing> {
    let id = item.internet_gateway_id.clone();
    let id = id.ok_or(Missing("internet_gateway_id"))?;
    let state = item.attachments().first().map_or("detached", |a| {
        a.state.as_ref().map_or("attaching", |s| s.as_str())
    });
    let inputs = InternetGateway::from_sdk(item)?;
    Ok(Seen {
        status: InternetGateway::STATUSES[0]
            .status(state, None)
            .unwrap_or(Status::Ready),
        outputs: InternetGatewayOutputs {
            arn: aws.arn("ec2", &format!("internet-gateway/{id}")),
            id: id.clone().into(),
            vpc: inputs
                .vpc
                .known()
                .cloned()
                .unwrap_or_else(|| VpcId(String::new())),
        },
        inputs,
        id,
    })
}
