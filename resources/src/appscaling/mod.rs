//! Application Auto Scaling: how many of something there are, by how busy they are.

mod metric;
mod scalable_target;
mod scaling_policy;

pub use metric::*;
pub use scalable_target::*;
pub use scaling_policy::*;
