//! The OpenAPI document and the parser of request bodies agree: a value that the document allows is accepted, and a
//! text that it refuses is refused.

use catalog::order::{EraseBuyer, NewOrder};
use catalog::product::{Body, read_bulk};
use proptest::prelude::*;
use proptest::string::string_regex;
use proptest::test_runner::{Config, TestRunner};
use regex::Regex;
use serde_json::{Value, json};
use service::http::{FieldErrors, body::read_object};
use std::cell::Cell;

/// Returns true if `schema` allows `value`, by the keywords that the schemas of request bodies have.
fn allows(document: &Value, schema: &Value, value: &Value) -> bool {
    let fits = |schema: &Value, value: &Value| allows(document, schema, value);
    let keyword = |(keyword, limit): (&String, &Value)| match keyword.as_str() {
        "$ref" => fits(document.pointer(&limit.as_str().unwrap()[1..]).unwrap(), value),
        "oneOf" => {
            limit
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| fits(one, value))
                .count()
                == 1
        }
        "items" => value
            .as_array()
            .is_none_or(|items| items.iter().all(|item| fits(limit, item))),
        "required" => {
            let has = |name: &Value| value.get(name.as_str().unwrap()).is_some();
            !value.is_object() || limit.as_array().unwrap().iter().all(has)
        }
        "properties" => value.as_object().is_none_or(|members| {
            let member = |(name, value)| limit.get(name).is_none_or(|schema| fits(schema, value));
            members.iter().all(member)
        }),
        "additionalProperties" => {
            assert_eq!(limit, &json!(false));
            let known = |name| schema["properties"].get(name).is_some();
            value.as_object().is_none_or(|members| members.keys().all(known))
        }
        keyword => is_within(keyword, limit, value),
    };
    schema.as_object().unwrap().iter().all(keyword)
}

/// Returns true if `value` itself is within a limit; its members and items are left to [`allows`].
fn is_within(keyword: &str, limit: &Value, value: &Value) -> bool {
    let size = || match keyword {
        "minLength" | "maxLength" => value.as_str().map(|text| count(text.chars().count())),
        "minItems" | "maxItems" => value.as_array().map(|items| count(items.len())),
        _ => value.as_f64(),
    };
    match keyword {
        "description" | "example" | "examples" => true,
        "type" => match limit {
            Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap(), value)),
            kind => is(kind.as_str().unwrap(), value),
        },
        "enum" => limit.as_array().unwrap().contains(value),
        "pattern" => {
            let pattern = Regex::new(&ascii(limit.as_str().unwrap())).unwrap();
            value.as_str().is_none_or(|text| pattern.is_match(text))
        }
        "minLength" | "minItems" | "minimum" => size().is_none_or(|size| size >= limit.as_f64().unwrap()),
        "maxLength" | "maxItems" | "maximum" => size().is_none_or(|size| size <= limit.as_f64().unwrap()),
        // By the digits: a quotient of binary fractions would not be whole.
        "multipleOf" => {
            assert_eq!(limit, &json!(0.01));
            let digits = value.to_string();
            !value.is_number()
                || digits
                    .split_once('.')
                    .is_none_or(|(_, decimals)| decimals.len() <= 2)
        }
        "format" => match limit.as_str().unwrap() {
            "int32" => value.as_i64().is_none_or(|number| i32::try_from(number).is_ok()),
            "int64" => !value.is_number() || value.is_i64(),
            other => panic!("no check for the format {other}"),
        },
        other => panic!("no check for the keyword {other}"),
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no check for the type {other}"),
    }
}

/// A pattern as JavaScript reads it, whose `\d` has the ten digits of ASCII only.
fn ascii(pattern: &str) -> String {
    pattern.replace(r"\d", "[0-9]")
}

/// Values for a member with `schema`: texts of its patterns, its words, and values around every limit of the document.
fn values(document: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let any = vec![
        any::<String>().prop_map(Value::from).boxed(),
        "[\\x00-\\x{ff}]{0,6}".prop_map(Value::from).boxed(),
        prop::sample::select(vec![
            63, 64, 65, 99, 100, 101, 254, 255, 256, 9_999, 10_000, 10_001,
        ])
        .prop_map(|length| Value::from("x".repeat(length)))
        .boxed(),
        prop::sample::select(vec![
            -1,
            0,
            1,
            i64::from(i32::MAX),
            i64::from(i32::MAX) + 1,
            i64::MAX,
        ])
        .prop_map(Value::from)
        .boxed(),
        // Hundredths and thousandths, from below the least percentage to above the highest price.
        (-200_000_i32..=200_000, prop::sample::select(vec![100.0, 1000.0]))
            .prop_map(|(number, parts)| json!(f64::from(number) / parts))
            .boxed(),
        prop::sample::select(vec![99_999_999, 100_000_000])
            .prop_map(Value::from)
            .boxed(),
        prop::sample::select(vec![0_usize, 1, 2, 500, 501])
            .prop_map(|length| json!((0..length).collect::<Vec<_>>()))
            .boxed(),
        any::<bool>().prop_map(Value::from).boxed(),
        Just(Value::Null).boxed(),
    ];
    let mut own = Vec::new();
    let target = schema["$ref"].as_str().or(schema["oneOf"][0]["$ref"].as_str());
    let schema = target.map_or(schema, |path| document.pointer(&path[1..]).unwrap());
    if let Some(names) = schema["enum"].as_array() {
        own.push(prop::sample::select(names.clone()).boxed());
    }
    if let Some(pattern) = schema["pattern"]
        .as_str()
        .or(schema["oneOf"][0]["pattern"].as_str())
    {
        let pattern = ascii(pattern);
        let text = string_regex(pattern.trim_start_matches('^').trim_end_matches('$')).unwrap();
        own.push(text.prop_map(Value::from).boxed());
    }
    if let Some(members) = schema["properties"].as_object() {
        let members = members.iter().map(|(name, schema)| {
            let name = name.clone();
            values(document, schema)
                .prop_map(move |value| json!({ name.clone(): value }))
                .boxed()
        });
        own.push(prop::strategy::Union::new(members).boxed());
    }
    let any = any.into_iter().map(|values| (1, values));
    let own = own.into_iter().map(|values| (8, values));
    prop::strategy::Union::new_weighted(any.chain(own).collect()).boxed()
}

fn read(schema: &str, body: &Value) -> Result<(), FieldErrors> {
    let object = read_object(body.to_string().as_bytes()).unwrap();
    match schema {
        "NewOrder" => NewOrder::read(&object).map(drop),
        "EraseBuyer" => EraseBuyer::read(&object).map(drop),
        "NewProduct" => Body::read(&object)?.create().map(drop),
        "WholeProduct" => Body::read(&object)?.require(&Body::REQUIRED_TO_REPLACE),
        "ProductChange" => Body::read(&object).map(drop),
        "BulkRequest" => read_bulk(&object).map(drop),
        other => panic!("no parser for {other}"),
    }
}

/// A body that fits and makes the parser read `member`.
fn body_for(schema: &str, member: &str) -> Value {
    match (schema, member) {
        ("NewProduct", _) => json!({"name": "Mug", "price": "1.00"}),
        ("WholeProduct", _) => json!({"name": "Mug", "description": "", "price": "1.00", "stock": 0}),
        ("NewOrder", _) => json!({
            "lines": [{"product": 1, "quantity": 1, "price": "1.00"}], "name": "Ada", "email": "a@b", "address": "x",
        }),
        ("EraseBuyer", _) => json!({"email": "a@b"}),
        ("BulkRequest", "percent") => json!({"ids": [1], "action": "price_percent"}),
        ("BulkRequest", _) => json!({"ids": [1], "action": "update", "set": {"stock": 1}, "percent": "1"}),
        _ => json!({}),
    }
}

/// Returns true if the parser must refuse a value that the document refuses. A text with blanks around it is trimmed first, and an
/// amount may also have a sign or an exponent, so of those the document allows only a part.
fn is_described_exactly(member: &str, value: &Value) -> bool {
    ["sku", "name", "description", "category", "status", "action"].contains(&member)
        && value.as_str().is_none_or(|text| text.trim() == text)
}

#[test]
fn the_parser_accepts_what_the_document_allows() {
    let document: Value = serde_json::from_str(&catalog::api::openapi::text().unwrap()).unwrap();
    let schemas = &document["components"]["schemas"];
    for name in ["NewProduct", "WholeProduct", "ProductChange", "BulkRequest"] {
        assert!(allows(&document, &schemas[name], &body_for(name, "")), "{name}");
        read(name, &body_for(name, "")).unwrap();
        for (member, schema) in schemas[name]["properties"].as_object().unwrap() {
            let (accepted, refused) = (Cell::new(0), Cell::new(0));
            let config = Config {
                cases: 500,
                failure_persistence: None,
                ..Config::default()
            };
            let outcome = TestRunner::new(config).run(&values(&document, schema), |value| {
                let mut body = body_for(name, member);
                body[member] = value.clone();
                let outcome = read(name, &body);
                if allows(&document, schema, &value) {
                    accepted.set(accepted.get() + 1);
                    prop_assert!(outcome.is_ok(), "{body} is refused: {outcome:?}");
                } else if is_described_exactly(member, &value) {
                    refused.set(refused.get() + 1);
                    prop_assert!(outcome.is_err(), "{body} is accepted");
                }
                Ok(())
            });
            outcome.unwrap_or_else(|failure| panic!("{name}.{member}: {failure}"));
            assert!(
                accepted.get() > 10,
                "{name}.{member}: {} accepted",
                accepted.get()
            );
            assert!(
                refused.get() > 10 || !is_described_exactly(member, &Value::Null),
                "{name}.{member}: {} refused",
                refused.get()
            );
        }
    }
}

#[test]
fn the_parser_requires_and_takes_the_members_that_the_document_does() {
    let document: Value = serde_json::from_str(&catalog::api::openapi::text().unwrap()).unwrap();
    for name in [
        "NewProduct",
        "WholeProduct",
        "ProductChange",
        "BulkRequest",
        "NewOrder",
        "EraseBuyer",
    ] {
        let schema = &document["components"]["schemas"][name];
        let full = body_for(name, "");
        for member in full.as_object().unwrap().keys() {
            let mut body = full.clone();
            body.as_object_mut().unwrap().remove(member);
            if ["set", "percent"].contains(&member.as_str()) {
                body["action"] = json!("delete");
            }
            assert_eq!(
                read(name, &body).is_ok(),
                allows(&document, schema, &body),
                "{name} without {member}"
            );
        }
        let mut body = full.clone();
        body["colour"] = json!("red");
        assert!(
            read(name, &body).is_err() && !allows(&document, schema, &body),
            "{name}"
        );
    }
}

/// The texts of the sources of catalogue and service.
fn sources() -> String {
    fn read(folder: &std::path::Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                read(&entry.path(), text);
            } else {
                text.push_str(&std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    read(&root.join("src"), &mut text);
    read(&root.join("../service/src"), &mut text);
    text
}

#[test]
fn no_code_of_a_failure_is_missing_in_the_documentation() {
    let given = Regex::new(r#"StatusCode::[A-Z_]+,\s*"([a-z_]+)""#).unwrap();
    let documented: Vec<&str> = service::http::docs::CODES.iter().map(|(code, _)| *code).collect();
    let text = sources();
    let mut found = 0;
    for code in given.captures_iter(&text) {
        found += 1;
        assert!(documented.contains(&&code[1]), "{}", &code[1]);
    }
    assert!(found > 20, "{found}");
    for code in documented {
        assert!(
            text.matches(&format!("\"{code}\"")).count() > 1,
            "{code} is documented and never answered"
        );
    }
}

#[test]
fn no_body_is_documented_without_an_example_that_is_accepted() {
    let document: Value = serde_json::from_str(&catalog::api::openapi::text().unwrap()).unwrap();
    let mut bodies = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let Some(content) = call["requestBody"]["content"].as_object() else {
                continue;
            };
            for (kind, body) in content {
                bodies += 1;
                let example = &body["example"];
                assert!(!example.is_null(), "{method} {path}");
                if kind == "application/json" {
                    assert!(
                        allows(&document, &body["schema"], example),
                        "{method} {path}: {example}"
                    );
                    let object = read_object(example.to_string().as_bytes()).unwrap();
                    let read = if path == "/api/orders" {
                        NewOrder::read(&object).map(drop)
                    } else if path == "/api/orders/erase" {
                        EraseBuyer::read(&object).map(drop)
                    } else if path.ends_with("/bulk") {
                        read_bulk(&object).map(drop)
                    } else {
                        Body::read(&object).map(drop)
                    };
                    assert!(read.is_ok(), "{method} {path}: {read:?}");
                }
            }
        }
    }
    assert_eq!(bodies, 8);
}
