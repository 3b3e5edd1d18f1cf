//! `#[facts(..)]`: what AWS says of a type.

use crate::attrs::find;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Error, Expr, Ident, LitInt, LitStr, Result, Token, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

struct Facts {
    gone: Vec<LitStr>,
    in_use: Vec<(LitStr, LitInt)>,
    second_create: Expr,
    exists: Vec<(LitStr, LitStr)>,
}

impl Parse for Facts {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let (mut gone, mut in_use, mut second, mut exists) = (vec![], vec![], None, vec![]);
        while !s.is_empty() {
            let key: Ident = s.parse()?;
            match key.to_string().as_str() {
                "gone" => {
                    let list;
                    parenthesized!(list in s);
                    gone = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?
                        .into_iter()
                        .collect();
                }
                "in_use" => {
                    let list;
                    parenthesized!(list in s);
                    let code = list.parse()?;
                    list.parse::<Token![,]>()?;
                    in_use.push((code, list.parse()?));
                }
                "exists" => {
                    let list;
                    parenthesized!(list in s);
                    let code: LitStr = list.parse()?;
                    let part = if list.parse::<Option<Token![,]>>()?.is_some() {
                        list.parse()?
                    } else {
                        LitStr::new("", code.span())
                    };
                    exists.push((code, part));
                }
                "second_create" => {
                    s.parse::<Token![=]>()?;
                    second = Some(s.parse()?);
                }
                _ => {
                    return Err(Error::new(
                        key.span(),
                        "expected `gone`, `in_use`, `second_create` or `exists`",
                    ));
                }
            }
            if s.parse::<Option<Token![,]>>()?.is_none() {
                break;
            }
        }
        let second_create = second
            .ok_or_else(|| s.error("expected `second_create`: what a second create of the same answers"))?;
        Ok(Self {
            gone,
            in_use,
            second_create,
            exists,
        })
    }
}

/// The value of `Resource::FACTS`.
pub(crate) fn facts(resource: &Ident, attrs: &[Attribute]) -> Result<TokenStream> {
    let attr = find(attrs, "facts").ok_or_else(|| {
        let why = "say what AWS answers: `#[facts(gone(\"Code\"), second_create = Another)]`";
        Error::new(resource.span(), why)
    })?;
    let Facts {
        gone,
        in_use,
        second_create,
        exists,
    } = attr.parse_args()?;
    let in_use = in_use.iter().map(|(code, seconds)| quote!((#code, #seconds)));
    let exists = exists.iter().map(|(code, part)| quote!((#code, #part)));
    Ok(quote!({
        use ::tenon_resources::resource::SecondCreate::*;
        ::tenon_resources::resource::Facts {
            gone: &[#(#gone),*], in_use: &[#(#in_use),*], second_create: #second_create, exists: &[#(#exists),*],
        }
    }))
}
