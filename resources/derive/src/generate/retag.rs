//! `#[retag(..)]`.

use super::{
    generated::{Generated, me},
    head::{Common, Head, by, call_struct, extras},
};
use quote::{format_ident, quote};
use syn::{
    Attribute, Expr, Ident, Result, Token,
    parse::{Parse, ParseStream},
};

/// `#[retag(super::retag)]`, or `#[retag(TagResource, UntagResource: sns, by(resource_arn))]`.
pub(super) fn retag(attr: &Attribute, common: &Common, out: &mut Generated) -> Result<()> {
    out.regular.push(format_ident!("tags"));
    let calls = attr.parse_args_with(|s: ParseStream<'_>| {
        if !s.peek2(Token![,]) {
            s.parse::<Expr>()?;
            return Ok(None);
        }
        let tag: Ident = s.parse()?;
        s.parse::<Token![,]>()?;
        Ok(Some((tag, s.call(Head::parse)?.or(common))))
    })?;
    let Some((tag, mut head)) = calls else {
        let path: Expr = attr.parse_args()?;
        out.arms
            .push(quote!("tags" => Some(#path(&self.tags, &was.tags)),));
        return Ok(());
    };
    let (untag, me) = (head.name.clone(), me());
    let (by_member, by_value) = by(&head);
    let (mut members, mut values) = extras(&head);
    members.extend(by_member);
    values.extend(by_value);
    let (tags_as, keys_as) = head
        .tagging
        .clone()
        .unwrap_or_else(|| (format_ident!("tags"), format_ident!("tag_keys")));
    let mut tagging = Head {
        name: tag.clone(),
        ..head.clone()
    };
    if let Some((tag, untag)) = head.names.clone() {
        tagging.rest.extend(quote!(, name = #tag));
        head.rest.extend(quote!(, name = #untag));
    }
    for (head, own) in [
        (&tagging, quote!(#tags_as: ::tenon_resources::value::Tags)),
        (&head, quote!(#keys_as: Vec<String>)),
    ] {
        let mut all = members.clone();
        all.push(own);
        out.items.extend(call_struct(head, &all));
        let name = &head.name;
        out.calls.push(quote!(#name));
    }
    let rules = &head.rules;
    out.arms.push(quote! {
        "tags" => {
            let #me = self;
            let _ = #me;
            let (tags, tag_keys) = self.tags.changes(&was.tags);
            // Those that go make room for those that come: a resource has 50 at the most, and IAM takes keys that differ in
            // their case for one.
            Some(::tenon_resources::call::Steps::none()
                .then_if(!tag_keys.is_empty(), || ::tenon_resources::call::Steps::update(#untag { #keys_as: tag_keys, #(#values),* }) #rules)
                .then_if(!tags.0.is_empty(), || ::tenon_resources::call::Steps::update(#tag { #tags_as: tags, #(#values),* }) #rules))
        }
    });
    Ok(())
}
