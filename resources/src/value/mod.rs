//! Values that may not exist yet, and the plain types AWS resources are made of.
//!
//! An [`Input`] is a value, the promise of one ([`Output`]), or text joined from both. There are no closures
//! here: a stack's program runs once and yields data, so a plan can be stored, read and applied without it.

pub mod here;
mod input;
mod name;
mod net;
mod password;
mod secret;
mod shared;
mod tags;
mod tree;

pub use input::{Input, IntoInput, Output, Part, Ref};
pub(crate) use input::{TypedRef, TypedText, noted};
pub use name::{NameOf, NameRule, check_name_of, physical_name};
pub use net::{Arn, AvailabilityZone, Cidr4, Cidr6, Region};
pub use password::Password;
pub use secret::{Secret, SecretSource, without};
pub use shared::Shared;
pub use tags::{EXPIRES, EXPIRY, Owner, RESERVED, TagSpec, Tags, Token, is_reserved};
pub use tree::{expose, refs, resolve, secrets, simplify};

/// Declares an identifier type: a string that cannot stand where another identifier belongs.
///
/// ```
/// tenon_resources::id!(
///     /// Names a widget.
///     WidgetId
/// );
/// assert_eq!(WidgetId("w-1".into()).to_string(), "w-1");
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(
            /// The identifier as AWS writes it.
            pub String,
        );
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
        impl ::std::convert::From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
        impl $crate::value::IntoInput<$name> for &str {
            fn into_input(self) -> $crate::value::Input<$name> {
                $crate::value::Input::Known($name(self.into()))
            }
        }
        #[cfg(feature = "aws")]
        impl $crate::aws::ToSdk<String> for $name {
            fn to_sdk(self) -> Option<String> {
                Some(self.0)
            }
        }
        #[cfg(feature = "aws")]
        impl $crate::aws::FromSdk<String> for $name {
            fn from_sdk(text: String) -> Option<Self> {
                Some(Self(text))
            }
        }
        #[cfg(feature = "aws")]
        impl $crate::aws::FromSdk<Option<String>> for $name {
            fn from_sdk(text: Option<String>) -> Option<Self> {
                text.map(Self)
            }
        }
    };
}

/// Declares a choice among AWS's own words, written and read as them; `of service::Type` names the SDK's enum, where
/// the member is one and not plain text.
///
/// ```
/// tenon_resources::choice!(
///     /// Who can reach a load balancer.
///     Scheme {
///         /// Everyone.
///         InternetFacing = "internet-facing",
///         /// Those inside the network.
///         Internal = "internal",
///     }
/// );
/// assert_eq!(Scheme::word("internal"), Some(Scheme::Internal));
/// assert_eq!(serde_json::to_string(&Scheme::InternetFacing).unwrap(), "\"internet-facing\"");
/// ```
#[macro_export]
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident $(of $service:ident::$sdk:ident)? {
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+
        }
        impl $name {
            /// AWS's word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The variant of AWS's `word`, when it is one of these.
            pub fn word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        #[cfg(feature = "aws")]
        impl $crate::aws::ToSdk<String> for $name {
            fn to_sdk(self) -> Option<String> {
                Some(self.as_str().to_owned())
            }
        }
        #[cfg(feature = "aws")]
        impl $crate::aws::FromSdk<String> for $name {
            fn from_sdk(word: String) -> Option<Self> {
                Self::word(&word)
            }
        }
        #[cfg(feature = "aws")]
        impl $crate::aws::FromSdk<Option<String>> for $name {
            fn from_sdk(word: Option<String>) -> Option<Self> {
                word.and_then(|word| Self::word(&word))
            }
        }
        $(
            #[cfg(feature = "aws")]
            impl $crate::aws::ToSdk<$crate::aws::sdk::$service::types::$sdk> for $name {
                fn to_sdk(self) -> Option<$crate::aws::sdk::$service::types::$sdk> {
                    Some(self.as_str().into())
                }
            }
            #[cfg(feature = "aws")]
            impl $crate::aws::FromSdk<$crate::aws::sdk::$service::types::$sdk> for $name {
                fn from_sdk(word: $crate::aws::sdk::$service::types::$sdk) -> Option<Self> {
                    Self::word(word.as_str())
                }
            }
            #[cfg(feature = "aws")]
            impl $crate::aws::FromSdk<Option<$crate::aws::sdk::$service::types::$sdk>> for $name {
                fn from_sdk(word: Option<$crate::aws::sdk::$service::types::$sdk>) -> Option<Self> {
                    word.and_then(|word| Self::word(word.as_str()))
                }
            }
        )?
    };
}

/// Text joined from literals and promises, as data: a `{}` stands for one of the arguments.
///
/// ```
/// use tenon_resources::{text, value::{Input, Output}};
/// let host: Output<String> = Output::new("db", "endpoint");
/// let url: Input<String> = text!("postgres://{}:{}/shop", &host, 5432);
/// assert_eq!(serde_json::to_value(&url).unwrap(), serde_json::json!({"$join": ["postgres://", {"$ref": "db.endpoint"}, ":5432/shop"]}));
/// ```
#[macro_export]
macro_rules! text {
    ($format:literal $(, $arg:expr)* $(,)?) => {
        $crate::value::Input::<String>::joined($format, ::std::vec![$($crate::value::Part::from($arg)),*])
    };
}
