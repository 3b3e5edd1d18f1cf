//! Documents that other programs read, of every example, held against their JSON Schemas.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jsonschema::Validator;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tenon::{Trial, planner::render};
use tenon_planner::Plan;
use tenon_resources::declaration::{Declared, Document, EnvironmentSpec};

fn schema(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../stack/schema/{name}.json"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn fits(schema: &Validator, document: &Value, what: &str) {
    let errors: Vec<String> = schema
        .iter_errors(document)
        .map(|e| {
            format!(
                "{}: {}",
                e.instance_path(),
                e.to_string().chars().take(300).collect::<String>()
            )
        })
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

/// Standard output of an example's command, as JSON. Exit code 2 says that there are changes.
fn printed(binary: &str, folder: &Path, args: &[&str]) -> Value {
    let output = Command::new(binary)
        .current_dir(folder)
        .env("TENON_SANDBOX_SPEED", "inf")
        .args(["--env", "local"])
        .args(args)
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 2)), "{args:?}: {err}");
    serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
}

fn read(path: PathBuf) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn what_the_command_line_prints_of_the_examples_fits() {
    let binaries = [
        env!("CARGO_BIN_EXE_cdn"),
        env!("CARGO_BIN_EXE_hello"),
        env!("CARGO_BIN_EXE_fargate"),
        env!("CARGO_BIN_EXE_multi_env"),
    ];
    for binary in binaries {
        let folder = tempfile::tempdir().unwrap();
        let run = |args: &[&str]| printed(binary, folder.path(), args);
        fits(&schema("declaration"), &run(&["declare"]), binary);
        fits(&schema("rehearsal"), &run(&["rehearse", "--json"]), binary);
        let first = run(&["plan", "--json", "--out", "first"]);
        fits(&schema("plan"), &first, binary);
        assert!(first["summary"]["create"].as_u64() > Some(0), "{binary}");
        fits(&schema("plan"), &read(folder.path().join("first")), binary);
        run(&["apply", "--yes"]);
        let record = std::fs::read_dir(folder.path().join(".tenon")).unwrap().count();
        assert!(record > 0, "{binary} keeps a state");
        for args in [&["drift", "--json"] as &[&str], &["status", "--json"]] {
            let document = run(args);
            assert!(document["resources"] != json!(null), "{binary}: {document}");
            fits(&schema(args[0]), &document, binary);
        }
        let last = run(&["plan", "--destroy", "--json", "--consent", "*"]);
        fits(&schema("plan"), &last, binary);
        assert!(last["summary"]["delete"].as_u64() > Some(0), "{binary}");
    }
}

async fn holds(declared: &Declared) {
    let plans = schema("plan");
    let text = Document {
        environment: EnvironmentSpec::sandbox("local"),
        declared: declared.clone(),
    };
    fits(
        &schema("declaration"),
        &serde_json::from_str(&text.to_json()).unwrap(),
        &declared.stack,
    );
    let trial = Trial::new();
    let fit = |plan: &Plan| {
        fits(
            &plans,
            &serde_json::from_str(&render::json(plan)).unwrap(),
            &declared.stack,
        );
        fits(
            &plans,
            &serde_json::from_str(&plan.to_json()).unwrap(),
            &declared.stack,
        );
    };
    let (first, _) = trial.apply(declared).await.unwrap();
    assert!(first.calls.len() > 100);
    fit(&first);
    fit(&trial.plan(declared).await.unwrap());
    // What is missing, and what nobody knows, does not fit.
    let whole: Value = serde_json::from_str(&first.to_json()).unwrap();
    for member in whole.as_object().unwrap().keys() {
        let mut less = whole.clone();
        less.as_object_mut().unwrap().remove(member);
        assert_eq!(plans.is_valid(&less), member == "endpoints", "without {member}");
    }
    for path in ["", "/decisions/0", "/calls/0", "/basis", "/basis/resources/0"] {
        let mut more = whole.clone();
        more.pointer_mut(path).unwrap()["unknown"] = json!(1);
        assert!(!plans.is_valid(&more), "more at {path}");
    }
    let (last, _) = trial.destroy(declared).await.unwrap();
    fit(&last);
}

#[tokio::test]
async fn plans_and_declarations_of_the_platforms_fit() {
    let shop = tenon::declare("ecommerce", shop::Env::Local, |s| {
        shop::with(s, &shop::Settings::default());
    });
    holds(&shop).await;
    let analytics = tenon::declare("analytics", analytics_stack::Env::Local, |s| {
        analytics_stack::with(s, &analytics_stack::Settings::default());
    });
    holds(&analytics).await;
}
