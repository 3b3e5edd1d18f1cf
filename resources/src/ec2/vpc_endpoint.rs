//! A VPC endpoint: private access to a service.

use super::{CreateTags, DeleteTags, RouteTableId, SecurityGroupId, SubnetId, VpcId};
use crate::{iam::Policy, prelude::*};

id!(
    /// A VPC endpoint's id, such as `vpce-0a1b2c3d4e5f67890`.
    VpcEndpointId
);

choice!(
    /// The type of a VPC endpoint.
    VpcEndpointType of ec2::VpcEndpointType {
        /// A gateway endpoint, reached by routes; for S3 and `DynamoDB`, and free.
        Gateway = "Gateway",
        /// An interface endpoint, reached by network interfaces with private addresses.
        Interface = "Interface",
        /// A Gateway Load Balancer endpoint, reached by routes to its network interface.
        GatewayLoadBalancer = "GatewayLoadBalancer",
    }
);

choice!(
    /// The IP address type of an endpoint.
    EndpointAddresses of ec2::IpAddressType {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv6.
        Ipv6 = "ipv6",
        /// IPv4 and IPv6.
        Dualstack = "dualstack",
    }
);

type RouteTables = BTreeSet<Input<RouteTableId>>;
type Subnets = BTreeSet<Input<SubnetId>>;
type SecurityGroups = BTreeSet<Input<SecurityGroupId>>;

/// A VPC endpoint: private access to a service of AWS or of another account, that does not leave Amazon's network.
///
/// ```
/// use tenon_resources::ec2::VpcEndpoint;
/// VpcEndpoint::gateway("vpc-1", "com.amazonaws.eu-west-1.s3").route_tables(["rtb-1"]);
/// VpcEndpoint::interface("vpc-1", "com.amazonaws.eu-west-1.ecr.api")
///     .subnets(["subnet-1", "subnet-2"])
///     .security_groups(["sg-1"])
///     .private_dns_enabled(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.vpc_endpoint", cfn = "AWS::EC2::VPCEndpoint", ready = 10)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"),
    second_create = Another
)]
// Another endpoint to the same service holds the private DNS name until it is gone.
#[create(
    CreateVpcEndpoint: ec2,
    id = o.vpc_endpoint?.vpc_endpoint_id?,
    also("ec2:CreateTags", "route53:AssociateVPCWithHostedZone if private_dns_enabled"),
    with(client_token: Token = Token::Fill),
    rules(
        .retry_on("InvalidRouteTableId.NotFound", minutes(5))
        .retry_on_message("InvalidParameter", "conflicting DNS domain", minutes(10))
    )
)]
#[update(
    ModifyVpcEndpoint: ec2,
    by(vpc_endpoint_id),
    folds,
    with(reset_policy: Option<bool> = None)
)]
#[delete(
    DeleteVpcEndpoints: ec2,
    refused = super::unsuccessful(o.unsuccessful()),
    on = "arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}",
    with(vpc_endpoint_ids: Vec<Input<String>> = vec![this()])
)]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::VpcEndpoint)]
pub struct VpcEndpoint {
    /// The VPC.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// The service, such as `com.amazonaws.eu-west-1.s3`.
    #[immutable]
    #[sample("com.amazonaws.eu-west-1.s3", "com.amazonaws.eu-west-1.ecr.api")]
    pub service_name: Input<String>,
    /// The type of the endpoint.
    #[immutable]
    #[sample(VpcEndpointType::Gateway, VpcEndpointType::Interface)]
    pub vpc_endpoint_type: VpcEndpointType,
    /// The route tables that get a route to the endpoint; gateway endpoints only.
    #[member("route_table_ids", update = "add_route_table_ids")]
    #[removed_as("remove_route_table_ids")]
    #[create_with(Option<RouteTables>, some(&me.route_tables))]
    #[cfn("RouteTableIds")]
    #[sample(["rtb-1"], _)]
    #[wrong_if(!it.is_empty() && !me.is_gateway(), "is for gateways: leave it out")]
    pub route_tables: BTreeSet<Input<RouteTableId>>,
    /// The subnets of the network interfaces, one in each availability zone; not for gateway endpoints.
    #[member("subnet_ids", update = "add_subnet_ids")]
    #[removed_as("remove_subnet_ids")]
    #[create_with(Option<Subnets>, some(&me.subnets))]
    #[cfn("SubnetIds")]
    #[sample(["subnet-1", "subnet-2"])]
    #[wrong_if(!it.is_empty() && me.is_gateway(), "is not for gateways: leave it out")]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// The security groups of the network interfaces; interface endpoints only.
    #[member("security_group_ids", update = "add_security_group_ids")]
    #[removed_as("remove_security_group_ids")]
    #[create_with(Option<SecurityGroups>, some(&me.security_groups))]
    #[cfn("SecurityGroupIds")]
    #[read(item.groups().iter().filter_map(|g| g.group_id()).map(|id| Input::Known(id.into())).collect())]
    #[sample(["sg-1"])]
    #[wrong_if(!it.is_empty() && !me.is_interface(), "is for interface endpoints: leave it out")]
    #[missing_if(me.is_interface(), "is empty, and AWS would take the VPC's default group: name one")]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// Private DNS: the service's public name resolves to this endpoint inside the VPC; interface endpoints only.
    // Other endpoints have no such member.
    #[default(false)]
    #[create_with(Option<bool>, me.is_interface().then_some(me.private_dns_enabled))]
    #[read(item.vpc_endpoint_type == Some(VpcEndpointType::Interface.as_str().into()) && item.private_dns_enabled == Some(true))]
    #[sample(true)]
    #[wrong_if(*it && !me.is_interface(), "is for interface endpoints: leave it out")]
    pub private_dns_enabled: bool,
    /// The IP address type.
    #[sample(EndpointAddresses::Dualstack)]
    pub ip_address_type: Option<EndpointAddresses>,
    /// The endpoint policy; full access when unset.
    #[default(None)]
    #[by_hand]
    #[member("policy_document")]
    #[cfn("PolicyDocument")]
    #[read(item.policy_document().and_then(|text| Policy::parse(text).ok()).filter(|p| !is_full_access(p)))]
    #[sample(Policy::allow(["ecr:*"]).on(["*"]).anyone())]
    pub policy: Option<Policy>,
    /// Tags.
    #[tag_specification("vpc-endpoint")]
    pub tags: Tags,
}

impl VpcEndpoint {
    /// A gateway endpoint.
    #[track_caller]
    pub fn gateway(vpc: impl IntoInput<VpcId>, service_name: impl IntoInput<String>) -> Self {
        Self::new(vpc, service_name, VpcEndpointType::Gateway)
    }

    /// An interface endpoint.
    #[track_caller]
    pub fn interface(vpc: impl IntoInput<VpcId>, service_name: impl IntoInput<String>) -> Self {
        Self::new(vpc, service_name, VpcEndpointType::Interface)
    }

    fn is_gateway(&self) -> bool {
        self.vpc_endpoint_type == VpcEndpointType::Gateway
    }

    fn is_interface(&self) -> bool {
        self.vpc_endpoint_type == VpcEndpointType::Interface
    }
}

/// Outputs of a VPC endpoint.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct VpcEndpointOutputs {
    /// The id.
    #[shape("vpce-{hex17}")]
    pub id: VpcEndpointId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}")]
    pub arn: Arn,
    /// The DNS name of the endpoint; empty for a gateway endpoint, which has none.
    #[shape("{id}-{hex8}.vpce.amazonaws.com")]
    pub dns_name: String,
}

impl Lifecycle for VpcEndpoint {
    const READ: Read = Read::new("ec2", "DescribeVpcEndpoints", 200, &["ec2:DescribeVpcEndpoints"]);

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html, and what each means:
    // https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html#concepts-vpc-endpoints-states. The owner of the service may
    // still accept one that was rejected.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "state",
        words: &[
            ("Available", Meaning::Ready),
            ("Pending", Meaning::Pending),
            ("PendingAcceptance", Meaning::Pending),
            ("Deleting", Meaning::Leaving),
            ("Deleted", Meaning::Gone),
            ("Rejected", Meaning::Impaired),
            ("Partial", Meaning::Impaired),
            ("Expired", Meaning::Failed),
            ("Failed", Meaning::Failed),
        ],
    }];

    fn create(&self) -> Steps {
        CreateVpcEndpoint::steps(self)
    }

    fn set(&self, _: &Self, field: VpcEndpointField) -> Steps {
        let mut call = ModifyVpcEndpoint::unchanged(self);
        match field {
            VpcEndpointField::Policy => {
                call.policy_document.clone_from(&self.policy);
                call.reset_policy = self.policy.is_none().then_some(true);
            }
        }
        call.steps()
    }

    fn delete(&self) -> Steps {
        // Its network interfaces hold subnets and groups until it is gone.
        DeleteVpcEndpoints::steps(self).until_gone(minutes(15))
    }

    // https://repost.aws/knowledge-center/vpc-interface-endpoint-domain-conflict
    // https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html: "You can't have multiple endpoint routes to the same
    // service in a single route table".
    fn claims(&self) -> Vec<Claim> {
        let private = self
            .private_dns_enabled
            .then(|| Claim::of("private DNS name of service", &self.service_name).within(&self.vpc));
        let tables = self.route_tables.iter();
        let routes = tables.map(|table| Claim::of("route to service", &self.service_name).within(table));
        routes.chain(private).collect()
    }
}

/// The set, unless it is empty: AWS refuses an empty list of ids.
fn some<T: Clone>(set: impl std::borrow::Borrow<BTreeSet<T>>) -> Option<BTreeSet<T>> {
    Some(set.borrow()).filter(|set| !set.is_empty()).cloned()
}

#[cfg(feature = "aws")]
impl Observe for VpcEndpoint {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let endpoints = super::filtered!(
            aws,
            by,
            Self,
            describe_vpc_endpoints.set_filters,
            "vpc-endpoint-id"
        );
        let read = |item| read(aws, item).map_err(broken::<Self>).transpose();
        endpoints.iter().filter_map(read).collect()
    }
}

/// `true` if it is the policy that AWS gives an endpoint without one: everyone may do everything.
#[cfg(feature = "aws")]
fn is_full_access(policy: &Policy) -> bool {
    policy.statements == Policy::from(Policy::allow(["*"]).on(["*"]).anyone()).statements
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::VpcEndpoint) -> Result<Option<Seen<VpcEndpoint>>, Missing> {
    let id = item.vpc_endpoint_id.clone().ok_or(Missing("vpc_endpoint_id"))?;
    // AWS writes its own words for states both with a small and a capital letter.
    let state = item.state.as_ref().map_or("pending", |s| s.as_str());
    let error = || item.last_error().and_then(|e| e.message());
    let why = item.failure_reason().or_else(error);
    let Some(status) = VpcEndpoint::STATUSES[0].status(state, why) else {
        return Ok(None);
    };
    let dns_name = item.dns_entries().iter().find_map(|e| e.dns_name());
    Ok(Some(Seen {
        status,
        inputs: VpcEndpoint::from_sdk(item)?,
        outputs: VpcEndpointOutputs {
            arn: aws.arn("ec2", &format!("vpc-endpoint/{id}")),
            id: id.clone().into(),
            dns_name: dns_name.unwrap_or_default().into(),
        },
        id,
    }))
}
