//! `#[unset(..)]`.

use super::{
    generated::{Generated, me},
    head::{Common, Head, by, call_struct, extras},
};
use crate::attrs::{find, ident};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, Field, Ident, Result};

/// The struct of the call that `#[unset(DeleteLifecyclePolicy: ecr, by(repository_name))]` names, if the field has one.
pub(super) fn unset(resource: &Ident, f: &Field, common: &Common, out: &mut Generated) -> Result<()> {
    let Some(attr) = find(&f.attrs, "unset") else {
        return Ok(());
    };
    let head = attr.parse_args::<Head>()?.or(common);
    let (name, me, rules) = (&head.name, me(), &head.rules);
    let (by_member, by_value) = by(&head);
    let (mut members, mut values) = extras(&head);
    members.extend(by_member);
    values.extend(by_value);
    let call = call_struct(&head, &members);
    let doc = format!("The call that sets `{}` to its default.", ident(f));
    out.items.extend(quote! {
        #call
        impl #name {
            #[doc = #doc]
            fn steps(#me: &#resource) -> ::tenon_resources::call::Steps {
                let _ = #me;
                ::tenon_resources::call::Steps::update(Self { #(#values),* }) #rules
            }
        }
    });
    out.calls.push(quote!(#name));
    Ok(())
}

/// The steps of a change of field `f`: `set`, or the call of its `#[unset(..)]` where the field is at its default.
pub(super) fn or_unset(f: &Field, set: TokenStream) -> Result<TokenStream> {
    let Some(attr) = find(&f.attrs, "unset") else {
        return Ok(set);
    };
    let (name, id, ty) = (attr.parse_args::<Head>()?.name, ident(f), &f.ty);
    let default = find(&f.attrs, "default").map(Attribute::parse_args::<Expr>);
    let default = default.transpose()?.map_or_else(
        || quote!(::core::default::Default::default()),
        |default| quote!(#default),
    );
    Ok(quote! {
        if self.#id == { let value: #ty = #default; value } {
            Some(#name::steps(self))
        } else {
            #set
        }
    })
}
