//! A queue of jobs that wait for one another.
//!
//! The queue knows nothing of calls, clouds or time: it says which jobs can start, the one that most depends on first. Jobs are
//! in groups, so that a caller can hold one group back (a service that throttles) without holding back the rest.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// The jobs of a graph that can be started, by group.
///
/// A job becomes ready once, when the last job that it waits for is [done](Self::done). What waits for a job that will
/// never be done must be [skipped](Self::skip_after) by the caller: the queue then never hands it out, even when
/// everything else that it waits for gets done afterwards.
#[derive(Debug)]
pub(crate) struct ReadyQueue<G> {
    groups: Vec<G>,
    /// The number of jobs that each job still waits for.
    waits: Vec<usize>,
    /// The jobs that wait for each job.
    next: Vec<Vec<usize>>,
    /// The length of the longest chain of jobs that begins with each job.
    weight: Vec<usize>,
    skipped: Vec<bool>,
    /// The heaviest job first, and of those of one weight the first. Groups with nothing ready have no entry.
    ready: BTreeMap<G, BinaryHeap<(usize, Reverse<usize>)>>,
}

impl<G: Ord + Clone> ReadyQueue<G> {
    /// A queue of jobs, each with its group and the jobs that it waits for. A job may only wait for jobs before it, which is
    /// how a plan lists its calls; so there can be no cycle.
    pub(crate) fn new<'a>(jobs: impl IntoIterator<Item = (G, &'a [usize])>) -> Self {
        let mut queue = Self {
            groups: vec![],
            waits: vec![],
            next: vec![],
            weight: vec![],
            skipped: vec![],
            ready: BTreeMap::new(),
        };
        for (job, (group, after)) in jobs.into_iter().enumerate() {
            queue.groups.push(group);
            queue.waits.push(after.len());
            queue.next.push(vec![]);
            after.iter().for_each(|&before| queue.next[before].push(job));
        }
        let count = queue.groups.len();
        queue.weight = vec![1; count];
        queue.skipped = vec![false; count];
        for job in (0..count).rev() {
            let longest = queue.next[job].iter().map(|&n| queue.weight[n]).max();
            queue.weight[job] += longest.unwrap_or(0);
        }
        for job in (0..count)
            .filter(|&job| queue.waits[job] == 0)
            .collect::<Vec<_>>()
        {
            queue.push(job);
        }
        queue
    }

    fn push(&mut self, job: usize) {
        let group = self.ready.entry(self.groups[job].clone()).or_default();
        group.push((self.weight[job], Reverse(job)));
    }

    /// Takes the heaviest job of those groups that `may` start one.
    pub(crate) fn pop(&mut self, mut may: impl FnMut(&G) -> bool) -> Option<usize> {
        let due = self.ready.iter().filter(|(group, _)| may(group));
        let (group, _) = due.max_by(|(_, a), (_, b)| a.peek().cmp(&b.peek()))?;
        let group = group.clone();
        let jobs = self.ready.get_mut(&group)?;
        let job = jobs.pop().map(|(_, Reverse(job))| job);
        if jobs.is_empty() {
            self.ready.remove(&group);
        }
        job
    }

    /// The groups with a job that can be started.
    pub(crate) fn ready_groups(&self) -> impl Iterator<Item = &G> {
        self.ready.keys()
    }

    /// Says that `job` is done: what waited for it alone becomes ready.
    pub(crate) fn done(&mut self, job: usize) {
        for next in self.next[job].clone() {
            self.waits[next] -= 1;
            if self.waits[next] == 0 && !self.skipped[next] {
                self.push(next);
            }
        }
    }

    /// Says that `job` will not be done: leaves out all that waits for it, near and far. Returns how many jobs that is,
    /// without those that were left out before.
    pub(crate) fn skip_after(&mut self, job: usize) -> usize {
        let (mut todo, mut count) = (self.next[job].clone(), 0);
        while let Some(next) = todo.pop() {
            if !std::mem::replace(&mut self.skipped[next], true) {
                count += 1;
                todo.extend(&self.next[next]);
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every job that can be started now, in the order in which it is handed out.
    fn drain(queue: &mut ReadyQueue<&'static str>) -> Vec<usize> {
        std::iter::from_fn(|| queue.pop(|_| true)).collect()
    }

    #[test]
    fn a_job_is_handed_out_once_and_only_when_all_before_it_are_done() {
        // 0 and 1 before 2; 2 before 3.
        let mut queue = ReadyQueue::new([("a", &[][..]), ("a", &[]), ("b", &[0, 1]), ("a", &[2])]);
        assert_eq!(drain(&mut queue), [0, 1]);
        queue.done(1);
        assert_eq!(drain(&mut queue), [0; 0]);
        queue.done(0);
        assert_eq!(queue.ready_groups().collect::<Vec<_>>(), [&"b"]);
        assert_eq!(drain(&mut queue), [2]);
        queue.done(2);
        assert_eq!(drain(&mut queue), [3]);
        queue.done(3);
        assert_eq!(drain(&mut queue), [0; 0]);
    }

    #[test]
    fn what_most_depends_on_goes_first_and_then_the_first() {
        // 3 begins a chain of three, 1 one of two.
        let jobs = [
            ("a", &[][..]),
            ("a", &[]),
            ("b", &[]),
            ("b", &[]),
            ("a", &[1]),
            ("a", &[3]),
            ("a", &[5]),
        ];
        assert_eq!(drain(&mut ReadyQueue::new(jobs)), [3, 1, 0, 2]);
    }

    #[test]
    fn a_group_that_is_held_back_holds_back_no_other() {
        let mut queue = ReadyQueue::new([("a", &[][..]), ("b", &[]), ("a", &[])]);
        assert_eq!(queue.pop(|group| *group == "b"), Some(1));
        assert_eq!(queue.pop(|group| *group == "b"), None);
        assert_eq!(queue.ready_groups().collect::<Vec<_>>(), [&"a"]);
        assert_eq!(drain(&mut queue), [0, 2]);
    }

    #[test]
    fn what_waits_for_a_failed_job_is_never_handed_out() {
        // 2 waits for 0 and 1, 3 for 2, 4 for 1 alone.
        let jobs = [
            ("a", &[][..]),
            ("a", &[]),
            ("a", &[0, 1]),
            ("a", &[2]),
            ("a", &[1]),
        ];
        let mut queue = ReadyQueue::new(jobs);
        assert_eq!(drain(&mut queue), [0, 1]);
        assert_eq!(queue.skip_after(0), 2);
        queue.done(1);
        assert_eq!(drain(&mut queue), [4]);
        // Left out already: it is not counted twice.
        assert_eq!(queue.skip_after(2), 0);
    }
}
