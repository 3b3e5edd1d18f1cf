//! A VPC with public, private and isolated subnets in several availability zones.
//!
//! Security groups belong to the resources that they protect, and are declared beside those.

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

/// NAT gateways of the private subnets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// A single gateway for all zones: cheaper, and unavailable when its zone is.
    Single,
    /// A gateway in each zone.
    PerZone,
}

/// Configuration of a [`Network`].
#[derive(Clone, Debug)]
pub struct NetworkConfig {
    /// Address range of the VPC, a /16 to a /24; each subnet gets a sixteenth of it, which follows from the letter of its zone.
    pub cidr_block: Cidr4,
    /// Availability zones by the letter that follows the region's name, two to four: `["a", "b"]`. Their order means nothing: a
    /// subnet keeps its range whatever other zones come and go.
    pub zones: Vec<String>,
    /// NAT gateways, through which the private subnets reach the internet.
    pub nat: Nat,
    /// Traffic that the network ACL lets from the private subnets into the isolated ones; everything else is denied.
    pub isolated_ingress: Traffic,
}

/// A VPC with one public, one private and one isolated subnet in each zone.
///
/// ```
/// use tenon_language::{component::{Nat, Network, NetworkConfig}, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// let config = NetworkConfig {
///     cidr_block: Cidr4::lit("10.20.0.0/16"),
///     zones: vec!["a".into(), "b".into()],
///     nat: Nat::Single,
///     isolated_ingress: ec2::Traffic::tcp(5432),
/// };
/// let network = s.within("network", |s| Network::new(s, &config));
/// s.output("vpc_id", &network.vpc);
/// # }
/// # tenon_language::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Network {
    /// The VPC.
    pub vpc: Output<VpcId>,
    /// Subnets with a route to and from the internet, for load balancers and NAT gateways.
    pub public: Vec<Output<SubnetId>>,
    /// Subnets that reach the internet through NAT and cannot be reached from it, for services.
    pub private: Vec<Output<SubnetId>>,
    /// Subnets without a route to the internet that only private subnets reach, for databases.
    pub isolated: Vec<Output<SubnetId>>,
}

/// A tier of subnets, in the order of their ranges.
#[derive(Clone, Copy)]
enum Tier {
    Public,
    Private,
    Isolated,
}

impl Tier {
    fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Isolated => "isolated",
        }
    }

    /// The range of the subnet in the zone with this letter, so that no zone has another's whichever zones there are. Of the
    /// sixteenths of the VPC, each tier has four for the zones `a` to `d`; zone `e` has the next three, and `f`, which one region
    /// has, quarters of the last.
    fn range(self, vpc: Cidr4, letter: usize) -> Option<Cidr4> {
        let (tier, sixteenth) = (self as usize, vpc.prefix_len() + 4);
        match letter {
            0..4 => vpc.slice(sixteenth, tier * 4 + letter),
            4 => vpc.slice(sixteenth, 12 + tier),
            5 => vpc
                .slice(sixteenth + 2, 60 + tier)
                .filter(|range| range.prefix_len() <= 28),
            _ => None,
        }
    }
}

/// Zones with the index of each one's letter, in the order of the letters.
fn letters(config: &NetworkConfig) -> Vec<(usize, &str)> {
    let index = |zone: &str| match zone.as_bytes() {
        [letter @ b'a'..=b'z'] => usize::from(letter - b'a'),
        _ => usize::MAX,
    };
    let mut zones: Vec<_> = config
        .zones
        .iter()
        .map(|zone| (index(zone), zone.as_str()))
        .collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

impl Network {
    /// Declares the VPC, its subnets, gateways, routes and the network ACL of the isolated subnets.
    // Long: the network, from the VPC to its last subnet.
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, config: &NetworkConfig) -> Self {
        if !(2..=4).contains(&config.zones.len()) {
            s.refuse(format!(
                "has {} zones; a network has two to four",
                config.zones.len()
            ));
        }
        if !(16..=24).contains(&config.cidr_block.prefix_len()) {
            s.refuse(format!("has {}; a network is a /16 to a /24", config.cidr_block));
        }
        for (letter, zone) in letters(config) {
            if Tier::Isolated.range(config.cidr_block, letter).is_none() {
                s.refuse(format!(
                    "has zone `{zone}`, for which {} has no range left; use zones `a` to `e`",
                    config.cidr_block
                ));
            }
        }
        let vpc = s.add("vpc", Vpc::new(config.cidr_block).enable_dns_hostnames(true));
        s.moved("gateway", "internet-gateway");
        let gateway = s.add("internet-gateway", InternetGateway::new(&vpc.id));
        // The VPC as an output of the attached gateway: public subnets come after the attachment, because a load balancer
        // or a NAT gateway in them needs it.
        let public = subnets(s, &gateway.vpc, config, Tier::Public);
        let private = subnets(s, &vpc.id, config, Tier::Private);
        let isolated = subnets(s, &vpc.id, config, Tier::Isolated);

        let table = route_table(s, &vpc.id, "public", &public);
        s.moved("public-out", "default-route-public");
        s.add(
            "default-route-public",
            Route::new(&table, Cidr4::ANYWHERE, &gateway.id),
        );

        let nats = nat_gateways(s, config, &public);
        let mut private_tables = vec![];
        for (i, subnet) in private.iter().enumerate() {
            let name = &subnet.name;
            let table = route_table(s, &vpc.id, name, std::slice::from_ref(subnet));
            if let Some(nat) = nats.get(i).or(nats.first()) {
                let route = format!("default-route-{name}");
                s.moved(&format!("{name}-out"), &route);
                s.add(&route, Route::new(&table, Cidr4::ANYWHERE, nat));
            }
            private_tables.push(table);
        }

        route_table(s, &vpc.id, "isolated", &isolated);
        isolated_acl(s, &vpc.id, config, &private, &isolated);

        // Gateway endpoints are free, and image layers that come through this one do not go through the NAT gateway,
        // which is billed by the gigabyte (VPC guide, "Gateway endpoints for Amazon S3").
        let service = text!("com.amazonaws.{}.s3", &s.region());
        s.moved("s3", "s3-endpoint");
        s.add(
            "s3-endpoint",
            VpcEndpoint::gateway(&vpc.id, service).route_tables(&private_tables),
        );

        let ids = |subnets: Vec<SubnetInfo>| subnets.into_iter().map(|s| s.id).collect();
        Self {
            vpc: vpc.id,
            public: ids(public),
            private: ids(private),
            isolated: ids(isolated),
        }
    }
}

/// A declared subnet.
struct SubnetInfo {
    /// Tier and zone: `private-a`.
    name: String,
    zone: String,
    /// The index of the zone's letter.
    letter: u16,
    id: Output<SubnetId>,
    cidr_block: Cidr4,
}

/// The subnets of one tier, one in each zone.
fn subnets<E: Environment>(
    s: &mut Scope<'_, E>,
    vpc: &Output<VpcId>,
    config: &NetworkConfig,
    tier: Tier,
) -> Vec<SubnetInfo> {
    let region = s.region();
    let subnet = |(letter, zone): (usize, &str)| {
        let cidr_block = tier.range(config.cidr_block, letter)?;
        let name = format!("{}-{zone}", tier.name());
        let in_zone: Input<AvailabilityZone> = text!("{}{}", &region, zone).typed();
        let subnet = Subnet::new(vpc, cidr_block, in_zone);
        Some(SubnetInfo {
            id: s.add(&format!("subnet-{name}"), subnet).id,
            name,
            zone: zone.to_owned(),
            letter: letter.try_into().ok()?,
            cidr_block,
        })
    };
    letters(config).into_iter().take(4).filter_map(subnet).collect()
}

/// A route table and its association with `subnets`.
fn route_table<E: Environment>(
    s: &mut Scope<'_, E>,
    vpc: &Output<VpcId>,
    name: &str,
    subnets: &[SubnetInfo],
) -> Output<RouteTableId> {
    let address = format!("route-table-{name}");
    s.moved(name, &address);
    let table = s.add(&address, RouteTable::new(vpc)).id;
    for subnet in subnets {
        let address = format!("association-{}", subnet.name);
        s.moved(&format!("serve-{}", subnet.name), &address);
        s.add(&address, RouteTableAssociation::new(&table, &subnet.id));
    }
    table
}

fn nat_gateways<E: Environment>(
    s: &mut Scope<'_, E>,
    config: &NetworkConfig,
    public: &[SubnetInfo],
) -> Vec<Output<NatGatewayId>> {
    let count = match config.nat {
        Nat::Single => 1,
        Nat::PerZone => public.len(),
    };
    let mut gateways = vec![];
    for subnet in public.iter().take(count) {
        let zone = &subnet.zone;
        let address = format!("eip-{zone}");
        s.moved(&format!("address-{zone}"), &address);
        let eip = s.add(&address, ElasticIp::new());
        let nat = NatGateway::new(&subnet.id, &eip.id);
        gateways.push(s.add(&format!("nat-{zone}"), nat).id);
    }
    gateways
}

/// The network ACL of the isolated subnets. An ACL is stateless, so replies to clients need an entry of their own; ports
/// 1024 and up are those that clients use (VPC guide, "Ephemeral ports").
fn isolated_acl<E: Environment>(
    s: &mut Scope<'_, E>,
    vpc: &Output<VpcId>,
    config: &NetworkConfig,
    private: &[SubnetInfo],
    isolated: &[SubnetInfo],
) {
    let mut entries = vec![];
    for client in private {
        let number = 100 + 10 * client.letter;
        entries.push(AclEntry::allow_in(
            number,
            config.isolated_ingress,
            client.cidr_block,
        ));
        entries.push(AclEntry::allow_out(
            number,
            Traffic::tcp(1024..=65535),
            client.cidr_block,
        ));
    }
    s.moved("isolated-edge", "isolated-acl");
    let acl = s.add("isolated-acl", NetworkAcl::new(vpc).entries(entries));
    for subnet in isolated {
        let address = format!("acl-association-{}", subnet.name);
        s.moved(&format!("guard-{}", subnet.name), &address);
        s.add(&address, NetworkAclAssociation::new(&subnet.id, &acl.id));
    }
}
