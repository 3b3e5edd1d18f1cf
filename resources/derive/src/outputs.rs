//! `#[derive(Outputs)]`.

use crate::{
    attrs::{documented, ident, named, text},
    resource::option,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Error, Result};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let (name, fields) = (&input.ident, named(input)?);
    if fields.first().is_none_or(|f| ident(f) != "id") {
        return Err(Error::new(name.span(), "the first output is `id`"));
    }
    let base = name.to_string();
    let base = base.strip_suffix("Outputs").unwrap_or(&base);
    let refs = format_ident!("{base}Refs");
    let (mut table, mut promises, mut makers) = (vec![], vec![], vec![]);
    for f in &fields {
        let (id, ty) = (ident(f), &f.ty);
        let (output, docs) = (id.to_string(), documented(f, "output")?);
        let shape = text(&f.attrs, "shape")?
            .ok_or_else(|| Error::new(id.span(), "say what it looks like: `#[shape(\"vpc-{hex17}\")]`"))?;
        let shown = option(text(&f.attrs, "shown_while_pending")?.as_deref());
        table.push(quote!(::tenon_resources::resource::OutputField {
            name: #output, doc: #docs, shape: #shape, type_name: ::std::any::type_name::<#ty>,
            shown_while_pending: #shown,
        }));
        promises.push(quote!(#[doc = #docs] pub #id: ::tenon_resources::value::Output<#ty>));
        makers.push(quote!(#id: ::tenon_resources::value::Output::new(address, #output)));
    }
    let doc = format!("The outputs of a [`{base}`] as promises: what a stack holds before it exists.");
    Ok(quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        pub struct #refs { #(#promises),* }

        impl ::tenon_resources::resource::Outputs for #name {
            type Refs = #refs;
            const FIELDS: &'static [::tenon_resources::resource::OutputField] = &[#(#table),*];
            fn refs(address: &str) -> #refs {
                #refs { #(#makers),* }
            }
        }
    })
}
