//! Fields that take one of several types.

#[cfg(feature = "aws")]
use crate::{aws::FromSdk, value::Input};

/// A value that may be of type `T`. Calls have one member for each type, of which one is set.
pub(crate) trait Holds<T> {
    /// The value, if it is of type `T`.
    fn get(&self) -> Option<crate::value::Input<T>>;
}

/// Declares an enum whose variants each hold an [`Input`](crate::value::Input) of another type. A value or a promise
/// of any of them becomes the enum by itself.
macro_rules! one_of {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident($t:ty),)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant($crate::value::Input<$t>),)*
        }
        $(
            impl $crate::ec2::one_of::Holds<$t> for $name {
                fn get(&self) -> Option<$crate::value::Input<$t>> {
                    match self {
                        Self::$variant(input) => Some(input.clone()),
                        _ => None,
                    }
                }
            }
            impl From<$t> for $name {
                fn from(known: $t) -> Self {
                    Self::$variant($crate::value::Input::Known(known))
                }
            }
            impl From<$crate::value::Input<$t>> for $name {
                fn from(input: $crate::value::Input<$t>) -> Self {
                    Self::$variant(input)
                }
            }
            impl From<&$crate::value::Input<$t>> for $name {
                fn from(input: &$crate::value::Input<$t>) -> Self {
                    Self::$variant(input.clone())
                }
            }
            impl From<$crate::value::Output<$t>> for $name {
                fn from(promise: $crate::value::Output<$t>) -> Self {
                    Self::$variant($crate::value::IntoInput::into_input(promise))
                }
            }
            impl From<&$crate::value::Output<$t>> for $name {
                fn from(promise: &$crate::value::Output<$t>) -> Self {
                    Self::$variant($crate::value::IntoInput::into_input(promise))
                }
            }
        )*
        impl $name {
            /// The value as text, whichever it is.
            pub fn text(&self) -> $crate::value::Input<String> {
                match self {
                    $(Self::$variant(input) => input.text(),)*
                }
            }
        }
    };
}
pub(crate) use one_of;

/// Makes a literal range (`"10.0.0.0/16"`, `"2001:db8::/32"`) into enums that have variants for IPv4 and IPv6 ranges.
macro_rules! range_literal {
    ($($name:ident),*) => { $(
        /// A literal IPv4 or IPv6 range.
        ///
        /// # Panics
        /// If the text is neither.
        impl From<&str> for $name {
            #[track_caller]
            fn from(text: &str) -> Self {
                if text.contains(':') {
                    Cidr6::lit(text).into()
                } else {
                    Cidr4::lit(text).into()
                }
            }
        }
    )* };
}
pub(crate) use range_literal;

/// The variant for values of type `T`, from a member of the SDK that holds one as text.
#[cfg(feature = "aws")]
pub(super) fn known<T: FromSdk<String>, U: From<Input<T>>>(member: Option<&str>) -> Option<U> {
    Some(Input::Known(T::from_sdk(member?.into())?).into())
}
