//! A scheduler over resources: what is made waits for all that it depends on to be ready, what is removed for all that
//! depends on it to be gone, and ten resources are worked on at a time.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};
use tenon_planner::Plan;
use tenon_resources::call::Effect;

/// The work on a resource: an address, and whether it is removed.
type Work = (String, bool);

/// The time that the calls of `plan` take, in milliseconds, when a resource is worked on as a whole.
pub(super) fn makespan(plan: &Plan, durations: &[u64], slots: usize) -> u64 {
    let work_of = |n: usize| -> Work {
        let call = &plan.calls[n];
        // A resource that is only removed has no other calls; a replaced one has two pieces of work.
        let removal = plan.calls.iter().any(|c| {
            c.address == call.address && c.generation == call.generation && c.step.effect == Effect::Delete
        });
        (call.address.clone(), removal)
    };
    let works: Vec<Work> = (0..plan.calls.len()).map(work_of).collect();
    let mut takes: BTreeMap<&Work, u64> = BTreeMap::new();
    let mut after: BTreeMap<&Work, BTreeSet<&Work>> = BTreeMap::new();
    for (n, work) in works.iter().enumerate() {
        *takes.entry(work).or_default() += durations[n];
        let before = plan.calls[n]
            .after
            .iter()
            .map(|&b| &works[b])
            .filter(|b| *b != work);
        after.entry(work).or_default().extend(before);
    }
    run(&takes, &after, slots)
}

/// Runs pieces of work, each as early as it can be, `slots` at a time.
fn run(takes: &BTreeMap<&Work, u64>, after: &BTreeMap<&Work, BTreeSet<&Work>>, slots: usize) -> u64 {
    let mut left = after.clone();
    let mut ready: BTreeSet<&Work> = BTreeSet::new();
    let mut running: BinaryHeap<Reverse<(u64, &Work)>> = BinaryHeap::new();
    let mut now = 0;
    loop {
        ready.extend(
            left.iter()
                .filter(|(_, before)| before.is_empty())
                .map(|(work, _)| *work),
        );
        left.retain(|_, before| !before.is_empty());
        while running.len() < slots
            && let Some(work) = ready.pop_first()
        {
            running.push(Reverse((now + takes[work], work)));
        }
        let Some(Reverse((end, done))) = running.pop() else {
            assert!(left.is_empty(), "resources wait for one another: {left:?}");
            return now;
        };
        now = end;
        left.values_mut().for_each(|before| {
            before.remove(done);
        });
    }
}
