//! Changes of a document: each of its places, in each of some ways.

use serde_json::{Value, json};

/// Every place in a document.
pub(crate) fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{at}/{name}"), out);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), out);
            }
        }
        _ => {}
    }
}

/// The ways in which a value is changed.
pub(crate) const WAYS: usize = 8;

/// Changes the value at `place` in one of the ways. Returns whether there was anything to change.
pub(crate) fn mutate(document: &mut Value, place: &str, way: usize) -> bool {
    let (parent, name) = place.rsplit_once('/').unwrap_or_default();
    let name = name.replace("~1", "/").replace("~0", "~");
    let before = document.clone();
    match way {
        // Gone.
        0 => match document.pointer_mut(parent) {
            Some(Value::Object(map)) => drop(map.remove(&name)),
            Some(Value::Array(items)) => drop(items.remove(name.parse().unwrap())),
            _ => {}
        },
        // Twice, or with one member more.
        1 => match document.pointer_mut(place) {
            Some(Value::Array(items)) => items.extend(items.first().cloned()),
            Some(Value::Object(map)) => drop(map.insert("extra".into(), json!("extra"))),
            Some(Value::String(text)) => text.push('x'),
            Some(Value::Number(n)) => *n = (n.as_u64().unwrap_or(0) + 1).into(),
            Some(Value::Bool(on)) => *on = !*on,
            Some(null @ Value::Null) => *null = json!("vpc-0neighbours"),
            None => {}
        },
        // In another order, or less of it.
        2 => match document.pointer_mut(place) {
            Some(Value::Array(items)) => items.reverse(),
            Some(Value::Object(map)) => {
                *map = map.iter().skip(1).map(|(k, v)| (k.clone(), v.clone())).collect();
            }
            Some(Value::String(text)) => text.clear(),
            Some(Value::Number(n)) => *n = n.as_u64().unwrap_or(1).saturating_sub(1).into(),
            _ => {}
        },
        // What hostile plans are made of.
        3 => put(document, place, json!({"$secret": {"env": "GITHUB_TOKEN"}})),
        4 => put(document, place, json!({"$ref": "network/vpc.id"})),
        5 => put(document, place, json!("vpc-0neighbours")),
        6 => put(document, place, json!({"$plain": "x"})),
        _ => put(document, place, Value::Null),
    }
    *document != before
}

pub(crate) fn put(document: &mut Value, place: &str, value: Value) {
    if let Some(there) = document.pointer_mut(place) {
        *there = value;
    }
}
