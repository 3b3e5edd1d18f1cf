//! The policy that an apply's credentials are narrowed to: it allows every call of the plan, and fits.
#![allow(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{
    Fixture, block_on, cases,
    random::{Blueprint, edited},
};
use proptest::prelude::*;
use tenon_planner::{
    Options, Plan,
    permissions::{Purpose, StateAccess, needs, session},
    sandbox::SandboxConfig,
};

fn covers(pattern: &str, action: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => action.starts_with(start),
        None => pattern == action,
    }
}

/// The actions of a plan that the session policy does not allow.
fn missing(plan: &Plan) -> Vec<String> {
    let session = session(&needs(plan, Purpose::Apply, &StateAccess::default())).unwrap();
    assert!(session.policy.length() <= 2048, "{}", session.policy.length());
    assert!(session.policy.statement.iter().all(|s| s.effect == "Allow"));
    let patterns: Vec<&String> = session.policy.statement.iter().flat_map(|s| &s.action).collect();
    let actions = plan.iam_actions().into_iter().map(ToOwned::to_owned);
    actions
        .filter(|a| !patterns.iter().any(|p| covers(p, a)))
        .collect()
}

async fn plans(one: &Blueprint, two: &Blueprint) -> Vec<Plan> {
    let fixture = Fixture::new(SandboxConfig::instant());
    let mut made = vec![];
    let down = Options {
        destroy: true,
        ..Options::default()
    };
    for (blueprint, options) in [(one, Options::default()), (two, Options::default()), (two, down)] {
        let (plan, summary) = fixture.apply(&blueprint.declare(), &options).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        made.push(plan);
    }
    made
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_call_of_every_plan_is_allowed((one, two) in edited(12)) {
        let made = block_on(plans(&one, &two));
        for plan in &made {
            prop_assert_eq!(missing(plan), Vec::<String>::new());
        }
    }
}
