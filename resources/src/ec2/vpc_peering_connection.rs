//! A VPC peering connection.

use super::{CreateTags, DeleteTags, VpcId, VpcPeeringConnectionId};
use crate::prelude::*;

/// A VPC peering connection: two VPCs reach each other by private addresses, once their route tables have routes to it. One between VPCs
/// of the account in this region is accepted at once; another waits until it is accepted there.
///
/// ```
/// use tenon_resources::ec2::VpcPeeringConnection;
/// VpcPeeringConnection::new("vpc-1", "vpc-2").allow_dns_resolution(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "ec2.vpc_peering_connection",
    cfn = "AWS::EC2::VPCPeeringConnection",
    ready = 10
)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidVpcPeeringConnectionID.NotFound"),
    second_create = Refused("VpcPeeringConnectionAlreadyExists")
)]
#[create(
    CreateVpcPeeringConnection: ec2,
    id = o.vpc_peering_connection?.vpc_peering_connection_id?,
    also("ec2:CreateTags")
)]
#[delete(
    DeleteVpcPeeringConnection: ec2,
    by(vpc_peering_connection_id),
    on = "arn:aws:ec2:{region}:{account}:vpc-peering-connection/{id}"
)]
#[retag(super::retag)]
#[calls(
    AcceptVpcPeeringConnection,
    ModifyVpcPeeringConnectionOptions,
    CreateTags,
    DeleteTags
)]
pub struct VpcPeeringConnection {
    /// The VPC that asks for the connection.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[sample("vpc-1", "vpc-3")]
    pub vpc: Input<VpcId>,
    /// The other VPC.
    #[immutable]
    #[member("peer_vpc_id")]
    #[cfn("PeerVpcId")]
    #[sample("vpc-2", "vpc-4")]
    #[wrong_if(*it == me.vpc, "is the VPC itself: name another one")]
    pub peer_vpc: Input<VpcId>,
    /// The account of the other VPC; this one when unset.
    #[immutable]
    #[default(None)]
    #[member("peer_owner_id")]
    #[cfn("PeerOwnerId")]
    #[sample("222222222222")]
    pub peer_owner: Option<Input<String>>,
    /// The region of the other VPC; this one when unset.
    #[immutable]
    #[default(None)]
    #[sample("eu-central-1")]
    pub peer_region: Option<Input<String>>,
    /// DNS names of instances in the one VPC resolve to private addresses in the other, in both directions.
    #[default(false)]
    #[after_create]
    #[by_hand]
    #[member("")]
    #[cfn("")]
    #[sample(true, _)]
    #[wrong_if(*it && me.elsewhere(), "is for two VPCs of the account in this region: leave it out")]
    pub allow_dns_resolution: bool,
    /// Tags.
    #[tag_specification("vpc-peering-connection")]
    pub tags: Tags,
}

impl VpcPeeringConnection {
    /// `true` if somebody else accepts it.
    fn elsewhere(&self) -> bool {
        self.peer_owner.is_some() || self.peer_region.is_some()
    }
}

/// Outputs of a VPC peering connection.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct VpcPeeringConnectionOutputs {
    /// The id.
    #[shape("pcx-{hex17}")]
    pub id: VpcPeeringConnectionId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:vpc-peering-connection/{id}")]
    pub arn: Arn,
}

impl Lifecycle for VpcPeeringConnection {
    const READ: Read = Read::new(
        "ec2",
        "DescribeVpcPeeringConnections",
        200,
        &["ec2:DescribeVpcPeeringConnections"],
    );

    // https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle: one that failed, was rejected or has
    // expired can neither be accepted nor mended.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "status.code",
        words: &[
            ("active", Meaning::Ready),
            ("initiating-request", Meaning::Pending),
            ("pending-acceptance", Meaning::Pending),
            ("provisioning", Meaning::Pending),
            ("deleting", Meaning::Leaving),
            ("deleted", Meaning::Gone),
            ("failed", Meaning::Failed),
            ("rejected", Meaning::Failed),
            ("expired", Meaning::Failed),
        ],
    }];

    fn create(&self) -> Steps {
        let accept = || {
            let call = AcceptVpcPeeringConnection {
                vpc_peering_connection_id: this(),
            };
            // While the request is being initiated.
            Steps::update(call)
                .retry_on("InvalidStateTransition", minutes(2))
                .retry_on("InvalidVpcPeeringConnectionID.NotFound", minutes(2))
        };
        CreateVpcPeeringConnection::steps(self).then_if(!self.elsewhere(), accept)
    }

    fn set(&self, _: &Self, field: VpcPeeringConnectionField) -> Steps {
        match field {
            VpcPeeringConnectionField::AllowDnsResolution => {
                let options = PeeringOptions {
                    allow_dns_resolution_from_remote_vpc: self.allow_dns_resolution,
                };
                Steps::update(ModifyVpcPeeringConnectionOptions {
                    vpc_peering_connection_id: this(),
                    requester_peering_connection_options: options,
                    accepter_peering_connection_options: options,
                })
                .retry_on_message("OperationNotPermitted", "is not active", minutes(5))
            }
        }
    }

    fn delete(&self) -> Steps {
        DeleteVpcPeeringConnection::steps(self)
    }

    // https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations: "You can't have more than one VPC
    // peering connection between two VPCs at the same time."
    fn claims(&self) -> Vec<Claim> {
        vec![Claim::of("peering connection with", &self.peer_vpc).within(&self.vpc)]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:vpc-peering-connection/{id}")]
struct AcceptVpcPeeringConnection {
    vpc_peering_connection_id: Input<VpcPeeringConnectionId>,
}

/// The options of one side.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct PeeringOptions {
    allow_dns_resolution_from_remote_vpc: bool,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:vpc-peering-connection/{id}")]
struct ModifyVpcPeeringConnectionOptions {
    vpc_peering_connection_id: Input<VpcPeeringConnectionId>,
    requester_peering_connection_options: PeeringOptions,
    accepter_peering_connection_options: PeeringOptions,
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::ec2::types::PeeringConnectionOptionsRequest> for PeeringOptions {
    fn to_sdk(self) -> Option<sdk::ec2::types::PeeringConnectionOptionsRequest> {
        let options = sdk::ec2::types::PeeringConnectionOptionsRequest::builder();
        let dns = self.allow_dns_resolution_from_remote_vpc;
        Some(options.allow_dns_resolution_from_remote_vpc(dns).build())
    }
}

#[cfg(feature = "aws")]
impl Observe for VpcPeeringConnection {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let connections = super::filtered!(
            aws,
            by,
            Self,
            describe_vpc_peering_connections.set_filters,
            "vpc-peering-connection-id"
        );
        let read = |item| read(aws, item).map_err(broken::<Self>).transpose();
        connections.iter().filter_map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(
    aws: &Aws,
    item: &sdk::ec2::types::VpcPeeringConnection,
) -> Result<Option<Seen<VpcPeeringConnection>>, Missing> {
    type Info = sdk::ec2::types::VpcPeeringConnectionVpcInfo;
    let id = item.vpc_peering_connection_id.clone();
    let id = id.ok_or(Missing("vpc_peering_connection_id"))?;
    let code = item.status().and_then(|status| status.code());
    let code = code.map_or("initiating-request", |code| code.as_str());
    let why = item.status().and_then(|status| status.message());
    let Some(status) = VpcPeeringConnection::STATUSES[0].status(code, why) else {
        return Ok(None);
    };
    let requester = item.requester_vpc_info().ok_or(Missing("requester_vpc_info"))?;
    let accepter = item.accepter_vpc_info().ok_or(Missing("accepter_vpc_info"))?;
    let vpc = |info: &Info| info.vpc_id().map(|id| Input::Known(id.into()));
    let resolves = |info: &Info| {
        let options = info.peering_options();
        options.and_then(|o| o.allow_dns_resolution_from_remote_vpc()) == Some(true)
    };
    let owner = accepter
        .owner_id()
        .filter(|owner| Some(*owner) != requester.owner_id());
    let region = accepter
        .region()
        .filter(|region| Some(*region) != requester.region());
    Ok(Some(Seen {
        status,
        inputs: VpcPeeringConnection {
            vpc: vpc(requester).ok_or(Missing("vpc_id"))?,
            peer_vpc: vpc(accepter).ok_or(Missing("vpc_id"))?,
            peer_owner: owner.map(|owner| Input::Known(owner.into())),
            peer_region: region.map(|region| Input::Known(region.into())),
            allow_dns_resolution: resolves(requester) && resolves(accepter),
            tags: item.tags.clone().into(),
        },
        outputs: VpcPeeringConnectionOutputs {
            arn: aws.arn("ec2", &format!("vpc-peering-connection/{id}")),
            id: id.clone().into(),
        },
        id,
    }))
}
