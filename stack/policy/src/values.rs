//! Plain data as values of Cedar.

use cedar_policy::{EntityUid, RestrictedExpression};
use serde_json::Value;
use std::str::FromStr;

/// A value of Cedar: null members are left out, lists become sets, numbers with a fraction texts. What is not known until the plan is
/// applied is a record with the member `unknown`, so that no rule takes it for a value.
pub(crate) fn value(json: &Value) -> Option<RestrictedExpression> {
    Some(match json {
        Value::Null => return None,
        Value::Bool(b) => RestrictedExpression::new_bool(*b),
        Value::Number(n) => match n.as_i64() {
            Some(n) => RestrictedExpression::new_long(n),
            None => RestrictedExpression::new_string(n.to_string()),
        },
        Value::String(text) => RestrictedExpression::new_string(text.clone()),
        Value::Array(items) => RestrictedExpression::new_set(items.iter().filter_map(value)),
        Value::Object(map) => {
            let unknown = map.keys().next().is_some_and(|k| k.starts_with('$'));
            if unknown {
                record([("unknown".to_owned(), RestrictedExpression::new_bool(true))])
            } else {
                record(map.iter().filter_map(|(k, v)| Some((k.clone(), value(v)?))))
            }
        }
    })
}

/// A record; keys are unique, as in the JSON they come from.
pub(crate) fn record(
    members: impl IntoIterator<Item = (String, RestrictedExpression)>,
) -> RestrictedExpression {
    RestrictedExpression::new_record(members)
        .unwrap_or_else(|_| RestrictedExpression::new_set(std::iter::empty()))
}

/// An entity's name: `Resource::"network/vpc"`.
pub(crate) fn entity(kind: &str, id: &str) -> EntityUid {
    let kind = cedar_policy::EntityTypeName::from_str(kind).expect("a name of ours");
    EntityUid::from_type_name_and_id(kind, cedar_policy::EntityId::new(id))
}
