//! Every type of CloudFormation that AWS's Cloud Control API makes, from [its schema](tenon_cfn) and no code of its own.
//!
//! A [`Resource`] names its type and has AWS's own properties; it is checked against the schema like any other type's fields.
//! Types with a file of their own are the first choice where there is one: they know statuses, claims and batch reads, and their
//! fields are typed.
//!
//! A record of one is twofold: its properties as they were sent, and under `shown` in its outputs as AWS gave them
//! back. A change is a difference to the first, drift a difference to the second. So nothing that AWS reorders, reformats,
//! completes or spells in another way is ever taken for either.
//!
//! <https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/what-is-cloudcontrolapi.html>

mod arn;
mod calls;
mod erased;
mod kind;
mod name;
mod patch;
mod properties;
mod resource;
mod shown;
mod values;

pub use crate::resource::{Declare, ResourceType};
pub use kind::{SHOWN, Type, Untyped, find, of};
pub use properties::Properties;
pub use resource::{Handle, Resource, no_such_type};
pub use serde_json::Value;
pub use tenon_cfn::{Known, Node, Schema, known, names, nearest};

/// The service under which calls of these types are sent.
pub const SERVICE: &str = "cloudcontrol";
/// The time for which AWS knows the client token of a request, in seconds: 36 hours.
/// <https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_CreateResource.html>
pub const TOKEN_LIVES: u64 = 36 * 60 * 60;
