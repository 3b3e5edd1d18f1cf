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
    places, recorded,
    refresh::{Drift, DriftKind, Unread},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tenon_resources::{
    cloud::{CallError, Cloud, Observed},
    declaration::Place,
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
    /// The account and region that it is in.
    pub place: Place,
}

impl Addition {
    /// The addition as drift.
    pub fn drift(&self) -> Drift {
        Drift {
            address: self.inside.clone(),
            kind: self.kind.name().into(),
            id: Some(self.observed.id.clone()),
            declared: None,
            place: self.place.clone(),
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
        record.place = recorded::place_value(&self.place);
        record
    }
}

/// Reads everything that was added inside of what `state` records.
///
/// # Errors
/// A read fails, or the state has a type that is not known.
pub async fn additions(cloud: &dyn Cloud, state: &State) -> Result<Vec<Addition>, Error> {
    let (found, unread) = additions_readable(cloud, state).await;
    match unread.into_iter().next() {
        Some(unread) => Err(unread.into()),
        None => Ok(found),
    }
}

/// Reads what can be read of what was added inside of what `state` records, and says which types could not be.
pub async fn additions_readable(cloud: &dyn Cloud, state: &State) -> (Vec<Addition>, Vec<Unread>) {
    let ours = state.records.values().filter(|r| r.phase != Phase::Deleting);
    let (mut found, mut unread) = (vec![], vec![]);
    for (place, kind, parents) in parts(ours.map(AsRef::as_ref)) {
        let found_there = match places::reach(cloud, &place).await {
            Ok(cloud) => inside(&*cloud, &place, kind, &parents, state).await,
            Err(error) => Err(error),
        };
        match found_there {
            Ok(additions) => found.extend(additions),
            Err(error) => unread.push(Unread::new(kind, error)),
        }
    }
    (found, unread)
}

/// Reads what was added inside of one resource; `cloud` is of the place where that is.
///
/// # Errors
/// A read fails.
pub(crate) async fn inside_of(
    cloud: &dyn Cloud,
    record: &Record,
    state: &State,
) -> Result<Vec<Addition>, CallError> {
    let mut found = vec![];
    for (place, kind, parents) in parts(std::iter::once(record)) {
        found.extend(inside(cloud, &place, kind, &parents, state).await?);
    }
    Ok(found)
}

/// The addresses of resources by their ids.
type Parents = BTreeMap<String, String>;

/// The types that are parts of these resources, by place, with the address of each resource by its id.
fn parts<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<(Place, &'static dyn ResourceType, Parents)> {
    let mut by_kind: BTreeMap<(Place, &str), Parents> = BTreeMap::new();
    for record in records {
        if let Some(id) = &record.id {
            // One whose place is not understood is an error of the refresh.
            let place = recorded::place(record).unwrap_or_default();
            let parents = by_kind.entry((place, &record.kind)).or_default();
            parents.insert(id.clone(), record.address.clone());
        }
    }
    let mut all = vec![];
    for kind in TYPES {
        let Some(inside) = kind.inside() else { continue };
        let of = by_kind.iter().filter(|((_, of), _)| *of == inside.of);
        all.extend(of.map(|((place, _), parents)| (place.clone(), *kind, parents.clone())));
    }
    all
}

async fn inside(
    cloud: &dyn Cloud,
    place: &Place,
    kind: &'static dyn ResourceType,
    parents: &Parents,
    state: &State,
) -> Result<Vec<Addition>, CallError> {
    let Some(inside) = kind.inside() else {
        return Ok(vec![]);
    };
    let ids: Vec<String> = parents.keys().cloned().collect();
    let found = with_retry(5, || cloud.parts(kind, &ids)).await?;
    let known = known(state, kind, place);
    let strange = found.into_iter().filter(|observed| !known.contains(&observed.id));
    let additions = strange.filter_map(|observed| {
        let parent = observed.inputs[inside.field].as_str()?;
        Some(Addition {
            inside: parents.get(parent)?.clone(),
            kind,
            observed,
            place: place.clone(),
        })
    });
    Ok(additions.collect())
}

/// The ids of those of a type that are recorded at a place, or that something recorded there brings with it.
fn known(state: &State, kind: &'static dyn ResourceType, place: &Place) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let here = |record: &&Arc<Record>| recorded::place(record).is_ok_and(|p| p.is_same(place));
    for record in state.records.values().filter(here) {
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
