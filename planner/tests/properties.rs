//! What holds for every stack and every edit of it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "as the property reads best"
)]

mod common;

use common::{
    Fixture, block_on, cases,
    random::{Blueprint, blueprint, edited},
};
use proptest::prelude::*;
use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicI64},
};
use tenon_planner::{
    Action, Options, Plan, SavedPlan,
    execute::Executor,
    plan,
    refresh::{refresh, unrefreshed},
    sandbox::SandboxConfig,
};
use tenon_resources::{call::Effect, cloud::Cloud as _, value::refs};

fn slow() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }
}

/// Where in the list the calls about an address are: the places of those that make or change it, and of those that
/// remove it.
fn places(plan: &Plan, address: &str, effects: fn(Effect) -> bool) -> Vec<usize> {
    let about = |c: &&tenon_planner::PlannedCall| c.address == address && effects(c.step.effect);
    plan.calls
        .iter()
        .enumerate()
        .filter(|(_, c)| about(c))
        .map(|(i, _)| i)
        .collect()
}

fn up(effect: Effect) -> bool {
    matches!(
        effect,
        Effect::Create | Effect::Update | Effect::Shown(_) | Effect::Ready(_)
    )
}

fn down(effect: Effect) -> bool {
    matches!(effect, Effect::Delete | Effect::Gone(_))
}

async fn live_and_recorded(
    fixture: &Fixture,
    executor: &Executor,
) -> (BTreeSet<(String, String)>, BTreeSet<(String, String)>) {
    let state = executor.store.state();
    let recorded = state
        .records
        .values()
        .filter_map(|r| Some((r.kind.clone(), r.id.clone()?)));
    (
        fixture.cloud.inventory().into_iter().collect(),
        recorded.collect(),
    )
}

/// One live object per declared resource, each of them recorded, and nothing else.
async fn settled(fixture: &Fixture, blueprint: &Blueprint) -> Result<(), TestCaseError> {
    let declared = blueprint.declare();
    let executor = fixture.executor(&declared).await;
    let next = fixture
        .plan(&executor, &declared, &Options::default())
        .await
        .unwrap();
    prop_assert!(next.is_empty(), "not empty: {:#?}", next.decisions);
    let (live, recorded) = live_and_recorded(fixture, &executor).await;
    prop_assert_eq!(&live, &recorded);
    prop_assert_eq!(live.len(), declared.resources.len());
    executor.store.close().await.unwrap();
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    /// Each create comes after what it refers to, each delete before; and nothing is deleted while it is referred to.
    #[test]
    fn order_respects_references((one, two) in edited(14)) {
        block_on(async {
            let fixture = Fixture::new(SandboxConfig::instant());
            fixture.apply(&one.declare(), &Options::default()).await;
            let declared = two.declare();
            let plan = fixture.next(&declared).await;
            for d in plan.decisions.iter().filter(|d| !d.inputs.is_null()) {
                let mut sources = BTreeSet::new();
                refs(&d.inputs, &mut sources);
                for source in sources {
                    let (made, used) = (places(&plan, &source.resource, up), places(&plan, &d.address, up));
                    if let (Some(made), Some(used)) = (made.last(), used.first()) {
                        prop_assert!(made < used, "{} before {}", d.address, source);
                    }
                }
            }
            let executor = fixture.executor(&one.declare()).await;
            let state = executor.store.state();
            for record in state.records.values() {
                for source in &record.dependencies {
                    let (mine, theirs) = (places(&plan, &record.address, down), places(&plan, source, down));
                    if let (Some(mine), Some(theirs)) = (mine.last(), theirs.first()) {
                        prop_assert!(mine < theirs, "{} is deleted after {}", record.address, source);
                    }
                }
            }
            executor.store.close().await.unwrap();
            // The sandbox refuses a delete of what is in use: it is the judge of the whole order.
            let (_, summary) = fixture.apply(&declared, &Options::default()).await;
            prop_assert!(summary.complete(), "{:#?}", summary.failed);
            let retried = fixture.events.lock().unwrap().iter().any(|e| matches!(e, tenon_planner::event::Event::Retrying { .. }));
            prop_assert!(!retried, "a delete came too early and was only saved by a retry");
            Ok(())
        })?;
    }

    /// The same inputs, the same bytes.
    #[test]
    fn planning_is_deterministic((one, two) in edited(14)) {
        block_on(async {
            let fixture = Fixture::new(SandboxConfig::instant());
            fixture.apply(&one.declare(), &Options::default()).await;
            let executor = fixture.executor(&one.declare()).await;
            let state = executor.store.state();
            let caller = fixture.cloud.caller().await.unwrap();
            let first = plan(&two.declare(), &unrefreshed(&state), &caller, &Options::default()).unwrap();
            let again = plan(&two.declare(), &unrefreshed(&state), &caller, &Options::default()).unwrap();
            prop_assert_eq!(first.to_json(), again.to_json());
            let seen = refresh(fixture.cloud.as_ref(), &state, &tenon_planner::event::quiet()).await.unwrap();
            let refreshed = plan(&two.declare(), &seen, &caller, &Options::default()).unwrap();
            prop_assert_eq!(first.to_json(), refreshed.to_json());
            let read = SavedPlan::from_json(&first.to_json()).unwrap();
            prop_assert_eq!(read.unverified(), &first);
            Ok(())
        })?;
    }

    /// Plan after apply is empty, also after an edit, also with AWS's own waits; destroy leaves nothing.
    #[test]
    fn plan_after_apply_is_empty((one, two) in edited(14)) {
        block_on(async {
            let fixture = Fixture::new(slow());
            for blueprint in [&one, &two] {
                let (_, summary) = fixture.apply(&blueprint.declare(), &Options::default()).await;
                prop_assert!(summary.complete(), "{:#?}", summary.failed);
                settled(&fixture, blueprint).await?;
            }
            let destroy = Options { destroy: true, ..Options::default() };
            let (plan, summary) = fixture.apply(&two.declare(), &destroy).await;
            prop_assert!(summary.complete(), "{:#?}", summary.failed);
            prop_assert!(plan.decisions.iter().all(|d| d.action == Action::Delete));
            prop_assert!(fixture.cloud.is_empty(), "{:?}", fixture.cloud.inventory());
            Ok(())
        })?;
    }

    /// Cut anywhere, with the reply of the last call lost or the call never sent, the next run ends where the first
    /// would have: nothing twice, nothing lost, nothing left over.
    #[test]
    fn any_executed_prefix_re_plans_to_the_same_end((one, two) in edited(10), cut in 0..24i64, after in any::<bool>()) {
        block_on(async {
            let fixture = Fixture::new(slow());
            let cloud = Arc::new(common::Dying { cloud: fixture.cloud.clone(), left: AtomicI64::new(cut), after, dead: tokio::sync::Notify::new() });
            for blueprint in [&one, &two] {
                let declared = blueprint.declare();
                let mut executor = fixture.executor(&declared).await;
                executor.cloud = cloud.clone();
                let plan = fixture.plan(&executor, &declared, &Options::default()).await.unwrap();
                let died = tokio::select! {
                    done = executor.apply(&plan) => { prop_assert!(done.unwrap().complete()); false }
                    () = cloud.dead.notified() => true,
                };
                drop(executor);
                fixture.release().await;
                if died {
                    break;
                }
            }
            cloud.left.store(i64::MAX, std::sync::atomic::Ordering::SeqCst);
            let (_, summary) = fixture.apply(&two.declare(), &Options::default()).await;
            prop_assert!(summary.complete(), "{:#?}", summary.failed);
            settled(&fixture, &two).await
        })?;
    }

    /// A stack that was never applied plans to creates alone, one for each resource.
    #[test]
    fn a_first_plan_creates_everything(one in blueprint(20)) {
        block_on(async {
            let fixture = Fixture::new(SandboxConfig::instant());
            let declared = one.declare();
            let plan = fixture.next(&declared).await;
            prop_assert_eq!(plan.counts().create, declared.resources.len());
            prop_assert_eq!(plan.counts().unchanged, 0);
            Ok(())
        })?;
    }
}
