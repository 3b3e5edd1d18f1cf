//! Additions by others inside of what is ours: a rule of a security group, an inline policy of a role, a route of a table.
//!
//! A resource that is managed piece by piece is declared as one that holds pieces and as pieces. What the pieces do not declare is no
//! field of anything that is read, so it is looked for by what it is inside of. What AWS itself puts there is left out by those
//! who read it.

use crate::{
    Error,
    declare::kind_of,
    execute::with_retry,
    ownership::record_from,
    refresh::{Drift, DriftKind},
};
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{
    cloud::{CallError, Cloud, Observed},
    registry::TYPES,
    resource::ResourceType,
};
use tenon_state::{Phase, Record, RecordKey, State};

/// Something inside of a resource of ours that is not ours.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The address of the resource that it is inside of.
    pub inside: String,
    /// The type.
    pub kind: &'static dyn ResourceType,
    /// The resource, as it was read.
    pub observed: Observed,
}

impl Addition {
    /// The addition as drift.
    pub fn drift(&self) -> Drift {
        Drift {
            address: self.inside.clone(),
            kind: self.kind.name().into(),
            id: Some(self.observed.id.clone()),
            declared: None,
            what: DriftKind::Added,
        }
    }

    /// The record that takes it up under an address of its own, below that of what it is inside of. A plan removes it unless the program
    /// declares it by then.
    pub fn record(&self, state: &State) -> Record {
        let short = self.kind.name().replace(['.', '_'], "-");
        let mut numbers = 1u32..;
        let mut free = std::iter::from_fn(|| {
            let address = format!("{}/added-{short}-{}", self.inside, numbers.next()?);
            Some(address)
        });
        let address = free
            .find(|address| state.at(address).next().is_none())
            .unwrap_or_default();
        let mut record = record_from(self.kind, RecordKey::new(address, 0), &self.observed, None);
        record.dependencies = vec![self.inside.clone()];
        record
    }
}

/// Reads everything that was added inside of what `state` records.
///
/// # Errors
/// A read fails, or the state has a type that is not known.
pub async fn additions(cloud: &dyn Cloud, state: &State) -> Result<Vec<Addition>, Error> {
    let ours = state.records.values().filter(|r| r.phase != Phase::Deleting);
    let mut found = vec![];
    for (kind, parents) in parts(ours.map(AsRef::as_ref)) {
        let failed = |source| Error::Cloud {
            what: format!("`{}` resources could not be read", kind.name()),
            source,
        };
        found.extend(inside(cloud, kind, &parents, state).await.map_err(failed)?);
    }
    Ok(found)
}

/// Reads what was added inside of one resource.
///
/// # Errors
/// A read fails.
pub(crate) async fn inside_of(
    cloud: &dyn Cloud,
    record: &Record,
    state: &State,
) -> Result<Vec<Addition>, CallError> {
    let mut found = vec![];
    for (kind, parents) in parts(std::iter::once(record)) {
        found.extend(inside(cloud, kind, &parents, state).await?);
    }
    Ok(found)
}

/// The types that are parts of these resources, with the address of each resource by its id.
fn parts<'a>(
    records: impl Iterator<Item = &'a Record>,
) -> Vec<(&'static dyn ResourceType, BTreeMap<String, String>)> {
    let mut by_kind: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for record in records {
        if let Some(id) = &record.id {
            let parents = by_kind.entry(&record.kind).or_default();
            parents.insert(id.clone(), record.address.clone());
        }
    }
    let part = |kind: &&'static dyn ResourceType| Some((*kind, by_kind.get(kind.inside()?.of)?.clone()));
    TYPES.iter().filter_map(part).collect()
}

async fn inside(
    cloud: &dyn Cloud,
    kind: &'static dyn ResourceType,
    parents: &BTreeMap<String, String>,
    state: &State,
) -> Result<Vec<Addition>, CallError> {
    let Some(inside) = kind.inside() else {
        return Ok(vec![]);
    };
    let ids: Vec<String> = parents.keys().cloned().collect();
    let found = with_retry(5, || cloud.parts(kind, &ids)).await?;
    let known = known(state, kind);
    let strange = found.into_iter().filter(|observed| !known.contains(&observed.id));
    let additions = strange.filter_map(|observed| {
        let parent = observed.inputs[inside.field].as_str()?;
        Some(Addition {
            inside: parents.get(parent)?.clone(),
            kind,
            observed,
        })
    });
    Ok(additions.collect())
}

/// The ids of those of a type that are recorded, or that something recorded brings with it.
fn known(state: &State, kind: &'static dyn ResourceType) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for record in state.records.values() {
        if record.kind == kind.name() {
            known.extend(record.id.clone());
        }
        let covers = kind_of(&record.kind, &record.address).and_then(|k| {
            let covers = k.covers(&record.inputs);
            covers.map_err(|e| Error::Bug(e.to_string()))
        });
        let covers = covers.unwrap_or_default().into_iter();
        known.extend(covers.filter(|(of, _)| *of == kind.name()).map(|(_, id)| id));
    }
    known
}

/// Why a resource is not removed: what is inside of it, and how to go on.
pub(crate) fn in_the_way(found: &[Addition]) -> String {
    let each: Vec<String> = found
        .iter()
        .take(5)
        .map(|addition| format!("{} `{}`", addition.kind.name(), addition.observed.id))
        .collect();
    let more = if found.len() > 5 { " and others" } else { "" };
    format!(
        "this stack did not put into it: {}{more}. Remove that by hand, or let `drift --record` record it, and the next run removes it first",
        each.join(", ")
    )
}
