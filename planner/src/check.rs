//! The check of a declared stack: everything that can be wrong without asking AWS.

use crate::{Declared, Error, Finding, claims, decide::moves, graph};
use std::collections::BTreeSet;
use tenon_resources::value::{self, Ref};

impl Declared {
    /// Everything that can be wrong without asking AWS: addresses, types, references, cycles, and each type's rules.
    ///
    /// # Errors
    /// All findings at once, each with file, line and remedy.
    pub fn check(&self) -> Result<(), Error> {
        let mut findings = self.findings.clone();
        for (what, name, most) in [("stack", &self.stack, 40), ("environment", &self.env, 20)] {
            let wrong = value::check_name_of(what, name, most);
            findings.extend(wrong.map(|why| Finding::at(name, &self.location, why)));
        }
        for (address, d) in &self.resources {
            let at = |why: String| Finding::at(address, &d.location, why);
            match d.kind.check(&d.inputs) {
                Ok(sentences) => findings.extend(sentences.into_iter().map(at)),
                Err(invalid) => findings.push(at(invalid.to_string())),
            }
            let mut refs = BTreeSet::new();
            value::refs(&d.inputs, &mut refs);
            findings.extend(refs.iter().filter_map(|r| self.dangling(r)).map(at));
            let missing = d.after.iter().filter(|a| !self.resources.contains_key(*a));
            findings.extend(missing.map(|a| at(format!("comes after `{a}`, which is not declared"))));
        }
        for (name, output) in &self.outputs {
            let mut refs = BTreeSet::new();
            value::refs(output, &mut refs);
            let bad = refs.iter().filter_map(|r| self.dangling(r));
            findings.extend(bad.map(|why| Finding::at(&format!("output {name}"), "", why)));
        }
        findings.extend(moves::findings(self));
        findings.extend(self.claimed_twice());
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

    /// Pairs of resources of which AWS lets only one exist, said at the second of each.
    fn claimed_twice(&self) -> Vec<Finding> {
        let resources = self.resources.values().enumerate();
        let twice = claims::declared_twice(resources.map(|(at, d)| (at, d.kind, &d.inputs)));
        let finding = |(first, second, claim)| {
            let (address, d) = self.resources.get_index(second)?;
            let (other, before) = self.resources.get_index(first)?;
            let why = format!(
                "takes {claim}, which `{other}` ({}) has, too, and AWS lets only one hold it; change one of the two",
                before.location
            );
            Some(Finding::at(address, &d.location, why))
        };
        twice.into_iter().filter_map(finding).collect()
    }

    fn dangling(&self, r: &Ref) -> Option<String> {
        if value::here::is(r) {
            return None;
        }
        let Some(source) = self.resources.get(&r.resource) else {
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
}
