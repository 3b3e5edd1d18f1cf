//! CloudWatch: alarms on metrics, and dashboards of them.

mod alarm;
mod dashboard;
mod metric;
#[cfg(feature = "aws")]
mod tagging;
pub mod widget;

use crate::service::Service;
pub use alarm::*;
pub use dashboard::*;
pub use metric::{Measure, Metric, Query};
pub use widget::Widget;

/// The facts about CloudWatch.
pub const SERVICE: Service = Service::new("cloudwatch");
