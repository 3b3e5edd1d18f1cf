//! The check of a declared stack: everything that can be wrong without asking AWS.

use crate::{Declared, Error, Finding, claims, decide::moves, graph};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_resources::value::{self, Ref};

/// The check of what a program declares.
pub trait Check {
    /// Everything that can be wrong without asking AWS: addresses, types, references, cycles, and each type's rules.
    ///
    /// # Errors
    /// All findings at once, each with file, line and remedy.
    fn check(&self) -> Result<(), Error>;
}

impl Check for Declared {
    fn check(&self) -> Result<(), Error> {
        let mut findings = self.findings.clone();
        for (address, d) in &self.resources {
            let at = |why: String| Finding::at(address, &d.location, why);
            match d.kind.check(&d.inputs) {
                Ok(sentences) => findings.extend(sentences.into_iter().map(at)),
                Err(invalid) => findings.push(at(invalid.to_string())),
            }
            let mut refs = BTreeSet::new();
            value::refs(&d.inputs, &mut refs);
            findings.extend(refs.iter().filter_map(|r| dangling(self, r)).map(at));
            let missing = d.after.iter().filter(|a| !self.resources.contains_key(*a));
            findings.extend(missing.map(|a| at(format!("comes after `{a}`, which is not declared"))));
        }
        for (name, output) in &self.outputs {
            let mut refs = BTreeSet::new();
            value::refs(output, &mut refs);
            let bad = refs.iter().filter_map(|r| dangling(self, r));
            findings.extend(bad.map(|why| Finding::at(&format!("output {name}"), "", why)));
        }
        findings.extend(moves::findings(self));
        findings.extend(misfits(self));
        findings.extend(claimed_twice(self));
        if findings.is_empty()
            && let Some(cycle) = graph::cycle(self)
        {
            let path: Vec<String> = cycle
                .iter()
                .map(|a| format!("`{a}` ({})", self.resources[a].location))
                .collect();
            let why = format!(
                "refers to itself: {}; break one of these references",
                path.join(" → ")
            );
            findings.push(Finding::at(&cycle[0], &self.resources[&cycle[0]].location, why));
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Error::Findings(findings))
        }
    }
}

/// A field of a declared resource, by a reference to it.
fn field_of(declared: &Declared, resource: &Value, field: &str) -> Option<Value> {
    let source = claims::reference(resource)?;
    Some(declared.resources.get(&source.resource)?.inputs[field].clone())
}

/// Resources that do not fit to those that they refer to.
fn misfits(declared: &Declared) -> Vec<Finding> {
    let look = |resource: &Value, field: &str| field_of(declared, resource, field);
    let mut findings = vec![];
    for (address, d) in &declared.resources {
        let misfits = d.kind.misfits(&d.inputs, &look).unwrap_or_default().into_iter();
        findings.extend(misfits.map(|why| Finding::at(address, &d.location, why)));
    }
    findings
}

/// Pairs of resources of which AWS lets only one exist, said at the second of each.
fn claimed_twice(declared: &Declared) -> Vec<Finding> {
    let resources = declared.resources.values().enumerate();
    let look = |resource: &Value, field: &str| field_of(declared, resource, field);
    let twice = claims::declared_twice(resources.map(|(at, d)| (at, d.kind, &d.inputs)), &look);
    let finding = |(first, second, claim)| {
        let (address, d) = declared.resources.get_index(second)?;
        let (other, before) = declared.resources.get_index(first)?;
        let why = format!(
            "takes {claim}, which `{other}` ({}) has, too, and AWS lets only one hold it; change one of the two",
            before.location
        );
        Some(Finding::at(address, &d.location, why))
    };
    twice.into_iter().filter_map(finding).collect()
}

fn dangling(declared: &Declared, r: &Ref) -> Option<String> {
    if value::here::is(r) {
        return None;
    }
    let Some(source) = declared.resources.get(&r.resource) else {
        return Some(format!("refers to `{r}`, and `{}` is not declared", r.resource));
    };
    let known = source.kind.outputs().iter().any(|o| o.name == r.output);
    (!known).then(|| {
        format!(
            "refers to `{r}`, and a `{}` has no output `{}`",
            source.kind.name(),
            r.output
        )
    })
}
