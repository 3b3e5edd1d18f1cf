//! Amazon EC2: networks.

mod egress_only_internet_gateway;
mod egress_rule;
mod elastic_ip;
mod flow_log;
mod ingress_rule;
mod internet_gateway;
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
mod vpc;
mod vpc_endpoint;

pub use egress_only_internet_gateway::*;
pub use egress_rule::*;
pub use elastic_ip::*;
pub use flow_log::*;
pub use ingress_rule::*;
pub use internet_gateway::*;
pub use nat_gateway::*;
pub use network_acl::*;
pub use network_acl_association::*;
pub use route::*;
pub use route_table::*;
pub use route_table_association::*;
pub use rule::{Peer, PrefixListId};
pub use security_group::*;
pub use subnet::*;
pub(crate) use tagging::{RETAG, retag};
pub use traffic::*;
pub use vpc::*;
pub use vpc_endpoint::*;

/// The first item that a reply of success refuses: its error's code and message.
#[cfg(feature = "aws")]
fn unsuccessful(items: &[crate::aws::sdk::ec2::types::UnsuccessfulItem]) -> Option<(String, String)> {
    let error = items.iter().find_map(|item| item.error())?;
    Some((
        error.code().unwrap_or_default().into(),
        error.message().unwrap_or_default().into(),
    ))
}
