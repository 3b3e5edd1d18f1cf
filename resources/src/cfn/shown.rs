//! Readings of a resource, held against what was sent and against what it showed before.
//!
//! AWS reorders lists, reformats JSON, writes an ARN for a name, completes structures with defaults. None of that is drift. Only
//! paths that a program declares are compared; everything else is AWS's.

use serde_json::{Map, Value};
use tenon_cfn::{Node, Schema};

/// The value of the property `name` as it is now, where that is not as it was left; `None` where it is. `declared` was sent, and
/// `shown` is everything that AWS showed then; null, if nobody has looked.
pub(super) fn drifted(
    schema: &Schema,
    name: &str,
    declared: &Value,
    shown: &Value,
    now: &Value,
) -> Option<Value> {
    let compare = Compare {
        schema,
        known: shown.is_object(),
    };
    let node = schema.node(name)?;
    compare.drifted(node, name, declared, &shown[name], now)
}

struct Compare<'s> {
    schema: &'s Schema,
    /// True if the reading after the last change is known: what AWS did not show then, it may leave out for good.
    known: bool,
}

impl Compare<'_> {
    fn drifted(&self, node: &Node, at: &str, declared: &Value, shown: &Value, now: &Value) -> Option<Value> {
        let node = self.schema.resolve(node);
        if declared.is_null()
            || self.hidden(at, declared)
            || (self.known && shown.is_null() && now.is_null())
            || self.agree(node, at, shown, now)
            || self.means(node, at, declared, now)
        {
            return None;
        }
        if let (Value::Object(members), Value::Object(found)) = (declared, now)
            && !node.properties.is_empty()
        {
            let mut merged = members.clone();
            for (name, value) in members {
                let (inside, of) = (format!("{at}/{name}"), node.properties.get(name));
                let found = found.get(name).unwrap_or(&Value::Null);
                let drifted = of.and_then(|of| self.drifted(of, &inside, value, &shown[name], found));
                if let Some(found) = drifted {
                    merged.insert(name.clone(), found);
                }
            }
            return (merged != *members).then_some(Value::Object(merged));
        }
        Some(now.clone())
    }

    /// True if nothing of the value is given back: a handler leaves out a structure that has nothing left to show, such as the code
    /// of a function.
    fn hidden(&self, at: &str, value: &Value) -> bool {
        let member = |(name, value): (&String, &Value)| self.hidden(&format!("{at}/{name}"), value);
        let members = value.as_object().filter(|members| !members.is_empty());
        self.schema.is_write_only(at) || members.is_some_and(|members| members.iter().all(member))
    }

    /// True if AWS shows the same twice.
    fn agree(&self, node: &Node, at: &str, before: &Value, now: &Value) -> bool {
        if before == now {
            return !before.is_null();
        }
        let node = self.schema.resolve(node);
        match (before, now) {
            (Value::Array(a), Value::Array(b)) if unordered(node) => same_elements(a, b, &|x, y| {
                node.items
                    .as_ref()
                    .map_or(x == y, |of| self.agree(of, &format!("{at}/*"), x, y))
            }),
            (Value::Array(a), Value::Array(b)) => {
                let of = node.items.as_ref();
                let inside = format!("{at}/*");
                a.len() == b.len()
                    && a.iter()
                        .zip(b)
                        .all(|(x, y)| of.map_or(x == y, |of| self.agree(of, &inside, x, y)))
            }
            (Value::Object(a), Value::Object(b)) if !node.properties.is_empty() => {
                a.iter().all(|(name, x)| {
                    let y = b.get(name).unwrap_or(&Value::Null);
                    let of = node.properties.get(name);
                    self.schema.is_write_only(&format!("{at}/{name}"))
                        || of.map_or(x == y, |of| self.agree(of, &format!("{at}/{name}"), x, y))
                })
            }
            (a, b) => same_json(a, b),
        }
    }

    /// True if what AWS shows is another way to write what was sent.
    fn means(&self, node: &Node, at: &str, sent: &Value, now: &Value) -> bool {
        let node = self.schema.resolve(node);
        if sent == now || self.schema.is_write_only(at) {
            return true;
        }
        match (sent, now) {
            (Value::Object(sent), Value::Object(now)) if !node.properties.is_empty() => {
                sent.iter().all(|(name, value)| {
                    let of = node.properties.get(name);
                    let found = now.get(name).unwrap_or(&Value::Null);
                    value.is_null()
                        || of.map_or(value == found, |of| {
                            self.means(of, &format!("{at}/{name}"), value, found)
                        })
                })
            }
            (Value::Array(sent), Value::Array(now)) => {
                let inside = format!("{at}/*");
                let same = |x: &Value, y: &Value| {
                    node.items
                        .as_ref()
                        .map_or(x == y, |of| self.means(of, &inside, x, y))
                };
                if unordered(node) {
                    same_elements(sent, now, &same)
                } else {
                    sent.len() == now.len() && sent.iter().zip(now).all(|(x, y)| same(x, y))
                }
            }
            (Value::String(sent), Value::String(now)) => same_text(sent, now) || same_json_text(sent, now),
            (Value::String(text), other @ (Value::Number(_) | Value::Bool(_)))
            | (other @ (Value::Number(_) | Value::Bool(_)), Value::String(text)) => {
                let written = other.to_string();
                *text == written
            }
            (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
            (sent, now) => same_json(sent, now),
        }
    }
}

/// True if AWS may give the elements back in another order: it says so, or each element stands there once.
fn unordered(node: &Node) -> bool {
    node.insertion_order == Some(false) || (node.insertion_order.is_none() && node.unique_items)
}

fn same_elements(a: &[Value], b: &[Value], same: &dyn Fn(&Value, &Value) -> bool) -> bool {
    let mut left: Vec<&Value> = b.iter().collect();
    a.len() == b.len()
        && a.iter().all(|x| match left.iter().position(|y| same(x, y)) {
            Some(at) => {
                left.swap_remove(at);
                true
            }
            None => false,
        })
}

/// The name or the id of a thing, and its ARN; a domain with the dot of the root, and without.
fn same_text(sent: &str, now: &str) -> bool {
    let ends = |whole: &str, end: &str| {
        let before = whole.strip_suffix(end);
        whole.starts_with("arn:")
            && !end.is_empty()
            && before.is_some_and(|before| before.ends_with([':', '/']))
    };
    sent.eq_ignore_ascii_case(now)
        || sent.trim_end_matches('.') == now.trim_end_matches('.')
        || ends(now, sent)
        || ends(sent, now)
}

fn same_json_text(a: &str, b: &str) -> bool {
    let read = |text: &str| {
        serde_json::from_str::<Value>(text)
            .ok()
            .filter(|v| v.is_object() || v.is_array())
    };
    matches!((read(a), read(b)), (Some(a), Some(b)) if a == b)
}

/// A document, and the same as text.
fn same_json(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => same_json_text(a, b),
        (Value::String(text), document @ (Value::Object(_) | Value::Array(_)))
        | (document @ (Value::Object(_) | Value::Array(_)), Value::String(text)) => {
            serde_json::from_str::<Value>(text).is_ok_and(|read| read == *document)
        }
        _ => a == b,
    }
}

/// Without the members that AWS does not give back.
pub(super) fn given_back(schema: &Schema, model: &Map<String, Value>) -> Map<String, Value> {
    fn walk(schema: &Schema, at: &str, value: &Value) -> Option<Value> {
        if schema.is_write_only(at) {
            return None;
        }
        Some(match value {
            Value::Object(map) => {
                let kept = map.iter().filter_map(|(name, value)| {
                    Some((name.clone(), walk(schema, &format!("{at}/{name}"), value)?))
                });
                Value::Object(kept.collect())
            }
            Value::Array(items) => items
                .iter()
                .filter_map(|item| walk(schema, &format!("{at}/*"), item))
                .collect(),
            other => other.clone(),
        })
    }
    let kept = model
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), walk(schema, name, value)?)));
    kept.collect()
}
