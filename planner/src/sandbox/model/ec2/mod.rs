//! EC2 and VPC.

mod compute;
mod gateways;
mod network;
mod peering;
mod routing;
mod security;

pub(super) use compute::COMPUTE;
pub(super) use gateways::GATEWAYS;
pub(super) use network::NETWORK;
pub(super) use peering::PEERING;
pub(super) use routing::ROUTING;
pub(super) use security::SECURITY;

use super::facts::{Repeat, Token};

/// The client token of EC2's create calls. EC2 states no lifetime but for instances; 40 minutes is the assumption that
/// nothing long may rely on it.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Run_Instance_Idempotency.html>
const CLIENT_TOKEN: Option<Token> = Some(Token {
    member: "client_token",
    repeat: Repeat::Answered("IdempotentParameterMismatch"),
    lives: Some(40 * 60),
    readable: false,
});
