//! Conversions from the SDK's members to plain data: the mirror of [`ToSdk`](super::ToSdk).

use crate::value::{Cidr4, Cidr6, Input};
use std::collections::BTreeSet;

/// A member that AWS promises, and that a reply lacks: the reply is broken, which is not the same as "not there yet".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(
    /// The member, as the SDK spells it.
    pub &'static str,
);

/// Conversion from a member of the SDK's. `None` when the member is absent, or holds what the field cannot.
pub trait FromSdk<S>: Sized {
    /// The value.
    fn from_sdk(value: S) -> Option<Self>;
}

impl<T: FromSdk<S>, S> FromSdk<S> for Input<T> {
    fn from_sdk(value: S) -> Option<Self> {
        T::from_sdk(value).map(Self::Known)
    }
}
impl<T: FromSdk<S>, S> FromSdk<Option<S>> for Option<T> {
    fn from_sdk(value: Option<S>) -> Option<Self> {
        Some(value.and_then(T::from_sdk))
    }
}
impl<T: FromSdk<S>, S> FromSdk<Option<Vec<S>>> for Vec<T> {
    fn from_sdk(value: Option<Vec<S>>) -> Option<Self> {
        Some(value.into_iter().flatten().filter_map(T::from_sdk).collect())
    }
}
impl<T: FromSdk<S> + Ord, S> FromSdk<Option<Vec<S>>> for BTreeSet<T> {
    fn from_sdk(value: Option<Vec<S>>) -> Option<Self> {
        Some(value.into_iter().flatten().filter_map(T::from_sdk).collect())
    }
}
impl<T: FromSdk<S> + Ord, S> FromSdk<Vec<S>> for BTreeSet<T> {
    fn from_sdk(value: Vec<S>) -> Option<Self> {
        Some(value.into_iter().filter_map(T::from_sdk).collect())
    }
}

/// The two shapes of a member: required, and optional.
macro_rules! members {
    ($($ours:ty as $theirs:ty: $convert:expr),* $(,)?) => { $(
        impl FromSdk<$theirs> for $ours {
            fn from_sdk(value: $theirs) -> Option<Self> {
                let convert: fn($theirs) -> Option<Self> = $convert;
                convert(value)
            }
        }
        impl FromSdk<Option<$theirs>> for $ours {
            fn from_sdk(value: Option<$theirs>) -> Option<Self> {
                value.and_then(<Self as FromSdk<$theirs>>::from_sdk)
            }
        }
    )* };
}
members! {
    bool as bool: Some,
    i32 as i32: Some,
    i64 as i64: Some,
    f64 as f64: Some,
    u16 as i32: |n| n.try_into().ok(),
    u32 as i32: |n| n.try_into().ok(),
    u32 as i64: |n| n.try_into().ok(),
    u64 as i64: |n| n.try_into().ok(),
    String as String: Some,
    Cidr4 as String: |text| text.parse().ok(),
    Cidr6 as String: |text| text.parse().ok(),
}
