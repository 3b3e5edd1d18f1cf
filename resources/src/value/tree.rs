//! References inside plain data: finding and replacing them.

use super::{Ref, SecretSource};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Collects every reference in `value` into `out`.
pub fn refs(value: &Value, out: &mut BTreeSet<Ref>) {
    walk(value, &mut |map| {
        if let Some(Value::String(text)) = map.get("$ref") {
            out.extend(text.parse::<Ref>().ok());
        }
    });
}

/// Collects where every secret in `value` comes from into `out`.
pub fn secrets(value: &Value, out: &mut BTreeSet<SecretSource>) {
    walk(value, &mut |map| {
        if let Some(Value::Object(body)) = map.get("$secret") {
            let mut body = body.clone();
            body.remove("print");
            out.extend(serde_json::from_value::<SecretSource>(Value::Object(body)).ok());
        }
    });
}

/// Puts the bytes in `plain` where references to their sources stand, as `{"$plain": …}`.
pub fn expose(value: &mut Value, plain: &BTreeMap<SecretSource, String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Object(body)) = map.get("$secret") {
                let mut body = body.clone();
                body.remove("print");
                let source = serde_json::from_value::<SecretSource>(Value::Object(body)).ok();
                if let Some(text) = source.and_then(|s| plain.get(&s)) {
                    *value = serde_json::json!({ "$plain": text });
                }
                return;
            }
            map.values_mut().for_each(|v| expose(v, plain));
        }
        Value::Array(items) => items.iter_mut().for_each(|v| expose(v, plain)),
        _ => {}
    }
}

fn walk(value: &Value, see: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            see(map);
            map.values().for_each(|v| walk(v, see));
        }
        Value::Array(items) => items.iter().for_each(|v| walk(v, see)),
        _ => {}
    }
}

/// Replaces every reference that `lookup` knows, and joins text whose parts are all known. Returns how many
/// references are left.
pub fn simplify(value: &mut Value, lookup: &dyn Fn(&Ref) -> Option<Value>) -> usize {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get("$ref") {
                return match text.parse().ok().and_then(|r| lookup(&r)) {
                    Some(found) => {
                        *value = found;
                        0
                    }
                    None => 1,
                };
            }
            let left = map.values_mut().map(|v| simplify(v, lookup)).sum();
            if let (0, Some(Value::Array(parts))) = (left, map.get("$join")) {
                *value = Value::String(parts.iter().map(text_of).collect());
            }
            left
        }
        Value::Array(items) => items.iter_mut().map(|v| simplify(v, lookup)).sum(),
        _ => 0,
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Replaces every reference in `value`.
///
/// # Errors
/// The first reference that `lookup` does not know.
pub fn resolve(value: &mut Value, lookup: &dyn Fn(&Ref) -> Option<Value>) -> Result<(), Ref> {
    if simplify(value, lookup) == 0 {
        return Ok(());
    }
    let mut left = BTreeSet::new();
    refs(value, &mut left);
    Err(left.pop_first().unwrap_or(Ref {
        resource: "?".into(),
        output: "?".into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn resolves_refs_and_joins_in_place() {
        let mut value = json!({"a": {"$ref": "x.id"}, "b": [{"$join": ["p-", {"$ref": "x.id"}, ":", {"$ref": "x.port"}]}]});
        let lookup = |r: &Ref| match r.output.as_str() {
            "id" => Some(json!("i-1")),
            "port" => Some(json!(5432)),
            _ => None,
        };
        resolve(&mut value, &lookup).unwrap();
        assert_eq!(value, json!({"a": "i-1", "b": ["p-i-1:5432"]}));
    }

    #[test]
    fn names_what_is_missing() {
        let mut value = json!([{"$join": ["p-", {"$ref": "net/vpc.arn"}]}]);
        assert_eq!(
            resolve(&mut value, &|_| None).unwrap_err().to_string(),
            "net/vpc.arn"
        );
    }
}
