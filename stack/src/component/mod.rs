//! Components: parts that stacks are put together from.
//!
//! A component is a function that takes a [`Scope`](crate::Scope) and returns what others may refer to; there is
//! nothing to register and nothing to implement. These are the parts of the stack `ecommerce`, and of anyone's.

mod database;
mod edge;
mod logs;
mod network;
mod observability;
mod web_service;

pub use database::{Database, Ending, Instance};
pub use edge::Edge;
pub use logs::Logs;
pub use network::{Layout, Nat, Network};
pub use observability::{Observability, Watched};
pub use web_service::{Ground, Program, WebService};
