//! Code that the heads of a resource write.

use crate::attrs::find;
use proc_macro2::TokenStream;
use syn::{Field, Ident};

/// Code of one `#[create]`, `#[update]` or `#[delete]`.
#[derive(Default)]
pub(crate) struct Generated {
    pub(crate) items: TokenStream,
    /// The struct of each call.
    pub(crate) calls: Vec<TokenStream>,
    /// Arms of `regular`, by field.
    pub(crate) arms: Vec<TokenStream>,
    /// The fields that those arms set.
    pub(crate) regular: Vec<Ident>,
}

/// `true` if the field has the attribute.
pub(super) fn has(f: &Field, attr: &str) -> bool {
    find(&f.attrs, attr).is_some()
}

/// The name under which expressions in attributes know the resource.
pub(super) fn me() -> Ident {
    Ident::new("me", proc_macro2::Span::call_site())
}
