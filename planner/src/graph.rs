//! Dependencies among declared resources.
//!
//! Four sources of order: references in inputs, `after`, names (a role that is named where a reference to it could stand), and
//! completion: what is an [attachment](tenon_resources::resource::Field::attachment) of a resource (a role's policies, a table's
//! routes) comes before everything else that refers to it. The last two never close a cycle: where one would, it is dropped.

use crate::{Declaration, Declared, places::is_named_from};
use petgraph::{algo::tarjan_scc, graph::DiGraph};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenon_resources::{
    resource::Field,
    value::{Ref, refs},
};

/// A dependency of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dependency {
    /// The index of the source among the declared resources.
    pub(crate) on: usize,
    /// Only outputs are used that AWS returns while the source is pending: it need not be ready.
    pub(crate) while_pending: bool,
}

/// The dependencies of every declared resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    /// By the index of the resource among the declared ones.
    pub(crate) dependencies: Vec<Vec<Dependency>>,
    /// The indices, sources first; ties in the order of declaration.
    pub(crate) order: Vec<usize>,
}

/// `true` if AWS returns the output of such a resource while it is pending, and its value is all that is needed.
fn shown_while_pending(source: &Declaration, output: &str) -> bool {
    let mut outputs = source.kind.outputs().iter();
    outputs.any(|o| o.name == output && o.shown_while_pending.is_some())
}

/// The addresses that come before a resource although its inputs refer to none of them.
pub(crate) fn before(d: &Declaration) -> impl Iterator<Item = &String> {
    d.after.iter().chain(&d.options.replaced_with)
}

fn direct(declared: &Declared) -> (Vec<BTreeMap<usize, bool>>, Vec<Vec<usize>>) {
    let index: HashMap<&str, usize> = declared
        .resources
        .keys()
        .enumerate()
        .map(|(i, a)| (a.as_str(), i))
        .collect();
    let mut uses = vec![BTreeMap::<usize, bool>::new(); index.len()];
    let mut completed_by = vec![vec![]; index.len()];
    for (i, d) in declared.resources.values().enumerate() {
        for field in d.kind.fields() {
            let Some(value) = d.inputs.get(field.name) else {
                continue;
            };
            let mut found = BTreeSet::new();
            refs(value, &mut found);
            for Ref { resource, output } in found {
                let Some(&source) = index.get(resource.as_str()) else {
                    continue;
                };
                let while_pending = shown_while_pending(&declared.resources[source], &output);
                uses[i]
                    .entry(source)
                    .and_modify(|all| *all &= while_pending)
                    .or_insert(while_pending);
                if field.attachment {
                    completed_by[source].push(i);
                }
            }
        }
        for source in before(d).filter_map(|a| index.get(a.as_str())) {
            uses[i].insert(*source, false);
        }
    }
    (uses, completed_by)
}

/// A cycle among references and `after`, as addresses, each referring to the next.
pub(crate) fn cycle(declared: &Declared) -> Option<Vec<String>> {
    let (uses, _) = direct(declared);
    let mut graph = DiGraph::<(), ()>::with_capacity(uses.len(), uses.len());
    let nodes: Vec<_> = (0..uses.len()).map(|_| graph.add_node(())).collect();
    for (i, sources) in uses.iter().enumerate() {
        for &source in sources.keys() {
            graph.add_edge(nodes[i], nodes[source], ());
        }
    }
    let scc = tarjan_scc(&graph)
        .into_iter()
        .find(|scc| scc.len() > 1 || uses[scc[0].index()].contains_key(&scc[0].index()))?;
    // Walk inside the component until an index comes again; what lies between is a cycle.
    let inside: BTreeSet<usize> = scc.iter().map(|n| n.index()).collect();
    let mut path = vec![*inside.first()?];
    loop {
        let next = uses[path[path.len() - 1]]
            .keys()
            .copied()
            .find(|s| inside.contains(s))?;
        if let Some(start) = path.iter().position(|&p| p == next) {
            let names = path[start..].iter().chain([&next]);
            return Some(
                names
                    .map(|&p| declared.resources.get_index(p).expect("an index").0.clone())
                    .collect(),
            );
        }
        path.push(next);
    }
}

/// A resource that is named by another, where a reference to it could stand.
struct Named {
    user: usize,
    source: usize,
    /// In a field that is an attachment.
    attached: bool,
}

/// Every use of a declared resource by its name, for those whose id is a name that the program gives.
fn named(declared: &Declared) -> Vec<Named> {
    let mut known: HashMap<(String, &'static str), Vec<usize>> = HashMap::new();
    for (i, d) in declared.resources.values().enumerate() {
        let id = d.kind.outputs().iter().find(|o| o.name == "id");
        if let (Some(id), Ok(Some(Value::String(name)))) = (id, d.kind.identity(&d.inputs)) {
            known.entry((name, (id.type_name)())).or_default().push(i);
        }
    }
    known.retain(|(_, type_name), _| *type_name != std::any::type_name::<String>());
    let mut found = vec![];
    for (user, d) in declared
        .resources
        .values()
        .enumerate()
        .filter(|_| !known.is_empty())
    {
        for text in d.kind.typed_texts(&d.inputs).unwrap_or_default() {
            let mut known = known.get(&text).into_iter().flatten().copied();
            let means = |source: &usize| {
                let of = &declared.resources[*source];
                *source != user && is_named_from((d.kind.name(), &d.place), (of.kind.name(), &of.place))
            };
            let Some(source) = known.find(means) else {
                continue;
            };
            let holds = |f: &Field| f.attachment && d.inputs[f.name].as_str() == Some(&text.0);
            let attached = d.kind.fields().iter().any(holds);
            found.push(Named {
                user,
                source,
                attached,
            });
        }
    }
    found
}

/// Adds what is used by name, where that closes no cycle.
fn add_named(declared: &Declared, uses: &mut [BTreeMap<usize, bool>], completed_by: &mut [Vec<usize>]) {
    for Named {
        user,
        source,
        attached,
    } in named(declared)
    {
        let sources = |n: usize| uses[n].keys().copied().collect::<Vec<_>>();
        if uses[user].contains_key(&source) || closure(BTreeSet::from([source]), sources).contains(&user) {
            continue;
        }
        uses[user].insert(source, false);
        if attached {
            completed_by[source].push(user);
        }
    }
}

/// The dependencies of every declared resource. There is no cycle among them; [`Check`](crate::Check) has seen to it.
pub(crate) fn build(declared: &Declared) -> Graph {
    let (mut uses, mut completed_by) = direct(declared);
    add_named(declared, &mut uses, &mut completed_by);
    let count = uses.len();
    let mut extra: Vec<(usize, usize)> = vec![];
    for (user, sources) in uses.iter().enumerate() {
        for &source in sources.keys() {
            if completed_by[source].contains(&user) {
                continue;
            }
            extra.extend(
                completed_by[source]
                    .iter()
                    .map(|&c| (user, c))
                    .filter(|(u, c)| !uses[*u].contains_key(c)),
            );
        }
    }
    let mut graph = DiGraph::<(), ()>::with_capacity(count, count + extra.len());
    let nodes: Vec<_> = (0..count).map(|_| graph.add_node(())).collect();
    for (user, sources) in uses.iter().enumerate() {
        for &source in sources.keys() {
            graph.add_edge(nodes[source], nodes[user], ());
        }
    }
    for &(user, attachment) in &extra {
        graph.add_edge(nodes[attachment], nodes[user], ());
    }
    let mut scc_of = vec![0; count];
    for (n, scc) in tarjan_scc(&graph).into_iter().enumerate() {
        for node in scc {
            scc_of[node.index()] = n;
        }
    }
    for (user, attachment) in extra {
        if scc_of[user] != scc_of[attachment] {
            uses[user].entry(attachment).or_insert(false);
        }
    }
    let dependencies: Vec<Vec<Dependency>> = uses
        .into_iter()
        .map(|sources| {
            sources
                .into_iter()
                .map(|(on, while_pending)| Dependency { on, while_pending })
                .collect()
        })
        .collect();
    let edges = dependencies
        .iter()
        .enumerate()
        .flat_map(|(i, ds)| ds.iter().map(move |d| (d.on, i)));
    let order = topological(count, edges).unwrap_or_else(|| (0..count).collect());
    Graph { dependencies, order }
}

/// The nodes `0..count`, each after those with an edge to it; ties by the smaller number. `None` when there is a cycle.
pub(crate) fn topological(count: usize, edges: impl Iterator<Item = (usize, usize)>) -> Option<Vec<usize>> {
    let (mut next, mut waits) = (vec![vec![]; count], vec![0usize; count]);
    for (from, to) in edges {
        next[from].push(to);
        waits[to] += 1;
    }
    let mut ready: std::collections::BinaryHeap<std::cmp::Reverse<usize>> = (0..count)
        .filter(|&n| waits[n] == 0)
        .map(std::cmp::Reverse)
        .collect();
    let mut order = Vec::with_capacity(count);
    while let Some(std::cmp::Reverse(n)) = ready.pop() {
        order.push(n);
        for &to in &next[n] {
            waits[to] -= 1;
            if waits[to] == 0 {
                ready.push(std::cmp::Reverse(to));
            }
        }
    }
    (order.len() == count).then_some(order)
}

impl Graph {
    /// Everything that `start` depends on, with itself.
    pub(crate) fn upstream(&self, start: BTreeSet<usize>) -> BTreeSet<usize> {
        closure(start, |n| self.dependencies[n].iter().map(|d| d.on).collect())
    }

    /// Everything that depends on `start`, with itself.
    pub(crate) fn downstream(&self, start: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut users = vec![vec![]; self.dependencies.len()];
        for (i, ds) in self.dependencies.iter().enumerate() {
            ds.iter().for_each(|d| users[d.on].push(i));
        }
        closure(start, |n| users[n].clone())
    }
}

pub(crate) fn closure<T: Ord + Clone>(start: BTreeSet<T>, next: impl Fn(T) -> Vec<T>) -> BTreeSet<T> {
    let (mut seen, mut todo) = (start.clone(), start.into_iter().collect::<Vec<_>>());
    while let Some(n) = todo.pop() {
        for m in next(n) {
            if seen.insert(m.clone()) {
                todo.push(m);
            }
        }
    }
    seen
}
