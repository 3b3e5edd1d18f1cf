//! Components: parts that stacks are put together from.
//!
//! A component is a function that takes a [`Scope`](crate::Scope) and returns what others may refer to; there is
//! nothing to register and nothing to implement. These are the parts of the stack `ecommerce`, and of anyone's.

mod edge;
mod network;

pub use edge::Edge;
pub use network::{Layout, Nat, Network};
