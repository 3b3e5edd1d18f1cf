//! Every moment of a create, a replacement and a destroy of the whole platform.

use crate::{
    cut::Moments,
    oracle::{Place, block_on, platform},
};
use std::{collections::BTreeSet, sync::Arc};
use tenon_planner::{Declared, Options};

/// What a sweep found.
#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    repeated: usize,
    most_repeated: usize,
    broken: Vec<String>,
}

/// The platform with another VPC range, which replaces the network and all that stands in it.
fn moved_house() -> Declared {
    let mut declared = platform();
    for resource in declared.resources.values_mut() {
        let text = resource
            .inputs
            .to_string()
            .replace("10.20.", "10.21.")
            .replace("10.0.", "10.1.");
        resource.inputs = serde_json::from_str(&text).unwrap();
    }
    declared
}

fn destroy() -> Options {
    Options {
        destroy: true,
        ..Options::default()
    }
}

/// Runs `options` on a fork of `start` once for each of its moments, dying there, then again to its end.
async fn sweep(start: &Place, declared: &Declared, options: &Options) -> Tally {
    let mut tally = Tally::default();
    let whole = start.fork().await;
    let moments = Moments::until(usize::MAX);
    let summary = whole.run(declared, options, &moments).await.unwrap();
    assert!(summary.complete(), "{:#?}", summary.failed);
    let names = moments.names();
    let baseline = moments.executed.lock().unwrap().len();
    let decoys = BTreeSet::new();
    whole.check(declared, options.destroy, &decoys).await.unwrap();
    let step = std::env::var("TENON_SWEEP_STEP")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(1);
    for moment in (0..names.len()).step_by(step) {
        let place = start.fork().await;
        let first = Moments::until(moment);
        let died = place.die(declared, options, &first).await;
        let second = Moments::until(usize::MAX);
        let end = place.run(declared, options, &second).await;
        let announced =
            first.unannounced.lock().unwrap().is_empty() && second.unannounced.lock().unwrap().is_empty();
        let verdict = match end {
            Err(error) => Err(error.to_string()),
            Ok(summary) if !summary.complete() => Err(format!("{:?}", summary.failed)),
            Ok(_) if !announced => Err("a call came before its intent".into()),
            Ok(_) => place.check(declared, options.destroy, &decoys).await,
        };
        let executed = first.executed.lock().unwrap().len() + second.executed.lock().unwrap().len();
        let repeated = executed.saturating_sub(baseline);
        tally.runs += 1;
        tally.repeated += repeated;
        tally.most_repeated = tally.most_repeated.max(repeated);
        if let Err(why) = verdict {
            tally
                .broken
                .push(format!("moment {moment} ({}), died {died}: {why}", names[moment]));
        }
    }
    tally
}

fn judge(what: &str, tally: &Tally) {
    let shown = tally
        .broken
        .iter()
        .take(5)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    println!(
        "{what}: {} runs, {} broken, {} calls repeated, at most {} in one run",
        tally.runs,
        tally.broken.len(),
        tally.repeated,
        tally.most_repeated
    );
    assert!(
        tally.broken.is_empty(),
        "{what}: {} of {} broken:\n{shown}",
        tally.broken.len(),
        tally.runs
    );
}

#[test]
fn create_survives_every_moment() {
    block_on(async {
        let tally = sweep(&Place::new(), &platform(), &Options::default()).await;
        judge("create", &tally);
    });
}

#[test]
fn replacement_survives_every_moment() {
    block_on(async {
        let place = Place::new();
        let moments = Moments::until(usize::MAX);
        place
            .run(&platform(), &Options::default(), &moments)
            .await
            .unwrap();
        let tally = sweep(&place, &moved_house(), &Options::default()).await;
        judge("replacement", &tally);
    });
}

#[test]
fn destroy_survives_every_moment() {
    block_on(async {
        let place = Place::new();
        let moments: Arc<Moments> = Moments::until(usize::MAX);
        place
            .run(&platform(), &Options::default(), &moments)
            .await
            .unwrap();
        let tally = sweep(&place, &platform(), &destroy()).await;
        judge("destroy", &tally);
    });
}
