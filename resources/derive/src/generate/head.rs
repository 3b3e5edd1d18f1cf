//! The head of a call: `CreateSubnet: ec2, by(subnet_id), with(..), rules(..)`, and the members that it gives the call.

use super::{generated::me, member::member};
use crate::attrs::{find, ident};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Error, Expr, Field, Ident, LitStr, Result, Token, Type, parenthesized,
    parse::{Parse, ParseStream},
    parse_quote,
};

/// A member of a call that is no field of the resource: its name, its type, and its value, in which `me` is the resource.
#[derive(Clone)]
pub(super) struct Extra {
    pub(super) name: Ident,
    pub(super) ty: Type,
    pub(super) value: Expr,
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

/// The marks of a resource that hold for all its calls.
#[derive(Default)]
pub(super) struct Common {
    /// `#[on("arn:..")]`: the ARN pattern.
    on: Option<LitStr>,
    /// `#[by(repository_name)]`: the member that names the resource, and the output that it is.
    by: Option<(Ident, String)>,
}

impl Common {
    pub(super) fn of(attrs: &[Attribute]) -> Result<Self> {
        Ok(Self {
            on: find(attrs, "on").map(Attribute::parse_args).transpose()?,
            by: find(attrs, "by")
                .map(|attr| attr.parse_args_with(named_by))
                .transpose()?,
        })
    }

    /// The same for a call that makes the resource, which nothing names yet.
    pub(super) fn without_name(self) -> Self {
        Self { by: None, ..self }
    }
}

/// `subnet_id`, or `resource_arn = "arn"` where it is another output than the id.
fn named_by(s: ParseStream<'_>) -> Result<(Ident, String)> {
    let member = s.parse()?;
    let output = if s.parse::<Option<Token![=]>>()?.is_some() {
        s.parse::<LitStr>()?.value()
    } else {
        "id".into()
    };
    Ok((member, output))
}

/// `CreateSubnet: ec2, by(subnet_id), with(apply: bool = true), rules(.retry_on("..", 60)), id = o.id?`.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) name: Ident,
    pub(super) service: Ident,
    /// The member that names the resource, and the output that it is.
    pub(super) by: Option<(Ident, String)>,
    pub(super) with: Vec<Extra>,
    /// Fields of the resource that the call takes, too, each with the member's name where it is not that of the create call.
    pub(super) same: Vec<(Ident, Option<Ident>)>,
    /// Members that have another value in the call over what exists, where the create call is `puts`.
    pub(super) again: Vec<(Ident, Expr)>,
    pub(super) rules: TokenStream,
    /// The attributes of the resource go into this member: [`Attributes`].
    pub(super) attributes: bool,
    /// The members of tags and tag keys in the calls that change tags, where they are not `tags` and `tag_keys`.
    pub(super) tagging: Option<(Ident, Ident)>,
    /// The operations that set and remove tags, where their spelling is not the structs'.
    pub(super) names: Option<(LitStr, LitStr)>,
    /// The create call sets every member, and a change is the same call again.
    pub(super) puts: bool,
    /// The update call sends every member with each change.
    pub(super) whole: bool,
    /// Rules of the create call alone, where it is `puts`.
    pub(super) create_rules: TokenStream,
    /// The form in which attributes are sent; a map unless it says otherwise.
    pub(super) form: Option<Form>,
    /// The property of the CloudFormation schema that holds the attributes, where it holds them all.
    pub(super) property: Option<String>,
    /// The ARN pattern to which the call is limited, where the head has one.
    pub(super) on: Option<LitStr>,
    /// Handed on to `#[call(..)]`.
    pub(super) rest: TokenStream,
}

impl Head {
    /// The head, with the fields that it names in `same(..)` as members.
    pub(super) fn with_fields(mut self, fields: &[&Field]) -> Result<Self> {
        for (id, own) in std::mem::take(&mut self.same) {
            let f = fields.iter().find(|f| ident(f) == &id);
            let f = f.ok_or_else(|| Error::new(id.span(), "expected a field of the resource"))?;
            let name = own
                .map_or_else(|| member(f, "create"), |own| Ok(Some(own)))?
                .unwrap_or_else(|| id.clone());
            let me = me();
            self.with.push(Extra {
                name,
                ty: f.ty.clone(),
                value: parse_quote!(#me.#id.clone()),
            });
        }
        Ok(self)
    }

    /// The head, with the marks that hold for all calls of the resource, unless it has its own.
    pub(super) fn or(mut self, common: &Common) -> Self {
        self.on = self.on.or_else(|| common.on.clone());
        self.by = self.by.or_else(|| common.by.clone());
        self
    }
}

/// The form in which attributes are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A call for each, in the members `attribute_name` and `attribute_value`.
    One,
    /// A list of keys and values in the member `attributes`.
    List,
}

impl Parse for Head {
    // Long: an arm for each word that a head may have.
    fn parse(s: ParseStream<'_>) -> Result<Self> {
        let name = s.parse()?;
        s.parse::<Token![:]>()?;
        let mut head = Self {
            name,
            service: s.parse()?,
            by: None,
            with: vec![],
            same: vec![],
            again: vec![],
            rules: TokenStream::new(),
            attributes: false,
            tagging: None,
            names: None,
            puts: false,
            whole: false,
            create_rules: TokenStream::new(),
            form: None,
            property: None,
            on: None,
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
                    head.by = Some(inside.call(named_by)?);
                }
                "with" => head.with.extend(list(s, Extra::parse)?),
                "same" => head.same.extend(list(s, same)?),
                "again" => head.again.extend(list(s, value)?),
                rules @ ("rules" | "create_rules") => {
                    s.parse::<Ident>()?;
                    let inside;
                    parenthesized!(inside in s);
                    let rules = if rules == "rules" {
                        &mut head.rules
                    } else {
                        &mut head.create_rules
                    };
                    *rules = inside.parse()?;
                }
                "members" => head.tagging = Some(pair(s)?),
                "names" => head.names = Some(pair(s)?),
                flag @ ("attributes" | "puts" | "whole") => {
                    head.attributes |= flag == "attributes";
                    head.puts |= flag == "puts";
                    head.whole |= flag == "whole";
                    s.parse::<Ident>()?;
                }
                "cfn" => {
                    s.parse::<Ident>()?;
                    s.parse::<Token![=]>()?;
                    head.property = Some(s.parse::<LitStr>()?.value());
                }
                "on" => {
                    s.parse::<Ident>()?;
                    s.parse::<Token![=]>()?;
                    head.on = Some(s.parse()?);
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

/// `word(one, another)`.
fn list<T>(s: ParseStream<'_>, each: fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    s.parse::<Ident>()?;
    let inside;
    parenthesized!(inside in s);
    Ok(inside.parse_terminated(each, Token![,])?.into_iter().collect())
}

/// `service_name = service`: a field, and its member.
fn same(s: ParseStream<'_>) -> Result<(Ident, Option<Ident>)> {
    let field = s.parse()?;
    let member = s.parse::<Option<Token![=]>>()?.map(|_| s.parse()).transpose()?;
    Ok((field, member))
}

/// `member = expr`.
fn value(s: ParseStream<'_>) -> Result<(Ident, Expr)> {
    let member = s.parse()?;
    s.parse::<Token![=]>()?;
    Ok((member, s.parse()?))
}

/// `word(first, second)`.
fn pair<T: Parse>(s: ParseStream<'_>) -> Result<(T, T)> {
    s.parse::<Ident>()?;
    let inside;
    parenthesized!(inside in s);
    let first = inside.parse()?;
    inside.parse::<Token![,]>()?;
    Ok((first, inside.parse()?))
}

pub(super) fn call_struct(head: &Head, members: &[TokenStream]) -> TokenStream {
    let Head {
        name, service, rest, ..
    } = head;
    let on = head.on.as_ref().map(|on| quote!(, on = #on));
    quote! {
        #[derive(::tenon_resources_derive::Call, ::serde::Serialize, ::serde::Deserialize)]
        #[call(#service #rest #on)]
        struct #name { #(#members),* }
    }
}

pub(super) fn by(head: &Head) -> (Option<TokenStream>, Option<TokenStream>) {
    let Some((member, output)) = &head.by else {
        return (None, None);
    };
    (
        Some(quote!(#member: ::tenon_resources::value::Input<String>)),
        Some(quote!(#member: ::tenon_resources::call::own(#output))),
    )
}

pub(super) fn extras(head: &Head) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let each = head
        .with
        .iter()
        .map(|Extra { name, ty, value }| (quote!(#name: #ty), quote!(#name: #value)));
    each.unzip()
}
