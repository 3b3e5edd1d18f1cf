//! CloudWatch Logs: where log lines are kept.

mod log_group;

pub use log_group::*;
