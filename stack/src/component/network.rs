//! A network of three tiers over several zones: what the internet reaches, what reaches the internet, and data.
//!
//! Who may speak to whom inside it is not here: that is security groups', beside the things they guard.

use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ec2::{
        AclEntry, ElasticIp, InternetGateway, NatGateway, NatGatewayId, NetworkAcl, NetworkAclAssociation,
        Route, RouteTable, RouteTableAssociation, RouteTableId, Subnet, SubnetId, Traffic, Vpc, VpcEndpoint,
        VpcId,
    },
    text,
    value::{AvailabilityZone, Cidr4, Input, Output},
};

/// How private subnets reach the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// Through one gateway: cheap, and gone with its zone.
    One,
    /// Through one gateway in each zone.
    PerZone,
}

/// What a [`Network`] looks like.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its addresses, a /16 to a /24; each subnet has a sixteenth of them.
    pub range: Cidr4,
    /// The zones of the region by their letters, two to four: `["a", "b"]`.
    pub zones: Vec<String>,
    /// How private subnets reach the internet.
    pub nat: Nat,
    /// What the private subnets may send to the isolated ones; nothing else crosses their edge.
    pub data: Traffic,
}

/// A VPC and its subnets, one of each tier in each zone.
///
/// ```
/// use tenon::{component::{Layout, Nat, Network}, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// let layout = Layout {
///     range: Cidr4::lit("10.20.0.0/16"),
///     zones: vec!["a".into(), "b".into()],
///     nat: Nat::One,
///     data: ec2::Traffic::tcp(5432),
/// };
/// let network = s.within("network", |s| Network::new(s, &layout));
/// s.output("vpc_id", &network.vpc);
/// # }
/// # tenon::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Network {
    /// The VPC.
    pub vpc: Output<VpcId>,
    /// Reached from the internet: for load balancers and NAT gateways.
    pub public: Vec<Output<SubnetId>>,
    /// Reaches the internet, and is not reached from it: for services.
    pub private: Vec<Output<SubnetId>>,
    /// Reaches nothing and is reached from private subnets alone: for data.
    pub isolated: Vec<Output<SubnetId>>,
}

/// Which sixteenths of the range the tiers' subnets begin at; so there are at most four zones.
const TIERS: [usize; 3] = [0, 4, 8];

impl Network {
    /// Declares it.
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, layout: &Layout) -> Self {
        if !(2..=4).contains(&layout.zones.len()) {
            s.refuse(format!(
                "has {} zones; a network has two to four",
                layout.zones.len()
            ));
        }
        if !(16..=24).contains(&layout.range.prefix_len()) {
            s.refuse(format!("has {}; a network is a /16 to a /24", layout.range));
        }
        let vpc = s.add("vpc", Vpc::new(layout.range).enable_dns_hostnames(true));
        let gateway = s.add("gateway", InternetGateway::new(&vpc.id));
        // The VPC as the gateway promises it: with the way out open.
        let public = tier(s, &gateway.vpc, layout, "public", TIERS[0]);
        let private = tier(s, &vpc.id, layout, "private", TIERS[1]);
        let isolated = tier(s, &vpc.id, layout, "isolated", TIERS[2]);

        let table = s.add("public", RouteTable::new(&vpc.id));
        s.add("public-out", Route::new(&table.id, Cidr4::ANYWHERE, &gateway.id));
        serve(s, &table.id, &public);

        let nats = nats(s, layout, &public);
        let mut tables = vec![];
        for (i, subnet) in private.iter().enumerate() {
            let name = &subnet.name;
            let table = s.add(name, RouteTable::new(&vpc.id));
            let nat = nats.get(i).or(nats.first());
            if let Some(nat) = nat {
                s.add(
                    &format!("{name}-out"),
                    Route::new(&table.id, Cidr4::ANYWHERE, nat),
                );
            }
            serve(s, &table.id, std::slice::from_ref(subnet));
            tables.push(table.id);
        }

        let table = s.add("isolated", RouteTable::new(&vpc.id));
        serve(s, &table.id, &isolated);
        guard(s, &vpc.id, layout, &private, &isolated);

        // Free, and keeps image layers off the NAT gateway's bill.
        let s3 = text!("com.amazonaws.{}.s3", &s.region());
        s.add("s3", VpcEndpoint::gateway(&vpc.id, s3).route_tables(&tables));

        let ids = |tier: Vec<Placed>| tier.into_iter().map(|s| s.id).collect();
        Self {
            vpc: vpc.id,
            public: ids(public),
            private: ids(private),
            isolated: ids(isolated),
        }
    }
}

/// A subnet, its name and its addresses.
struct Placed {
    name: String,
    id: Output<SubnetId>,
    range: Cidr4,
}

fn tier<E: Environment>(
    s: &mut Scope<'_, E>,
    vpc: &Output<VpcId>,
    layout: &Layout,
    tier: &str,
    first: usize,
) -> Vec<Placed> {
    let region = s.region();
    let length = layout.range.prefix_len() + 4;
    let place = |(i, zone): (usize, &String)| {
        let range = layout.range.slice(length, first + i)?;
        let name = format!("{tier}-{zone}");
        let zone: Input<AvailabilityZone> = text!("{}{}", &region, zone).typed();
        let subnet = Subnet::new(vpc, range, zone);
        Some(Placed {
            id: s.add(&format!("subnet-{name}"), subnet).id,
            name,
            range,
        })
    };
    layout
        .zones
        .iter()
        .enumerate()
        .take(4)
        .filter_map(place)
        .collect()
}

fn serve<E: Environment>(s: &mut Scope<'_, E>, table: &Output<RouteTableId>, subnets: &[Placed]) {
    for subnet in subnets {
        s.add(
            &format!("serve-{}", subnet.name),
            RouteTableAssociation::new(table, &subnet.id),
        );
    }
}

fn nats<E: Environment>(
    s: &mut Scope<'_, E>,
    layout: &Layout,
    public: &[Placed],
) -> Vec<Output<NatGatewayId>> {
    let count = match layout.nat {
        Nat::One => 1,
        Nat::PerZone => public.len(),
    };
    let mut gateways = vec![];
    for (zone, subnet) in layout.zones.iter().zip(public).take(count) {
        let address = s.add(&format!("address-{zone}"), ElasticIp::new());
        let nat = NatGateway::new(&subnet.id, &address.id);
        gateways.push(s.add(&format!("nat-{zone}"), nat).id);
    }
    gateways
}

/// The edge of the isolated subnets. An ACL remembers nothing, so replies to the callers' ports go out by a line of
/// their own; 1024 and up are what AWS's guide to network ACLs calls ephemeral.
fn guard<E: Environment>(
    s: &mut Scope<'_, E>,
    vpc: &Output<VpcId>,
    layout: &Layout,
    callers: &[Placed],
    guarded: &[Placed],
) {
    let mut entries = vec![];
    for (number, caller) in (100..).step_by(10).zip(callers) {
        entries.push(AclEntry::allow_in(number, layout.data, caller.range));
        entries.push(AclEntry::allow_out(
            number,
            Traffic::tcp(1024..=65535),
            caller.range,
        ));
    }
    let acl = s.add("isolated-edge", NetworkAcl::new(vpc).entries(entries));
    for subnet in guarded {
        s.add(
            &format!("guard-{}", subnet.name),
            NetworkAclAssociation::new(&subnet.id, &acl.id),
        );
    }
}
