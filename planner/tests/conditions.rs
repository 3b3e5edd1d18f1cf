//! Conditions: what must hold before anything is done stops the plan, and what must hold afterwards fails the apply.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use serde_json::{Value, json};
use tenon_planner::{Check, Declared, Error, Options, Plan, SavedPlan, sandbox::SandboxConfig};
use tenon_resources::{
    cloud::Cloud as _,
    declaration::{Condition, Document, EnvironmentSpec, Expect, LookupDeclaration},
    ec2, lookup,
};

fn condition(value: Value, expect: Expect) -> Condition {
    Condition {
        about: "shop".into(),
        value,
        expect,
        remedy: "use another region".into(),
        location: "main.rs:7".into(),
    }
}

fn stack() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    let lookup = LookupDeclaration {
        kind: lookup::find("sts.caller").unwrap(),
        query: json!({}),
        location: "main.rs:1".into(),
        place: tenon_resources::declaration::Place::default(),
    };
    d.look_up("caller", lookup);
    add(&mut d, "vpc", ec2::Vpc::new("10.0.0.0/16"));
    d
}

fn region() -> Value {
    json!({"$ref": "@lookup/caller.region"})
}

async fn planned(fixture: &Fixture, declared: &Declared) -> Result<Plan, Error> {
    let executor = fixture.executor(declared).await;
    let plan = fixture.plan(&executor, declared, &Options::default()).await;
    executor.store.close().await.unwrap();
    plan
}

#[test]
fn a_precondition_that_does_not_hold_stops_the_plan() {
    block_on(async {
        for (expect, holds) in [
            (Expect::is("eu-west-1"), true),
            (Expect::is("us-east-1"), false),
            (Expect::fits("eu-*"), true),
            (Expect::fits("us-*"), false),
            (Expect::one_of(["eu-west-1", "eu-west-2"]), true),
            (Expect::one_of(["us-east-1"]), false),
            (Expect::Something, true),
        ] {
            let fixture = Fixture::new(SandboxConfig::instant());
            let mut d = stack();
            d.preconditions.push(condition(region(), expect.clone()));
            match planned(&fixture, &d).await {
                Ok(plan) => {
                    assert!(holds, "{expect}");
                    // Whoever has the plan as a file finds the same.
                    let executor = fixture.executor(&d).await;
                    let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
                    let caller = fixture.cloud.caller().await.unwrap();
                    assert_eq!(executor.verify(&saved, &caller).await.unwrap(), plan);
                }
                Err(error) => {
                    let error = error.to_string();
                    assert!(!holds, "{error}");
                    let said = format!(
                        "main.rs:7: `shop` has `eu-west-1` where {expect} is required: use another region"
                    );
                    assert!(error.contains(&said), "{error}");
                }
            }
        }
    });
}

#[test]
fn a_postcondition_that_does_not_hold_fails_the_apply_after_all_that_it_did() {
    block_on(async {
        for (pattern, holds) in [("vpc-*", true), ("subnet-*", false)] {
            let fixture = Fixture::new(SandboxConfig::instant());
            let mut d = stack();
            let id = json!({"$join": ["", {"$ref": "vpc.id"}]});
            d.postconditions.push(condition(id, Expect::fits(pattern)));
            let (plan, summary) = fixture.apply(&d, &Options::default()).await;
            assert_eq!(summary.done, plan.calls.len());
            assert_eq!(summary.complete(), holds, "{:?}", summary.failed);
            if !holds {
                let why = &summary.failed[0].why;
                assert!(why.contains("where what fits `subnet-*` is required"), "{why}");
            }
            // Also when there is nothing to do.
            let (again, summary) = fixture.apply(&d, &Options::default()).await;
            assert!(again.is_empty());
            assert_eq!(summary.complete(), holds);
            let destroy = Options {
                destroy: true,
                ..Options::default()
            };
            let (_, summary) = fixture.apply(&d, &destroy).await;
            assert!(summary.complete(), "{:?}", summary.failed);
        }
    });
}

#[test]
fn conditions_go_with_the_document_and_what_cannot_be_is_a_finding() {
    let mut d = stack();
    d.preconditions.push(condition(region(), Expect::Something));
    d.postconditions
        .push(condition(json!({"$ref": "vpc.id"}), Expect::fits("vpc-*")));
    d.check().unwrap();
    let mut document = Document {
        environment: EnvironmentSpec::sandbox(&d.env),
        declared: d.clone(),
    };
    assert_eq!(Document::from_json(&document.to_json()).unwrap(), document);
    document.declared.postconditions[0].value = json!({"deep": 1});
    let error = Document::from_json(&document.to_json()).unwrap_err().to_string();
    assert!(error.contains("a condition on what is no text"), "{error}");
    d.preconditions
        .push(condition(json!({"$ref": "vpc.id"}), Expect::Something));
    d.postconditions
        .push(condition(json!({"$ref": "vpc.color"}), Expect::Something));
    let error = d.check().unwrap_err().to_string();
    assert!(error.contains("known only when everything is done"), "{error}");
    assert!(error.contains("has no output `color`"), "{error}");
}
