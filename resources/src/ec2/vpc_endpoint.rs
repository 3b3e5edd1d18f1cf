//! A VPC endpoint: a private way to a service.

use super::{RETAG, RouteTableId, SecurityGroupId, SubnetId, VpcId, retag};
use crate::{iam::Policy, prelude::*};

id!(
    /// Names a VPC endpoint, such as `vpce-0a1b2c3d4e5f67890`.
    VpcEndpointId
);

choice!(
    /// How an endpoint is reached.
    VpcEndpointType of ec2::VpcEndpointType {
        /// By routes; for S3 and `DynamoDB`, and free.
        Gateway = "Gateway",
        /// By network interfaces with private addresses.
        Interface = "Interface",
        /// By routes to a network interface, behind which a Gateway Load Balancer stands.
        GatewayLoadBalancer = "GatewayLoadBalancer",
    }
);

choice!(
    /// Which addresses an endpoint has.
    EndpointAddresses of ec2::IpAddressType {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv6.
        Ipv6 = "ipv6",
        /// Both.
        Dualstack = "dualstack",
    }
);

/// A private way to a service of AWS or of someone else, that does not leave Amazon's network.
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
pub struct VpcEndpoint {
    /// The VPC it is for.
    #[immutable]
    #[cfn("VpcId")]
    pub vpc: Input<VpcId>,
    /// The service, such as `com.amazonaws.eu-west-1.s3`.
    #[immutable]
    pub service_name: Input<String>,
    /// How it is reached.
    #[immutable]
    pub vpc_endpoint_type: VpcEndpointType,
    /// The route tables that lead to it; gateways only.
    #[cfn("RouteTableIds")]
    pub route_tables: BTreeSet<Input<RouteTableId>>,
    /// The subnets its network interfaces are in, one in each zone; not for gateways.
    #[cfn("SubnetIds")]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// Who may speak to its network interfaces; interface endpoints only.
    #[cfn("SecurityGroupIds")]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// Resolve the service's public name to this endpoint, inside the VPC; interface endpoints only.
    #[default(false)]
    pub private_dns_enabled: bool,
    /// Which addresses it has.
    pub ip_address_type: Option<EndpointAddresses>,
    /// Who may do what through it; everyone everything when unset.
    #[default(None)]
    #[cfn("PolicyDocument")]
    pub policy: Option<Policy>,
    /// Tags.
    pub tags: Tags,
}

impl VpcEndpoint {
    /// An endpoint that routes lead to.
    #[track_caller]
    pub fn gateway(vpc: impl IntoInput<VpcId>, service_name: impl IntoInput<String>) -> Self {
        Self::new(vpc, service_name, VpcEndpointType::Gateway)
    }

    /// An endpoint with network interfaces.
    #[track_caller]
    pub fn interface(vpc: impl IntoInput<VpcId>, service_name: impl IntoInput<String>) -> Self {
        Self::new(vpc, service_name, VpcEndpointType::Interface)
    }
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct VpcEndpointOutputs {
    /// Its id.
    #[shape("vpce-{hex17}")]
    pub id: VpcEndpointId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}")]
    pub arn: Arn,
    /// The name of its own that it is reached by; empty for a gateway, which has none.
    #[shape("{id}-{hex8}.vpce.amazonaws.com")]
    pub dns_name: String,
}

impl Lifecycle for VpcEndpoint {
    const CALLS: &'static [CallInfo] = &[
        CreateVpcEndpoint::INFO,
        ModifyVpcEndpoint::INFO,
        DeleteVpcEndpoints::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeVpcEndpoints",
        batch: 200,
        actions: &["ec2:DescribeVpcEndpoints"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateVpcEndpoint {
            vpc_id: self.vpc.clone(),
            service_name: self.service_name.clone(),
            vpc_endpoint_type: self.vpc_endpoint_type,
            route_table_ids: some(&self.route_tables),
            subnet_ids: some(&self.subnets),
            security_group_ids: some(&self.security_groups),
            // Only interface endpoints know the member.
            private_dns_enabled: (self.vpc_endpoint_type == VpcEndpointType::Interface)
                .then_some(self.private_dns_enabled),
            ip_address_type: self.ip_address_type,
            policy_document: self.policy.clone(),
            client_token: Token::Fill,
            tag_specifications: self.tags.on_create("vpc-endpoint"),
        })
        .retry_on("InvalidRouteTableId.NotFound", minutes(5))
        // Another endpoint to the same service holds the public name until it is gone.
        .retry_on_message("InvalidParameter", "conflicting DNS domain", minutes(10))
    }

    fn set(&self, was: &Self, field: VpcEndpointField) -> Steps {
        let mut call = ModifyVpcEndpoint::nothing();
        match field {
            VpcEndpointField::RouteTables => {
                call.add_route_table_ids = some(&self.route_tables - &was.route_tables);
                call.remove_route_table_ids = some(&was.route_tables - &self.route_tables);
            }
            VpcEndpointField::Subnets => {
                call.add_subnet_ids = some(&self.subnets - &was.subnets);
                call.remove_subnet_ids = some(&was.subnets - &self.subnets);
            }
            VpcEndpointField::SecurityGroups => {
                call.add_security_group_ids = some(&self.security_groups - &was.security_groups);
                call.remove_security_group_ids = some(&was.security_groups - &self.security_groups);
            }
            VpcEndpointField::PrivateDnsEnabled => call.private_dns_enabled = Some(self.private_dns_enabled),
            VpcEndpointField::IpAddressType => call.ip_address_type = self.ip_address_type,
            VpcEndpointField::Policy => {
                call.policy_document.clone_from(&self.policy);
                call.reset_policy = self.policy.is_none().then_some(true);
            }
            VpcEndpointField::Tags => return retag(&self.tags, &was.tags),
        }
        Steps::update(call)
    }

    fn delete(&self) -> Steps {
        // Its network interfaces hold subnets and groups until it is gone.
        Steps::delete(DeleteVpcEndpoints {
            vpc_endpoint_ids: vec![this()],
        })
        .ok_on("InvalidVpcEndpointId.NotFound")
        .ok_on("InvalidVpcEndpoint.NotFound")
        .until_gone(minutes(15))
    }

    fn check(&self) -> Vec<String> {
        let kind = self.vpc_endpoint_type;
        let (gateway, interface) = (
            kind == VpcEndpointType::Gateway,
            kind == VpcEndpointType::Interface,
        );
        let wrong = [
            (
                !gateway && !self.route_tables.is_empty(),
                "`route_tables` is for gateways: leave it out",
            ),
            (
                gateway && !self.subnets.is_empty(),
                "`subnets` is not for gateways: leave it out",
            ),
            (
                !interface && !self.security_groups.is_empty(),
                "`security_groups` is for interface endpoints: leave it out",
            ),
            (
                !interface && self.private_dns_enabled,
                "`private_dns_enabled` is for interface endpoints: leave it out",
            ),
            (
                interface && self.security_groups.is_empty(),
                "`security_groups` is empty, and AWS would take the VPC's default group: name one",
            ),
        ];
        wrong
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, what)| what.into())
            .collect()
    }

    fn samples() -> [Self; 2] {
        [
            Self::gateway("vpc-1", "com.amazonaws.eu-west-1.s3")
                .route_tables(["rtb-1"])
                .tags([("Name", "a")]),
            Self::interface("vpc-2", "com.amazonaws.eu-west-1.ecr.api")
                .subnets(["subnet-1", "subnet-2"])
                .security_groups(["sg-1"])
                .private_dns_enabled(true)
                .ip_address_type(EndpointAddresses::Dualstack)
                .policy(Policy::allow(["ecr:*"]).on(["*"]).anyone())
                .tags([("Name", "b")]),
        ]
    }
}

/// The set, unless it is empty: AWS refuses an empty list of ids.
fn some<T: Clone>(set: impl std::borrow::Borrow<BTreeSet<T>>) -> Option<BTreeSet<T>> {
    Some(set.borrow()).filter(|set| !set.is_empty()).cloned()
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.vpc_endpoint?.vpc_endpoint_id?, also("ec2:CreateTags", "route53:AssociateVPCWithHostedZone"))]
struct CreateVpcEndpoint {
    vpc_id: Input<VpcId>,
    service_name: Input<String>,
    vpc_endpoint_type: VpcEndpointType,
    route_table_ids: Option<BTreeSet<Input<RouteTableId>>>,
    subnet_ids: Option<BTreeSet<Input<SubnetId>>>,
    security_group_ids: Option<BTreeSet<Input<SecurityGroupId>>>,
    private_dns_enabled: Option<bool>,
    ip_address_type: Option<EndpointAddresses>,
    policy_document: Option<Policy>,
    client_token: Token,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, folds)]
struct ModifyVpcEndpoint {
    vpc_endpoint_id: Input<VpcEndpointId>,
    add_route_table_ids: Option<BTreeSet<Input<RouteTableId>>>,
    remove_route_table_ids: Option<BTreeSet<Input<RouteTableId>>>,
    add_subnet_ids: Option<BTreeSet<Input<SubnetId>>>,
    remove_subnet_ids: Option<BTreeSet<Input<SubnetId>>>,
    add_security_group_ids: Option<BTreeSet<Input<SecurityGroupId>>>,
    remove_security_group_ids: Option<BTreeSet<Input<SecurityGroupId>>>,
    private_dns_enabled: Option<bool>,
    ip_address_type: Option<EndpointAddresses>,
    policy_document: Option<Policy>,
    reset_policy: Option<bool>,
}

impl ModifyVpcEndpoint {
    fn nothing() -> Self {
        Self {
            vpc_endpoint_id: this(),
            add_route_table_ids: None,
            remove_route_table_ids: None,
            add_subnet_ids: None,
            remove_subnet_ids: None,
            add_security_group_ids: None,
            remove_security_group_ids: None,
            private_dns_enabled: None,
            ip_address_type: None,
            policy_document: None,
            reset_policy: None,
        }
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    ec2,
    refused = super::unsuccessful(o.unsuccessful()),
    on = "arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}"
)]
struct DeleteVpcEndpoints {
    vpc_endpoint_ids: Vec<Input<VpcEndpointId>>,
}

#[cfg(feature = "aws")]
impl Observe for VpcEndpoint {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for filters in by.filters("vpc-endpoint-id") {
            let pages = items!(aws.ec2.describe_vpc_endpoints().set_filters(Some(filters)));
            for item in aws.all("ec2", "DescribeVpcEndpoints", pages).await? {
                seen.extend(see(aws, item));
            }
        }
        Ok(seen)
    }
}

/// Whether it is the policy that AWS gives an endpoint without one: everyone may do everything.
#[cfg(feature = "aws")]
fn is_full_access(policy: &Policy) -> bool {
    policy.statements == Policy::from(Policy::allow(["*"]).on(["*"]).anyone()).statements
}

#[cfg(feature = "aws")]
fn see(aws: &Aws, item: sdk::ec2::types::VpcEndpoint) -> Option<Seen<VpcEndpoint>> {
    fn all<T: From<String> + Ord>(ids: Option<Vec<String>>) -> BTreeSet<Input<T>> {
        ids.into_iter()
            .flatten()
            .map(|id| Input::Known(T::from(id)))
            .collect()
    }
    let id = item.vpc_endpoint_id?;
    // AWS writes its own words for states both with a small and a capital letter.
    let state = item.state.as_ref().map_or("pending", |s| s.as_str());
    let status = match state.to_ascii_lowercase().as_str() {
        "deleted" => return None,
        "available" => Status::Ready,
        "deleting" => Status::Leaving(state.into()),
        "failed" | "rejected" | "expired" => {
            let why = item
                .failure_reason
                .or_else(|| item.last_error.and_then(|e| e.message));
            Status::Failed(why.unwrap_or_else(|| state.into()))
        }
        _ => Status::Pending(state.into()),
    };
    let kind = VpcEndpointType::word(item.vpc_endpoint_type?.as_str())?;
    let groups = item
        .groups
        .map(|groups| groups.into_iter().filter_map(|g| g.group_id).collect());
    Some(Seen {
        status,
        inputs: VpcEndpoint {
            vpc: Input::Known(item.vpc_id?.into()),
            service_name: Input::Known(item.service_name?),
            vpc_endpoint_type: kind,
            route_tables: all(item.route_table_ids),
            subnets: all(item.subnet_ids),
            security_groups: all(groups),
            private_dns_enabled: kind == VpcEndpointType::Interface
                && item.private_dns_enabled.unwrap_or(false),
            ip_address_type: item
                .ip_address_type
                .and_then(|t| EndpointAddresses::word(t.as_str())),
            policy: item
                .policy_document
                .and_then(|text| Policy::parse(&text).ok())
                .filter(|p| !is_full_access(p)),
            tags: item.tags.into(),
        },
        outputs: VpcEndpointOutputs {
            arn: aws.arn("ec2", &format!("vpc-endpoint/{id}")),
            id: id.clone().into(),
            dns_name: item
                .dns_entries
                .into_iter()
                .flatten()
                .find_map(|e| e.dns_name)
                .unwrap_or_default(),
        },
        id,
    })
}
