//! Properties as plain data: what is in them, and the one form that equal ones share.

use serde_json::{Map, Value, json};
use tenon_cfn::Node;
use tenon_cfn::Schema;

/// Every value at `path`, where `*` is any element or key.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for part in path.split('/').filter(|part| !part.is_empty()) {
        found = found
            .into_iter()
            .flat_map(|value| match (value, part) {
                (Value::Array(items), _) => items.iter().collect(),
                (Value::Object(map), "*") => map.values().collect(),
                (Value::Object(map), part) => map.get(part).into_iter().collect::<Vec<_>>(),
                _ => vec![],
            })
            .filter(|value| !value.is_null())
            .collect();
    }
    found
}

/// Lists whose order means nothing, in one order: the same elements are the same value.
pub(super) fn sort(schema: &Schema, node: &Node, value: &mut Value) {
    let node = schema.resolve(node);
    match value {
        Value::Array(items) => {
            if let Some(of) = &node.items {
                items.iter_mut().for_each(|item| sort(schema, of, item));
            }
            if node.insertion_order == Some(false) {
                items.sort_by_cached_key(ToString::to_string);
            }
        }
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                if let Some(of) = node.properties.get(name) {
                    sort(schema, of, value);
                }
            }
        }
        _ => {}
    }
}

/// A place of a secret that holds its bytes: such are never written.
pub(super) fn plain_secret(schema: &Schema, path: &str, value: &Value) -> Option<String> {
    let below = |part: &str| {
        if path.is_empty() {
            part.to_owned()
        } else {
            format!("{path}/{part}")
        }
    };
    match value {
        Value::Object(map) if map.contains_key("$plain") => schema.is_secret(path).then(|| path.to_owned()),
        Value::Object(map) => map
            .iter()
            .find_map(|(name, value)| plain_secret(schema, &below(name), value)),
        Value::Array(items) => items
            .iter()
            .find_map(|value| plain_secret(schema, &below("*"), value)),
        _ => None,
    }
}

/// True if a secret carries a fingerprint.
pub(super) fn printed(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            map.get("$secret").is_some_and(|s| s.get("print").is_some()) || map.values().any(printed)
        }
        Value::Array(items) => items.iter().any(printed),
        _ => false,
    }
}

/// Tags as a map, from a map or from a list of keys and values; `None` for another form, which the check names.
pub(super) fn pairs(tags: &Value) -> Option<Map<String, Value>> {
    match tags {
        Value::Object(map) => Some(map.clone()),
        Value::Array(items) => items
            .iter()
            .map(|item| {
                let key = item.get("Key")?.as_str()?;
                Some((
                    key.to_owned(),
                    item.get("Value").cloned().unwrap_or_else(|| json!("")),
                ))
            })
            .collect(),
        _ => None,
    }
}
