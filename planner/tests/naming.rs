//! Physical names that the engine makes: what the inputs ask of them, and the type's rules about them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add};
use tenon_planner::{Check, Declared, Error, Options, sandbox::SandboxConfig};
use tenon_resources::{rds::DbInstance, sns::Topic};

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

#[tokio::test(start_paused = true)]
async fn a_made_name_is_held_to_the_rules_of_its_type() {
    let fixture = Fixture::new(SandboxConfig::default());
    let mut declared = Declared::new("9lives", "test", None);
    let db = DbInstance::new("postgres", "17", "db.t4g.small").vpc_security_groups(["sg-1"]);
    add(&mut declared, "db", db);
    declared.check().unwrap();

    let executor = fixture.executor(&declared).await;
    let Err(Error::Findings(findings)) = fixture.plan(&executor, &declared, &Options::default()).await else {
        panic!("a name that begins with a digit was planned");
    };
    assert!(
        findings[0]
            .why
            .contains("`db_instance_identifier` is `9lives-test-db-"),
        "{findings:?}"
    );
}
