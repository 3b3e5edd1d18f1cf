//! Calls in AWS's own shape: what the API's model calls each member, nested members included, so that a call of a plan can be given
//! to the AWS CLI (`aws ec2 create-vpc --cli-input-json …`).
//!
//! The names are an extract of botocore's models, which `.ci/oracles/shapes.py` writes and `cargo verify oracles` holds against them.
//! Most members differ in case alone. Where a call has words of its own (`circuit_breaker: "roll_back"`), [`words`] says what they
//! stand for.

mod s3;
mod words;

use crate::call::Step;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::LazyLock};

#[derive(Deserialize)]
struct Models {
    services: BTreeMap<String, Model>,
}

#[derive(Deserialize)]
struct Model {
    operations: BTreeMap<String, String>,
    shapes: BTreeMap<String, Value>,
}

static MODELS: LazyLock<Models> = LazyLock::new(|| {
    let text = include_str!("../../data/shapes.json");
    serde_json::from_str(text).expect("the extract is read by a test")
});

/// Members of a structure that hold a pair's key and value.
const PAIRS: [(&str, &str); 6] = [
    ("Key", "Value"),
    ("key", "value"),
    ("TagKey", "TagValue"),
    ("Name", "Value"),
    ("name", "value"),
    ("name", "valueFrom"),
];

impl Step {
    /// The call's parameters in AWS's own shape. References, tokens and secrets are in it as they are, `{"$ref": …}`; a document that
    /// AWS takes as text is text, unless a reference is in it.
    pub fn request(&self) -> Value {
        self.shaped(true)
    }

    /// As [`request`](Self::request), with documents left as they are, for people to read.
    pub fn readable_request(&self) -> Value {
        self.shaped(false)
    }

    fn shaped(&self, documents: bool) -> Value {
        let model = MODELS.services.get(&*self.service);
        let Some((model, input)) = model.and_then(|m| Some((m, m.operations.get(&*self.operation)?))) else {
            return self.params.value();
        };
        let shaper = Shaper {
            service: &self.service,
            model,
            documents,
        };
        let params = self.params.value();
        let whole = words::of_operation(&self.operation, &params);
        shaper.shape(input, &whole.unwrap_or(params))
    }
}

struct Shaper<'a> {
    service: &'a str,
    model: &'a Model,
    documents: bool,
}

impl Shaper<'_> {
    fn shape(&self, name: &str, value: &Value) -> Value {
        if is_open(value) {
            return value.clone();
        }
        let said = words::of_shape(self.service, name, value);
        let value = said.as_ref().unwrap_or(value);
        if is_open(value) {
            return value.clone();
        }
        match self.model.shapes.get(name) {
            Some(Value::Object(members)) => match members.get("*") {
                Some(of) => self.map(of.as_str().unwrap_or_default(), value),
                None => self.structure(members, value),
            },
            Some(Value::Array(of)) => self.list(of[0].as_str().unwrap_or_default(), value),
            _ => self.scalar(name, value),
        }
    }

    fn structure(&self, members: &Map<String, Value>, value: &Value) -> Value {
        let Value::Object(given) = value else {
            return value.clone();
        };
        let mut out = Map::new();
        for (name, value) in given.iter().filter(|(_, v)| !v.is_null()) {
            // A member that AWS does not have stays: the oracle finds it.
            let (name, value) = match member(members, name) {
                Some((name, of)) => (name, self.shape(of, value)),
                None => (name, value.clone()),
            };
            out.insert(name.clone(), value);
        }
        Value::Object(out)
    }

    fn list(&self, of: &str, value: &Value) -> Value {
        match value {
            Value::Array(list) => list.iter().map(|v| self.shape(of, v)).collect(),
            Value::Object(map) => {
                let Some(Value::Object(members)) = self.model.shapes.get(of) else {
                    return json!([self.shape(of, value)]);
                };
                let known = map.keys().any(|name| member(members, name).is_some());
                let pair = PAIRS.iter().find(|(key, value)| {
                    members.contains_key(*key) && members.contains_key(*value) && !known
                });
                match pair {
                    Some((key, to)) => {
                        let one = |(name, value): (&String, &Value)| {
                            self.structure(members, &json!({ *key: name, *to: value }))
                        };
                        map.iter().map(one).collect()
                    }
                    None => json!([self.shape(of, value)]),
                }
            }
            one => json!([self.shape(of, one)]),
        }
    }

    fn map(&self, of: &str, value: &Value) -> Value {
        let Value::Object(given) = value else {
            return value.clone();
        };
        let given = given.iter().filter(|(_, v)| !v.is_null());
        let shaped = given.map(|(name, value)| (name.clone(), self.shape(of, value)));
        Value::Object(shaped.collect())
    }

    fn scalar(&self, name: &str, value: &Value) -> Value {
        match (name, value) {
            (".string", Value::Bool(_) | Value::Number(_)) => value.to_string().into(),
            (".string", Value::Object(_) | Value::Array(_)) if self.documents && !has_open(value) => {
                value.to_string().into()
            }
            _ => value.clone(),
        }
    }
}

/// A member by the name that a call has for it: the same but for case, or without `Arn`, `Id`, `Name` at its end.
fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<(&'m String, &'m str)> {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let name = plain(name);
    let of = |end: &str| {
        let whole = format!("{name}{end}");
        members.iter().find(|(member, _)| plain(member) == whole)
    };
    let ends = ["", "arn", "id", "arns", "ids", "name"];
    let (member, shape) = ends.into_iter().find_map(of)?;
    Some((member, shape.as_str().unwrap_or_default()))
}

/// `true` if a value is a reference, joined text, a token or a secret: not known before the call is sent.
fn is_open(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|map| map.keys().any(|key| key.starts_with('$')))
}

fn has_open(value: &Value) -> bool {
    is_open(value)
        || match value {
            Value::Array(list) => list.iter().any(has_open),
            Value::Object(map) => map.values().any(has_open),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    #[test]
    fn every_operation_of_every_type_is_in_the_extract() {
        for kind in registry::TYPES {
            for call in kind.calls() {
                let model = MODELS.services.get(call.service);
                let known = model.is_some_and(|m| m.operations.contains_key(call.operation));
                assert!(
                    known,
                    "{}:{}: `cargo verify oracles` writes the new extract",
                    call.service, call.operation
                );
            }
        }
    }

    #[test]
    fn a_call_is_what_the_cli_takes() {
        let vpc = registry::find("ec2.vpc").expect("registered");
        let create = vpc.create(&vpc.samples()[0]).expect("a sample");
        assert_eq!(
            create[0].request(),
            json!({
                "CidrBlock": "10.0.0.0/16",
                "TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "a"}]}],
            })
        );
        let role = registry::find("iam.role").expect("registered");
        let create = role.create(&role.samples()[0]).expect("a sample");
        let text = &create[0].request()["AssumeRolePolicyDocument"];
        assert!(text.as_str().is_some_and(|t| t.starts_with('{')), "{text}");
        assert!(create[0].readable_request()["AssumeRolePolicyDocument"].is_object());
    }
}
