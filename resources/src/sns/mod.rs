//! Simple Notification Service: messages to many.

mod subscription;
mod topic;
mod topic_policy;

use crate::service::Service;
pub use subscription::*;
pub use topic::*;
pub use topic_policy::*;

/// The facts about SNS.
pub const SERVICE: Service = Service::new("sns");

/// The error codes of a topic or a subscription that does not exist. Emulators send the second, the name of the error's shape.
/// <https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html#API_GetTopicAttributes_Errors>
#[cfg(feature = "aws")]
const GONE: [&str; 2] = ["NotFound", "NotFoundException"];

/// The attributes of a topic, or `None` when the topic does not exist.
#[cfg(feature = "aws")]
async fn topic_attributes(
    aws: &crate::aws::Aws,
    arn: &str,
) -> Result<Option<crate::attribute::Texts>, crate::cloud::CallError> {
    let reply = aws.sns.get_topic_attributes().topic_arn(arn).send().await;
    let reply = crate::aws::present("sns", "GetTopicAttributes", reply, &GONE)?;
    Ok(reply.map(|r| r.attributes.into_iter().flatten().collect()))
}
