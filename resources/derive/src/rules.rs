//! `#[wrong_if(..)]`, `#[wrong_text_if(..)]`, `#[missing_if(..)]` and `#[checked(..)]`: what AWS does not take, as findings about a field.

use crate::attrs::{ident, inner, is};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    Attribute, Error, Expr, Field, LitStr, Result, Token, Type,
    parse::{Parse, ParseStream},
};

/// `condition, "is {it}, and AWS takes ..", arguments`: the finding and when there is one. The sentence goes on after the field's name.
struct Rule {
    condition: Expr,
    sentence: LitStr,
    arguments: TokenStream,
}

impl Parse for Rule {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let condition = s.parse()?;
        s.parse::<Token![,]>()?;
        Ok(Self {
            condition,
            sentence: s.parse()?,
            arguments: s.parse()?,
        })
    }
}

impl Rule {
    /// The statement that adds the finding about field `name`.
    fn statement(&self, name: &Ident) -> TokenStream {
        let Self {
            condition,
            sentence,
            arguments,
        } = self;
        // With the span of the sentence, so that `{it}` in it is the `it` of the mark.
        let sentence = LitStr::new(&format!("`{name}` {}", sentence.value()), sentence.span());
        quote!(if #condition { findings.push(format!(#sentence #arguments)); })
    }
}

/// The code in which `it` is the field's value: what is set of an `Option`, and with `text` what is known of an `Input`.
fn with_value(f: &Field, text: bool, code: &TokenStream) -> TokenStream {
    let (id, it) = (ident(f), Ident::new("it", Span::call_site()));
    let option = inner(&f.ty, "Option");
    let known = text && is(option.unwrap_or(&f.ty), "Input");
    let code = quote!({ let _ = #it; #code });
    match (option, known) {
        (None, false) => quote!({ let #it = &self.#id; #code }),
        (None, true) => quote!(if let Some(#it) = self.#id.known() #code),
        (Some(_), false) => quote!(if let Some(#it) = &self.#id #code),
        (Some(_), true) => {
            quote!(if let Some(#it) = self.#id.as_ref().and_then(::tenon_resources::value::Input::known) #code)
        }
    }
}

/// The condition under which a field of type `ty` is unset: an absent or an empty value.
fn unset(id: &Ident, ty: &Type) -> TokenStream {
    if is(ty, "Option") {
        quote!(self.#id.is_none())
    } else {
        quote!(self.#id.is_empty())
    }
}

/// The code of one mark; `None` for an attribute that is none of these.
fn rule(f: &Field, attr: &Attribute) -> Result<Option<TokenStream>> {
    let id = ident(f);
    let mark = attr.path().get_ident().map(ToString::to_string);
    Ok(Some(match mark.as_deref() {
        Some("wrong_if") => with_value(f, false, &attr.parse_args::<Rule>()?.statement(id)),
        Some("wrong_text_if") => {
            if !is(inner(&f.ty, "Option").unwrap_or(&f.ty), "Input") {
                return Err(Error::new_spanned(
                    attr,
                    "expected an `Input`: of others, `wrong_if`",
                ));
            }
            with_value(f, true, &attr.parse_args::<Rule>()?.statement(id))
        }
        Some("missing_if") => {
            let (unset, found) = (unset(id, &f.ty), attr.parse_args::<Rule>()?.statement(id));
            quote!(if #unset { #found })
        }
        Some("checked") => {
            let (check, name) = (attr.parse_args::<Expr>()?, id.to_string());
            let field = Ident::new("field", Span::call_site());
            let code = quote! {
                let #field = #name;
                let _ = #field;
                findings.extend(#check);
            };
            with_value(f, false, &code)
        }
        _ => return Ok(None),
    }))
}

/// The body of `Resource::findings_of_fields`.
pub(crate) fn findings(fields: &[&Field]) -> Result<TokenStream> {
    let me = Ident::new("me", Span::call_site());
    let mut all = vec![];
    for f in fields {
        for attr in &f.attrs {
            all.extend(rule(f, attr)?);
        }
    }
    if all.is_empty() {
        return Ok(quote!(vec![]));
    }
    Ok(quote! {
        let #me = self;
        let _ = #me;
        let mut findings: Vec<String> = vec![];
        #(#all)*
        findings
    })
}
