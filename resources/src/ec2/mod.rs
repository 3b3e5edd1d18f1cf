//! Amazon EC2: networks and instances.

mod dhcp_options;
mod egress_only_internet_gateway;
mod egress_rule;
mod elastic_ip;
mod flow_log;
mod flow_log_destination;
mod ingress_rule;
mod instance;
#[cfg(feature = "aws")]
mod instance_sdk;
mod instance_values;
mod internet_gateway;
mod key_pair;
mod launch_template;
#[cfg(feature = "aws")]
mod launch_template_sdk;
mod nat_gateway;
mod network_acl;
mod network_acl_association;
mod one_of;
mod route;
mod route_table;
mod route_table_association;
mod rule;
mod security_group;
mod subnet;
mod tagging;
mod traffic;
mod volume;
mod vpc;
mod vpc_endpoint;
mod vpc_peering_connection;

use crate::service::Service;
pub use dhcp_options::*;
pub use egress_only_internet_gateway::*;
pub use egress_rule::*;
pub use elastic_ip::*;
pub use flow_log::*;
pub use flow_log_destination::*;
pub use ingress_rule::*;
pub use instance::*;
pub use instance_values::*;
pub use internet_gateway::*;
pub use key_pair::*;
pub use launch_template::*;
pub use nat_gateway::*;
pub use network_acl::*;
pub use network_acl_association::*;
pub use route::*;
pub use route_table::*;
pub use route_table_association::*;
pub use rule::{Peer, PrefixListId};
pub use security_group::*;
pub use subnet::*;
pub(crate) use tagging::{CreateTags, DeleteTags, retag};
pub use traffic::*;
pub use volume::*;
pub use vpc::*;
pub use vpc_endpoint::*;
pub use vpc_peering_connection::*;

/// Every item that `by` asks for, of a resource type's list operation that takes filters:
/// `filtered!(aws, by, Subnet, describe_subnets.set_filters, "subnet-id")`. An item that is gone is not listed, where a list of
/// ids would be refused.
#[cfg(feature = "aws")]
macro_rules! filtered {
    ($aws:ident, $by:expr, $of:ty, $request:ident . $set:ident, $id:literal) => {{
        let operation = <$of as Lifecycle>::READ.operation;
        let mut all = vec![];
        for filters in ($by).filters($id) {
            let pages = items!($aws.ec2.$request().$set(Some(filters)));
            all.extend($aws.all("ec2", operation, pages).await?);
        }
        all
    }};
}
#[cfg(feature = "aws")]
use filtered;

/// The facts about EC2.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html: the id of what was created a moment ago may be unknown.
    not_yet: &[
        ("InvalidVpcID.NotFound", ""),
        ("InvalidSubnetID.NotFound", ""),
        ("InvalidGroup.NotFound", ""),
        ("InvalidInternetGatewayID.NotFound", ""),
        ("InvalidRouteTableID.NotFound", ""),
        ("InvalidAllocationID.NotFound", ""),
        ("InvalidNetworkAclID.NotFound", ""),
        ("NatGatewayNotFound", ""),
        ("InvalidNatGatewayID.NotFound", ""),
        ("InvalidKeyPair.NotFound", ""),
        ("InvalidDhcpOptionID.NotFound", ""),
        ("InvalidVpcPeeringConnectionID.NotFound", ""),
    ],
    ..Service::new("ec2")
};

/// The first item that a reply of success refuses: its error's code and message.
#[cfg(feature = "aws")]
fn unsuccessful(items: &[crate::aws::sdk::ec2::types::UnsuccessfulItem]) -> Option<(String, String)> {
    let error = items.iter().find_map(|item| item.error())?;
    Some((
        error.code().unwrap_or_default().into(),
        error.message().unwrap_or_default().into(),
    ))
}

/// The finding about the IPv4 range of a VPC or subnet that is larger or smaller than AWS allows.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
fn check_prefix(of: &str, range: &crate::value::Input<crate::value::Cidr4>) -> Vec<String> {
    match range.known() {
        Some(cidr) if !(16..=28).contains(&cidr.prefix_len()) => {
            vec![format!("`cidr_block` is {cidr}, and a {of} takes a /16 to a /28")]
        }
        _ => vec![],
    }
}
