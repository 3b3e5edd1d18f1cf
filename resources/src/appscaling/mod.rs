//! Application Auto Scaling: capacity that follows metrics.

mod metric;
mod scalable_target;
mod scaling_policy;

pub use metric::*;
pub use scalable_target::*;
pub use scaling_policy::*;
