//! `#[update(..)]`.

use super::{
    generated::{Generated, has, me},
    head::{Head, by, call_struct, extras},
    member::{With, member, optional, partial, sent_as},
    unset::or_unset,
};
use crate::attrs::{find, ident, text};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Error, Field, Ident, Result};

// Long: the code of the call and of each field's arm, quoted.
pub(super) fn update(
    resource: &Ident,
    head: &Head,
    first: bool,
    fields: &[&Field],
    out: &mut Generated,
) -> Result<()> {
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
        if !meant(f)? || part_of(f, fields, out)? {
            continue;
        }
        let Some(member) = member(f, "update")? else {
            continue;
        };
        let (id, text) = (ident(f), ident(f).to_string());
        if difference(f, &member, name, &mut members, &mut values, out)? {
            continue;
        }
        let (ty, value) = sent(f)?;
        members.push(quote!(#member: #ty));
        values.push(if head.whole {
            quote!(#member: #value)
        } else {
            quote!(#member: None)
        });
        if has(f, "by_hand") {
            continue;
        }
        let group = word_of(f, "together")?;
        let set = if group.is_some() {
            let mut sent_with = vec![];
            for other in fields {
                if word_of(other, "together")? == group
                    && let Some(member) = self::member(other, "update")?
                {
                    let (_, value) = sent(other)?;
                    sent_with.push(quote!(#member: #value));
                }
            }
            quote!(Some(#name { #(#sent_with,)* ..#name::unchanged(self) }.steps()))
        } else {
            quote! {
                let value: #ty = #value;
                if value.is_none() {
                    return Some(::tenon_resources::call::Steps::none());
                }
                Some(#name { #member: value, ..#name::unchanged(self) }.steps())
            }
        };
        let set = or_unset(f, set)?;
        out.arms.push(quote! {
            #text => {
                let #me = self;
                let _ = #me;
                #set
            }
        });
        out.regular.push(id.clone());
    }
    let (call, doc) = (
        call_struct(head, &members),
        if head.whole {
            "The call with every member."
        } else {
            "The call with no change in it."
        },
    );
    out.items.extend(quote! {
        #call
        impl #name {
            #[doc = #doc]
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
    out.calls.push(quote!(#name));
    Ok(())
}

/// `#[removed_as("remove_subnet_ids")]`: the field's member has what is new in a set, and this one what is gone from it.
fn difference(
    f: &Field,
    added: &Ident,
    call: &Ident,
    members: &mut Vec<TokenStream>,
    values: &mut Vec<TokenStream>,
    out: &mut Generated,
) -> Result<bool> {
    let Some(removed) = text(&f.attrs, "removed_as")? else {
        return Ok(false);
    };
    let (id, ty, removed) = (ident(f), &f.ty, Ident::new(&removed, added.span()));
    let name = id.to_string();
    for member in [added, &removed] {
        members.push(quote!(#member: Option<#ty>));
        values.push(quote!(#member: None));
    }
    out.arms.push(quote! {
        #name => {
            let (added, removed) = (&self.#id - &was.#id, &was.#id - &self.#id);
            Some(#call {
                #added: Some(added).filter(|some| !some.is_empty()),
                #removed: Some(removed).filter(|some| !some.is_empty()),
                ..#call::unchanged(self)
            }.steps())
        }
    });
    out.regular.push(id.clone());
    Ok(true)
}

/// The type and the value of a field's member in the update call.
fn sent(f: &Field) -> Result<(TokenStream, TokenStream)> {
    let (id, me) = (ident(f), me());
    Ok(match sent_as(f)? {
        Some(With(ty, value)) => (partial(&ty), optional(&ty, quote!(#value))),
        None => (partial(&f.ty), optional(&f.ty, quote!(#me.#id.clone()))),
    })
}

/// The word in a mark such as `#[together(monitoring)]`.
fn word_of(f: &Field, mark: &str) -> Result<Option<Ident>> {
    find(&f.attrs, mark).map(Attribute::parse_args).transpose()
}

/// `#[part_of(subnets)]`: the field is sent with the member of the field `subnets`, and so is a change of it.
fn part_of(f: &Field, fields: &[&Field], out: &mut Generated) -> Result<bool> {
    let Some(attr) = find(&f.attrs, "part_of") else {
        return Ok(false);
    };
    let whole: Ident = attr.parse_args()?;
    let regular =
        |other: &Field| ident(other) == &whole && !["by_hand", "part_of"].iter().any(|mark| has(other, mark));
    if !fields.iter().any(|other| regular(other)) {
        return Err(Error::new(
            whole.span(),
            "expected a field whose change is a regular call",
        ));
    }
    let (text, whole) = (ident(f).to_string(), whole.to_string());
    out.arms
        .push(quote!(#text => ::tenon_resources::resource::Resource::regular(self, was, #whole),));
    out.regular.push(ident(f).clone());
    Ok(true)
}
