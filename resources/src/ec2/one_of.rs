//! Fields that take one of several kinds of thing.

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
            /// Whichever it is, as text.
            pub fn text(&self) -> $crate::value::Input<String> {
                match self {
                    $(Self::$variant(input) => input.text(),)*
                }
            }
        }
    };
}
pub(crate) use one_of;
