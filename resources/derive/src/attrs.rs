//! Reading structs, fields and their attributes.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, GenericArgument, Ident, Lit, LitStr,
    Meta, PathArguments, Result, Type, spanned::Spanned,
};

pub(crate) fn named(input: &DeriveInput) -> Result<Vec<&Field>> {
    match &input.data {
        Data::Struct(s) => match &s.fields {
            Fields::Named(f) => Ok(f.named.iter().collect()),
            Fields::Unit => Ok(vec![]),
            Fields::Unnamed(_) => Err(Error::new(input.span(), "expected a struct with named fields")),
        },
        _ => Err(Error::new(input.span(), "expected a struct")),
    }
}

pub(crate) fn ident(field: &Field) -> &Ident {
    field.ident.as_ref().expect("fields are named")
}

pub(crate) fn find<'a>(attrs: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attrs.iter().find(|a| a.path().is_ident(name))
}

pub(crate) fn text(attrs: &[Attribute], name: &str) -> Result<Option<String>> {
    find(attrs, name)
        .map(|a| a.parse_args::<LitStr>().map(|s| s.value()))
        .transpose()
}

/// The documentation as one line of text.
pub(crate) fn doc(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|a| match &a.meta {
        Meta::NameValue(nv) if nv.path.is_ident("doc") => match &nv.value {
            Expr::Lit(ExprLit { lit: Lit::Str(s), .. }) => Some(s.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> = lines.take_while(|l| !l.starts_with("```")).collect();
    lines.join(" ").trim().to_owned()
}

pub(crate) fn documented(field: &Field, what: &str) -> Result<String> {
    let doc = doc(&field.attrs);
    if doc.is_empty() {
        return Err(Error::new(
            ident(field).span(),
            format!("every {what} is documented: the plan and the reference quote it"),
        ));
    }
    Ok(doc)
}

pub(crate) fn pascal(name: &str) -> String {
    let mut out = String::new();
    for word in name.split('_').filter(|w| !w.is_empty()) {
        let (first, rest) = word.split_at(1);
        out.push_str(&first.to_uppercase());
        out.push_str(rest);
    }
    out
}

pub(crate) fn camel(name: &Ident) -> Ident {
    Ident::new(&pascal(&name.to_string()), name.span())
}

pub(crate) fn snake(name: &str, span: Span) -> Ident {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    Ident::new(&out, span)
}

pub(crate) fn is(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == name))
}

pub(crate) fn inner<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(p) = ty else { return None };
    let last = p.path.segments.last().filter(|s| s.ident == name)?;
    let PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    match args.args.first()? {
        GenericArgument::Type(t) => Some(t),
        _ => None,
    }
}

/// The argument of a constructor or setter for a field, and what it becomes.
pub(crate) fn taker(id: &Ident, ty: &Type) -> (TokenStream, TokenStream) {
    if let Some(t) = inner(ty, "Input") {
        return (
            quote!(#id: impl ::tenon_resources::value::IntoInput<#t>),
            quote!(::tenon_resources::value::IntoInput::into_input(#id)),
        );
    }
    for list in ["Vec", "BTreeSet"] {
        if let Some(t) = inner(ty, list).and_then(|t| inner(t, "Input")) {
            return (
                quote!(#id: impl IntoIterator<Item = impl ::tenon_resources::value::IntoInput<#t>>),
                quote!(#id.into_iter().map(::tenon_resources::value::IntoInput::into_input).collect()),
            );
        }
        if let Some(t) = inner(ty, list) {
            return (
                quote!(#id: impl IntoIterator<Item = impl Into<#t>>),
                quote!(#id.into_iter().map(Into::into).collect()),
            );
        }
    }
    // A number is taken as it is: `80` is then of the field's own type, where `impl Into<u16>` would make it an `i32`.
    if ["u16", "u32", "u64", "i32", "i64", "f64"]
        .iter()
        .any(|n| is(ty, n))
    {
        return (quote!(#id: #ty), quote!(#id));
    }
    (quote!(#id: impl Into<#ty>), quote!(#id.into()))
}
