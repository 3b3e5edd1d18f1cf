//! The regular calls of a resource: structs whose members are the resource's own fields.
//!
//! `#[create(..)]`, `#[update(..)]` and `#[delete(..)]` on a resource write the struct of the call and its `#[derive(Call)]`; what
//! they do not know themselves (`id = ..`, `folds`, `on = ..`) is handed on to `#[call(..)]` as it stands.

use crate::attrs::{find, ident, inner, is, pascal, text};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, Error, Expr, Field, Ident, LitStr, Result, Token, Type, parenthesized,
    parse::{Parse, ParseStream},
};

/// A member of a call that is no field of the resource: its name, its type, and its value, in which `me` is the resource.
#[derive(Clone)]
struct Extra {
    name: Ident,
    ty: Type,
    value: Expr,
}

impl Parse for Extra {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let name = s.parse()?;
        s.parse::<Token![:]>()?;
        let ty = s.parse()?;
        s.parse::<Token![=]>()?;
        Ok(Self {
            name,
            ty,
            value: s.parse()?,
        })
    }
}

/// `CreateSubnet: ec2, by(subnet_id), with(apply: bool = true), rules(.retry_on("..", 60)), id = o.id?`.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) name: Ident,
    service: Ident,
    /// The member that names the resource, and the output that it is.
    by: Option<(Ident, String)>,
    with: Vec<Extra>,
    rules: TokenStream,
    /// The attributes of the resource go into this member: [`Attributes`].
    attributes: bool,
    /// How attributes are sent; a map unless it says otherwise.
    form: Option<Form>,
    /// Handed on to `#[call(..)]`.
    rest: TokenStream,
}

/// How attributes are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One a call, in the members `attribute_name` and `attribute_value`.
    One,
    /// A list of keys and values in the member `attributes`.
    List,
}

impl Parse for Head {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let name = s.parse()?;
        s.parse::<Token![:]>()?;
        let mut head = Self {
            name,
            service: s.parse()?,
            by: None,
            with: vec![],
            rules: TokenStream::new(),
            attributes: false,
            form: None,
            rest: TokenStream::new(),
        };
        while s.parse::<Option<Token![,]>>()?.is_some() {
            if s.is_empty() {
                break;
            }
            let key: Ident = s.fork().parse()?;
            match key.to_string().as_str() {
                "by" => {
                    s.parse::<Ident>()?;
                    let inside;
                    parenthesized!(inside in s);
                    let member = inside.parse()?;
                    let output = if inside.parse::<Option<Token![=]>>()?.is_some() {
                        inside.parse::<LitStr>()?.value()
                    } else {
                        "id".into()
                    };
                    head.by = Some((member, output));
                }
                "with" => {
                    s.parse::<Ident>()?;
                    let inside;
                    parenthesized!(inside in s);
                    let list = inside.parse_terminated(Extra::parse, Token![,])?;
                    head.with.extend(list);
                }
                "rules" => {
                    s.parse::<Ident>()?;
                    let inside;
                    parenthesized!(inside in s);
                    head.rules = inside.parse()?;
                }
                "attributes" => {
                    s.parse::<Ident>()?;
                    head.attributes = true;
                }
                form @ ("one" | "list") => {
                    head.form = Some(if form == "one" { Form::One } else { Form::List });
                    s.parse::<Ident>()?;
                }
                _ => {
                    let mut item = TokenStream::new();
                    while !s.is_empty() && !s.peek(Token![,]) {
                        item.extend(std::iter::once(s.parse::<proc_macro2::TokenTree>()?));
                    }
                    head.rest.extend(quote!(, #item));
                }
            }
        }
        Ok(head)
    }
}

/// The name of a field's member in calls of this kind (`create`, `update`, `read`): `#[member("x")]`, or
/// `#[member("x", create = "y")]`; without it, the field's own. `None`: the empty name says that these calls have no such member.
pub(crate) fn member(f: &Field, of: &str) -> Result<Option<Ident>> {
    let Some(attr) = find(&f.attrs, "member") else {
        return Ok(Some(ident(f).clone()));
    };
    attr.parse_args_with(|s: ParseStream<'_>| {
        let (mut every, mut own) = (None, None);
        loop {
            if s.peek(LitStr) {
                every = Some(s.parse::<LitStr>()?.value());
            } else {
                let key: Ident = s.parse()?;
                s.parse::<Token![=]>()?;
                let value = s.parse::<LitStr>()?.value();
                match key.to_string().as_str() {
                    "create" | "update" | "read" if key == of => own = Some(value),
                    "create" | "update" | "read" => {}
                    _ => return Err(Error::new(key.span(), "expected `create`, `update` or `read`")),
                }
            }
            if s.parse::<Option<Token![,]>>()?.is_none() {
                break;
            }
        }
        let name = own.or(every).unwrap_or_else(|| ident(f).to_string());
        Ok((!name.is_empty()).then(|| Ident::new(&name, ident(f).span())))
    })
}

/// `#[create_with(Type, expr)]`, in which `me` is the resource.
struct With(Type, Expr);

impl Parse for With {
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let ty = s.parse()?;
        s.parse::<Token![,]>()?;
        Ok(Self(ty, s.parse()?))
    }
}

fn has(f: &Field, attr: &str) -> bool {
    find(&f.attrs, attr).is_some()
}

fn me() -> Ident {
    Ident::new("me", proc_macro2::Span::call_site())
}

/// The type of a field on which a call depends, and whether its value must be cloned into an `Option`.
fn partial(ty: &Type) -> TokenStream {
    let inside = inner(ty, "Option").unwrap_or(ty);
    quote!(::core::option::Option<#inside>)
}

/// What one `#[create]`, `#[update]` or `#[delete]` writes.
#[derive(Default)]
pub(crate) struct Generated {
    pub(crate) items: TokenStream,
    /// `X::INFO` of each call.
    pub(crate) infos: Vec<TokenStream>,
    /// Arms of `regular`, by field.
    pub(crate) arms: Vec<TokenStream>,
    /// The fields that those arms set.
    pub(crate) regular: Vec<Ident>,
}

fn heads(attrs: &[Attribute], name: &str) -> Result<Vec<Head>> {
    attrs
        .iter()
        .filter(|a| a.path().is_ident(name))
        .map(Attribute::parse_args)
        .collect()
}

fn call_struct(head: &Head, members: &[TokenStream]) -> TokenStream {
    let Head {
        name, service, rest, ..
    } = head;
    quote! {
        #[derive(::tenon_resources_derive::Call, ::serde::Serialize, ::serde::Deserialize)]
        #[call(#service #rest)]
        struct #name { #(#members),* }
    }
}

fn by(head: &Head) -> (Option<TokenStream>, Option<TokenStream>) {
    let Some((member, output)) = &head.by else {
        return (None, None);
    };
    (
        Some(quote!(#member: ::tenon_resources::value::Input<String>)),
        Some(quote!(#member: ::tenon_resources::call::own(#output))),
    )
}

fn extras(head: &Head) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let each = head
        .with
        .iter()
        .map(|Extra { name, ty, value }| (quote!(#name: #ty), quote!(#name: #value)));
    each.unzip()
}

/// Everything that the heads of a resource write.
pub(crate) fn calls(resource: &Ident, attrs: &[Attribute], fields: &[&Field]) -> Result<Generated> {
    let mut out = Generated::default();
    let mut at_create = false;
    for head in heads(attrs, "create")? {
        at_create |= head.attributes;
        create(resource, &head, fields, &mut out)?;
    }
    let updates = heads(attrs, "update")?;
    for (at, head) in updates.iter().enumerate() {
        update(resource, head, at == 0, fields, &mut out)?;
    }
    if let Some(attr) = find(attrs, "attributes") {
        attributes(resource, attr, at_create, fields, &mut out)?;
    }
    for head in heads(attrs, "delete")? {
        delete(resource, &head, &mut out);
    }
    for f in fields.iter().filter(|f| has(f, "local") && !has(f, "immutable")) {
        let name = ident(f).to_string();
        out.arms
            .push(quote!(#name => Some(::tenon_resources::call::Steps::none()),));
        out.regular.push(ident(f).clone());
    }
    if let Some(attr) = find(attrs, "retag") {
        retag(attr, &mut out)?;
    }
    Ok(out)
}

/// `#[retag(super::retag)]`, or `#[retag(TagResource, UntagResource: sns, by(resource_arn))]`.
fn retag(attr: &Attribute, out: &mut Generated) -> Result<()> {
    out.regular.push(format_ident!("tags"));
    let calls = attr.parse_args_with(|s: ParseStream<'_>| {
        if !s.peek2(Token![,]) {
            s.parse::<Expr>()?;
            return Ok(None);
        }
        let tag: Ident = s.parse()?;
        s.parse::<Token![,]>()?;
        Ok(Some((tag, s.call(Head::parse)?)))
    })?;
    let Some((tag, head)) = calls else {
        let path: Expr = attr.parse_args()?;
        out.arms
            .push(quote!("tags" => Some(#path(&self.tags, &was.tags)),));
        return Ok(());
    };
    let (untag, me) = (&head.name, me());
    let (by_member, by_value) = by(&head);
    let (mut members, mut values) = extras(&head);
    members.extend(by_member);
    values.extend(by_value);
    let tagging = Head {
        name: tag.clone(),
        ..head.clone()
    };
    for (head, own) in [
        (&tagging, quote!(tags: ::tenon_resources::value::Tags)),
        (&head, quote!(tag_keys: Vec<String>)),
    ] {
        let mut all = members.clone();
        all.push(own);
        out.items.extend(call_struct(head, &all));
        let name = &head.name;
        out.infos.push(quote!(#name::INFO));
    }
    let rules = &head.rules;
    out.arms.push(quote! {
        "tags" => {
            let #me = self;
            let _ = #me;
            let (tags, tag_keys) = self.tags.changes(&was.tags);
            Some(::tenon_resources::call::Steps::none()
                .then_if(!tags.0.is_empty(), || ::tenon_resources::call::Steps::update(#tag { tags, #(#values),* }) #rules)
                .then_if(!tag_keys.is_empty(), || ::tenon_resources::call::Steps::update(#untag { tag_keys, #(#values),* }) #rules))
        }
    });
    Ok(())
}

fn create(resource: &Ident, head: &Head, fields: &[&Field], out: &mut Generated) -> Result<()> {
    let (name, me, rules) = (&head.name, me(), &head.rules);
    let (by_member, by_value) = by(head);
    let (mut members, mut values) = extras(head);
    members.extend(by_member);
    values.extend(by_value);
    for f in fields {
        let (id, ty) = (ident(f), &f.ty);
        if has(f, "after_create") || has(f, "local") || has(f, "attribute") {
            continue;
        }
        let Some(member) = member(f, "create")? else {
            continue;
        };
        if let Some(of) = text(&f.attrs, "tag_specification")? {
            members.push(quote!(tag_specifications: ::tenon_resources::value::TagSpec));
            values.push(quote!(tag_specifications: #me.#id.on_create(#of)));
        } else if let Some(attr) = find(&f.attrs, "create_with") {
            let With(ty, value) = attr.parse_args()?;
            members.push(quote!(#member: #ty));
            values.push(quote!(#member: #value));
        } else {
            members.push(quote!(#member: #ty));
            values.push(quote!(#member: #me.#id.clone()));
        }
    }
    if head.attributes {
        members.push(quote!(attributes: ::tenon_resources::attribute::Attributes));
        values.push(quote!(attributes: #me.attributes()));
    }
    let call = call_struct(head, &members);
    let doc = format!("The call that makes `{resource}`.");
    out.items.extend(quote! {
        #[expect(clippy::struct_excessive_bools, reason = "each is a member of AWS's own")]
        #call
        impl #name {
            #[doc = #doc]
            fn steps(#me: &#resource) -> ::tenon_resources::call::Steps {
                let _ = #me;
                ::tenon_resources::call::Steps::create(Self { #(#values),* }) #rules
            }
        }
    });
    // Few structs have so many switches; the expectation stands only where it is met.
    let bools = fields
        .iter()
        .filter(|f| is(&f.ty, "bool") && !has(f, "after_create") && !has(f, "local"))
        .count();
    let extra = head.with.iter().filter(|e| is(&e.ty, "bool")).count();
    if bools + extra <= 3 {
        out.items = strip_expect(&out.items);
    }
    out.infos.push(quote!(#name::INFO));
    Ok(())
}

/// The items without `#[expect(clippy::struct_excessive_bools ..)]`.
fn strip_expect(items: &TokenStream) -> TokenStream {
    let trees: Vec<proc_macro2::TokenTree> = items.clone().into_iter().collect();
    let mut out = TokenStream::new();
    let mut at = 0;
    while at < trees.len() {
        let expect = trees
            .get(at + 1)
            .is_some_and(|t| t.to_string().contains("struct_excessive_bools"));
        if expect && trees[at].to_string() == "#" {
            at += 2;
            continue;
        }
        out.extend(std::iter::once(trees[at].clone()));
        at += 1;
    }
    out
}

fn update(resource: &Ident, head: &Head, first: bool, fields: &[&Field], out: &mut Generated) -> Result<()> {
    let (name, me, rules) = (&head.name, me(), &head.rules);
    let (by_member, by_value) = by(head);
    let (mut members, mut values) = extras(head);
    members.extend(by_member);
    values.extend(by_value);
    let meant = |f: &Field| -> Result<bool> {
        if has(f, "immutable") || has(f, "local") || has(f, "attribute") || ident(f) == "tags" {
            return Ok(false);
        }
        match find(&f.attrs, "updated_by") {
            Some(attr) => Ok(attr.parse_args::<Ident>()? == *name),
            None => Ok(first),
        }
    };
    for f in fields {
        if !meant(f)? {
            continue;
        }
        let Some(member) = member(f, "update")? else {
            continue;
        };
        let (id, ty) = (ident(f), partial(&f.ty));
        members.push(quote!(#member: #ty));
        values.push(quote!(#member: None));
        if has(f, "by_hand") {
            continue;
        }
        let value = if is(&f.ty, "Option") {
            quote!(self.#id.clone())
        } else {
            quote!(Some(self.#id.clone()))
        };
        let text = id.to_string();
        out.arms.push(quote! {
            #text => {
                let mut call = #name::unchanged(self);
                call.#member = #value;
                Some(call.steps())
            }
        });
        out.regular.push(id.clone());
    }
    let call = call_struct(head, &members);
    out.items.extend(quote! {
        #call
        impl #name {
            /// The call with no change in it.
            fn unchanged(#me: &#resource) -> Self {
                let _ = #me;
                Self { #(#values),* }
            }
            /// The call as a step, with its rules.
            fn steps(self) -> ::tenon_resources::call::Steps {
                ::tenon_resources::call::Steps::update(self) #rules
            }
        }
    });
    out.infos.push(quote!(#name::INFO));
    Ok(())
}

fn delete(resource: &Ident, head: &Head, out: &mut Generated) {
    let (name, me, rules) = (&head.name, me(), &head.rules);
    let (by_member, by_value) = by(head);
    let (mut members, mut values) = extras(head);
    members.extend(by_member);
    values.extend(by_value);
    let call = call_struct(head, &members);
    out.items.extend(quote! {
        #call
        impl #name {
            /// The call that removes it: done when it is gone already, tried again while it is in use.
            fn steps(#me: &#resource) -> ::tenon_resources::call::Steps {
                let _ = #me;
                let facts = <#resource as ::tenon_resources::resource::Resource>::FACTS;
                ::tenon_resources::call::Steps::delete(Self { #(#values),* }).expecting(facts) #rules
            }
        }
    });
    out.infos.push(quote!(#name::INFO));
}

/// `#[attribute]`, under the field's name in Pascal case, or `#[attribute("RedrivePolicy", write = expr, read = expr)]`.
struct Keyed {
    key: String,
    write: Option<Expr>,
    read: Option<Expr>,
}

/// The key of a field that is an attribute.
pub(crate) fn attribute_key(f: &Field) -> Result<Option<String>> {
    Ok(keyed(f)?.map(|k| k.key))
}

fn keyed(f: &Field) -> Result<Option<Keyed>> {
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

/// `#[attributes(SetTopicAttributes: sns, by(topic_arn), one)]`: the call that sets fields marked `#[attribute("Name")]`.
/// `one` is a call an attribute, `list` a list of keys and values in the member `attributes`, otherwise they are a map there.
fn attributes(
    resource: &Ident,
    attr: &Attribute,
    at_create: bool,
    fields: &[&Field],
    out: &mut Generated,
) -> Result<()> {
    let mut head: Head = attr.parse_args()?;
    let form = head.form.take();
    let (one, list) = (form == Some(Form::One), form == Some(Form::List));
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
            quote!(attribute_name: #key.into(), attribute_value: #value)
        } else if list {
            quote!(attributes: ::tenon_resources::attribute::AttributeList::one(#key, #value))
        } else {
            quote!(attributes: ::tenon_resources::attribute::Attributes::one(#key, #value))
        };
        out.arms.push(quote! {
            #text => {
                let #me = self;
                let _ = #me;
                Some(::tenon_resources::call::Steps::update(#name { #set, #(#values),* }) #rules)
            }
        });
        out.regular.push(id.clone());
    }
    members.push(if one {
        quote!(attribute_name: String, attribute_value: ::tenon_resources::attribute::Attribute)
    } else if list {
        quote!(attributes: ::tenon_resources::attribute::AttributeList)
    } else {
        quote!(attributes: ::tenon_resources::attribute::Attributes)
    });
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
        impl #resource {
            #with_create

            /// Takes over what AWS says of each attribute; one that it leaves out is at its default.
            #[cfg(feature = "aws")]
            pub(crate) fn read_attributes(&mut self, map: &::tenon_resources::attribute::Texts) {
                #(#reads)*
            }
        }
    });
    out.infos.push(quote!(#name::INFO));
    Ok(())
}
