//! `#[update(..)]`.

use super::{
    generated::{Generated, has, me},
    head::{Head, by, call_struct, extras},
    member::{With, member, optional, partial, sent_as},
    unset::or_unset,
};
use crate::attrs::{find, ident};
use quote::quote;
use syn::{Field, Ident, Result};

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
        if !meant(f)? {
            continue;
        }
        let Some(member) = member(f, "update")? else {
            continue;
        };
        let (id, text) = (ident(f), ident(f).to_string());
        let (ty, value) = if let Some(With(ty, value)) = sent_as(f)? {
            (partial(&ty), optional(&ty, quote!(#value)))
        } else {
            (partial(&f.ty), optional(&f.ty, quote!(self.#id.clone())))
        };
        members.push(quote!(#member: #ty));
        values.push(quote!(#member: None));
        if has(f, "by_hand") {
            continue;
        }
        let set = quote! {
            let mut call = #name::unchanged(self);
            call.#member = #value;
            Some(call.steps())
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
