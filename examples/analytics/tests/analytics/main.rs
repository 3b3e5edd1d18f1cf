//! Tests of the stack `analytics`: whole plans, permissions, the application's variables, and the pipelines' calls.

#![expect(
    clippy::unwrap_used,
    reason = "a test that does not find what it looks for has failed"
)]

mod access;
mod change;
mod host;
mod life;
mod pipelines;
mod reach;
mod variables;
mod watch;
mod written;

use analytics_stack::{Env, Settings, VARIABLES};
use serde_json::Value;
use tenon::{
    Environment,
    planner::{Declaration, Declared},
};

/// Settings with what `env` requires; everything else is at its default.
fn settings(env: Env) -> Settings {
    let secret = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:analytics/tokens-AbCdEf";
    Settings {
        api_tokens: (!env.profile().allow_anonymous).then(|| secret.into()),
        sites: (env != Env::Local).then(|| "shop=https://shop.example,blog=https://blog.example".into()),
        ..Settings::default()
    }
}

/// Settings with the example of every variable.
fn every_setting() -> Settings {
    Settings::read(|name| Some(VARIABLES.iter().find(|v| v.name == name)?.example.into())).unwrap()
}

fn declared(env: Env) -> Declared {
    declared_with(env, &settings(env))
}

fn declared_with(env: Env, settings: &Settings) -> Declared {
    tenon::declare("analytics", env, |s| analytics_stack::with(s, settings))
}

/// Each environment with the settings that it requires, and production with every setting.
fn all() -> impl Iterator<Item = (&'static str, Declared)> {
    let each = Env::ALL.iter().map(|&env| (env.name(), declared(env)));
    each.chain([("prod with everything", declared_with(Env::Prod, &every_setting()))])
}

/// The declarations of one type, by address.
fn of<'a>(declared: &'a Declared, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Declaration)> {
    let same = move |(address, d): (&'a String, &'a Declaration)| {
        (d.kind.name() == kind).then_some((address.as_str(), d))
    };
    declared.resources.iter().filter_map(same)
}

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => vec![],
        one => vec![one],
    }
}

/// `address.output` of a reference, text with its references in braces, or the value as text.
fn text(value: &Value) -> String {
    if let Some(parts) = value.get("$join").and_then(Value::as_array) {
        let part = |part: &Value| match part.get("$ref") {
            Some(_) => format!("{{{}}}", text(part)),
            None => text(part),
        };
        return parts.iter().map(part).collect();
    }
    match value.get("$ref").unwrap_or(value) {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
