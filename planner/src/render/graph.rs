//! A plan or a declaration as a drawing: boxes, arrows, and frames around scopes.

use super::{Sigil, clean};
use crate::{Action, Declared, Plan};
use indexmap::IndexSet;
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{call::Effect, value};

/// Boxes and arrows; an arrow points from what is needed to what needs it.
#[derive(Debug, Default)]
pub struct Graph {
    pub(super) title: String,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<(usize, usize)>,
}

/// A box.
#[derive(Debug)]
pub(super) struct Node {
    /// The frame it stands in; empty for none.
    pub(super) scope: String,
    pub(super) lines: Vec<String>,
    pub(super) sigil: Sigil,
    pub(super) wait: bool,
}

impl Graph {
    /// The resources of a program, and what refers to what.
    pub fn of_declared(declared: &Declared) -> Self {
        let mut graph = Self {
            title: format!("{}/{}", declared.stack, declared.env),
            ..Self::default()
        };
        let addresses: IndexSet<&str> = declared.resources.keys().map(String::as_str).collect();
        for (address, declaration) in &declared.resources {
            let mut refs = BTreeSet::new();
            value::refs(&declaration.inputs, &mut refs);
            let sources = refs
                .iter()
                .map(|r| r.resource.as_str())
                .chain(declaration.after.iter().map(String::as_str));
            let sources: BTreeSet<usize> = sources.filter_map(|a| addresses.get_index_of(a)).collect();
            graph.resource(address, declaration.kind.name(), Sigil::Same, &sources);
        }
        graph
    }

    /// The resources of a plan, with what happens to each.
    pub fn of_plan(plan: &Plan) -> Self {
        let mut graph = Self {
            title: format!("{}/{}", plan.stack, plan.env),
            ..Self::default()
        };
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        for (i, decision) in plan.decisions.iter().enumerate() {
            if decision.action != Action::Delete || !at.contains_key(decision.address.as_str()) {
                at.insert(&decision.address, i);
            }
        }
        for decision in &plan.decisions {
            let sources = decision
                .dependencies
                .iter()
                .filter_map(|a| at.get(a.as_str()).copied())
                .collect();
            graph.resource(
                &decision.address,
                &decision.kind,
                Sigil::of(decision.action),
                &sources,
            );
        }
        graph
    }

    /// The calls of a plan, and which waits for which.
    pub fn of_calls(plan: &Plan) -> Self {
        let mut graph = Self {
            title: format!("calls of {}/{}", plan.stack, plan.env),
            ..Self::default()
        };
        let numbers = super::calls::numbers(&super::waves(plan));
        for (i, call) in plan.calls.iter().enumerate() {
            let (sigil, wait) = match call.step.effect {
                Effect::Create => (Sigil::Add, false),
                Effect::Update => (Sigil::Change, false),
                Effect::Delete => (Sigil::Remove, false),
                Effect::Shown(_) | Effect::Ready(_) | Effect::Gone(_) => (Sigil::Same, true),
            };
            let lines = vec![
                format!("{}. {}", numbers[i], clean(&call.title())),
                clean(&call.address).into_owned(),
            ];
            graph.nodes.push(Node {
                scope: String::new(),
                lines,
                sigil,
                wait,
            });
            graph.edges.extend(call.after.iter().map(|&a| (a, i)));
        }
        graph
    }

    fn resource(&mut self, address: &str, kind: &str, sigil: Sigil, sources: &BTreeSet<usize>) {
        let (scope, name) = address.rsplit_once('/').unwrap_or(("", address));
        let mark = if sigil == Sigil::Same {
            String::new()
        } else {
            format!("{} ", sigil.char())
        };
        let lines = vec![format!("{mark}{}", clean(name)), clean(kind).into_owned()];
        let here = self.nodes.len();
        self.nodes.push(Node {
            scope: clean(scope).into_owned(),
            lines,
            sigil,
            wait: false,
        });
        self.edges
            .extend(sources.iter().filter(|&&s| s != here).map(|&s| (s, here)));
    }

    /// The nodes by frame, in order of appearance; the frame without a name first.
    pub(super) fn frames(&self) -> Vec<(&str, Vec<usize>)> {
        let mut frames: indexmap::IndexMap<&str, Vec<usize>> = indexmap::IndexMap::from([("", vec![])]);
        for (i, node) in self.nodes.iter().enumerate() {
            frames.entry(&node.scope).or_default().push(i);
        }
        frames.into_iter().collect()
    }
}
