//! Mistakes of nine kinds, put into the examples of types: how many of them the check says, with the place.
//!
//! Every fifth type is taken; `TYPES=1` takes all.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tenon_cfn::{Node, Schema, check, find, names, samples};

/// A mistake: its kind, the word that names its place, and the properties that have it.
type Mistake = (&'static str, String, Value);

/// A member of the properties: the path, its node, and its value.
type Member<'a> = (Vec<String>, &'a Node, &'a Value);

/// Every member of a structure, and of the structures and lists in it.
fn walk<'a>(schema: &'a Schema, node: &'a Node, value: &'a Value, at: &[String], out: &mut Vec<Member<'a>>) {
    let node = schema.resolve(node);
    let below = |part: &str| [at, &[part.to_owned()]].concat();
    match value {
        Value::Object(map) if !check::is_open(value) => {
            for (name, value) in map {
                if let Some(property) = node.properties.get(name) {
                    let path = below(name);
                    out.push((path.clone(), schema.resolve(property), value));
                    walk(schema, property, value, &path, out);
                }
            }
        }
        Value::Array(items) => {
            if let (Some(of), Some(item)) = (&node.items, items.first()) {
                walk(schema, of, item, &below("0"), out);
            }
        }
        _ => {}
    }
}

/// `properties` with another value at `path`; without any where that is null.
fn with(properties: &Value, path: &[String], value: Value) -> Value {
    let mut out = properties.clone();
    let (name, parents) = path.split_last().expect("a member has a name");
    let pointer = parents.iter().fold(String::new(), |out, part| out + "/" + part);
    match out.pointer_mut(&pointer) {
        Some(Value::Object(inside)) if value.is_null() => drop(inside.remove(name)),
        Some(Value::Object(inside)) => drop(inside.insert(name.clone(), value)),
        _ => {}
    }
    out
}

/// A text that no pattern of AWS's means, and that keeps the limits of its length.
fn odd(node: &Node) -> String {
    "\u{7f}".repeat(node.min_length.unwrap_or(1).clamp(1, 2_000))
}

/// A value that is wrong for what `node` says, by the kind of mistake.
fn wrong(node: &Node, value: &Value) -> Vec<(&'static str, Value)> {
    let mut out = vec![];
    let plain = node.any_of.is_empty() && node.one_of.is_empty();
    let other = [json!("text"), json!({ "a": 1 }), json!([1]), json!(true)];
    let takes = |v: &Value| match v {
        Value::String(_) => node.types.takes("string"),
        Value::Object(_) => node.types.takes("object"),
        Value::Array(_) => node.types.takes("array"),
        _ => node.types.takes("boolean"),
    };
    if let Some(other) = other.into_iter().find(|v| !takes(v)) {
        out.push(("type", other));
    }
    if let (Value::String(_), false, true) = (value, node.words.is_empty(), plain) {
        out.push(("word", json!("no-such-word-of-aws")));
    }
    if let (Some(high), true) = (node.maximum, value.is_number()) {
        out.push(("range", json!(high + 1.0)));
    }
    if let Value::String(text) = value {
        if let Some(high) = node.max_length.filter(|high| *high < 3_000) {
            out.push(("length", json!("a".repeat(high + 1))));
        } else if let Some(low) = node.min_length.filter(|low| *low > 0) {
            out.push((
                "length",
                json!(text[..low.saturating_sub(1).min(text.len())].to_owned()),
            ));
        }
        if node.pattern.is_some() && node.words.is_empty() {
            out.push(("pattern", json!(odd(node))));
        }
    }
    out
}

/// One mistake of each kind that the type has a place for.
fn mistakes(schema: &Schema, properties: &Value) -> Vec<Mistake> {
    let mut members = vec![];
    walk(schema, &schema.root, properties, &[], &mut members);
    let mut found: BTreeMap<&'static str, Mistake> = BTreeMap::new();
    let mut put = |kind: &'static str, word: &str, value: Value| {
        found
            .entry(kind)
            .or_insert_with(|| (kind, word.to_owned(), value));
    };
    let name = |path: &[String]| path.last().cloned().unwrap_or_default();
    put(
        "unknown",
        "XyzzyProperty",
        with(properties, &["XyzzyProperty".into()], json!(1)),
    );
    for required in &schema.root.required {
        if properties.get(required).is_some() && !schema.is_read_only(required) {
            put(
                "required",
                required,
                with(properties, std::slice::from_ref(required), Value::Null),
            );
        }
    }
    for path in schema.read_only.iter().filter(|path| !path.contains('/')) {
        let also_ours = schema.create_only.contains(path) || schema.write_only.contains(path);
        if !also_ours {
            put(
                "read-only",
                path,
                with(properties, std::slice::from_ref(path), json!("a")),
            );
        }
    }
    for (path, node, value) in &members {
        let secret = schema.is_secret(&path.join("/").replace("/0", "/*"));
        if secret {
            put(
                "secret",
                &name(path),
                with(properties, path, json!("hunter2-hunter2")),
            );
            continue;
        }
        for (kind, value) in wrong(node, value) {
            put(kind, &name(path), with(properties, path, value));
        }
    }
    found.into_values().collect()
}

#[test]
fn a_seeded_mistake_is_said_with_its_place() {
    let step = std::env::var("TYPES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(5);
    let (mut types, mut counts, mut missed) = (0, BTreeMap::<&str, [usize; 2]>::new(), vec![]);
    for kind in names().step_by(step) {
        let schema = find(kind).expect("a type with handlers");
        let [small, large] = samples(schema);
        let properties = [large, small]
            .into_iter()
            .find(|sample| check::findings(schema, sample).is_empty());
        // Some rules no made-up example keeps.
        let Some(properties) = properties else { continue };
        types += 1;
        for (of, word, wrong) in mistakes(schema, &properties) {
            let said = check::findings(schema, &wrong);
            let named = said.iter().any(|why| why.contains(&word));
            let count = counts.entry(of).or_default();
            count[0] += 1;
            count[1] += usize::from(named);
            if !named {
                missed.push(format!("{kind}: {of} of `{word}`: {said:?}"));
            }
        }
    }
    let seeded: usize = counts.values().map(|c| c[0]).sum();
    let said: usize = counts.values().map(|c| c[1]).sum();
    for (of, [seeded, said]) in &counts {
        println!("{of}: {said} of {seeded}");
    }
    println!("{types} types: {said} of {seeded} mistakes are said");
    assert_eq!(counts.len(), 9, "{counts:?}");
    assert!(
        said * 100 >= seeded * 98,
        "{said} of {seeded}\n{}",
        missed.join("\n")
    );
}

/// No mistake, no words: the examples themselves say nothing.
#[test]
fn what_is_right_is_not_said_to_be_wrong() {
    let queue = find("AWS::SQS::Queue").expect("a type");
    let right = Map::from_iter([("DelaySeconds".to_owned(), json!(5))]);
    assert_eq!(
        check::findings(queue, &Value::Object(right)),
        Vec::<String>::new()
    );
}
