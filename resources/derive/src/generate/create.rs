//! `#[create(..)]`.

use super::{
    generated::{Generated, has, me},
    head::{Head, by, call_struct, extras},
    member::{With, member, sent_as},
};
use crate::attrs::{find, ident, is, text};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, Ident, Result};

// Long: the code of the call and of its members, quoted.
pub(super) fn create(resource: &Ident, head: &Head, fields: &[&Field], out: &mut Generated) -> Result<()> {
    let (name, me, rules) = (&head.name, me(), &head.rules);
    let (by_member, by_value) = by(head);
    let (mut members, mut values) = extras(head);
    members.extend(by_member);
    values.extend(by_value);
    for f in fields {
        let (id, ty) = (ident(f), &f.ty);
        if ["after_create", "local", "attribute", "part_of"]
            .iter()
            .any(|m| has(f, m))
        {
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
        } else if let Some(With(ty, value)) = sent_as(f)? {
            members.push(quote!(#member: #ty));
            values.push(quote!(#member: #value));
        } else {
            // A call that overwrites what exists takes its tags only when it creates.
            let tags = head.puts && id == "tags";
            members.push(if tags {
                quote!(#member: Option<#ty>)
            } else {
                quote!(#member: #ty)
            });
            values.push(if tags {
                quote!(#member: Some(#me.#id.clone()))
            } else {
                quote!(#member: #me.#id.clone())
            });
        }
    }
    if head.attributes {
        members.push(quote!(attributes: ::tenon_resources::attribute::Attributes));
        values.push(quote!(attributes: #me.attributes()));
    }
    let (call, again) = (call_struct(head, &members), puts(resource, head, fields, out)?);
    let (doc, create_rules) = (format!("The call that makes `{resource}`."), &head.create_rules);
    out.items.extend(quote! {
        #[expect(clippy::struct_excessive_bools, reason = "each is a member of AWS's own")]
        #call
        impl #name {
            /// The call with every member.
            fn of(#me: &#resource) -> Self {
                let _ = #me;
                Self { #(#values),* }
            }
            #[doc = #doc]
            fn steps(#me: &#resource) -> ::tenon_resources::call::Steps {
                ::tenon_resources::call::Steps::create(Self::of(#me)) #create_rules #rules
            }
            #again
        }
    });
    // Few structs have so many switches; the expectation stands only where it is met.
    let bools = fields
        .iter()
        .filter(|f| {
            is(&f.ty, "bool")
                && !["after_create", "local", "attribute", "part_of"]
                    .iter()
                    .any(|m| has(f, m))
        })
        .count();
    let extra = head.with.iter().filter(|e| is(&e.ty, "bool")).count();
    if bools + extra <= 3 {
        out.items = strip_expect(&out.items);
    }
    out.calls.push(quote!(#name));
    Ok(())
}

/// `puts`: a change of a field is the create call again, over what exists.
fn puts(
    resource: &Ident,
    head: &Head,
    fields: &[&Field],
    out: &mut Generated,
) -> Result<Option<TokenStream>> {
    if !head.puts {
        return Ok(None);
    }
    let (name, rules) = (&head.name, &head.rules);
    let mut tags = None;
    for f in fields {
        let id = ident(f);
        if id == "tags" {
            tags = member(f, "create")?;
        } else if !["immutable", "after_create", "local", "by_hand"]
            .iter()
            .any(|m| has(f, m))
        {
            let text = id.to_string();
            out.arms.push(quote!(#text => Some(#name::again(self)),));
            out.regular.push(id.clone());
        }
    }
    let others = head.again.iter().map(|(member, value)| quote!(#member: #value));
    let tags = tags.map(|tags| quote!(#tags: None));
    let others: Vec<TokenStream> = tags.into_iter().chain(others).collect();
    let me = me();
    let call = if others.is_empty() {
        quote!(Self::of(#me))
    } else {
        quote!(Self { #(#others,)* ..Self::of(#me) })
    };
    Ok(Some(quote! {
        /// The same call over what exists.
        fn again(#me: &#resource) -> ::tenon_resources::call::Steps {
            ::tenon_resources::call::Steps::update(#call) #rules
        }
    }))
}

/// The items without `#[expect(clippy::struct_excessive_bools ..)]`.
pub(super) fn strip_expect(items: &TokenStream) -> TokenStream {
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
