//! An egress-only internet gateway: outbound internet access over IPv6.

use super::{CreateTags, DeleteTags, VpcId};
use crate::prelude::*;

id!(
    /// An egress-only internet gateway's id, such as `eigw-0a1b2c3d4e5f67890`.
    EgressOnlyInternetGatewayId
);

/// An egress-only internet gateway: a VPC reaches the internet over IPv6 through it, and nothing reaches the VPC. It is for
/// IPv6 the same as a NAT gateway is for IPv4, and free.
///
/// ```
/// use tenon_resources::ec2::EgressOnlyInternetGateway;
/// EgressOnlyInternetGateway::new("vpc-1").tags([("Name", "out")]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "ec2.egress_only_internet_gateway",
    cfn = "AWS::EC2::EgressOnlyInternetGateway",
    ready = 5
)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidGatewayID.NotFound"),
    in_use("DependencyViolation", 900),
    second_create = Another
)]
#[create(
    CreateEgressOnlyInternetGateway: ec2,
    id = o.egress_only_internet_gateway?.egress_only_internet_gateway_id?,
    also("ec2:CreateTags"),
    with(client_token: Token = Token::Fill)
)]
#[delete(
    DeleteEgressOnlyInternetGateway: ec2,
    by(egress_only_internet_gateway_id),
    on = "arn:aws:ec2:{region}:{account}:egress-only-internet-gateway/{id}"
)]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::EgressOnlyInternetGateway)]
pub struct EgressOnlyInternetGateway {
    /// The VPC.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[read(Input::Known(item.attachments().iter().find_map(|a| a.vpc_id()).ok_or(Missing("attachments"))?.into()))]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// Tags.
    #[tag_specification("egress-only-internet-gateway")]
    pub tags: Tags,
}

/// Outputs of an egress-only internet gateway.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct EgressOnlyInternetGatewayOutputs {
    /// The id.
    #[shape("eigw-{hex17}")]
    pub id: EgressOnlyInternetGatewayId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:egress-only-internet-gateway/{id}")]
    pub arn: Arn,
}

impl Lifecycle for EgressOnlyInternetGateway {
    const READ: Read = Read::new(
        "ec2",
        "DescribeEgressOnlyInternetGateways",
        200,
        &["ec2:DescribeEgressOnlyInternetGateways"],
    );

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "attachmentSet.state",
        words: &[
            ("available", Meaning::Ready),
            ("attached", Meaning::Ready),
            ("attaching", Meaning::Pending),
            ("detaching", Meaning::Leaving),
            ("detached", Meaning::Gone),
        ],
    }];

    fn create(&self) -> Steps {
        CreateEgressOnlyInternetGateway::steps(self)
    }

    fn set(&self, _: &Self, field: EgressOnlyInternetGatewayField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteEgressOnlyInternetGateway::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for EgressOnlyInternetGateway {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let Read { operation, batch, .. } = Self::READ;
        let request = || aws.ec2.describe_egress_only_internet_gateways();
        let gateways = if let Some(ids) = by.ids() {
            // This operation filters by tags alone, and refuses a list of ids when one is gone.
            crate::aws::in_batches(ids, batch, crate::aws::gone::<Self>(), |ids| {
                let pages = items!(request().set_egress_only_internet_gateway_ids(Some(ids)));
                aws.all("ec2", operation, pages)
            })
            .await?
        } else {
            let filters = by.filters("").pop();
            aws.all("ec2", operation, items!(request().set_filters(filters)))
                .await?
        };
        let read = |item| read(aws, item).map_err(broken::<Self>).transpose();
        gateways.iter().filter_map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(
    aws: &Aws,
    item: &sdk::ec2::types::EgressOnlyInternetGateway,
) -> Result<Option<Seen<EgressOnlyInternetGateway>>, Missing> {
    let id = item.egress_only_internet_gateway_id.clone();
    let id = id.ok_or(Missing("egress_only_internet_gateway_id"))?;
    // One without an attachment is being deleted.
    let Some(attachment) = item.attachments().first() else {
        return Ok(None);
    };
    let state = attachment.state.as_ref().map_or("attaching", |s| s.as_str());
    let Some(status) = EgressOnlyInternetGateway::STATUSES[0].status(state, None) else {
        return Ok(None);
    };
    Ok(Some(Seen {
        status,
        inputs: EgressOnlyInternetGateway::from_sdk(item)?,
        outputs: EgressOnlyInternetGatewayOutputs {
            arn: aws.arn("ec2", &format!("egress-only-internet-gateway/{id}")),
            id: id.clone().into(),
        },
        id,
    }))
}
