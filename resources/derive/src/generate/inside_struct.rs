//! `#[in_struct(..)]`: several fields that are one member of a call.

use super::generated::me;
use crate::attrs::{find, ident, is};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Field, Ident, Result, Token,
    parse::{Parse, ParseStream},
};

/// `Network`, or `Network, alarms` where the field has another name there.
struct InStruct {
    name: Ident,
    member: Option<Ident>,
}

impl Parse for InStruct {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let name = s.parse()?;
        let member = s.parse::<Option<Token![,]>>()?.map(|_| s.parse()).transpose()?;
        Ok(Self { name, member })
    }
}

/// A struct for each name, with its fields, and `of(&resource)`, which has their values.
pub(super) fn structs(resource: &Ident, fields: &[&Field]) -> Result<TokenStream> {
    let mut all: Vec<(Ident, Vec<TokenStream>, Vec<TokenStream>)> = vec![];
    let me = me();
    for f in fields {
        let Some(attr) = find(&f.attrs, "in_struct") else {
            continue;
        };
        let InStruct { name, member } = attr.parse_args()?;
        let at = all.iter().position(|(n, ..)| *n == name).unwrap_or_else(|| {
            all.push((name.clone(), vec![], vec![]));
            all.len() - 1
        });
        let (id, ty) = (ident(f), &f.ty);
        let member = member.as_ref().unwrap_or(id);
        // What is unset is left out of the call.
        let unset = is(ty, "Option")
            .then(|| quote!(#[serde(default, skip_serializing_if = "::std::option::Option::is_none")]));
        all[at].1.push(quote!(#unset pub(super) #member: #ty));
        all[at].2.push(quote!(#member: #me.#id.clone()));
    }
    let code = all.iter().map(|(name, members, values)| {
        let doc = format!("Fields of [`{resource}`] that are one member of its calls.");
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, ::serde::Serialize, ::serde::Deserialize)]
            pub(super) struct #name { #(#members),* }

            impl #name {
                /// The fields of the resource.
                fn of(#me: &#resource) -> Self {
                    Self { #(#values),* }
                }
            }
        }
    });
    Ok(quote!(#(#code)*))
}
