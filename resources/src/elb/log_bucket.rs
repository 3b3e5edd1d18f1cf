//! Logs of a load balancer, which are three attributes each.

use crate::{
    attribute::{Attribute, AttributeList},
    prelude::*,
    value::Part,
};

/// The bucket to which a load balancer delivers logs. It is in the same region, and its policy allows Elastic Load Balancing to
/// write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogBucket {
    /// The bucket's name.
    pub bucket: Input<String>,
    /// The prefix of every object, without a slash at its end.
    pub prefix: String,
}

impl LogBucket {
    /// The root of `bucket`.
    pub fn new(bucket: impl Into<Part>) -> Self {
        Self {
            bucket: Input::of(bucket),
            prefix: String::new(),
        }
    }

    /// Under `prefix`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The attributes of logs of a `kind`: `access_logs` or `connection_logs`.
    pub(super) fn attributes(logs: Option<&Self>, kind: &str) -> AttributeList {
        let key = |name: &str| format!("{kind}.s3.{name}");
        let enabled = AttributeList::one(&key("enabled"), Attribute::of(logs.is_some()));
        match logs {
            Some(Self { bucket, prefix }) => enabled
                .and(&key("bucket"), Attribute::of(bucket))
                .and(&key("prefix"), Attribute::of(prefix)),
            None => enabled,
        }
    }

    /// The bucket of logs of a `kind`, where they are enabled.
    #[cfg(feature = "aws")]
    pub(super) fn read(map: &crate::attribute::Texts, kind: &str) -> Option<Self> {
        use crate::attribute::{read, text};
        let key = |name: &str| format!("{kind}.s3.{name}");
        let text = |name: &str| text(map, &key(name)).unwrap_or_default();
        read(map, &key("enabled"), || false).then(|| Self::new(text("bucket")).prefix(text("prefix")))
    }
}
