//! What the examples' tests share: each example is a stack that stands up in a sandbox and comes down again.

use tenon::{
    Trial,
    planner::{Declared, Plan},
};

/// Applies a stack in a sandbox of its own, sees that nothing is left to do, and takes it down. Returns the plan of the
/// apply.
///
/// # Panics
/// If any of that does not work; the message says what.
pub async fn stands_up(declared: &Declared) -> Plan {
    let trial = Trial::new();
    let (plan, summary) = trial
        .apply(declared)
        .await
        .unwrap_or_else(|why| panic!("it does not apply: {why}"));
    assert!(summary.complete(), "it does not apply: {:?}", summary.failed);
    assert_eq!(
        summary.outputs.len(),
        declared.outputs.len(),
        "outputs are missing: {:?}",
        summary.outputs
    );
    let again = trial
        .plan(declared)
        .await
        .unwrap_or_else(|why| panic!("it does not plan again: {why}"));
    assert!(
        again.is_empty(),
        "there is something left to do: {:?}",
        again.decisions
    );
    let (gone, summary) = trial
        .destroy(declared)
        .await
        .unwrap_or_else(|why| panic!("it does not go: {why}"));
    assert!(summary.complete(), "it does not go: {:?}", summary.failed);
    assert_eq!(gone.counts().delete, declared.resources.len());
    plan
}
