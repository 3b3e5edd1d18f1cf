//! The stack of the public configuration `terraform-aws-modules/terraform-aws-vpc`, folder `examples/complete`: a VPC with six tiers of
//! subnets in three zones, gateways, and endpoints.
//!
//! What the modules make is declared here, without a module. DHCP options, VPN and customer gateways, and the subnet groups of
//! `ElastiCache` and Redshift are data-driven types of `CloudFormation`.

use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tenon::prelude::*;

/// The tiers of subnets, each with the third part of its first range.
const TIERS: [(&str, usize); 6] = [
    ("private", 0),
    ("public", 4),
    ("database", 8),
    ("elasticache", 12),
    ("redshift", 16),
    ("intra", 20),
];

/// Values that a user of the configuration changes.
#[derive(Deserialize)]
struct Settings {
    #[serde(default = "consul")]
    dhcp_options_domain_name: String,
}

fn consul() -> String {
    "service.consul".into()
}

/// The subnets and the route table of a tier.
struct Tier {
    subnets: Vec<Output<ec2::SubnetId>>,
    table: Output<ec2::RouteTableId>,
}

// Long: the tiers and what each of them has.
fn vpc_complete(s: &mut Scope<Anywhere>) {
    let Some(settings) = s.settings::<Settings>() else {
        return;
    };
    for (key, value) in [
        ("Example", "ex-complete"),
        ("GithubRepo", "terraform-aws-vpc"),
        ("GithubOrg", "terraform-aws-modules"),
    ] {
        s.tag(key, value);
    }
    let range = Cidr4::lit("10.0.0.0/16");
    let vpc = s.add("vpc", ec2::Vpc::new(range).enable_dns_hostnames(true));
    let gateway = s.add("igw", ec2::InternetGateway::new(&vpc.id));
    let mut tiers = vec![];
    for (name, first) in TIERS {
        let of = if name == "public" { &gateway.vpc } else { &vpc.id };
        let table = s.add(&format!("{name}-table"), ec2::RouteTable::new(of)).id;
        let mut subnets = vec![];
        for (n, letter) in ["a", "b", "c"].into_iter().enumerate() {
            let Some(part) = range.slice(24, first + n) else {
                return;
            };
            let zone: Input<AvailabilityZone> = text!("{}{}", s.region(), letter).typed();
            let tags = Tags::from_iter([("Tier", name)]);
            let subnet = ec2::Subnet::new(of, part, &zone).tags(tags);
            let subnet = s.add(&format!("{name}-{letter}"), subnet).id;
            s.add(
                &format!("{name}-{letter}-table"),
                ec2::RouteTableAssociation::new(&table, &subnet),
            );
            subnets.push(subnet);
        }
        tiers.push(Tier { subnets, table });
    }
    let [private, public, database, elasticache, redshift, intra] = &tiers[..] else {
        return;
    };
    s.add(
        "public-out",
        ec2::Route::new(&public.table, Cidr4::ANYWHERE, &gateway.id),
    );
    let address = s.add("nat-eip", ec2::ElasticIp::new()).id;
    let Some(first) = public.subnets.first() else {
        return;
    };
    let nat = s.add("nat", ec2::NatGateway::new(first, &address)).id;
    for (name, tier) in [("private", private), ("database", database)] {
        s.add(
            &format!("{name}-out"),
            ec2::Route::new(&tier.table, Cidr4::ANYWHERE, &nat),
        );
    }
    s.add(
        "database-group",
        rds::DbSubnetGroup::new("Database subnet group").subnets(&database.subnets),
    );
    s.add(
        "elasticache-group",
        cfn::Resource::new(
            "AWS::ElastiCache::SubnetGroup",
            json!({
                "CacheSubnetGroupName": "ex-complete-elasticache",
                "Description": "ElastiCache subnet group",
                "SubnetIds": &elasticache.subnets,
            }),
        ),
    );
    s.add(
        "redshift-group",
        cfn::Resource::new(
            "AWS::Redshift::ClusterSubnetGroup",
            json!({ "Description": "Redshift subnet group", "SubnetIds": &redshift.subnets }),
        ),
    );
    wide_area(s, &vpc.id, &settings.dhcp_options_domain_name);
    endpoints(s, &vpc, private, [intra, private, public]);
    s.output("vpc_id", &vpc.id);
    s.output("nat_gateway", &nat);
}

/// DHCP options, and the gateways of VPNs.
fn wide_area(s: &mut Scope<Anywhere>, vpc: &Output<ec2::VpcId>, domain: &str) {
    let options = s.add(
        "dhcp",
        cfn::Resource::new(
            "AWS::EC2::DHCPOptions",
            json!({
                "DomainName": domain,
                "DomainNameServers": ["127.0.0.1", "10.10.0.2"],
                "NtpServers": ["127.0.0.1"],
                "NetbiosNameServers": ["127.0.0.1"],
                "NetbiosNodeType": 2,
                "Ipv6AddressPreferredLeaseTime": 1440,
            }),
        ),
    );
    let association = json!({ "VpcId": vpc, "DhcpOptionsId": &options.id });
    s.add(
        "dhcp-association",
        cfn::Resource::new("AWS::EC2::VPCDHCPOptionsAssociation", association),
    );
    let vpn = json!({ "Type": "ipsec.1", "AmazonSideAsn": 64512 });
    let vpn = s.add("vpn", cfn::Resource::new("AWS::EC2::VPNGateway", vpn));
    let attachment = json!({ "VpcId": vpc, "VpnGatewayId": &vpn.id });
    s.add(
        "vpn-attachment",
        cfn::Resource::new("AWS::EC2::VPCGatewayAttachment", attachment),
    );
    for (name, gateway) in [
        (
            "ip1",
            json!({ "Type": "ipsec.1", "BgpAsn": 65112, "IpAddress": "1.2.3.4", "DeviceName": "some_name" }),
        ),
        (
            "ip2",
            json!({ "Type": "ipsec.1", "BgpAsn": 65112, "IpAddress": "5.6.7.8" }),
        ),
    ] {
        s.add(
            &format!("customer-{name}"),
            cfn::Resource::new("AWS::EC2::CustomerGateway", gateway),
        );
    }
}

/// Endpoints of services, in the private subnets, and what may reach them.
fn endpoints(
    s: &mut Scope<Anywhere>,
    vpc: &<ec2::VpcOutputs as tenon::resources::resource::Outputs>::Refs,
    private: &Tier,
    routed: [&Tier; 3],
) {
    let https = ec2::SecurityGroup::new(&vpc.id, "VPC endpoint security group");
    let https = s.add("endpoints", https).id;
    let from = ec2::IngressRule::new(&https, &vpc.cidr_block, ec2::Traffic::tcp(443));
    s.add("endpoints-in", from.description("HTTPS from VPC"));
    let rds = ec2::SecurityGroup::new(&vpc.id, "Allow PostgreSQL inbound traffic");
    let rds = s.add("rds", rds).id;
    let from = ec2::IngressRule::new(&rds, &vpc.cidr_block, ec2::Traffic::tcp(5432));
    s.add("rds-in", from.description("TLS from VPC"));

    let elsewhere = |actions: &str, vpc: &Output<ec2::VpcId>| {
        iam::Policy::deny([actions])
            .anyone()
            .on(["*"])
            .when("StringNotEquals", "aws:SourceVpc", [vpc])
    };
    let service = |s: &Scope<Anywhere>, name: &str| text!("com.amazonaws.{}.{}", s.region(), name);
    let dynamodb = ec2::VpcEndpoint::gateway(&vpc.id, service(s, "dynamodb"))
        .route_tables(routed.map(|tier| &tier.table))
        .policy(elsewhere("dynamodb:*", &vpc.id));
    s.add("dynamodb", dynamodb);
    for (name, service_name, groups, guarded) in [
        ("s3", "s3", vec![&https], false),
        ("ecs", "ecs", vec![&https], false),
        ("ecr-api", "ecr.api", vec![&https], true),
        ("ecr-dkr", "ecr.dkr", vec![&https], true),
        ("rds-endpoint", "rds", vec![&https, &rds], false),
        ("sts", "sts", vec![&https, &rds], false),
    ] {
        let endpoint = ec2::VpcEndpoint::interface(&vpc.id, service(s, service_name))
            .subnets(&private.subnets)
            .security_groups(groups)
            .private_dns_enabled(true);
        let endpoint = if guarded {
            endpoint.policy(elsewhere("*", &vpc.id))
        } else {
            endpoint
        };
        s.ready_within(Duration::from_secs(600)).add(name, endpoint);
    }
}

fn main() -> ExitCode {
    tenon::run("vpc-complete", vpc_complete)
}

#[cfg(test)]
#[path = "../src/trial.rs"]
mod trial;

#[cfg(test)]
mod tests {
    use super::{trial::Case, vpc_complete};
    use tenon::Given;

    #[tokio::test]
    async fn it_is_applied_changed_restored_and_destroyed() {
        let case = Case::new("vpc-complete", vpc_complete);
        case.holds(
            &Given::new(),
            &Given::new().set("dhcp_options_domain_name", "service.example"),
            ("ec2.vpc", "enable_dns_hostnames", false.into()),
        )
        .await;
    }
}
