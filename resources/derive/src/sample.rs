//! `#[sample(..)]`: the two samples of a type, from its fields.

use crate::attrs::{find, ident};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Expr, Field, Result, Token, parse_quote, punctuated::Punctuated};

/// The values of a field in the two samples; `None` where it is left at its default.
type Values = [Option<Expr>; 2];

/// `#[sample(first, second)]`, or `#[sample(second)]` where the first sample has the default; `_` is the default, too. Without
/// it, tags and the physical name are `a` and `b`.
fn values(f: &Field) -> Result<Values> {
    let Some(attr) = find(&f.attrs, "sample") else {
        if ident(f) == "tags" {
            return Ok([
                Some(parse_quote!([("Name", "a")])),
                Some(parse_quote!([("Name", "b")])),
            ]);
        }
        let named = find(&f.attrs, "named").map(|_| [Some(parse_quote!("a")), Some(parse_quote!("b"))]);
        return Ok(named.unwrap_or_default());
    };
    let all = attr.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)?;
    let mut all = all
        .into_iter()
        .map(|value| Some(value).filter(|value| !matches!(value, Expr::Infer(_))));
    match (all.next(), all.next(), all.next()) {
        (Some(second), None, None) => Ok([None, second]),
        (Some(first), Some(second), None) => Ok([first, second]),
        _ => Err(Error::new_spanned(
            attr,
            "expected `#[sample(second)]` or `#[sample(first, second)]`",
        )),
    }
}

/// The body of `Resource::samples`. An `argument` of the constructor has a value in both.
pub(crate) fn samples<'a>(fields: impl Iterator<Item = (&'a Field, bool)>) -> Result<TokenStream> {
    let (mut arguments, mut setters) = ([const { vec![] }; 2], [const { vec![] }; 2]);
    for (f, argument) in fields {
        let id = ident(f);
        for (at, value) in values(f)?.into_iter().enumerate() {
            match (argument, value) {
                (true, Some(value)) => arguments[at].push(quote!(#value)),
                (true, None) => {
                    let why = "say its values in the two samples: `#[sample(first, second)]`";
                    return Err(Error::new(id.span(), why));
                }
                (false, Some(value)) => setters[at].push(quote!(.#id(#value))),
                (false, None) => {}
            }
        }
    }
    let ([first, second], [first_set, second_set]) = (arguments, setters);
    Ok(quote!([Self::new(#(#first),*) #(#first_set)*, Self::new(#(#second),*) #(#second_set)*]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::DeriveInput;

    fn of(input: &DeriveInput, arguments: &[bool]) -> std::result::Result<String, String> {
        let fields = crate::attrs::named(input).expect("a struct");
        samples(fields.into_iter().zip(arguments.iter().copied()))
            .map(|tokens| tokens.to_string().replace(' ', ""))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn samples_are_built_from_the_marks() {
        let thing: DeriveInput = parse_quote! {
            struct Thing {
                #[sample(1, 2)]
                size: u16,
                #[named(max = 3)]
                name: Option<String>,
                #[sample(true)]
                on: bool,
                #[sample(5, _)]
                count: u16,
                quiet: bool,
                tags: Tags,
            }
        };
        assert_eq!(
            of(&thing, &[true, false, false, false, false, false]).unwrap(),
            "[Self::new(1).name(\"a\").count(5).tags([(\"Name\",\"a\")]),\
             Self::new(2).name(\"b\").on(true).tags([(\"Name\",\"b\")])]"
        );
    }

    #[test]
    fn an_argument_without_two_values_is_refused() {
        let thing: DeriveInput = parse_quote!(
            struct Thing {
                #[sample(2)]
                size: u16,
            }
        );
        assert!(of(&thing, &[true]).unwrap_err().contains("two samples"));
        let thing: DeriveInput = parse_quote!(
            struct Thing {
                #[sample(1, 2, 3)]
                size: u16,
            }
        );
        assert!(of(&thing, &[true]).unwrap_err().contains("expected"));
    }
}
