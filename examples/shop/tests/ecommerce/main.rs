//! Tests of the stack `ecommerce`: network access, permissions, the catalogue's environment, and whole plans.

#![expect(
    clippy::unwrap_used,
    reason = "a test that does not find what it looks for has failed"
)]

mod access;
mod catalogue;
mod chaos;
mod images;
mod life;
mod moves;
mod reach;
mod zones;

use serde_json::Value;
use shop::{Env, Settings, VARIABLES};
use tenon::{
    Environment,
    planner::{Declaration, Declared},
};

/// Settings with the secret that `env` requires; everything else is at its default.
fn settings(env: Env) -> Settings {
    let secret = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:catalog/tokens-AbCdEf";
    Settings {
        api_tokens: (!env.profile().allow_anonymous).then(|| secret.into()),
        ..Settings::default()
    }
}

/// Settings with the example of every variable.
fn every_setting() -> Settings {
    Settings::read(|name| Some(VARIABLES.iter().find(|v| v.name == name)?.example.into())).unwrap()
}

fn declared(env: Env) -> Declared {
    tenon::declare("ecommerce", env, |s| shop::with(s, &settings(env)))
}

fn declared_with(env: Env, settings: &Settings) -> Declared {
    tenon::declare("ecommerce", env, |s| shop::with(s, settings))
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

/// `address.output` of a reference, or the value as text.
fn text(value: &Value) -> String {
    match value.get("$ref").unwrap_or(value) {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
