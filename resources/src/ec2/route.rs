//! A route: one line of a route table.

use super::{
    EgressOnlyInternetGatewayId, InternetGatewayId, NatGatewayId, PrefixListId, RouteTableId, VpcEndpointId,
    one_of::{one_of, range_literal},
};
use crate::prelude::*;

id!(
    /// Names a route: its table and destination, such as `rtb-0a1b2c3d4e5f67890|0.0.0.0/0`.
    RouteId
);
id!(
    /// Names a virtual private gateway, such as `vgw-0a1b2c3d4e5f67890`.
    VpnGatewayId
);
id!(
    /// Names a transit gateway, such as `tgw-0a1b2c3d4e5f67890`.
    TransitGatewayId
);
id!(
    /// Names a VPC peering connection, such as `pcx-0a1b2c3d4e5f67890`.
    VpcPeeringConnectionId
);
id!(
    /// Names a network interface, such as `eni-0a1b2c3d4e5f67890`.
    NetworkInterfaceId
);

one_of!(
    /// Which packets a route is for.
    Destination {
        /// Those to an IPv4 range.
        Cidr(Cidr4),
        /// Those to an IPv6 range.
        Cidr6(Cidr6),
        /// Those to the ranges of a prefix list.
        PrefixList(PrefixListId),
    }
);

range_literal!(Destination);

one_of!(
    /// Where a route leads.
    RouteTarget {
        /// The internet, both ways.
        InternetGateway(InternetGatewayId),
        /// The internet, outwards only.
        NatGateway(NatGatewayId),
        /// The internet over IPv6, outwards only.
        EgressOnlyInternetGateway(EgressOnlyInternetGatewayId),
        /// Another VPC.
        VpcPeeringConnection(VpcPeeringConnectionId),
        /// A transit gateway; the VPC has to be attached to it.
        TransitGateway(TransitGatewayId),
        /// A virtual private gateway.
        VpnGateway(VpnGatewayId),
        /// A Gateway Load Balancer endpoint.
        VpcEndpoint(VpcEndpointId),
        /// An appliance's network interface.
        NetworkInterface(NetworkInterfaceId),
    }
);

/// One line of a route table: which packets, and where to.
///
/// ```
/// use tenon_resources::{ec2::{NatGatewayId, Route}, value::Output};
/// let nat: Output<NatGatewayId> = Output::new("nat", "id");
/// Route::new("rtb-1", "0.0.0.0/0", &nat);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.route", cfn = "AWS::EC2::Route")]
pub struct Route {
    /// The table it is in.
    #[immutable]
    #[attachment]
    #[cfn("RouteTableId")]
    pub route_table: Input<RouteTableId>,
    /// Which packets it is for; a table has one route for each.
    #[immutable]
    #[cfn("DestinationCidrBlock")]
    pub destination: Destination,
    /// Where it leads.
    #[cfn("GatewayId")]
    pub target: RouteTarget,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RouteOutputs {
    /// Its id: the table and the destination.
    #[shape("{route_table}|{destination}")]
    pub id: RouteId,
}

impl Lifecycle for Route {
    const CALLS: &'static [CallInfo] = &[CreateRoute::INFO, ReplaceRoute::INFO, DeleteRoute::INFO];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeRouteTables",
        // One call reads whole tables, 200 at a time, and AWS allows 500 routes in each at the most.
        batch: 10_000,
        actions: &["ec2:DescribeRouteTables"],
    };

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

    fn set(&self, _was: &Self, field: RouteField) -> Steps {
        match field {
            RouteField::Target => Steps::update(ReplaceRoute::of(self)),
        }
    }

    fn delete(&self) -> Steps {
        let mut call = DeleteRoute {
            route_table_id: self.route_table.clone(),
            destination_cidr_block: None,
            destination_ipv6_cidr_block: None,
            destination_prefix_list_id: None,
        };
        match self.destination.clone() {
            Destination::Cidr(cidr) => call.destination_cidr_block = Some(cidr),
            Destination::Cidr6(cidr) => call.destination_ipv6_cidr_block = Some(cidr),
            Destination::PrefixList(list) => call.destination_prefix_list_id = Some(list),
        }
        Steps::delete(call)
            .ok_on("InvalidRoute.NotFound")
            .ok_on("InvalidRouteTableID.NotFound")
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("rtb-1", "0.0.0.0/0", InternetGatewayId::from("igw-1")),
            Self::new("rtb-2", "::/0", EgressOnlyInternetGatewayId::from("eigw-2")),
        ]
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
                let mut call = Self {
                    route_table_id: route.route_table.clone(),
                    destination_cidr_block: None,
                    destination_ipv6_cidr_block: None,
                    destination_prefix_list_id: None,
                    gateway_id: None,
                    nat_gateway_id: None,
                    egress_only_internet_gateway_id: None,
                    vpc_peering_connection_id: None,
                    transit_gateway_id: None,
                    vpc_endpoint_id: None,
                    network_interface_id: None,
                };
                match route.destination.clone() {
                    Destination::Cidr(cidr) => call.destination_cidr_block = Some(cidr),
                    Destination::Cidr6(cidr) => call.destination_ipv6_cidr_block = Some(cidr),
                    Destination::PrefixList(list) => call.destination_prefix_list_id = Some(list),
                }
                match route.target.clone() {
                    RouteTarget::InternetGateway(id) => call.gateway_id = Some(id.text()),
                    RouteTarget::VpnGateway(id) => call.gateway_id = Some(id.text()),
                    RouteTarget::NatGateway(id) => call.nat_gateway_id = Some(id),
                    RouteTarget::EgressOnlyInternetGateway(id) => {
                        call.egress_only_internet_gateway_id = Some(id)
                    }
                    RouteTarget::VpcPeeringConnection(id) => call.vpc_peering_connection_id = Some(id),
                    RouteTarget::TransitGateway(id) => call.transit_gateway_id = Some(id),
                    RouteTarget::VpcEndpoint(id) => call.vpc_endpoint_id = Some(id),
                    RouteTarget::NetworkInterface(id) => call.network_interface_id = Some(id),
                }
                call
            }
        }
    };
}
route_call!(CreateRoute);
route_call!(ReplaceRoute);

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
struct DeleteRoute {
    route_table_id: Input<RouteTableId>,
    destination_cidr_block: Option<Input<Cidr4>>,
    destination_ipv6_cidr_block: Option<Input<Cidr6>>,
    destination_prefix_list_id: Option<Input<PrefixListId>>,
}

#[cfg(feature = "aws")]
impl Observe for Route {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for (table, destinations) in super::route_table::tables_of(aws, by.ids().unwrap_or_default()).await? {
            let Some(id) = table.route_table_id else { continue };
            let routes = table
                .routes
                .into_iter()
                .flatten()
                .filter_map(|route| see(&id, route));
            seen.extend(routes.filter(|r| {
                r.id.split_once('|')
                    .is_some_and(|(_, key)| destinations.contains(key))
            }));
        }
        Ok(seen)
    }
}

/// A route whose target is gone (AWS's `blackhole`) is still there, and still says where it leads.
#[cfg(feature = "aws")]
fn see(table: &str, route: sdk::ec2::types::Route) -> Option<Seen<Route>> {
    let known = |id: String| -> Option<RouteTarget> {
        Some(match id.split_once('-')?.0 {
            "igw" => InternetGatewayId(id).into(),
            "vgw" => VpnGatewayId(id).into(),
            "vpce" => VpcEndpointId(id).into(),
            // The VPC's own ranges lead to `local`, which is nobody's resource.
            _ => return None,
        })
    };
    let target = None
        .or_else(|| route.nat_gateway_id.map(|id| NatGatewayId(id).into()))
        .or_else(|| {
            route
                .egress_only_internet_gateway_id
                .map(|id| EgressOnlyInternetGatewayId(id).into())
        })
        .or_else(|| {
            route
                .vpc_peering_connection_id
                .map(|id| VpcPeeringConnectionId(id).into())
        })
        .or_else(|| route.transit_gateway_id.map(|id| TransitGatewayId(id).into()))
        .or_else(|| route.gateway_id.and_then(known))
        .or_else(|| route.network_interface_id.map(|id| NetworkInterfaceId(id).into()))?;
    let destination = match (route.destination_cidr_block, route.destination_ipv6_cidr_block) {
        (Some(cidr), _) => Destination::Cidr(Input::Known(cidr.parse().ok()?)),
        (_, Some(cidr)) => Destination::Cidr6(Input::Known(cidr.parse().ok()?)),
        (None, None) => Destination::PrefixList(Input::Known(route.destination_prefix_list_id?.into())),
    };
    let id = format!("{table}|{}", destination.text().known()?);
    Some(Seen {
        status: Status::Ready,
        inputs: Route {
            route_table: Input::Known(table.into()),
            destination,
            target,
        },
        outputs: RouteOutputs {
            id: id.clone().into(),
        },
        id,
    })
}
