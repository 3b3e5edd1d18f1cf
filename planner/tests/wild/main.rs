//! Random stacks over every type with random edits: what AWS refuses is found before the first call, nothing is lost, and the end is
//! an empty plan, or a refusal of the plan that says what to do.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

#[path = "../common/mod.rs"]
mod common;
mod world;

use common::{Fixture, block_on, cases};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};
use tenon_planner::{
    Declared, Error, Options, Plan, Reason, event::Event, plan, refresh::refresh, render,
    sandbox::SandboxConfig,
};
use tenon_resources::{
    cloud::{Cloud as _, Status},
    registry,
    resource::ResourceType,
};
use tenon_state::Memory;
use world::{World, declare, edited};

/// Plans `declared`; `None` where the plan is refused, which it must be with findings.
async fn planned(fixture: &Fixture, declared: &Declared) -> Result<Option<Plan>, TestCaseError> {
    let executor = fixture.executor(declared).await;
    executor.settle().await.unwrap();
    let state = executor.store.state();
    let refreshed = refresh(fixture.cloud.as_ref(), &state, &tenon_planner::event::quiet())
        .await
        .unwrap();
    let caller = fixture.cloud.caller().await.unwrap();
    let mut made = plan(declared, &refreshed, &caller, &Options::default());
    // A person agrees to what would turn a protection off: what is asked here is whether AWS does.
    if let Err(Error::NeedsConsent { .. }) = made {
        let options = Options {
            consent: vec!["*".into()],
            ..Options::default()
        };
        made = plan(declared, &refreshed, &caller, &options);
    }
    executor.store.close().await.unwrap();
    match made {
        Ok(plan) => Ok(Some(plan)),
        Err(Error::Findings(_)) => Ok(None),
        Err(other) => Err(TestCaseError::fail(format!("refused without a remedy: {other}"))),
    }
}

/// Applies `declared`: no call is refused, or made twice because it was refused at first; and then there is nothing left to do.
/// `false` where the plan is refused.
async fn applied(fixture: &Fixture, declared: &Declared) -> Result<bool, TestCaseError> {
    let Some(plan) = planned(fixture, declared).await? else {
        return Ok(false);
    };
    let executor = fixture.executor(declared).await;
    let summary = executor.apply(&plan).await.unwrap();
    let shown = || render::text(&plan, &render::Look::default());
    executor.store.close().await.unwrap();
    prop_assert!(summary.complete(), "{:#?}\n{}", summary.failed, shown());
    let events = std::mem::take(&mut *fixture.events.lock().unwrap());
    let retried: Vec<_> = events
        .iter()
        .filter(|e| matches!(e, Event::Retrying { .. }))
        .collect();
    prop_assert!(retried.is_empty(), "{retried:#?}\n{}", shown());
    let next = planned(fixture, declared).await?;
    prop_assert!(
        next.as_ref().is_some_and(Plan::is_empty),
        "{:#?}\nafter\n{}",
        next,
        shown()
    );
    Ok(true)
}

/// What holds data and is still declared as the same type is never removed, but for a field that cannot change in place.
fn loses_nothing(plan: &Plan) -> Result<(), TestCaseError> {
    for d in &plan.decisions {
        let stateful = registry::find(&d.kind).is_some_and(ResourceType::stateful);
        let failed = matches!(d.reason, Some(Reason::Failed(_)));
        prop_assert!(!(stateful && failed), "{} is replaced for its status", d.address);
    }
    Ok(())
}

const STATUSES: [fn() -> Status; 3] = [
    || Status::Stopped("stopped".into()),
    || Status::Impaired("storage full".into()),
    || Status::Failed("failed".into()),
];

/// Applies one, sets statuses from outside, plans, and applies two.
async fn lives(one: &World, two: &World, status: (usize, usize)) -> Result<[bool; 2], TestCaseError> {
    let mut fixture = Fixture::new(SandboxConfig::instant());
    // A stranger in the same account, whose resources are made of the same numbers.
    let mut stranger = declare(one);
    stranger.stack = "stranger".into();
    let strange = declared_alone(&stranger);
    applied(&fixture, &strange).await?;
    fixture.backend = Arc::new(Memory::default());
    let theirs = fixture.cloud.contents();

    let before = declare(one);
    let first = applied(&fixture, &before).await?;
    let ours: Vec<_> = fixture
        .cloud
        .inventory()
        .into_iter()
        .filter(|k| !theirs.contains_key(k))
        .collect();
    let one = ours.get(status.0 % ours.len().max(1));
    // A database is stopped for the night, and the change comes in the morning.
    let stays = one.is_some_and(|(kind, _)| kind == "rds.db_instance") && status.1.is_multiple_of(3);
    if let Some((kind, id)) = one {
        assert!(fixture.cloud.set_status(kind, id, Some(STATUSES[status.1 % 3]())));
        if let Some(plan) = planned(&fixture, &before).await? {
            loses_nothing(&plan)?;
        }
        if !stays {
            fixture.cloud.set_status(kind, id, None);
        }
    }
    let after = declare(two);
    let mut second = applied(&fixture, &after).await?;
    if let Some((kind, id)) = one.filter(|_| stays && second) {
        fixture.cloud.set_status(kind, id, None);
        second = applied(&fixture, &after).await?;
    }
    let now = fixture.cloud.contents();
    let touched: BTreeMap<_, _> = theirs
        .iter()
        .filter(|(key, inputs)| now.get(*key) != Some(inputs))
        .collect();
    prop_assert!(touched.is_empty(), "not ours: {touched:#?}");
    Ok([first, second])
}

/// Those of a stack that refer to nothing and claim nothing that another might: what a plan cannot know is in nobody's way.
fn declared_alone(declared: &Declared) -> Declared {
    let mut alone = declared.clone();
    alone.moved.clear();
    alone.resources.retain(|_, d| {
        let claims = d.kind.claims(&d.inputs).unwrap();
        !d.inputs.to_string().contains("$ref") && d.kind.taggable() && claims.is_empty()
    });
    alone
}

fn rand_seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(0)
}

#[test]
fn no_call_is_refused_that_the_plan_did_not_foresee() {
    let counts = RefCell::new([0u32; 3]);
    // Other cases in every run; `TENON_SEED` tries those of a run again, with the same types in the registry.
    let seed: u64 = match std::env::var("TENON_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => rand_seed(),
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(cases(), rng);
    let run = runner.run(&(edited(16), any::<(usize, usize)>()), |((one, two), status)| {
        let [first, second] = block_on(lives(&one, &two, status))?;
        let mut counts = counts.borrow_mut();
        counts[0] += 1;
        counts[1] += u32::from(first);
        counts[2] += u32::from(second);
        Ok(())
    });
    if let Err(error) = run {
        panic!("TENON_SEED={seed}: {error}");
    }
    let [all, first, second] = *counts.borrow();
    // A property that refuses everything would hold, too.
    assert!(
        first * 10 > all * 9 && second * 2 > all,
        "{first} and {second} of {all} were applied"
    );
}
