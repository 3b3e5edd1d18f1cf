//! The regular calls of a resource: structs whose members are the resource's own fields.
//!
//! `#[create(..)]`, `#[update(..)]` and `#[delete(..)]` on a resource write the struct of the call and its `#[derive(Call)]`; what
//! they do not know themselves (`id = ..`, `folds`, `on = ..`) is handed on to `#[call(..)]` as it stands.

mod attribute;
mod create;
mod generated;
mod head;
mod inside_struct;
mod member;
mod retag;
mod unset;
mod update;

pub(crate) use attribute::{AttributeMarks, attribute_key};
pub(crate) use member::member;

use crate::attrs::{find, ident};
use attribute::attributes;
use create::create;
pub(crate) use generated::Generated;
use generated::{has, me};
use head::{Common, Head, by, call_struct, extras};
use inside_struct::structs;
use quote::quote;
use retag::retag;
use syn::{Attribute, Field, Ident, Path, Result, Token, punctuated::Punctuated};
use unset::unset;
use update::update;

fn heads(attrs: &[Attribute], name: &str, fields: &[&Field]) -> Result<Vec<Head>> {
    let mut common = Common::of(attrs)?;
    if name == "create" {
        common = common.without_name();
    }
    let parse = |attr: &Attribute| attr.parse_args::<Head>()?.or(&common).with_fields(fields);
    attrs
        .iter()
        .filter(|a| a.path().is_ident(name))
        .map(parse)
        .collect()
}

/// Everything that the heads of a resource write.
pub(crate) fn calls(resource: &Ident, attrs: &[Attribute], fields: &[&Field]) -> Result<Generated> {
    let mut out = Generated::default();
    let mut at_create = false;
    for head in heads(attrs, "create", fields)? {
        at_create |= head.attributes;
        create(resource, &head, fields, &mut out)?;
    }
    let updates = heads(attrs, "update", fields)?;
    for (at, head) in updates.iter().enumerate() {
        update(resource, head, at == 0, fields, &mut out)?;
    }
    for head in heads(attrs, "attributes", fields)? {
        attributes(resource, head, at_create, fields, &mut out)?;
    }
    for f in fields {
        unset(resource, f, &Common::of(attrs)?, &mut out)?;
    }
    out.items.extend(structs(resource, fields)?);
    for head in heads(attrs, "delete", fields)? {
        delete(resource, &head, &mut out);
    }
    for f in fields.iter().filter(|f| has(f, "local") && !has(f, "immutable")) {
        let name = ident(f).to_string();
        out.arms
            .push(quote!(#name => Some(::tenon_resources::call::Steps::none()),));
        out.regular.push(ident(f).clone());
    }
    if let Some(attr) = find(attrs, "retag") {
        retag(attr, &Common::of(attrs)?, &mut out)?;
    }
    if let Some(attr) = find(attrs, "calls") {
        let by_hand = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)?;
        out.calls.extend(by_hand.iter().map(|call| quote!(#call)));
    }
    Ok(out)
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
    out.calls.push(quote!(#name));
}
