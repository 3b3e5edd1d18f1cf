//! The resources that a plan is about: targets, excludes, replacements asked for.

use super::options::Options;
use crate::{
    Declared, Error,
    graph::{self, Graph},
};
use std::collections::{BTreeMap, BTreeSet};
use tenon_state::State;

/// The resources that a plan is about, by address.
pub(super) struct Selection {
    /// `None`: everything.
    included: Option<BTreeSet<String>>,
    replaced: BTreeSet<String>,
}

/// `true` if `address` is meant by `pattern`: an address, `scope/*` for everything below, or `*`.
pub(super) fn matches(pattern: &str, address: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => address.starts_with(prefix),
        None => address == pattern,
    }
}

impl Selection {
    pub(super) fn new(
        declared: &Declared,
        state: &State,
        graph: &Graph,
        options: &Options,
    ) -> Result<Self, Error> {
        let all: BTreeSet<&str> = declared
            .resources
            .keys()
            .map(String::as_str)
            .chain(state.records.values().map(|r| r.address.as_str()))
            .collect();
        let meant = |patterns: &[String]| -> Result<BTreeSet<String>, Error> {
            let mut out = BTreeSet::new();
            for pattern in patterns {
                let before = out.len();
                out.extend(
                    all.iter()
                        .filter(|a| matches(pattern, a))
                        .map(|a| (*a).to_owned()),
                );
                if out.len() == before && !all.iter().any(|a| matches(pattern, a)) {
                    let near = crate::nearest(pattern, all.iter().copied()).map(ToOwned::to_owned);
                    return Err(Error::NoSuchAddress {
                        address: pattern.clone(),
                        near,
                    });
                }
            }
            Ok(out)
        };
        let (targets, excludes) = (meant(&options.targets)?, meant(&options.excludes)?);
        let replaced = meant(&options.replace)?;
        meant(&options.consent)?;
        if targets.is_empty() && excludes.is_empty() {
            return Ok(Self {
                included: None,
                replaced,
            });
        }
        let up = |start: BTreeSet<String>| spread(declared, state, graph, start, true);
        let down = |start: BTreeSet<String>| spread(declared, state, graph, start, false);
        // What is removed takes along what uses it; what is made takes along what it uses.
        let (chosen, left_out) = match (targets.is_empty(), options.destroy) {
            (true, true) => (None, up(excludes)),
            (true, false) => (None, down(excludes)),
            (false, true) => (Some(down(targets)), up(excludes)),
            (false, false) => (Some(up(targets)), down(excludes)),
        };
        let chosen = chosen.unwrap_or_else(|| all.iter().map(|a| (*a).to_owned()).collect());
        Ok(Self {
            included: Some(chosen.difference(&left_out).cloned().collect()),
            replaced,
        })
    }

    /// `true` if the plan may create, change or remove it.
    pub(super) fn includes(&self, address: &str) -> bool {
        self.included.as_ref().is_none_or(|set| set.contains(address))
    }

    /// `true` if a person asked to replace it.
    pub(super) fn replaces(&self, address: &str) -> bool {
        self.replaced.contains(address)
    }
}

/// `start` and all it depends on (`up`) or all that depends on it, among what is declared and what is recorded.
fn spread(
    declared: &Declared,
    state: &State,
    graph: &Graph,
    start: BTreeSet<String>,
    up: bool,
) -> BTreeSet<String> {
    let indices = start
        .iter()
        .filter_map(|a| declared.resources.get_index_of(a))
        .collect();
    let indices = if up {
        graph.upstream(indices)
    } else {
        graph.downstream(indices)
    };
    let mut out = start;
    out.extend(
        indices
            .into_iter()
            .filter_map(|i| declared.resources.get_index(i))
            .map(|(a, _)| a.clone()),
    );
    let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for record in state.records.values() {
        for source in &record.dependencies {
            let (from, to) = if up {
                (&record.address, source)
            } else {
                (source, &record.address)
            };
            edges.entry(from).or_default().push(to);
        }
    }
    graph::closure(out, |address| {
        edges
            .get(address.as_str())
            .map(|to| to.iter().map(|a| (*a).to_owned()).collect())
            .unwrap_or_default()
    })
}
