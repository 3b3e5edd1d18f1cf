//! `#[derive(Call)]`.

use crate::attrs::{find, ident, named, snake};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    DeriveInput, Error, Expr, Ident, LitStr, Path, Result, Token, parenthesized,
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
    sent_by: Option<Path>,
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
            sent_by: None,
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
                "sent_by" => {
                    s.parse::<Token![=]>()?;
                    head.sent_by = Some(s.parse()?);
                }
                "refused" => {
                    s.parse::<Token![=]>()?;
                    head.refused = Some(s.parse()?);
                }
                _ => {
                    return Err(Error::new(
                        key.span(),
                        "expected `folds`, `name`, `id`, `refused`, `action`, `also`, `on` or `sent_by`",
                    ));
                }
            }
        }
        Ok(head)
    }
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let attr = find(&input.attrs, "call")
        .ok_or_else(|| Error::new(name.span(), "say which service: `#[call(ec2)]`"))?;
    let head: Head = attr.parse_args()?;
    let module = head.service.to_string();
    let operation = head.name.clone().unwrap_or_else(|| name.to_string());
    let sendable = sendable(input, &head, &operation)?;
    let Head {
        service,
        folds,
        action,
        also,
        on,
        ..
    } = head;
    let facts = quote!(::tenon_resources::#service::SERVICE);
    let own = action.map_or_else(
        || {
            quote!({
                const ACTION: [u8; #facts.action_length(#operation)] = #facts.action(#operation);
                ::tenon_resources::service::text(&ACTION)
            })
        },
        |action| quote!(#action),
    );
    // `iam:PassRole to ecs-tasks.amazonaws.com`: the action is the first word.
    let mut others: Vec<&str> = vec![];
    for action in also.iter().filter_map(|need| need.split(' ').next()) {
        if !others.contains(&action) {
            others.push(action);
        }
    }
    Ok(quote! {
        impl ::tenon_resources::call::Call for #name {
            const INFO: ::tenon_resources::call::CallInfo = ::tenon_resources::call::CallInfo {
                service: #module,
                operation: #operation,
                folds: #folds,
                actions: &[#own, #(#others),*],
                needs: &[#(#also),*],
                on: #on,
                not_yet: #facts.not_yet,
            };
        }
        #sendable
    })
}

/// `Sendable`: each member goes to the setter of its name of the SDK's builder, and the id is taken from the reply.
fn sendable(input: &DeriveInput, head: &Head, operation: &str) -> Result<TokenStream> {
    let (name, service, service_text) = (&input.ident, &head.service, head.service.to_string());
    let method = snake(&name.to_string(), name.span());
    let output = format_ident!("{name}Output");
    let set = named(input)?.into_iter().map(|f| {
        let (id, setter) = (ident(f), format_ident!("set_{}", ident(f)));
        quote!(.#setter(::tenon_resources::aws::ToSdk::to_sdk(self.#id)))
    });
    // `o` is the SDK's reply, as the attribute's expressions call it.
    let o = Ident::new("o", proc_macro2::Span::call_site());
    let reply_type = quote!(::tenon_resources::aws::sdk::#service::operation::#method::#output);
    // A reply of success may still say no, item by item.
    let refused = head.refused.as_ref().map(|expr| {
        quote! {
            let refused = (|#o: &#reply_type| -> Option<(String, String)> { #expr })(&reply);
            if let Some((code, message)) = refused {
                return Err(::tenon_resources::cloud::CallError::refused(#service_text, #operation, &code, message));
            }
        }
    });
    let reply_id = head.id.as_ref().map_or_else(
        || quote!(None),
        |expr| quote!((|#o: #reply_type| -> Option<String> { Some(#expr) })(reply)),
    );
    let as_it_is = head.sent_by.as_ref().map_or("send", |_| "send_as_it_is");
    let as_it_is = Ident::new(as_it_is, name.span());
    let send = quote! {
        fn #as_it_is(self, aws: &::tenon_resources::aws::Aws) -> ::tenon_resources::aws::SendFuture<'_> {
            ::std::boxed::Box::pin(async move {
                let reply = aws.#service.#method() #(#set)* .send().await
                    .map_err(|error| ::tenon_resources::aws::call_error(#service_text, #operation, error))?;
                let _ = &reply;
                #refused
                Ok(::tenon_resources::cloud::Reply { id: #reply_id, ..::std::default::Default::default() })
            })
        }
    };
    Ok(match &head.sent_by {
        None => quote! {
            #[cfg(feature = "aws")]
            impl ::tenon_resources::aws::Sendable for #name {
                #send
            }
        },
        Some(by) => quote! {
            #[cfg(feature = "aws")]
            impl #name {
                /// Sends the members of the call.
                #send
            }
            #[cfg(feature = "aws")]
            impl ::tenon_resources::aws::Sendable for #name {
                fn send(self, aws: &::tenon_resources::aws::Aws) -> ::tenon_resources::aws::SendFuture<'_> {
                    ::std::boxed::Box::pin(#by(self, aws))
                }
            }
        },
    })
}
