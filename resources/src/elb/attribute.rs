//! The attributes of load balancers and target groups: text under a key, many of them in one call.

use crate::prelude::*;

/// One attribute, under AWS's key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attribute {
    key: String,
    value: Input<String>,
}

impl Attribute {
    /// The attribute `key`.
    pub(crate) fn new(key: &str, value: impl Into<crate::value::Part>) -> Self {
        Self {
            key: key.into(),
            value: Input::of(value),
        }
    }

    /// The attribute `key`, on or off.
    pub(crate) fn on(key: &str, on: bool) -> Self {
        Self::new(key, if on { "true" } else { "false" })
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::LoadBalancerAttribute> for Attribute {
    fn to_sdk(self) -> Option<sdk::elb::types::LoadBalancerAttribute> {
        let attribute = sdk::elb::types::LoadBalancerAttribute::builder().key(self.key);
        Some(attribute.set_value(self.value.to_sdk()).build())
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::TargetGroupAttribute> for Attribute {
    fn to_sdk(self) -> Option<sdk::elb::types::TargetGroupAttribute> {
        let attribute = sdk::elb::types::TargetGroupAttribute::builder().key(self.key);
        Some(attribute.set_value(self.value.to_sdk()).build())
    }
}

/// Attributes as AWS lists them. One that it leaves out is at its default.
#[cfg(feature = "aws")]
pub(crate) struct Attributes(BTreeMap<String, String>);

#[cfg(feature = "aws")]
impl Attributes {
    /// From keys and values.
    pub(crate) fn new(pairs: impl Iterator<Item = (Option<String>, Option<String>)>) -> Self {
        Self(pairs.filter_map(|(k, v)| Some((k?, v?))).collect())
    }

    /// The text of `key`; empty when there is none.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Whether `key` is on.
    pub(crate) fn on(&self, key: &str, default: bool) -> bool {
        self.text(key).parse().unwrap_or(default)
    }

    /// The number of `key`.
    pub(crate) fn number<T: std::str::FromStr>(&self, key: &str, default: T) -> T {
        self.text(key).parse().unwrap_or(default)
    }
}
