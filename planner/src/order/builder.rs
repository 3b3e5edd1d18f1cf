//! Calls, what comes before what, and the order that follows.

use crate::{
    Error, PlannedCall,
    graph::{closure, topological},
};
use petgraph::{algo::tarjan_scc, graph::DiGraph};
use std::collections::BTreeSet;
use tenon_resources::{
    call::{Effect, Step},
    declaration::Place,
};

/// A chain of calls about one resource, by number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The wait for the outputs that AWS returns while it is pending.
    pub(super) shown: Option<usize>,
    /// The first and the last of the calls that come before the rest: those that put what is new beside what is there, or
    /// that give up a value for one that nobody has.
    pub(super) early: Option<(usize, usize)>,
}

/// The work of a resource: calls, some of which come early.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) early: Vec<Step>,
    pub(super) rest: Vec<Step>,
}

#[derive(Default)]
pub(super) struct Builder {
    pub(super) calls: Vec<PlannedCall>,
    pub(super) edges: Vec<(usize, usize)>,
    /// Edges that are wanted where they close no circle.
    wanted: Vec<(usize, usize)>,
}

impl Builder {
    pub(super) fn chain(&mut self, address: &str, generation: u32, kind: &str, work: Work) -> Option<Chain> {
        let early = self.push(address, generation, kind, work.early);
        let rest = self.push(address, generation, kind, work.rest);
        let (first, last) = rest.or(early)?;
        if let (Some((_, early)), Some((first, _))) = (early, rest) {
            self.edges.push((early, first));
        }
        let shows = |n: &usize| matches!(self.calls[*n].step.effect, Effect::Shown(_));
        Some(Chain {
            first,
            last,
            shown: (first..=last).find(shows),
            early,
        })
    }

    fn push(
        &mut self,
        address: &str,
        generation: u32,
        kind: &str,
        steps: Vec<Step>,
    ) -> Option<(usize, usize)> {
        let first = self.calls.len();
        for step in steps {
            let n = self.calls.len();
            if n > first {
                self.edges.push((n - 1, n));
            }
            self.calls.push(PlannedCall {
                address: address.to_owned(),
                generation,
                kind: kind.to_owned(),
                step,
                after: vec![],
                place: Place::default(),
            });
        }
        (self.calls.len() > first).then(|| (first, self.calls.len() - 1))
    }

    /// Asks for an edge that is left out where it would close a circle.
    pub(super) fn want(&mut self, from: usize, to: usize) {
        self.wanted.push((from, to));
    }

    /// Adds the edges that were wanted, one after the other, but for those that would close a circle.
    pub(super) fn add_wanted(&mut self) {
        if self.wanted.is_empty() {
            return;
        }
        let mut after = vec![vec![]; self.calls.len()];
        for &(from, to) in &self.edges {
            after[from].push(to);
        }
        for (from, to) in std::mem::take(&mut self.wanted) {
            if from != to && !closure(BTreeSet::from([to]), |n| after[n].clone()).contains(&from) {
                after[from].push(to);
                self.edges.push((from, to));
            }
        }
    }

    /// Groups of calls that wait for one another, each as a set.
    pub(super) fn sccs(&self) -> Vec<BTreeSet<usize>> {
        let mut graph = DiGraph::<(), ()>::with_capacity(self.calls.len(), self.edges.len());
        let nodes: Vec<_> = self.calls.iter().map(|_| graph.add_node(())).collect();
        for &(from, to) in &self.edges {
            graph.add_edge(nodes[from], nodes[to], ());
        }
        let groups = tarjan_scc(&graph).into_iter().filter(|group| group.len() > 1);
        groups
            .map(|group| group.into_iter().map(petgraph::graph::NodeIndex::index).collect())
            .collect()
    }

    /// The first group of calls that wait for one another, for people.
    fn circle(&self) -> String {
        let group = self.sccs().into_iter().next().unwrap_or_default();
        let call = |&i: &usize| {
            let PlannedCall { step, address, .. } = &self.calls[i];
            format!("{}:{} of {address}", step.service, step.operation)
        };
        group.iter().map(call).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn finish(self) -> Result<Vec<PlannedCall>, Error> {
        let sorted = topological(self.calls.len(), self.edges.iter().copied());
        if sorted.is_none() {
            let why = format!("calls of the plan need one another: {}", self.circle());
            return Err(Error::Bug(why));
        }
        let Self {
            mut calls, mut edges, ..
        } = self;
        edges.sort_unstable();
        edges.dedup();
        let Some(order) = topological(calls.len(), edges.iter().copied()) else {
            return Err(Error::Bug("the calls of the plan need one another".into()));
        };
        let mut index = vec![0; calls.len()];
        for (new, &old) in order.iter().enumerate() {
            index[old] = new;
        }
        for (from, to) in edges {
            calls[to].after.push(index[from]);
        }
        for call in &mut calls {
            call.after.sort_unstable();
        }
        let mut calls: Vec<Option<PlannedCall>> = calls.into_iter().map(Some).collect();
        let mut sorted = Vec::with_capacity(order.len());
        sorted.extend(order.into_iter().filter_map(|old| calls[old].take()));
        Ok(sorted)
    }
}
