//! Kinds of lookups with their Rust type erased, and all of them.

use super::query::Lookup;
use crate::{
    cloud::{Caller, Candidate},
    resource::{LookupKind, OutputField, Outputs},
    value::{self, TypedRef},
};
use serde_json::Value;
use std::marker::PhantomData;

/// A kind with its Rust type erased.
#[derive(Debug)]
pub struct Erased<L>(PhantomData<fn() -> L>);

impl<L: Lookup> Erased<L> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);

    /// The typed query.
    pub(crate) fn typed(query: &Value) -> Result<L, String> {
        serde_json::from_value(query.clone()).map_err(|e| format!("a query for `{}`: {e}", L::KIND))
    }
}

impl<L: Lookup> LookupKind for Erased<L> {
    fn name(&self) -> &'static str {
        L::KIND
    }
    fn doc(&self) -> &'static str {
        L::DOC
    }
    fn outputs(&self) -> &'static [OutputField] {
        L::Found::FIELDS
    }
    fn actions(&self) -> &'static [&'static str] {
        L::ACTIONS
    }
    fn many(&self) -> bool {
        L::MANY
    }
    fn check(&self, query: &Value) -> Result<Vec<String>, String> {
        Ok(Self::typed(query)?.check())
    }
    fn references(&self, query: &Value) -> Result<Vec<TypedRef>, String> {
        let (typed, noted) = value::noted(|| Self::typed(query));
        let written = serde_json::to_value(typed?).map_err(|e| e.to_string())?;
        if written == *query {
            Ok(noted.references)
        } else {
            Err(format!("a query for `{}` is written {written}", L::KIND))
        }
    }
    fn known(&self, query: &Value, caller: &Caller) -> Result<Option<Vec<Candidate>>, String> {
        Ok(Self::typed(query)?.known(caller))
    }
    fn choose(&self, query: &Value, candidates: Vec<Candidate>) -> Result<Vec<Candidate>, String> {
        Ok(Self::typed(query)?.choose(candidates))
    }
}

/// Gives every kind of lookup, sorted by name, to macro `$table`.
macro_rules! each_lookup {
    ($table:ident) => {
        $table! {
            $crate::lookup::Certificate,
            $crate::lookup::CloudFrontPolicy,
            $crate::lookup::Ami,
            $crate::lookup::AvailabilityZones,
            $crate::lookup::PrefixList,
            $crate::lookup::SecurityGroup,
            $crate::lookup::Subnet,
            $crate::lookup::Subnets,
            $crate::lookup::Vpc,
            $crate::lookup::Image,
            $crate::lookup::ElbAccount,
            $crate::lookup::IamPolicy,
            $crate::lookup::IamRole,
            $crate::lookup::KmsAlias,
            $crate::lookup::HostedZone,
            $crate::lookup::Secret,
            $crate::lookup::Parameter,
            $crate::lookup::StackOutput,
            $crate::lookup::CallerIdentity,
        }
    };
}
#[cfg(feature = "aws")]
pub(crate) use each_lookup;

macro_rules! kinds {
    ($($t:ty,)*) => {
        /// Every kind of lookup, sorted by name.
        pub static LOOKUPS: &[&dyn LookupKind] = &[$(&Erased::<$t>::NEW),*];
    };
}

each_lookup!(kinds);

/// The kind called `name`.
pub fn find(name: &str) -> Option<&'static dyn LookupKind> {
    LOOKUPS.iter().copied().find(|kind| kind.name() == name)
}

/// A query for people: `name = "shop", tags.team = "web"`.
pub fn text(query: &Value) -> String {
    let mut parts = vec![];
    write(query, "", &mut parts);
    parts.join(", ")
}

fn write(query: &Value, at: &str, parts: &mut Vec<String>) {
    match query {
        Value::Null => {}
        Value::Object(map) if map.contains_key("$ref") || map.contains_key("$join") => {
            parts.push(format!("{at} = {query}"));
        }
        Value::Object(map) => map.iter().for_each(|(name, value)| {
            let below = if at.is_empty() {
                name.clone()
            } else {
                format!("{at}.{name}")
            };
            write(value, &below, parts);
        }),
        other => parts.push(format!("{at} = {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_says_what_it_is() {
        assert!(LOOKUPS.is_sorted_by(|a, b| a.name() < b.name()));
        for kind in LOOKUPS {
            assert!(
                kind.doc().len() > 10 && !kind.outputs().is_empty(),
                "{}",
                kind.name()
            );
        }
    }
}
