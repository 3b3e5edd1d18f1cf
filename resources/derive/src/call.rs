//! `#[derive(Call)]`.

use crate::attrs::{find, ident, named, snake};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    DeriveInput, Error, Expr, Ident, LitStr, Result, Token, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

/// `#[call(ec2, ..)]`.
struct Head {
    service: Ident,
    name: Option<String>,
    folds: bool,
    id: Option<Expr>,
    refused: Option<Expr>,
    action: Option<String>,
    also: Vec<String>,
    on: String,
}

impl Parse for Head {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let mut head = Self {
            service: s.parse()?,
            name: None,
            folds: false,
            id: None,
            refused: None,
            action: None,
            also: vec![],
            on: "*".into(),
        };
        while s.parse::<Option<Token![,]>>()?.is_some() {
            let key: Ident = s.parse()?;
            match key.to_string().as_str() {
                "folds" => head.folds = true,
                "also" => {
                    let list;
                    parenthesized!(list in s);
                    head.also = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?
                        .iter()
                        .map(LitStr::value)
                        .collect();
                }
                other @ ("name" | "action" | "on") => {
                    s.parse::<Token![=]>()?;
                    let text = s.parse::<LitStr>()?.value();
                    match other {
                        "name" => head.name = Some(text),
                        "action" => head.action = Some(text),
                        _ => head.on = text,
                    }
                }
                "id" => {
                    s.parse::<Token![=]>()?;
                    head.id = Some(s.parse()?);
                }
                "refused" => {
                    s.parse::<Token![=]>()?;
                    head.refused = Some(s.parse()?);
                }
                _ => {
                    return Err(Error::new(
                        key.span(),
                        "expected `folds`, `name`, `id`, `refused`, `action`, `also` or `on`",
                    ));
                }
            }
        }
        Ok(head)
    }
}

/// The prefix of a service's IAM actions, where it is not the SDK module's name.
fn iam_prefix(service: &str) -> &str {
    match service {
        "elb" => "elasticloadbalancing",
        "appscaling" => "application-autoscaling",
        other => other,
    }
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let (name, fields) = (&input.ident, named(input)?);
    let attr = find(&input.attrs, "call")
        .ok_or_else(|| Error::new(name.span(), "say which service: `#[call(ec2)]`"))?;
    let Head {
        service,
        name: spelled,
        folds,
        id,
        refused,
        action,
        also,
        on,
    } = attr.parse_args()?;
    let service_text = service.to_string();
    let operation = spelled.unwrap_or_else(|| name.to_string());
    let action = action.unwrap_or_else(|| format!("{}:{operation}", iam_prefix(&service_text)));
    // `iam:PassRole to ecs-tasks.amazonaws.com`: the action is the first word.
    let first = |need: &String| need.split(' ').next().unwrap_or_default().to_owned();
    let mut actions = vec![action];
    for action in also.iter().map(first) {
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    let needs = &also;
    let method = snake(&name.to_string(), name.span());
    let output = format_ident!("{name}Output");
    let set = fields.iter().map(|f| {
        let (id, setter) = (ident(f), format_ident!("set_{}", ident(f)));
        quote!(.#setter(::tenon_resources::aws::ToSdk::to_sdk(call.#id)))
    });
    // A reply of success may still say no, item by item.
    let refused = refused.map(|expr| {
        let o = Ident::new("o", proc_macro2::Span::call_site());
        quote! {
            let refused = (|#o: &::tenon_resources::aws::sdk::#service::operation::#method::#output| -> Option<(String, String)> { #expr })(&reply);
            if let Some((code, message)) = refused {
                return Err(::tenon_resources::cloud::CallError::refused(#service_text, #operation, &code, message));
            }
        }
    });
    let reply_id = id.map_or_else(
        || quote!(None),
        |expr| {
            // `o` is the SDK's reply, as the attribute's expression calls it.
            let o = Ident::new("o", proc_macro2::Span::call_site());
            quote!((|#o: ::tenon_resources::aws::sdk::#service::operation::#method::#output| -> Option<String> { Some(#expr) })(reply))
        },
    );
    Ok(quote! {
        impl ::tenon_resources::call::Call for #name {
            const INFO: ::tenon_resources::call::CallInfo = ::tenon_resources::call::CallInfo {
                service: #service_text,
                operation: #operation,
                folds: #folds,
                actions: &[#(#actions),*],
                needs: &[#(#needs),*],
                on: #on,
                #[cfg(feature = "aws")]
                send: {
                    fn send(aws: &::tenon_resources::aws::Aws, params: ::serde_json::Value) -> ::tenon_resources::aws::SendFuture<'_> {
                        ::std::boxed::Box::pin(async move {
                            let call: #name = ::tenon_resources::aws::typed(#service_text, #operation, params)?;
                            let _ = &call;
                            let reply = aws.#service.#method() #(#set)* .send().await
                                .map_err(|error| ::tenon_resources::aws::call_error(#service_text, #operation, error))?;
                            let _ = &reply;
                            #refused
                            Ok(::tenon_resources::cloud::Reply { id: #reply_id, ..::std::default::Default::default() })
                        })
                    }
                    send
                },
            };
        }
    })
}
