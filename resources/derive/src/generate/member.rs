//! The fields of a resource as members of its calls.

use crate::attrs::{find, ident, inner, is};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Error, Expr, Field, Ident, LitStr, Result, Token, Type,
    parse::{Parse, ParseStream},
};

/// The name of a field's member in calls of this kind (`create`, `update`, `read`): `#[member("x")]`, or
/// `#[member("x", create = "y")]`; without it, the field's own. `None`: the empty name says that these calls have no such member.
pub(crate) fn member(f: &Field, of: &str) -> Result<Option<Ident>> {
    let Some(attr) = find(&f.attrs, "member") else {
        return Ok(Some(ident(f).clone()));
    };
    attr.parse_args_with(|s: ParseStream<'_>| {
        let (mut every, mut own) = (None, None);
        loop {
            if s.peek(LitStr) {
                every = Some(s.parse::<LitStr>()?.value());
            } else {
                let key: Ident = s.parse()?;
                s.parse::<Token![=]>()?;
                let value = s.parse::<LitStr>()?.value();
                match key.to_string().as_str() {
                    "create" | "update" | "read" if key == of => own = Some(value),
                    "create" | "update" | "read" => {}
                    _ => return Err(Error::new(key.span(), "expected `create`, `update` or `read`")),
                }
            }
            if s.parse::<Option<Token![,]>>()?.is_none() {
                break;
            }
        }
        let name = own.or(every).unwrap_or_else(|| ident(f).to_string());
        let span = ident(f).span();
        // A word of Rust's own: `r#type`.
        let name = match name.strip_prefix("r#") {
            Some(word) => Ident::new_raw(word, span),
            None if name.is_empty() => return Ok(None),
            None => Ident::new(&name, span),
        };
        Ok(Some(name))
    })
}

/// `#[create_with(Type, expr)]`, in which `me` is the resource.
pub(super) struct With(pub(super) Type, pub(super) Expr);

impl Parse for With {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let ty = s.parse()?;
        s.parse::<Token![,]>()?;
        Ok(Self(ty, s.parse()?))
    }
}

/// The member's type and value that `#[sent_as(Type, expr)]` gives a field in its calls, in which `me` is the resource.
pub(super) fn sent_as(f: &Field) -> Result<Option<With>> {
    find(&f.attrs, "sent_as").map(Attribute::parse_args).transpose()
}

/// A value of a type as an `Option`.
pub(super) fn optional(ty: &Type, value: TokenStream) -> TokenStream {
    if is(ty, "Option") {
        value
    } else {
        quote!(Some(#value))
    }
}

/// The type of a field on which a call depends, and whether its value must be cloned into an `Option`.
pub(super) fn partial(ty: &Type) -> TokenStream {
    let inside = inner(ty, "Option").unwrap_or(ty);
    quote!(::core::option::Option<#inside>)
}
