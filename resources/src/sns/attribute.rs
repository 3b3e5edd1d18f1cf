//! Attributes of topics and subscriptions: everything is text on the wire, JSON included.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The value of one attribute. A plan shows its structure; a promise in it is one of the resource's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Attribute(Value);

impl Attribute {
    /// Text as it is, anything else as JSON.
    pub(crate) fn of(value: impl Serialize) -> Self {
        Self(serde_json::to_value(value).expect("attributes are plain data"))
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<String> for Attribute {
    fn to_sdk(self) -> Option<String> {
        Some(match self.0 {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }
}

/// The error codes that say that a topic or a subscription is gone.
#[cfg(feature = "aws")]
pub(super) const GONE: [&str; 2] = ["NotFound", "NotFoundException"];

/// The attributes of a topic, or `None` when it is gone.
#[cfg(feature = "aws")]
pub(super) async fn of_topic(
    aws: &crate::aws::Aws,
    arn: &str,
) -> Result<Option<std::collections::HashMap<String, String>>, crate::cloud::CallError> {
    let reply = aws.sns.get_topic_attributes().topic_arn(arn).send().await;
    let reply = crate::aws::present("sns", "GetTopicAttributes", reply, &GONE)?;
    Ok(reply.map(|r| r.attributes.unwrap_or_default()))
}
