//! The query of a lookup, what it matches, and the references that stand for what it finds.

use crate::{
    cloud::{Caller, Candidate},
    resource::Outputs,
    value::{Ref, refs, simplify},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;

/// A lookup: the query, with a value for each member that is asked for.
///
/// A member that is text may have `*` in it, for anything; a map asks for the keys and values that it has.
pub trait Lookup: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The name of the kind, such as `ec2.vpc`.
    const KIND: &'static str;
    /// A sentence about what is found.
    const DOC: &'static str;
    /// The IAM actions that reading it needs.
    const ACTIONS: &'static [&'static str];
    /// All that match are meant, in one list; otherwise it is the only one that matches.
    const MANY: bool = false;
    /// The outputs.
    type Found: Outputs;

    /// Mistakes in the query, as sentences.
    fn check(&self) -> Vec<String> {
        vec![]
    }

    /// The candidates that are known without asking anybody, for what AWS has written down once and for all; `None` where the cloud
    /// is asked.
    fn known(&self, _caller: &Caller) -> Option<Vec<Candidate>> {
        None
    }

    /// Those of the candidates that are meant.
    fn choose(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let query = serde_json::to_value(self).unwrap_or_default();
        candidates
            .into_iter()
            .filter(|c| matches(&query, &c.facts))
            .collect()
    }
}

/// A resource for people: by its tag `Name`, where it has one.
#[cfg(feature = "aws")]
pub(super) fn named(id: &str, tags: &crate::value::Tags) -> String {
    match tags.0.get("Name") {
        Some(name) => format!("{name} ({id})"),
        None => id.to_owned(),
    }
}

/// True if `facts` have everything that `query` asks for.
pub fn matches(query: &Value, facts: &Value) -> bool {
    match (query, facts) {
        (Value::Null, _) => true,
        (Value::Object(query), Value::Object(facts)) => query
            .iter()
            .all(|(name, asked)| matches(asked, facts.get(name).unwrap_or(&Value::Null))),
        (Value::Object(query), _) => query.is_empty(),
        (Value::String(pattern), Value::String(text)) => glob(pattern, text),
        (asked, fact) => asked == fact,
    }
}

/// True if `text` fits `pattern`, in which `*` is anything.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}

/// The beginning of the name that stands for a lookup in references; `@` cannot be in an address.
const PREFIX: &str = "@lookup/";

/// The resource that stands for the lookup `name` in references.
pub fn resource(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// The name of the lookup that a reference means.
pub fn name_of(r: &Ref) -> Option<&str> {
    r.resource.strip_prefix(PREFIX)
}

/// True if `value` refers to a lookup.
pub fn is_in(value: &Value) -> bool {
    let mut all = BTreeSet::new();
    refs(value, &mut all);
    all.iter().any(|r| name_of(r).is_some())
}

/// Replaces references to lookups in `value` by what `found` says of a name and an output. In a list, one that means many is all
/// of them.
pub fn fill(value: &mut Value, found: &dyn Fn(&str, &str) -> Option<Value>) {
    let lookup = |r: &Ref| found(name_of(r)?, &r.output);
    spread(value, &lookup);
    simplify(value, &lookup);
}

fn spread(value: &mut Value, lookup: &dyn Fn(&Ref) -> Option<Value>) {
    match value {
        Value::Array(items) => {
            let mut all = Vec::with_capacity(items.len());
            for mut item in std::mem::take(items) {
                let one = item.get("$ref").and_then(Value::as_str);
                let found = one.and_then(|text| lookup(&text.parse().ok()?));
                if let Some(Value::Array(many)) = found {
                    all.extend(many);
                } else {
                    spread(&mut item, lookup);
                    all.push(item);
                }
            }
            *items = all;
        }
        Value::Object(map) => map.values_mut().for_each(|v| spread(v, lookup)),
        _ => {}
    }
}

/// The outputs of a lookup, as a struct, and the same as promises.
macro_rules! found {
    ($(#[$doc:meta])* $found:ident, $refs:ident { $($(#[$field_doc:meta])* $field:ident: $of:ty = $said:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
        pub struct $found {
            $($(#[$field_doc])* pub $field: $of,)+
        }

        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $refs {
            $($(#[$field_doc])* pub $field: crate::value::Output<$of>,)+
        }

        impl crate::resource::Outputs for $found {
            type Refs = $refs;
            const FIELDS: &'static [crate::resource::OutputField] = &[$(crate::resource::OutputField {
                name: stringify!($field),
                doc: $said,
                shape: "",
                shown_while_pending: None,
                type_name: std::any::type_name::<$of>,
            },)+];
            fn refs(address: &str) -> $refs {
                $refs { $($field: crate::value::Output::new(address, stringify!($field)),)+ }
            }
        }
    };
}
pub(crate) use found;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_query_asks_for_what_it_has() {
        let facts =
            json!({"name": "al2023-ami-2023.6-x86_64", "tags": {"team": "shop", "x": "1"}, "default": false});
        for (query, fits) in [
            (json!({"name": null, "tags": {}}), true),
            (json!({"name": "al2023-*-x86_64"}), true),
            (json!({"name": "al2023-*-arm64"}), false),
            (json!({"name": "*2023*6*"}), true),
            (json!({"name": "al2023"}), false),
            (json!({"tags": {"team": "shop"}}), true),
            (json!({"tags": {"team": "shop", "part": "web"}}), false),
            (json!({"default": true}), false),
            (json!({"default": false, "name": "*"}), true),
        ] {
            assert_eq!(matches(&query, &facts), fits, "{query}");
        }
    }

    #[test]
    fn many_are_spread_where_a_list_is() {
        let found = |name: &str, output: &str| match (name, output) {
            ("net/private", "id") => Some(json!(["subnet-1", "subnet-2"])),
            ("vpc", "id") => Some(json!("vpc-1")),
            _ => None,
        };
        let mut value = json!({"subnets": [{"$ref": "@lookup/net/private.id"}, "subnet-3"], "vpc": {"$ref": "@lookup/vpc.id"},
            "text": {"$join": ["in ", {"$ref": "@lookup/vpc.id"}]}, "other": {"$ref": "vpc.id"}});
        fill(&mut value, &found);
        assert_eq!(
            value,
            json!({"subnets": ["subnet-1", "subnet-2", "subnet-3"], "vpc": "vpc-1", "text": "in vpc-1", "other": {"$ref": "vpc.id"}})
        );
    }
}
