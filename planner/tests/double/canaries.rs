//! Secrets: they reach AWS, and nothing else.

use super::{
    Site, block_on, schemas,
    wire::{CANARY, Wire},
};
use cloudcontrol_double::{Failure, Symptoms, World, router};
use serde_json::{Value, json};
use std::sync::Arc;
use tenon_planner::{Check, Declaration, Declared, Options, event::quiet, plan, refresh::refresh};
use tenon_resources::{cfn, resource::ResourceType};

fn has_secret(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.contains_key("$secret") || map.values().any(has_secret),
        Value::Array(items) => items.iter().any(has_secret),
        _ => false,
    }
}

fn alone(kind: &'static dyn ResourceType, inputs: &Value) -> Declared {
    let mut declared = Declared::new("canary", "test", None);
    declared.disposable = true;
    declared.add("it", Declaration::new(kind, inputs.clone(), "main.rs:1"));
    declared
}

/// Types that take secrets, each with inputs that have one, and with another value for a property that is no secret.
fn types() -> Vec<(&'static dyn ResourceType, Value, Value)> {
    let all = cfn::names().map(|name| cfn::find(name).unwrap());
    let with = all.filter_map(|kind| {
        let [small, large] = kind.samples();
        if !has_secret(&large) || alone(kind, &large).check().is_err() {
            return None;
        }
        let mut changed = large.clone();
        let other = kind.fields().iter().find(|f| {
            let differs = !small[f.name].is_null() && small[f.name] != large[f.name];
            f.name != "tags"
                && differs
                && !has_secret(&large[f.name])
                && !kind.replaces(f, &large[f.name], &small[f.name])
        });
        if let Some(field) = other {
            changed[field.name] = small[field.name].clone();
        } else {
            changed["tags"] = json!({ "Name": "b" });
        }
        Some((kind, large, changed))
    });
    with.take(30).collect()
}

/// Everything that a run leaves and says: plans, the state, the errors.
async fn traces(site: &Site, declared: &Declared) -> Result<String, tenon_planner::Error> {
    let executor = site.executor(declared).await;
    executor.settle().await?;
    let seen = refresh(site.cloud.as_ref(), &executor.store.state(), &quiet()).await?;
    let caller = site.cloud.caller().await.unwrap();
    let made = plan(declared, &seen, &caller, &Options::default())?;
    let summary = executor.apply(&made).await?;
    let plan = serde_json::to_string(&made).unwrap();
    let state = format!("{:?}", executor.store.state());
    executor.store.close().await?;
    Ok(format!("{plan}{state}{:?}{:?}", summary.failed, seen.drift))
}

#[test]
fn a_secret_is_in_the_call_and_nowhere_else() {
    let types = types();
    let (mut heard, schemas) = (0, schemas());
    for (kind, first, changed) in &types {
        // The first create fails, so that an error is among what is said.
        let failure = Some(Failure {
            code: "InvalidRequest".into(),
            leaves: false,
        });
        let world = Arc::new(World::new(Symptoms {
            creates: [failure].into(),
            ..Symptoms::default()
        }));
        let site = Site::new(Arc::new(Wire::Here(router(schemas.clone(), world.clone()))));
        let said = block_on(async {
            let mut said = String::new();
            for inputs in [first, first, changed] {
                said += &traces(&site, &alone(*kind, inputs)).await.unwrap();
            }
            said
        });
        assert!(!said.contains(CANARY), "{}", kind.name());
        let calls = world.heard().iter().filter(|body| body.contains(CANARY)).count();
        assert!(calls > 0, "{}: the secret did not reach AWS", kind.name());
        heard += calls;
    }
    println!(
        "{} types with secrets: in {heard} calls, and in nothing else",
        types.len()
    );
    assert!(types.len() >= 20, "{}", types.len());
}
