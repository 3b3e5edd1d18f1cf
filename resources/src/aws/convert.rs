//! Conversions from plain data to the SDK's types.

use super::sdk;
use crate::value::{Cidr4, Cidr6, Input, Secret, TagSpec, Tags, Token};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::Hash,
};

/// Turns one of our values into what the SDK's builder takes. `None` leaves the member out.
pub trait ToSdk<S> {
    /// The SDK's value.
    fn to_sdk(self) -> Option<S>;
}

impl<T: ToSdk<S>, S> ToSdk<S> for Option<T> {
    fn to_sdk(self) -> Option<S> {
        self.and_then(ToSdk::to_sdk)
    }
}
impl<T: ToSdk<S>, S> ToSdk<S> for Input<T> {
    fn to_sdk(self) -> Option<S> {
        match self {
            Self::Known(value) => value.to_sdk(),
            // The executor sends nothing with a reference left in it.
            Self::From(_) | Self::Join(_) => None,
        }
    }
}
impl<T: ToSdk<S>, S> ToSdk<Vec<S>> for Vec<T> {
    fn to_sdk(self) -> Option<Vec<S>> {
        Some(self.into_iter().filter_map(ToSdk::to_sdk).collect())
    }
}
impl<T: ToSdk<S>, S> ToSdk<Vec<S>> for BTreeSet<T> {
    fn to_sdk(self) -> Option<Vec<S>> {
        Some(self.into_iter().filter_map(ToSdk::to_sdk).collect())
    }
}
impl<T: ToSdk<S>, S> ToSdk<HashMap<String, S>> for BTreeMap<String, T> {
    fn to_sdk(self) -> Option<HashMap<String, S>> {
        Some(
            self.into_iter()
                .filter_map(|(k, v)| Some((k, v.to_sdk()?)))
                .collect(),
        )
    }
}

macro_rules! same {
    ($($t:ty),*) => { $(impl ToSdk<$t> for $t { fn to_sdk(self) -> Option<$t> { Some(self) } })* };
}
same!(bool, i32, i64, f64, f32, String);

macro_rules! number {
    ($($t:ty => $s:ty),*) => { $(impl ToSdk<$s> for $t { fn to_sdk(self) -> Option<$s> { <$s>::try_from(self).ok() } })* };
}
number!(u16 => i32, u32 => i32, u32 => i64, u64 => i64);

impl ToSdk<String> for u32 {
    fn to_sdk(self) -> Option<String> {
        Some(self.to_string())
    }
}
impl ToSdk<String> for Cidr4 {
    fn to_sdk(self) -> Option<String> {
        Some(self.to_string())
    }
}
impl ToSdk<String> for Cidr6 {
    fn to_sdk(self) -> Option<String> {
        Some(self.to_string())
    }
}
impl ToSdk<String> for Token {
    fn to_sdk(self) -> Option<String> {
        match self {
            Self::Filled(token) => Some(token),
            // The executor fills every token before it sends.
            Self::Fill => None,
        }
    }
}
impl ToSdk<String> for Secret {
    fn to_sdk(self) -> Option<String> {
        self.expose()
    }
}
impl ToSdk<sdk::ec2::types::AttributeBooleanValue> for bool {
    fn to_sdk(self) -> Option<sdk::ec2::types::AttributeBooleanValue> {
        Some(
            sdk::ec2::types::AttributeBooleanValue::builder()
                .value(self)
                .build(),
        )
    }
}
impl ToSdk<Vec<sdk::ec2::types::TagSpecification>> for TagSpec {
    fn to_sdk(self) -> Option<Vec<sdk::ec2::types::TagSpecification>> {
        let of = sdk::ec2::types::ResourceType::from(self.of.as_str());
        let spec = sdk::ec2::types::TagSpecification::builder().resource_type(of);
        Some(vec![spec.set_tags(self.tags.to_sdk()).build()])
    }
}
/// EC2's `DeleteTags` takes whole tags; a key alone deletes it whatever its value.
impl ToSdk<sdk::ec2::types::Tag> for String {
    fn to_sdk(self) -> Option<sdk::ec2::types::Tag> {
        Some(sdk::ec2::types::Tag::builder().key(self).build())
    }
}

/// A tag's key as a tag without a value, for services whose calls that remove tags take whole tags.
macro_rules! key_as_tag {
    ($($service:ident),*) => { $(
        impl ToSdk<sdk::$service::types::Tag> for String {
            fn to_sdk(self) -> Option<sdk::$service::types::Tag> {
                sdk::$service::types::Tag::builder().key(self).build().ok()
            }
        }
    )* };
}
// https://docs.aws.amazon.com/acm/latest/APIReference/API_RemoveTagsFromCertificate.html: a tag without a value is removed
// whatever its value; https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RemoveTags.html
key_as_tag!(acm, cloudtrail);

/// Tags there and back, for a service whose `Tag` has optional members.
macro_rules! tags_optional {
    ($($service:ident),*) => { $(
        impl ToSdk<Vec<sdk::$service::types::Tag>> for Tags {
            fn to_sdk(self) -> Option<Vec<sdk::$service::types::Tag>> {
                let tag = |(k, v): (String, String)| sdk::$service::types::Tag::builder().key(k).value(v).build();
                Some(self.0.into_iter().map(tag).collect())
            }
        }
        impl From<Option<Vec<sdk::$service::types::Tag>>> for Tags {
            fn from(tags: Option<Vec<sdk::$service::types::Tag>>) -> Self {
                tags.into_iter().flatten().filter_map(|t| Some((t.key?, t.value.unwrap_or_default()))).collect()
            }
        }
    )* };
}
/// Tags there and back, for a service whose `Tag` has required members.
macro_rules! tags_required {
    ($($service:ident),*) => { $(
        impl ToSdk<Vec<sdk::$service::types::Tag>> for Tags {
            fn to_sdk(self) -> Option<Vec<sdk::$service::types::Tag>> {
                let tag = |(k, v): (String, String)| sdk::$service::types::Tag::builder().key(k).value(v).build().ok();
                Some(self.0.into_iter().filter_map(tag).collect())
            }
        }
        impl From<Option<Vec<sdk::$service::types::Tag>>> for Tags {
            fn from(tags: Option<Vec<sdk::$service::types::Tag>>) -> Self {
                tags.into_iter().flatten().map(|t| (t.key, t.value)).collect()
            }
        }
    )* };
}
/// Tags there and back, for a service whose `Tag` must have a key and may have a value.
macro_rules! tags_keyed {
    ($($service:ident),*) => { $(
        impl ToSdk<Vec<sdk::$service::types::Tag>> for Tags {
            fn to_sdk(self) -> Option<Vec<sdk::$service::types::Tag>> {
                let tag = |(k, v): (String, String)| sdk::$service::types::Tag::builder().key(k).value(v).build().ok();
                Some(self.0.into_iter().filter_map(tag).collect())
            }
        }
        impl From<Option<Vec<sdk::$service::types::Tag>>> for Tags {
            fn from(tags: Option<Vec<sdk::$service::types::Tag>>) -> Self {
                tags.into_iter().flatten().map(|t| (t.key, t.value.unwrap_or_default())).collect()
            }
        }
    )* };
}
tags_keyed!(acm, cloudtrail);
tags_optional!(cloudwatch, ec2, ecs, elb, rds, route53, secretsmanager);
tags_required!(ecr, iam, s3, sns, ssm);

impl ToSdk<Vec<sdk::kms::types::Tag>> for Tags {
    fn to_sdk(self) -> Option<Vec<sdk::kms::types::Tag>> {
        let tag = |(k, v): (String, String)| {
            sdk::kms::types::Tag::builder()
                .tag_key(k)
                .tag_value(v)
                .build()
                .ok()
        };
        Some(self.0.into_iter().filter_map(tag).collect())
    }
}
impl From<Option<Vec<sdk::kms::types::Tag>>> for Tags {
    fn from(tags: Option<Vec<sdk::kms::types::Tag>>) -> Self {
        tags.into_iter()
            .flatten()
            .map(|t| (t.tag_key, t.tag_value))
            .collect()
    }
}

impl ToSdk<HashMap<String, String>> for Tags {
    fn to_sdk(self) -> Option<HashMap<String, String>> {
        Some(self.0.into_iter().collect())
    }
}
impl<K: Into<String> + Hash> From<Option<HashMap<K, String>>> for Tags {
    fn from(tags: Option<HashMap<K, String>>) -> Self {
        tags.into_iter().flatten().collect()
    }
}

impl<K: for<'a> From<&'a str> + Eq + Hash> ToSdk<HashMap<K, String>> for crate::attribute::Attributes {
    fn to_sdk(self) -> Option<HashMap<K, String>> {
        Some(
            self.into_iter()
                .map(|(key, value)| (K::from(&key), value.text()))
                .collect(),
        )
    }
}
impl ToSdk<String> for crate::attribute::Attribute {
    fn to_sdk(self) -> Option<String> {
        Some(self.text())
    }
}
impl ToSdk<sdk::elb::types::LoadBalancerAttribute> for crate::attribute::Pair {
    fn to_sdk(self) -> Option<sdk::elb::types::LoadBalancerAttribute> {
        let attribute = sdk::elb::types::LoadBalancerAttribute::builder().key(self.key);
        Some(attribute.value(self.value.text()).build())
    }
}
impl ToSdk<Vec<sdk::elb::types::LoadBalancerAttribute>> for crate::attribute::AttributeList {
    fn to_sdk(self) -> Option<Vec<sdk::elb::types::LoadBalancerAttribute>> {
        Some(self.into_iter().filter_map(ToSdk::to_sdk).collect())
    }
}
impl ToSdk<sdk::elb::types::TargetGroupAttribute> for crate::attribute::Pair {
    fn to_sdk(self) -> Option<sdk::elb::types::TargetGroupAttribute> {
        let attribute = sdk::elb::types::TargetGroupAttribute::builder().key(self.key);
        Some(attribute.value(self.value.text()).build())
    }
}
impl ToSdk<Vec<sdk::elb::types::TargetGroupAttribute>> for crate::attribute::AttributeList {
    fn to_sdk(self) -> Option<Vec<sdk::elb::types::TargetGroupAttribute>> {
        Some(self.into_iter().filter_map(ToSdk::to_sdk).collect())
    }
}
