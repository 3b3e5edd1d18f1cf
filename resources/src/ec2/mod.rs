//! Amazon EC2: networks.

mod nat_gateway;
mod security_group;
mod subnet;
mod tagging;
mod vpc;

pub use nat_gateway::*;
pub use security_group::*;
pub use subnet::*;
pub(crate) use tagging::{RETAG, retag};
pub use vpc::*;
