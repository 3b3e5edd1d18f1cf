//! The way back: a resource's inputs from an item of the SDK, member by member.

use crate::{
    attrs::{find, ident, is},
    generate::member,
};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Error, Expr, Field, Ident, Path, Result};

/// `#[sdk(ec2::Subnet)]` writes `from_sdk(&item)`: same-named members, `#[member(read = "..")]` for another name, and
/// `#[read(expr)]` for what is no member, in which `item` is the SDK's. What AWS does not give back is at its default.
pub(crate) fn from_sdk(resource: &Ident, attrs: &[Attribute], fields: &[&Field]) -> Result<TokenStream> {
    let Some(attr) = find(attrs, "sdk") else {
        return Ok(TokenStream::new());
    };
    let path: Path = attr.parse_args()?;
    let service = &path.segments[0].ident;
    let item_type = &path.segments[path.segments.len() - 1].ident;
    let item = Ident::new("item", Span::call_site());
    let mut values = vec![];
    for f in fields {
        let (id, ty) = (ident(f), &f.ty);
        let default = match find(&f.attrs, "default") {
            Some(attr) => {
                let default: Expr = attr.parse_args()?;
                Some(quote!({ let value: #ty = #default; value }))
            }
            None if is(ty, "Option") || is(ty, "Vec") || is(ty, "BTreeSet") || is(ty, "BTreeMap") => {
                Some(quote!(::core::default::Default::default()))
            }
            None => None,
        };
        let absent = find(&f.attrs, "write_only").is_some()
            || find(&f.attrs, "local").is_some()
            || find(&f.attrs, "attribute").is_some();
        let no_member = || Error::new_spanned(id, "say how it is read: `#[read(expr)]`, or a default");
        let member = member(f, "read")?;
        let absent = absent || member.is_none();
        let value = if let Some(attr) = find(&f.attrs, "read") {
            attr.parse_args::<Expr>().map(|e| quote!(#e))?
        } else if id == "tags" {
            let member = member.ok_or_else(no_member)?;
            quote!(::tenon_resources::value::Tags::from(#item.#member.clone()))
        } else if let (true, Some(default)) = (absent, &default) {
            default.clone()
        } else {
            let member = member.ok_or_else(no_member)?;
            let text = member.to_string();
            let read = quote!(::tenon_resources::aws::FromSdk::from_sdk(#item.#member.clone()));
            if let Some(default) = default {
                quote!(#read.unwrap_or_else(|| #default))
            } else {
                quote!(#read.ok_or(::tenon_resources::aws::Missing(#text))?)
            }
        };
        values.push(quote!(#id: #value));
    }
    Ok(quote! {
        #[cfg(feature = "aws")]
        impl #resource {
            /// The inputs of an item as AWS has it.
            ///
            /// # Errors
            /// A member that AWS promises is not there.
            pub(crate) fn from_sdk(#item: &::tenon_resources::aws::sdk::#service::types::#item_type) -> Result<Self, ::tenon_resources::aws::Missing> {
                Ok(Self { #(#values),* })
            }
        }
    })
}
