//! `#[attributes(..)]` and `#[attribute]`.

use super::{
    generated::{Generated, has, me},
    head::{Form, Head, by, call_struct, extras},
};
use crate::attrs::{find, ident, is, pascal};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Error, Expr, Field, Ident, LitStr, Result, Token,
    parse::{Parse, ParseStream},
};

/// `#[attribute]`, under the field's name in Pascal case, or `#[attribute("RedrivePolicy", write = expr, read = expr)]`.
pub(super) struct Keyed {
    key: String,
    write: Option<Expr>,
    read: Option<Expr>,
}

/// The key of a field that is an attribute.
pub(crate) fn attribute_key(f: &Field) -> Result<Option<String>> {
    Ok(keyed(f)?.map(|k| k.key))
}

pub(super) fn keyed(f: &Field) -> Result<Option<Keyed>> {
    let Some(attr) = find(&f.attrs, "attribute") else {
        return Ok(None);
    };
    match attr.meta {
        syn::Meta::Path(_) => Ok(Some(Keyed {
            key: pascal(&ident(f).to_string()),
            write: None,
            read: None,
        })),
        _ => attr.parse_args().map(Some),
    }
}

impl Parse for Keyed {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let mut key = Self {
            key: s.parse::<LitStr>()?.value(),
            write: None,
            read: None,
        };
        while s.parse::<Option<Token![,]>>()?.is_some() {
            let name: Ident = s.parse()?;
            s.parse::<Token![=]>()?;
            match name.to_string().as_str() {
                "write" => key.write = Some(s.parse()?),
                "read" => key.read = Some(s.parse()?),
                _ => return Err(Error::new(name.span(), "expected `write` or `read`")),
            }
        }
        Ok(key)
    }
}

/// Marks that every attribute of a resource has.
pub(crate) struct AttributeMarks {
    /// The create call takes none of them.
    pub(crate) after_create: bool,
    /// The property of the CloudFormation schema, where one property holds them all.
    pub(crate) property: Option<String>,
}

impl AttributeMarks {
    pub(crate) fn of(attrs: &[Attribute]) -> Result<Self> {
        let head = find(attrs, "attributes").map(Attribute::parse_args::<Head>);
        let property = head.transpose()?.and_then(|head| head.property);
        let create: Vec<Head> = attrs
            .iter()
            .filter(|a| a.path().is_ident("create"))
            .map(Attribute::parse_args)
            .collect::<Result<_>>()?;
        Ok(Self {
            after_create: !create.iter().any(|head| head.attributes),
            property,
        })
    }
}

/// `#[attributes(SetTopicAttributes: sns, by(topic_arn), one)]`: the call that sets fields marked `#[attribute("Name")]`.
/// `one` is a call an attribute, `list` a list of keys and values in the member `attributes`, otherwise they are a map there.
// Long: the code of the call, of each attribute, and of its reading back, quoted.
pub(super) fn attributes(
    resource: &Ident,
    mut head: Head,
    at_create: bool,
    fields: &[&Field],
    out: &mut Generated,
) -> Result<()> {
    let form = head.form.take();
    let one = form == Some(Form::One);
    let all_of = match form {
        Some(Form::One) => quote!(::tenon_resources::attribute::Attribute),
        Some(Form::List) => quote!(::tenon_resources::attribute::AttributeList),
        None => quote!(::tenon_resources::attribute::Attributes),
    };
    let (name, me, rules) = (&head.name, me(), &head.rules);
    let (by_member, by_value) = by(&head);
    let (mut members, mut values) = extras(&head);
    members.extend(by_member);
    values.extend(by_value);
    let (mut all, mut reads) = (vec![], vec![]);
    for f in fields {
        let Some(Keyed { key, write, read }) = keyed(f)? else {
            continue;
        };
        let (id, ty) = (ident(f), &f.ty);
        let default: TokenStream = if let Some(attr) = find(&f.attrs, "default") {
            attr.parse_args::<Expr>()?.to_token_stream()
        } else {
            quote!(::core::default::Default::default())
        };
        let default = quote!({ let value: #ty = #default; value });
        let own = if is(ty, "Option") {
            quote!(self.#id.as_ref())
        } else {
            quote!(&self.#id)
        };
        let value = write.map_or_else(|| own.clone(), |write| quote!((#write)(#own)));
        let value = quote!(::tenon_resources::attribute::Attribute::of(#value));
        if find(&f.attrs, "write_only").is_none() {
            let read = read.map_or_else(
                || quote!(::tenon_resources::attribute::read(map, #key, || #default)),
                |read| quote!(::tenon_resources::attribute::text(map, #key).map_or_else(|| #default, #read)),
            );
            reads.push(quote!(self.#id = #read;));
        }
        all.push(quote!(if self.#id != #default { all.set(#key, #value); }));
        if has(f, "immutable") || has(f, "by_hand") {
            continue;
        }
        let text = id.to_string();
        let set = if one {
            quote!(#key, #value)
        } else {
            quote!(#all_of::one(#key, #value))
        };
        out.arms.push(quote!(#text => Some(#name::steps(self, #set)),));
        out.regular.push(id.clone());
    }
    let (arguments, set) = if one {
        members.push(quote!(attribute_name: String, attribute_value: #all_of));
        (
            quote!(name: &str, value: #all_of),
            quote!(attribute_name: name.into(), attribute_value: value),
        )
    } else {
        members.push(quote!(attributes: #all_of));
        (quote!(attributes: #all_of), quote!(attributes))
    };
    let call = call_struct(&head, &members);
    let with_create = at_create.then(|| {
        quote! {
            /// The attributes that are not at their default.
            fn attributes(&self) -> ::tenon_resources::attribute::Attributes {
                let mut all = ::tenon_resources::attribute::Attributes::default();
                #(#all)*
                all
            }
        }
    });
    out.items.extend(quote! {
        #call
        impl #name {
            /// The call that sets these attributes.
            fn steps(#me: &#resource, #arguments) -> ::tenon_resources::call::Steps {
                let _ = #me;
                ::tenon_resources::call::Steps::update(Self { #set, #(#values),* }) #rules
            }
        }
        impl #resource {
            #with_create

            /// Takes over what AWS says of each attribute; one that it leaves out is at its default.
            #[cfg(feature = "aws")]
            pub(crate) fn read_attributes(&mut self, map: &::tenon_resources::attribute::Texts) {
                #(#reads)*
            }
        }
    });
    out.calls.push(quote!(#name));
    Ok(())
}
