//! Physical names that the engine makes: what the inputs ask of them, and the type's rules about them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add};
use std::collections::BTreeSet;
use tenon_planner::{
    Check, Declaration, Declared, Error, Options, plan, refresh::unrefreshed, sandbox::SandboxConfig,
};
use tenon_resources::{cloud::Caller, registry, sns::Topic};
use tenon_state::{Identity, State};

fn topic(fifo: bool) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    add(&mut declared, "orders", Topic::new().fifo(fifo));
    declared
}

#[tokio::test(start_paused = true)]
async fn a_fifo_topic_is_named_with_its_suffix() {
    let fixture = Fixture::new(SandboxConfig::default());
    let name = |plan: &tenon_planner::Plan| {
        plan.decisions[0].inputs["topic_name"]
            .as_str()
            .unwrap()
            .to_owned()
    };

    let (plan, summary) = fixture.apply(&topic(true), &Options::default()).await;
    assert!(summary.complete(), "{summary:#?}");
    let fifo = name(&plan);
    assert!(fifo.starts_with("shop-test-orders-"), "{fifo}");
    assert!(fifo.strip_suffix(".fifo").is_some(), "{fifo}");
    assert!(fixture.next(&topic(true)).await.is_empty());

    let next = fixture.next(&topic(false)).await;
    assert!(next.decisions[0].action.replaces());
    assert!(!name(&next).contains('.'), "{}", name(&next));
}

#[test]
fn a_stack_whose_resources_aws_would_refuse_half_way_is_refused_at_once() {
    for stack in [
        "",
        "a b",
        "-a-",
        "日本語",
        "1shop",
        "internal",
        "aws-x",
        "Shop_Über",
    ] {
        let mut declared = Declared::new(stack, "test", None);
        declared.findings = declared.misnamed("main.rs:12");
        let Err(Error::Findings(findings)) = declared.check() else {
            panic!("a stack `{stack}` was taken");
        };
        assert_eq!(findings.len(), 1, "{findings:?}");
        let text = findings[0].to_string();
        assert!(text.starts_with(&format!("main.rs:12: `{stack}` ")), "{text}");
        assert!(text.contains("for instance `"), "{text}");
    }
    let env = Declared::new("shop", "Test", None);
    assert!(env.check().is_err());
}

/// What engine-made names are like, for each type, over many stacks and addresses: those of AWS's rules that `NameRule` states.
#[tokio::test(start_paused = true)]
async fn no_type_refuses_the_name_that_the_engine_makes_for_it() {
    let caller = |account: &str, region: &str| Caller {
        account: account.into(),
        region: region.into(),
        arn: String::new(),
        endpoints: std::collections::BTreeMap::default(),
    };
    let identity = Identity {
        stack: "shop".into(),
        env: "2".into(),
    };
    let nothing = unrefreshed(&State::new(&identity, String::new()));
    let places = [
        caller("111111111111", "eu-west-1"),
        caller("222222222222", "us-gov-west-1"),
    ];
    for kind in registry::TYPES {
        let Some(field) = kind.name_field() else { continue };
        let mut global = BTreeSet::new();
        for stack in ["shop", "ecommerce-platform", "a"] {
            for address in ["a", "Web/LB", "x--y/z..w", "a_b", "9/8", &"long".repeat(40)] {
                for place in &places {
                    let mut inputs = kind.samples()[0].clone();
                    inputs[field.name] = serde_json::Value::Null;
                    let mut declared = Declared::new(stack, "2", None);
                    let declaration = Declaration::new(*kind, inputs, String::new());
                    declared.add(address, declaration);
                    let plan = plan(&declared, &nothing, place, &Options::default());
                    let plan = plan.unwrap_or_else(|error| panic!("{}: {error:?}", kind.name()));
                    let name = plan.decisions[0].inputs[field.name].as_str().unwrap().to_owned();
                    global.insert(name);
                }
            }
        }
        let each = 18;
        let names = if field.named.unwrap().global {
            2 * each
        } else {
            each
        };
        assert_eq!(global.len(), names, "{}: {global:?}", kind.name());
    }
}
