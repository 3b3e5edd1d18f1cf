//! A route: an entry of a route table.

use super::{
    EgressOnlyInternetGatewayId, InternetGatewayId, NatGatewayId, PrefixListId, RouteTableId, VpcEndpointId,
    one_of::{Holds as _, one_of, range_literal},
};
use crate::prelude::*;

id!(
    /// A route's id: its table and destination, such as `rtb-0a1b2c3d4e5f67890|0.0.0.0/0`.
    RouteId
);
id!(
    /// A virtual private gateway's id, such as `vgw-0a1b2c3d4e5f67890`.
    VpnGatewayId
);
id!(
    /// A transit gateway's id, such as `tgw-0a1b2c3d4e5f67890`.
    TransitGatewayId
);
id!(
    /// A VPC peering connection's id, such as `pcx-0a1b2c3d4e5f67890`.
    VpcPeeringConnectionId
);
id!(
    /// A network interface's id, such as `eni-0a1b2c3d4e5f67890`.
    NetworkInterfaceId
);

one_of!(
    /// The destination of a route.
    Destination {
        /// An IPv4 range.
        Cidr(Cidr4),
        /// An IPv6 range.
        Cidr6(Cidr6),
        /// The ranges of a prefix list.
        PrefixList(PrefixListId),
    }
);

range_literal!(Destination);

one_of!(
    /// The target of a route.
    RouteTarget {
        /// An internet gateway: the internet, in both directions.
        InternetGateway(InternetGatewayId),
        /// A NAT gateway: the internet, outbound only.
        NatGateway(NatGatewayId),
        /// An egress-only internet gateway: the internet over IPv6, outbound only.
        EgressOnlyInternetGateway(EgressOnlyInternetGatewayId),
        /// A VPC peering connection: another VPC.
        VpcPeeringConnection(VpcPeeringConnectionId),
        /// A transit gateway; the VPC has to be attached to it.
        TransitGateway(TransitGatewayId),
        /// A virtual private gateway.
        VpnGateway(VpnGatewayId),
        /// A Gateway Load Balancer endpoint.
        VpcEndpoint(VpcEndpointId),
        /// A network interface, such as that of an appliance.
        NetworkInterface(NetworkInterfaceId),
    }
);

/// A route: an entry of a route table, with a destination and a target.
///
/// ```
/// use tenon_resources::{ec2::{NatGatewayId, Route}, value::Output};
/// let nat: Output<NatGatewayId> = Output::new("nat", "id");
/// Route::new("rtb-1", "0.0.0.0/0", &nat);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.route", cfn = "AWS::EC2::Route")]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"),
    second_create = Refused("RouteAlreadyExists")
)]
#[delete(DeleteRoute: ec2, with(
    route_table_id: Input<RouteTableId> = me.route_table.clone(),
    destination_cidr_block: Option<Input<Cidr4>> = me.destination.get(),
    destination_ipv6_cidr_block: Option<Input<Cidr6>> = me.destination.get(),
    destination_prefix_list_id: Option<Input<PrefixListId>> = me.destination.get()
))]
#[calls(CreateRoute, ReplaceRoute)]
pub struct Route {
    /// The route table.
    #[immutable]
    #[attachment]
    #[cfn("RouteTableId")]
    #[sample("rtb-1", "rtb-2")]
    #[inside("ec2.route_table")]
    pub route_table: Input<RouteTableId>,
    /// The destination of packets that take the route; a table has one route for each.
    #[immutable]
    #[cfn("DestinationCidrBlock")]
    #[sample("0.0.0.0/0", "::/0")]
    pub destination: Destination,
    /// The target that packets are sent to.
    #[cfn("GatewayId")]
    #[sample(InternetGatewayId::from("igw-1"), EgressOnlyInternetGatewayId::from("eigw-2"))]
    pub target: RouteTarget,
}

/// Outputs of a route.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RouteOutputs {
    /// The id: the table and the destination.
    #[shape("{route_table}|{destination}")]
    pub id: RouteId,
}

impl Lifecycle for Route {
    // One call reads whole tables, 200 at a time, and AWS allows 500 routes in each at the most.
    const READ: Read = Read::new("ec2", "DescribeRouteTables", 10_000, &["ec2:DescribeRouteTables"]);

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html: the target of a `blackhole` is gone or stopped; `filtered` is one that a route
    // server does not install.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "state",
        words: &[
            ("active", Meaning::Ready),
            ("blackhole", Meaning::Impaired),
            ("filtered", Meaning::Impaired),
        ],
    }];

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.route_table, &self.destination.text()))
    }

    fn create(&self) -> Steps {
        Steps::create(CreateRoute::of(self))
            .retry_on("InvalidRouteTableID.NotFound", minutes(5))
            .retry_on("InvalidGatewayID.NotFound", minutes(5))
            .retry_on("InvalidNatGatewayID.NotFound", minutes(5))
            // A transit gateway's attachment is not usable at once.
            .retry_on("InvalidTransitGatewayID.NotFound", minutes(5))
    }

    fn set(&self, _: &Self, field: RouteField) -> Steps {
        match field {
            RouteField::Target => Steps::update(ReplaceRoute::of(self)),
        }
    }

    fn delete(&self) -> Steps {
        DeleteRoute::steps(self)
    }
}

/// `CreateRoute` and `ReplaceRoute` take the same members.
macro_rules! route_call {
    ($name:ident) => {
        #[derive(Call, Serialize, Deserialize)]
        #[call(ec2)]
        struct $name {
            route_table_id: Input<RouteTableId>,
            destination_cidr_block: Option<Input<Cidr4>>,
            destination_ipv6_cidr_block: Option<Input<Cidr6>>,
            destination_prefix_list_id: Option<Input<PrefixListId>>,
            gateway_id: Option<Input<String>>,
            nat_gateway_id: Option<Input<NatGatewayId>>,
            egress_only_internet_gateway_id: Option<Input<EgressOnlyInternetGatewayId>>,
            vpc_peering_connection_id: Option<Input<VpcPeeringConnectionId>>,
            transit_gateway_id: Option<Input<TransitGatewayId>>,
            vpc_endpoint_id: Option<Input<VpcEndpointId>>,
            network_interface_id: Option<Input<NetworkInterfaceId>>,
        }

        impl $name {
            fn of(route: &Route) -> Self {
                let Route {
                    route_table,
                    destination,
                    target,
                } = route;
                Self {
                    route_table_id: route_table.clone(),
                    destination_cidr_block: destination.get(),
                    destination_ipv6_cidr_block: destination.get(),
                    destination_prefix_list_id: destination.get(),
                    gateway_id: match target {
                        RouteTarget::InternetGateway(_) | RouteTarget::VpnGateway(_) => Some(target.text()),
                        _ => None,
                    },
                    nat_gateway_id: target.get(),
                    egress_only_internet_gateway_id: target.get(),
                    vpc_peering_connection_id: target.get(),
                    transit_gateway_id: target.get(),
                    vpc_endpoint_id: target.get(),
                    network_interface_id: target.get(),
                }
            }
        }
    };
}
route_call!(CreateRoute);
route_call!(ReplaceRoute);

#[cfg(feature = "aws")]
impl Observe for Route {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut routes = vec![];
        for (table, destinations) in super::route_table::tables_of(aws, by.ids().unwrap_or_default()).await? {
            let table_id = table.route_table_id().unwrap_or_default();
            for item in table.routes() {
                let route = read(table_id, item).map_err(broken::<Self>)?;
                let asked = |r: &Seen<Self>| {
                    r.id.split_once('|')
                        .is_some_and(|(_, key)| destinations.contains(key))
                };
                routes.extend(route.filter(asked));
            }
        }
        Ok(routes)
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let by = By::Ids(of);
        let tables = super::filtered!(
            aws,
            by,
            super::RouteTable,
            describe_route_tables.set_filters,
            "route-table-id"
        );
        let mut ids = vec![];
        for table in &tables {
            let table_id = table.route_table_id().unwrap_or_default();
            // Gateway endpoints and propagation put routes of their own into a table.
            let made = table.routes().iter().filter(|item| {
                let endpoint = item.gateway_id().is_some_and(|id| id.starts_with("vpce-"));
                let by_call = item
                    .origin()
                    .is_none_or(|origin| origin.as_str() == "CreateRoute");
                by_call && !(endpoint && item.destination_prefix_list_id().is_some())
            });
            for item in made {
                ids.extend(
                    read(table_id, item)
                        .map_err(broken::<Self>)?
                        .map(|route| route.id),
                );
            }
        }
        Ok(ids)
    }
}

/// `None` for a route that is nobody's resource: AWS adds those to the VPC's own ranges, with the target `local`. A route
/// whose target is gone (AWS's state `blackhole`) is still there, and still has its target.
#[cfg(feature = "aws")]
fn read(table: &str, item: &sdk::ec2::types::Route) -> Result<Option<Seen<Route>>, Missing> {
    use super::one_of::known;
    let Some(target) = target(item) else {
        return Ok(None);
    };
    let destination: Destination = known::<Cidr4, _>(item.destination_cidr_block())
        .or_else(|| known::<Cidr6, _>(item.destination_ipv6_cidr_block()))
        .or_else(|| known::<PrefixListId, _>(item.destination_prefix_list_id()))
        .ok_or(Missing("destination_cidr_block"))?;
    let inputs = Route::new(table, destination, target);
    let id = text!("{}|{}", &inputs.route_table, &inputs.destination.text());
    let id = id.known().cloned().unwrap_or_default();
    let state = item.state().map_or("active", |s| s.as_str());
    Ok(Some(Seen {
        status: Route::STATUSES[0].status(state, None).unwrap_or(Status::Ready),
        inputs,
        outputs: RouteOutputs {
            id: id.clone().into(),
        },
        id,
    }))
}

/// The target; `None` for `local` and for targets that AWS adds by itself.
#[cfg(feature = "aws")]
fn target(item: &sdk::ec2::types::Route) -> Option<RouteTarget> {
    use super::one_of::known;
    known::<NatGatewayId, _>(item.nat_gateway_id())
        .or_else(|| known::<EgressOnlyInternetGatewayId, _>(item.egress_only_internet_gateway_id()))
        .or_else(|| known::<VpcPeeringConnectionId, _>(item.vpc_peering_connection_id()))
        .or_else(|| known::<TransitGatewayId, _>(item.transit_gateway_id()))
        .or_else(|| {
            let id = item.gateway_id();
            match id?.split_once('-')?.0 {
                "igw" => known::<InternetGatewayId, _>(id),
                "vgw" => known::<VpnGatewayId, _>(id),
                "vpce" => known::<VpcEndpointId, _>(id),
                _ => None,
            }
        })
        .or_else(|| known::<NetworkInterfaceId, _>(item.network_interface_id()))
}
