//! `#[derive(Resource)]`.

use crate::{
    attrs::{camel, doc, documented, find, ident, inner, is, named, pascal, taker, text},
    facts::facts,
    generate::{self, AttributeMarks, Generated, attribute_key},
    read::from_sdk,
    rules::findings,
    sample::samples,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, DeriveInput, Error, Expr, Field, Ident, LitChar, LitInt, LitStr, Result, Token, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

/// `#[resource("ec2.subnet", ..)]`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "marks are independent of one another"
)]
#[derive(Default)]
struct Head {
    kind: String,
    cfn: String,
    ready: Option<u32>,
    stateful: bool,
    delete_first: bool,
    by_name: bool,
    by_token: bool,
}

impl Parse for Head {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let mut head = Self {
            kind: s.parse::<LitStr>()?.value(),
            ..Self::default()
        };
        while s.parse::<Option<Token![,]>>()?.is_some() {
            let key: Ident = s.parse()?;
            match key.to_string().as_str() {
                "stateful" => head.stateful = true,
                "delete_first" => head.delete_first = true,
                "by_name" => head.by_name = true,
                "by_token" => head.by_token = true,
                "cfn" => {
                    s.parse::<Token![=]>()?;
                    head.cfn = s.parse::<LitStr>()?.value();
                }
                "ready" => {
                    s.parse::<Token![=]>()?;
                    head.ready = Some(s.parse::<LitInt>()?.base10_parse::<u32>()? * 60);
                }
                _ => {
                    return Err(Error::new(
                        key.span(),
                        "expected `cfn`, `ready`, `stateful`, `delete_first`, `by_name` or `by_token`",
                    ));
                }
            }
        }
        Ok(head)
    }
}

/// `#[named(max = 32, id, also = "-", lower, folds, global, kept, separator = '_', pattern = "[a-z].*", reserved("aws"), suffix = ".fifo", when = "fifo")]`.
// Long: one arm for each mark.
fn name_rule(attr: &Attribute) -> Result<TokenStream> {
    attr.parse_args_with(|s: ParseStream<'_>| {
        let (mut max, mut members) = (None, vec![]);
        let (mut suffix, mut when) = (None, None);
        loop {
            let key: Ident = s.parse()?;
            match key.to_string().as_str() {
                "id" => {}
                "lower" | "folds" | "global" | "kept" => members.push(quote!(#key: true)),
                "reserved" => {
                    let list;
                    parenthesized!(list in s);
                    let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?.into_iter();
                    members.push(quote!(#key: &[#(#list),*]));
                }
                "separator" => {
                    s.parse::<Token![=]>()?;
                    let value = s.parse::<LitChar>()?;
                    members.push(quote!(#key: #value));
                }
                "max" => {
                    s.parse::<Token![=]>()?;
                    max = Some(s.parse::<LitInt>()?.base10_parse::<usize>()?);
                }
                text @ ("also" | "pattern" | "suffix" | "when") => {
                    s.parse::<Token![=]>()?;
                    let value = s.parse::<LitStr>()?.value();
                    match text {
                        "suffix" => suffix = Some(value),
                        "when" => when = Some(value),
                        _ => members.push(quote!(#key: #value)),
                    }
                }
                _ => {
                    return Err(Error::new(
                        key.span(),
                        "expected `max`, `id`, `also`, `lower`, `folds`, `global`, `kept`, `separator`, `pattern`, `reserved`, `suffix` or `when`",
                    ));
                }
            }
            if s.parse::<Option<Token![,]>>()?.is_none() {
                break;
            }
        }
        let max = max.ok_or_else(|| s.error("expected `max`: how long the name may be"))?;
        match (suffix, when) {
            (Some(text), Some(field)) => members.push(quote!(suffix: Some((#text, #field)))),
            (None, None) => {}
            _ => return Err(s.error("expected `suffix` and `when` together: a field asks for the suffix")),
        }
        Ok(quote!(Some(::tenon_resources::value::NameRule { #(#members,)* ..::tenon_resources::value::NameRule::new(#max) })))
    })
}

/// `true` if `#[named(.., id)]` says that the name is the id.
fn name_is_id(f: &Field) -> bool {
    let tokens = find(&f.attrs, "named").and_then(|attr| attr.meta.require_list().ok());
    tokens.is_some_and(|list| {
        let mut before = None;
        for token in list.tokens.clone() {
            let (token, start) = (token.to_string(), before.as_deref().is_none_or(|b| b == ","));
            if start && token == "id" {
                return true;
            }
            before = Some(token);
        }
        false
    })
}

/// The value of `Resource::INSIDE`.
fn inside(fields: &[&Field]) -> Result<TokenStream> {
    for f in fields {
        if let Some(of) = text(&f.attrs, "inside")? {
            let field = ident(f).to_string();
            return Ok(quote!(Some(::tenon_resources::resource::Inside { of: #of, field: #field })));
        }
    }
    Ok(quote!(None))
}

/// `#[range(0..=35)]`, `#[length(1..=255)]` as `Some((low, high))`.
fn bounds(f: &Field, mark: &str) -> Result<TokenStream> {
    let Some(attr) = find(&f.attrs, mark) else {
        return Ok(quote!(None));
    };
    let range: syn::ExprRange = attr.parse_args()?;
    match (&range.start, &range.end) {
        (Some(low), Some(high)) => Ok(quote!(Some((#low, #high)))),
        _ => Err(Error::new_spanned(range, "expected both bounds: `0..=35`")),
    }
}

pub(crate) fn option(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |t| quote!(Some(#t)))
}

/// The entry of a field in the table, the constructor and the setters.
struct Parts {
    entry: TokenStream,
    mutable: bool,
    argument: Option<TokenStream>,
    init: TokenStream,
    setter: Option<TokenStream>,
}

// Long: one mark of a field after the other, and the code that follows from them.
fn parts(f: &Field, attributes: &AttributeMarks) -> Result<Parts> {
    let (id, ft) = (ident(f), &f.ty);
    let name = id.to_string();
    let docs = documented(f, "field")?;
    let has = |attr: &str| find(&f.attrs, attr).is_some();
    let (mutable, write_only) = (!has("immutable"), has("write_only"));
    let after = has("after_create") || (has("attribute") && attributes.after_create);
    let change = if mutable { quote!(InPlace) } else { quote!(Replace) };
    let default: Option<Expr> = find(&f.attrs, "default").map(Attribute::parse_args).transpose()?;
    let list = ["Vec", "BTreeSet", "BTreeMap"].iter().any(|c| is(ft, c));
    // An unset list is an empty one.
    let empty = list.then(|| quote!(::core::default::Default::default()));
    let table_default = default
        .as_ref()
        .map(ToTokens::to_token_stream)
        .or(empty)
        .map_or_else(
            || quote!(None),
            |d| {
                quote!(Some(|| {
                    let value: #ft = #d;
                    ::serde_json::to_value(value).expect("a default is plain data")
                }))
            },
        );
    let optional = is(ft, "Option");
    let left_to_aws = optional && default.is_none();
    let collection = list || name == "tags";
    let rule = find(&f.attrs, "named").map_or_else(|| Ok(quote!(None)), name_rule)?;
    let attachment = has("attachment");
    let cfn = match text(&f.attrs, "cfn")? {
        Some(property) => property,
        None => {
            attribute_key(f)?.map_or_else(|| pascal(&name), |key| attributes.property.clone().unwrap_or(key))
        }
    };
    let (range, length) = (bounds(f, "range")?, bounds(f, "length")?);
    let pattern = option(text(&f.attrs, "pattern")?.as_deref());
    let rust_type = ft.to_token_stream().to_string().replace(' ', "");
    let entry = quote!(::tenon_resources::resource::Field {
        name: #name, doc: #docs, rust_type: #rust_type, change: ::tenon_resources::resource::Mutability::#change,
        after_create: #after, write_only: #write_only, default: #table_default, optional: #left_to_aws,
        named: #rule, attachment: #attachment, cfn: #cfn,
        range: #range, length: #length, pattern: #pattern,
    });
    let (argument, init, setter) = if default.is_none() && !optional && !collection {
        let (argument, init) = taker(id, ft);
        (Some(argument), quote!(#id: #init), None)
    } else {
        let init = default.map_or_else(|| quote!(::core::default::Default::default()), |d| quote!(#d));
        let inside = inner(ft, "Option");
        let doc = format!("Sets `{name}`. {docs}");
        let (argument, value) = taker(id, inside.unwrap_or(ft));
        let value = if inside.is_some() {
            quote!(Some(#value))
        } else {
            value
        };
        let setter = quote! {
            #[doc = #doc]
            #[must_use]
            #[track_caller]
            pub fn #id(mut self, #argument) -> Self {
                self.#id = #value;
                self
            }
        };
        (None, quote!(#id: #init), Some(setter))
    };
    Ok(Parts {
        entry,
        mutable,
        argument,
        init,
        setter,
    })
}

/// The constant with the field's name.
fn field_name(f: &Field) -> TokenStream {
    let name = ident(f).to_string();
    let constant = Ident::new(&name.to_uppercase(), ident(f).span());
    let doc = format!("The name of the field `{name}`.");
    quote! {
        #[doc = #doc]
        pub const #constant: ::tenon_resources::resource::FieldName<Self> = ::tenon_resources::resource::FieldName::derived(#name);
    }
}

/// The enum of the fields that change in place by calls written by hand.
fn by_hand(name: &Ident, mutable_type: &Ident, mutable: &[&Ident]) -> TokenStream {
    let doc = format!("The fields of [`{name}`] that change in place by calls written by hand.");
    let variants = mutable.iter().map(|id| camel(id));
    let docs = mutable.iter().map(|id| format!("`{id}`."));
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum #mutable_type { #(#[doc = #docs] #variants),* }
    }
}

/// The half of the type that needs the SDK: the senders of its calls, and the lookups that `by_name` and `by_token` ask for, which do not compile
/// without the trait's implementation.
fn wired(name: &Ident, calls: &[TokenStream], by_name: bool, by_token: bool) -> TokenStream {
    let named = by_name.then(|| {
        quote! {
            fn named<'a>(aws: &'a ::tenon_resources::aws::Aws, wanted: &'a Self) -> ::tenon_resources::aws::Ids<'a> {
                ::std::boxed::Box::pin(<Self as ::tenon_resources::aws::ByName>::named(aws, wanted))
            }
        }
    });
    let made_with = by_token.then(|| {
        quote! {
            fn made_with<'a>(aws: &'a ::tenon_resources::aws::Aws, token: &'a str) -> ::tenon_resources::aws::Ids<'a> {
                ::std::boxed::Box::pin(<Self as ::tenon_resources::aws::ByToken>::made_with(aws, token))
            }
        }
    });
    quote! {
        #[cfg(feature = "aws")]
        impl ::tenon_resources::aws::Wired for #name {
            const SENDERS: &'static [::tenon_resources::aws::Sender] = &[#(::tenon_resources::aws::Sender::of::<#calls>()),*];
            #named
            #made_with
        }
    }
}

/// The items of `Resource` that follow from marks of single fields.
fn from_marks(fields: &[&Field], all: &[Parts]) -> Result<TokenStream> {
    let (findings, inside) = (findings(fields)?, inside(fields)?);
    let identity = fields.iter().find(|f| name_is_id(f)).map_or_else(
        || quote!(::tenon_resources::resource::Identity::Assigned),
        |f| {
            let id = ident(f);
            quote!(::tenon_resources::resource::Identity::named(self.#id.as_ref()))
        },
    );
    let arguments = all.iter().map(|parts| parts.argument.is_some());
    let samples = samples(fields.iter().copied().zip(arguments))?;
    Ok(quote! {
        const INSIDE: Option<::tenon_resources::resource::Inside> = #inside;
        fn identity_by_name(&self) -> ::tenon_resources::resource::Identity {
            #identity
        }
        fn findings_of_fields(&self) -> Vec<String> {
            #findings
        }
        fn samples() -> [Self; 2] {
            #samples
        }
    })
}

// Long: the code of the struct, its constructor, its setters and its trait, quoted.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let head = find(&input.attrs, "resource").ok_or_else(|| {
        Error::new(
            name.span(),
            "say which type this is: `#[resource(\"ec2.subnet\")]`",
        )
    })?;
    let Head {
        kind,
        cfn,
        ready,
        stateful,
        delete_first,
        by_name,
        by_token,
    } = head.parse_args()?;
    let docs = doc(&input.attrs);
    if docs.is_empty() {
        return Err(Error::new(
            name.span(),
            "a resource type is documented: the reference quotes it",
        ));
    }
    let ready = ready.map_or_else(|| quote!(None), |r| quote!(Some(#r)));
    let (fields, attributes) = (named(input)?, AttributeMarks::of(&input.attrs)?);
    let all = fields
        .iter()
        .map(|f| parts(f, &attributes))
        .collect::<Result<Vec<_>>>()?;
    let (entries, inits) = (all.iter().map(|p| &p.entry), all.iter().map(|p| &p.init));
    let (arguments, setters) = (
        all.iter().filter_map(|p| p.argument.as_ref()),
        all.iter().filter_map(|p| p.setter.as_ref()),
    );
    let Generated {
        items,
        calls,
        arms,
        regular,
    } = generate::calls(name, &input.attrs, &fields)?;
    let (facts, read) = (facts(name, &input.attrs)?, from_sdk(name, &input.attrs, &fields)?);
    let from_marks = from_marks(&fields, &all)?;
    let wired = wired(name, &calls, by_name, by_token);
    let mutable: Vec<&Ident> = fields
        .iter()
        .zip(&all)
        .filter(|(f, p)| p.mutable && !regular.contains(ident(f)))
        .map(|(f, _)| ident(f))
        .collect();
    let variants: Vec<Ident> = mutable.iter().map(|id| camel(id)).collect();
    let texts = mutable.iter().map(ToString::to_string);
    let (mutable_type, outputs) = (format_ident!("{name}Field"), format_ident!("{name}Outputs"));
    let names = fields.iter().map(|f| field_name(f)).collect::<Vec<_>>();
    let new_doc = format!("A [`{name}`] with everything optional left at its default.");
    let by_hand = by_hand(name, &mutable_type, &mutable);
    Ok(quote! {
        #by_hand

        impl #name {
            #[doc = #new_doc]
            #[track_caller]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#inits),* }
            }
            #(#setters)*
            #(#names)*
        }
        #items
        #read

        #wired

        impl ::tenon_resources::resource::Resource for #name {
            const TYPE: &'static str = #kind;
            const DOC: &'static str = #docs;
            const FIELDS: &'static [::tenon_resources::resource::Field] = &[#(#entries),*];
            const READY: Option<u32> = #ready;
            const STATEFUL: bool = #stateful;
            const DELETE_FIRST: bool = #delete_first;
            const CFN: &'static str = #cfn;
            const FACTS: ::tenon_resources::resource::Facts = #facts;
            const BY_NAME: bool = #by_name;
            const BY_TOKEN: bool = #by_token;
            const CALLS: &'static [::tenon_resources::call::CallInfo] = &[#(<#calls as ::tenon_resources::call::Call>::INFO),*];
            type Outputs = #outputs;
            type Mutable = #mutable_type;
            fn mutable(name: &str) -> Option<#mutable_type> {
                match name {
                    #(#texts => Some(#mutable_type::#variants),)*
                    _ => None,
                }
            }
            #from_marks
            fn regular(&self, was: &Self, field: &str) -> Option<::tenon_resources::call::Steps> {
                let _ = was;
                match field {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    })
}
