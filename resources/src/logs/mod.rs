//! CloudWatch Logs: where log lines are kept.

mod log_group;
mod log_stream;
mod metric_filter;
mod subscription_filter;

use crate::{resource::Look, service::Service, value::Input};
pub use log_group::*;
pub use log_stream::*;
pub use metric_filter::*;
pub use subscription_filter::*;

/// The facts about CloudWatch Logs.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency: of the role that delivers.
    not_yet: &[("InvalidParameterException", "Could not deliver test message")],
    ..Service::new("logs")
};

/// The finding that a log group is of a class that has no `filters` of this kind.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
fn not_of_standard_class(group: &Input<LogGroupName>, filters: &str, look: Look<'_>) -> Vec<String> {
    let group = serde_json::to_value(group).unwrap_or_default();
    let class = look(&group, "class").and_then(|class| class.as_str().map(ToOwned::to_owned));
    let other = class.filter(|class| class != LogGroupClass::Standard.as_str());
    other
        .map(|class| format!("`log_group` is of the class {class}, which has no {filters}: use STANDARD"))
        .into_iter()
        .collect()
}
