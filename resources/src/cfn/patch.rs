//! The patch of an update: RFC 6902, from what was sent to what is wanted.
//!
//! Whole properties are set, never elements of lists: AWS applies the patch to what it shows, which may be in another order. Only
//! structures in which AWS has members of its own are changed member by member, so that those stay.

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
            differences(schema, name, to, from, &mut changes);
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

/// The operations that lead from `from` to `to`, the values of the property at `path`.
fn differences(schema: &Schema, path: &str, to: &Value, from: &Value, out: &mut Vec<Value>) {
    match (to, from) {
        _ if to == from => {}
        (Value::Object(members), Value::Object(before)) if holds_theirs(schema, path) => {
            let gone = before.keys().filter(|name| !members.contains_key(*name));
            for name in members.keys().chain(gone) {
                let value = |of: &Map<String, Value>| of.get(name).cloned().unwrap_or(Value::Null);
                let inside = format!("{path}/{name}");
                differences(schema, &inside, &value(members), &value(before), out);
            }
        }
        (Value::Null, _) if schema.is_write_only(path) => {}
        (Value::Null, _) => out.push(json!({ "op": "remove", "path": format!("/{path}") })),
        _ => out.push(json!({ "op": "add", "path": format!("/{path}"), "value": to })),
    }
}

/// True if AWS has members of its own in the structure at `path`, or makes up those that were not given and never change. What has
/// members that AWS does not give back is set as a whole: AWS may not show it at all.
fn holds_theirs(schema: &Schema, path: &str) -> bool {
    let structure = schema.node(path).is_some_and(|node| !node.properties.is_empty());
    let below = |all: &[String]| all.iter().any(|of| of != path && path::within(path, of));
    structure
        && (below(&schema.read_only) || below(&schema.create_only))
        && !below(&schema.write_only)
        && !schema.is_write_only(path)
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
