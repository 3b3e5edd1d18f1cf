//! How long the shop's apply, change and destroy take at AWS's own speed, in virtual time.
//!
//! Three figures for each: the time of the executor; the critical path, which is the time that it would take with calls that
//! last as long as they did and no limit of any kind; and the time of a scheduler over resources with ten slots, as
//! Terraform's is, on the same durations. Durations are those of `planner/src/sandbox/model/durations.rs`.
//!
//! `cargo test -p tenon-examples --test makespan -- --nocapture`
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

mod deploy;
mod resources;

use shop::{Env, Settings};
use std::sync::{Arc, Mutex};
use tenon_planner::{
    Declared, Options, Plan,
    event::Event,
    execute::Executor,
    plan,
    refresh::refresh,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::cloud::Cloud;
use tenon_state::{Backend, Holder, Identity, Memory, Store};

/// The times of one run, in milliseconds.
struct Run {
    what: &'static str,
    makespan: u64,
    critical_path: u64,
    by_resources: u64,
}

fn declared(image_tag: &str) -> Declared {
    let settings = Settings {
        image_tag: image_tag.into(),
        ..Settings::default()
    };
    tenon::declare("ecommerce", Env::Local, |s| shop::with(s, &settings))
}

/// Plans and applies, and measures.
async fn run(
    what: &'static str,
    cloud: &Arc<Sandbox>,
    backend: &Arc<dyn Backend>,
    declared: &Declared,
    destroy: bool,
) -> Run {
    let identity = Identity {
        stack: declared.stack.clone(),
        env: declared.env.clone(),
    };
    let store = Store::open(backend.clone(), Holder::here("makespan").unwrap(), identity)
        .await
        .unwrap();
    let took: Arc<Mutex<Vec<(usize, u64)>>> = Arc::default();
    let sink = took.clone();
    let executor = Executor::new(
        cloud.clone(),
        store,
        Arc::new(move |event| {
            if let Event::Done { call, ms, .. } = event {
                sink.lock().unwrap().push((call, ms));
            }
        }),
    );
    let quiet = tenon_planner::event::quiet();
    let seen = refresh(cloud.as_ref(), &executor.store.state(), &quiet)
        .await
        .unwrap();
    let caller = cloud.caller().await.unwrap();
    let options = Options {
        destroy,
        ..Options::default()
    };
    let plan = plan(declared, &seen, &caller, &options).unwrap();
    let began = tokio::time::Instant::now();
    let summary = executor.apply(&plan).await.unwrap();
    let makespan = u64::try_from(began.elapsed().as_millis()).unwrap();
    assert!(summary.complete(), "{:#?}", summary.failed);
    executor.store.close().await.unwrap();
    let mut durations = vec![0; plan.calls.len()];
    for (call, ms) in took.lock().unwrap().iter() {
        durations[*call] = *ms;
    }
    Run {
        what,
        makespan,
        critical_path: critical_path(&plan, &durations),
        by_resources: resources::makespan(&plan, &durations, 10),
    }
}

/// The longest path through the calls of a plan.
fn critical_path(plan: &Plan, durations: &[u64]) -> u64 {
    let mut ends = vec![0; plan.calls.len()];
    for (n, call) in plan.calls.iter().enumerate() {
        let start = call.after.iter().map(|&before| ends[before]).max().unwrap_or(0);
        ends[n] = start + durations[n];
    }
    ends.into_iter().max().unwrap_or(0)
}

#[test]
fn an_apply_is_as_short_as_its_longest_chain_of_calls() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let runs = runtime.block_on(async {
        let config = SandboxConfig {
            speed: 1.0,
            ..SandboxConfig::default()
        };
        let cloud = Arc::new(Sandbox::in_memory(config));
        let backend: Arc<dyn Backend> = Arc::new(Memory::new());
        [
            run("apply", &cloud, &backend, &declared("1"), false).await,
            run("change", &cloud, &backend, &declared("2"), false).await,
            run("destroy", &cloud, &backend, &declared("2"), true).await,
        ]
    });
    println!("| run | executor | critical path of calls | ten slots over resources | shorter by |");
    println!("|---|---|---|---|---|");
    for run in &runs {
        let seconds = |ms: u64| format!("{}.{} s", ms / 1000, ms % 1000 / 100);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of some minutes")]
        let shorter = 100.0 - run.makespan as f64 * 100.0 / run.by_resources as f64;
        println!(
            "| {} | {} | {} | {} | {shorter:.0} % |",
            run.what,
            seconds(run.makespan),
            seconds(run.critical_path),
            seconds(run.by_resources)
        );
    }
    for run in &runs {
        assert!(
            run.makespan * 100 <= run.critical_path * 105,
            "{} takes longer than its critical path",
            run.what
        );
        assert!(
            run.makespan <= run.by_resources,
            "{} takes too long beside a scheduler over resources",
            run.what
        );
    }
}
