//! The patch of an update: RFC 6902, from what was sent to what is wanted.
//!
//! Whole properties are set, never elements of lists: AWS applies the patch to what it shows, which may be in another order.

use serde_json::{Map, Value, json};
use tenon_cfn::{Schema, path};

/// The operations that lead from the properties `was` to `wanted`, of those named in `changed`.
///
/// Members that AWS does not give back it forgets when it applies a patch, so that goes along with every change:
/// <https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations-update.html>.
pub(super) fn operations(
    schema: &Schema,
    wanted: &Map<String, Value>,
    was: &Map<String, Value>,
    changed: &[&str],
) -> Vec<Value> {
    let null = Value::Null;
    let (mut changes, mut again) = (vec![], vec![]);
    for name in wanted
        .keys()
        .chain(was.keys().filter(|name| !wanted.contains_key(*name)))
    {
        let (to, from) = (wanted.get(name).unwrap_or(&null), was.get(name).unwrap_or(&null));
        let pointer = format!("/{name}");
        if changed.contains(&name.as_str()) && to != from {
            if !to.is_null() {
                changes.push(json!({ "op": "add", "path": pointer, "value": to }));
            } else if !schema.is_write_only(name) {
                changes.push(json!({ "op": "remove", "path": pointer }));
            }
        } else if holds_write_only(schema, name, to) {
            again.push(json!({ "op": "add", "path": pointer, "value": to }));
        }
    }
    if changes.is_empty() {
        return vec![];
    }
    changes.extend(again);
    changes
}

/// True if something in the property is not given back.
fn holds_write_only(schema: &Schema, name: &str, value: &Value) -> bool {
    let inside = |of: &String| {
        set(
            value,
            of.strip_prefix(name)?.strip_prefix('/').unwrap_or_default(),
        )
        .then_some(())
    };
    !value.is_null()
        && schema
            .write_only
            .iter()
            .filter(|of| path::top(of) == name)
            .any(|of| inside(of).is_some())
}

/// True if there is a value at `path`, where `*` is any element or key.
fn set(value: &Value, path: &str) -> bool {
    let Some(first) = path.split('/').next().filter(|first| !first.is_empty()) else {
        return !value.is_null();
    };
    let rest = path[first.len()..].trim_start_matches('/');
    match value {
        Value::Array(items) => items
            .iter()
            .any(|item| set(item, if first == "*" { rest } else { path })),
        Value::Object(map) if first == "*" => map.values().any(|value| set(value, rest)),
        Value::Object(map) => map.get(first).is_some_and(|value| set(value, rest)),
        _ => false,
    }
}
