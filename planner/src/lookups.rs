//! Lookups: what exists already, found before anything is decided.
//!
//! A plan keeps what its lookups found. Before it is applied they are made again, and when one finds something else, nothing is
//! done.

pub use crate::found::Found;
use crate::{Declared, Error, Finding, nearest, places};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{
    cloud::{Caller, Candidate, Cloud},
    declaration::LookupDeclaration,
    lookup,
    resource::LookupKind,
    value::{Ref, here, refs},
};

/// The number of candidates that are named when none is meant, or too many are.
const NAMED: usize = 5;

/// Makes every lookup of `declared`, in order.
///
/// # Errors
/// One finds nothing, or more than it may, said with what came near; a query is none; the cloud does not answer.
pub async fn look_up(cloud: &dyn Cloud, declared: &Declared, caller: &Caller) -> Result<Vec<Found>, Error> {
    let mut all: Vec<Found> = vec![];
    if declared.lookups.is_empty() {
        return Ok(all);
    }
    let declared = declared.with_caller(caller);
    let mut findings = vec![];
    for (name, lookup) in &declared.lookups {
        let mut query = lookup.query.clone();
        let mut left = BTreeSet::new();
        lookup::fill(&mut query, &|name, output| output_of(&all, name, output));
        refs(&query, &mut left);
        if !left.is_empty() {
            // The lookup that it waits for has a finding of its own, or the check has one about this.
            continue;
        }
        let at = |why: String| Finding::at(&format!("lookup {name}"), &lookup.location, why);
        let known = lookup.kind.known(&query, &lookup.place.caller(caller));
        let known = known.map_err(|why| Error::Findings(vec![at(why)]))?;
        let candidates = if let Some(known) = known {
            known
        } else {
            let unread = |source| Error::Cloud {
                what: format!(
                    "lookup `{name}` of {} ({}) could not be read",
                    lookup.kind.name(),
                    lookup.location
                ),
                source,
            };
            let there = places::reach(cloud, &lookup.place).await.map_err(unread)?;
            let read = crate::execute::with_retry(5, || there.look_up(lookup.kind, &query)).await;
            read.map_err(unread)?
        };
        let chosen = lookup.kind.choose(&query, candidates.clone());
        let chosen = chosen.map_err(|why| Error::Findings(vec![at(why)]))?;
        match one(lookup.kind, &query, chosen, &candidates) {
            Ok((label, outputs)) => all.push(Found {
                name: name.clone(),
                kind: lookup.kind.name().into(),
                query: lookup.query.clone(),
                location: lookup.location.clone(),
                place: lookup.place.clone(),
                label,
                outputs,
            }),
            Err(why) => findings.push(at(why)),
        }
    }
    if findings.is_empty() {
        Ok(all)
    } else {
        Err(Error::Findings(findings))
    }
}

/// The label and the outputs of what is meant.
fn one(
    kind: &dyn LookupKind,
    query: &Value,
    mut chosen: Vec<Candidate>,
    candidates: &[Candidate],
) -> Result<(String, Value), String> {
    let asked = lookup::text(query);
    let asked = if asked.is_empty() {
        String::new()
    } else {
        format!(" with {asked}")
    };
    if chosen.is_empty() {
        return Err(format!(
            "finds no {}{asked}{}",
            kind.name(),
            near(query, candidates)
        ));
    }
    if kind.many() {
        let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for output in kind.outputs() {
            let values = chosen.iter().map(|c| c.outputs[output.name].clone());
            lists.insert(output.name, values.collect());
        }
        let labels: Vec<&str> = chosen.iter().map(|c| c.label.as_str()).collect();
        let lists: Map<String, Value> = lists
            .into_iter()
            .map(|(name, list)| (name.into(), list.into()))
            .collect();
        return Ok((labels.join(", "), lists.into()));
    }
    if chosen.len() > 1 {
        let some: Vec<&str> = chosen.iter().take(NAMED).map(|c| c.label.as_str()).collect();
        let more = if chosen.len() > NAMED { " and others" } else { "" };
        return Err(format!(
            "finds {} of {}{asked}: {}{more}; ask for more, until one is left",
            chosen.len(),
            kind.name(),
            some.join(", ")
        ));
    }
    let Candidate { label, outputs, .. } = chosen.remove(0);
    Ok((label, outputs))
}

/// Candidates that came near, as the rest of a sentence.
fn near(query: &Value, candidates: &[Candidate]) -> String {
    let labels: Vec<&str> = candidates.iter().map(|c| c.label.as_str()).collect();
    if labels.is_empty() {
        return "; there is none at all in this account and region".into();
    }
    let mut texts = vec![];
    asked_texts(query, &mut texts);
    // The name is in front of the id.
    let name = |label: &&'_ str| label.split(" (").next().unwrap_or_default().to_owned();
    let names: Vec<String> = labels.iter().map(name).collect();
    let close: Vec<&str> = texts
        .iter()
        .filter_map(|text| nearest(text, names.iter().map(String::as_str)))
        .collect();
    let is_close = |label: &&str| close.contains(&name(label).as_str());
    let (mut all, rest): (Vec<&str>, Vec<&str>) = labels.iter().copied().partition(is_close);
    all.extend(rest);
    let mut named: Vec<&str> = vec![];
    for label in all {
        if named.len() < NAMED && !named.contains(&label) {
            named.push(label);
        }
    }
    let more = labels.len().saturating_sub(named.len());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("; there are {}{more}", named.join(", "))
}

fn asked_texts(query: &Value, out: &mut Vec<String>) {
    match query {
        Value::String(text) => out.push(text.clone()),
        Value::Object(map) => map.values().for_each(|v| asked_texts(v, out)),
        _ => {}
    }
}

/// An output of what was found under a name.
pub(crate) fn output_of(all: &[Found], name: &str, output: &str) -> Option<Value> {
    let found = all.iter().find(|found| found.name == name)?;
    found.outputs.get(output).filter(|v| !v.is_null()).cloned()
}

/// Fills what was found into a declaration.
///
/// # Errors
/// A lookup was not made, or something that it is asked for it does not have.
pub(crate) fn fill(declared: &mut Declared, all: &[Found]) -> Result<(), Error> {
    if declared.lookups.is_empty() {
        return Ok(());
    }
    declared.fill_lookups(&|name, output| output_of(all, name, output));
    let mut findings = vec![];
    for (address, d) in &declared.resources {
        let mut left = BTreeSet::new();
        refs(&d.inputs, &mut left);
        let open = left.iter().find(|r| lookup::name_of(r).is_some());
        findings.extend(open.map(|r| {
            let why = format!("refers to `{r}`, which what was found does not have");
            Finding::at(address, &d.location, why)
        }));
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
    }
}

/// Refuses to go on when a lookup finds something else than a plan says.
///
/// # Errors
/// The first such lookup.
pub(crate) fn compare(planned: &[Found], now: &[Found]) -> Result<(), Error> {
    let changed = planned
        .iter()
        .enumerate()
        .find(|(n, found)| now.get(*n) != Some(*found));
    match changed {
        None if planned.len() == now.len() => Ok(()),
        None => Err(Error::LookupChanged {
            name: now.get(planned.len()).map(|f| f.name.clone()).unwrap_or_default(),
            was: "nothing".into(),
            is: now
                .get(planned.len())
                .map(|f| f.label.clone())
                .unwrap_or_default(),
        }),
        Some((n, found)) => Err(Error::LookupChanged {
            name: found.name.clone(),
            was: found.label.clone(),
            is: now.get(n).map_or_else(|| "nothing".into(), |f| f.label.clone()),
        }),
    }
}

/// Everything that can be wrong with lookups without asking AWS.
pub(crate) fn findings(declared: &Declared) -> Vec<Finding> {
    let mut findings = vec![];
    for (at, (name, l)) in declared.lookups.iter().enumerate() {
        let say = |why: String| Finding::at(&format!("lookup {name}"), &l.location, why);
        findings.extend(l.place.findings().into_iter().map(say));
        match l.kind.check(&l.query) {
            Ok(sentences) => findings.extend(sentences.into_iter().map(say)),
            Err(why) => findings.push(say(why)),
        }
        let mut asked = BTreeSet::new();
        refs(&l.query, &mut asked);
        for r in &asked {
            let earlier = lookup::name_of(r).and_then(|name| declared.lookups.get_index_of(name));
            if !here::is(r) && earlier.is_none_or(|earlier| earlier >= at) {
                findings.push(say(format!("refers to `{r}`, and a lookup refers to earlier lookups alone: it is made before anything is decided")));
            }
        }
        findings.extend(asked.iter().filter_map(|r| unknown(declared, r)).map(say));
    }
    findings
}

/// `true` for a reference to a lookup that means many: in a list, it stands for all of them.
pub(crate) fn is_many(declared: &Declared, r: &Ref) -> bool {
    let lookup = lookup::name_of(r).and_then(|name| declared.lookups.get(name));
    lookup.is_some_and(|lookup| lookup.kind.many())
}

/// The mistake in a reference to a lookup; `None` for one that is right, or to something else.
pub(crate) fn unknown(declared: &Declared, r: &Ref) -> Option<String> {
    let name = lookup::name_of(r)?;
    let Some(LookupDeclaration { kind, .. }) = declared.lookups.get(name) else {
        return Some(format!("refers to lookup `{name}`, which is not asked for"));
    };
    let known = kind.outputs().iter().any(|o| o.name == r.output);
    (!known).then(|| {
        format!(
            "refers to `{}` of lookup `{name}`, and a {} has no such output",
            r.output,
            kind.name()
        )
    })
}
