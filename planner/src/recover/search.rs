//! The search: by ownership tags, then by id for what takes no tags.

use super::{Absent, Doubt, Doubtful, Recovered, Unread, mentions::Mentions};
use crate::{
    Declaration, Declared, Error,
    adopt::as_declared,
    decide::desired_inputs,
    execute::{find_with_retry, read_with_retry},
    graph::{self, Graph},
    known::known,
    ownership::{record_from, tags},
    places, recorded,
};
use futures::{StreamExt, stream};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use tenon_resources::{
    cloud::{Cloud, Observed, Status},
    declaration::{Place, is_global},
    registry,
    resource::ResourceType,
    value::{Owner, Ref, refs, simplify},
};
use tenon_state::{Phase, Record, RecordKey, State};

/// The number of types that are searched at once.
const AT_ONCE: usize = 8;

/// The number of replacements after which a resource without tags is still found: its name alone tells the generation.
const GENERATIONS: u32 = 8;

/// A search that is under way.
pub(super) struct Search<'a> {
    cloud: &'a dyn Cloud,
    declared: Declared,
    graph: Graph,
    /// The records from which the search began, and those of what was found.
    state: State,
    /// The places, types and ids of all of that.
    ids: HashSet<(Place, String, String)>,
    fresh: BTreeSet<RecordKey>,
    /// Declared resources without tags whose id has been looked for.
    tried: BTreeSet<String>,
    out: Recovered,
}

/// Resources that carry the tags of an address and generation of ours, each with its place and type.
type Tagged = BTreeMap<RecordKey, Vec<(Place, &'static dyn ResourceType, Observed)>>;

/// Something that may be a declared resource without tags.
struct Candidate {
    key: RecordKey,
    inputs: Value,
}

impl<'a> Search<'a> {
    pub(super) fn new(cloud: &'a dyn Cloud, declared: Declared, state: &State) -> Self {
        let ids = state.records.values();
        let place = |r: &Record| recorded::place(r).unwrap_or_default();
        let ids = ids.filter_map(|r| Some((anyone(place(r)), r.kind.clone(), r.id.clone()?)));
        Self {
            cloud,
            graph: graph::build(&declared),
            declared,
            ids: ids.collect(),
            state: state.clone(),
            fresh: BTreeSet::new(),
            tried: BTreeSet::new(),
            out: Recovered::default(),
        }
    }

    /// Finds everything of any type that carries the stack's ownership tags, in every place that the program names.
    pub(super) async fn by_tags(&mut self) -> Result<(), Error> {
        let mut places = places::all(&self.declared, &self.state)?;
        places.insert(Place::default());
        let mut tagged = BTreeMap::new();
        for place in places {
            self.by_tags_at(&place, &mut tagged).await?;
        }
        self.take_tagged(tagged);
        Ok(())
    }

    /// Adds what is at a place to what is found of each address and generation.
    // Long: a search of each type, and what an answer that is none means.
    async fn by_tags_at(&mut self, place: &Place, tagged: &mut Tagged) -> Result<(), Error> {
        let owner = self.declared.owner();
        let reached = places::reach(self.cloud, place).await;
        let reached = reached.map_err(|source| Error::Cloud {
            what: format!("{place} could not be reached"),
            source,
        })?;
        let (cloud, owner) = (&*reached, &owner);
        // Of the types without a file, those that the program declares: there are more than a thousand others.
        let declared: BTreeMap<_, _> = self
            .declared
            .resources
            .values()
            .map(|d| (d.kind.name(), d.kind))
            .collect();
        let without_file = declared.into_values().filter(|kind| kind.schema().is_some());
        let kinds = registry::TYPES
            .iter()
            .copied()
            .chain(without_file)
            .filter(|k| k.taggable())
            // What is in no region is found from home.
            .filter(|k| place.region.is_none() || !is_global(k.name()));
        let searches = kinds.map(|kind| async move { (kind, find_with_retry(cloud, kind, owner).await) });
        let found: Vec<_> = stream::iter(searches).buffered(AT_ONCE).collect().await;
        for (kind, found) in found {
            let is_declared = self
                .declared
                .resources
                .values()
                .any(|d| d.kind.name() == kind.name() && d.place == *place);
            match found {
                Ok(found) => {
                    for one in found {
                        if let Some(key) = key_of(&one) {
                            tagged.entry(key).or_default().push((place.clone(), kind, one));
                        }
                    }
                }
                Err(source) if is_declared => {
                    let what = format!("`{}` resources could not be searched", kind.name());
                    return Err(Error::Cloud { what, source });
                }
                // A type that the program never used is seldom one that its credentials may read.
                Err(error) => self.out.unread.push(Unread {
                    kind: kind.name().into(),
                    why: error.to_string(),
                }),
            }
        }
        Ok(())
    }

    /// Takes up what is alone with its address and generation. Of two, in one place or in two, nobody knows which is the right one.
    fn take_tagged(&mut self, tagged: Tagged) {
        for (key, mut found) in tagged {
            found.retain(|(place, kind, one)| !self.is_recorded(place, *kind, &one.id));
            // A resource that is being deleted does not contest its successor's address.
            let leaving = |one: &Observed| matches!(one.status, Status::Leaving(_));
            if found.iter().any(|(.., one)| !leaving(one)) {
                found.retain(|(.., one)| !leaving(one));
            }
            match found.as_slice() {
                [] => {}
                _ if self.state.records.contains_key(&key) => {}
                [(place, kind, one)] => self.take(place, *kind, key, one),
                [(_, kind, _), ..] => self.out.doubtful.push(Doubtful {
                    address: key.address,
                    ids: found.iter().map(|(.., one)| one.id.clone()).collect(),
                    kind: kind.name().into(),
                    doubt: Doubt::SameTags,
                }),
            }
        }
    }

    /// Declared resources without tags whose id is known by now. Returns whether any was found: it may be what another's
    /// id follows from.
    pub(super) async fn by_id(&mut self) -> Result<bool, Error> {
        let mut asked: BTreeMap<(Place, &str), (&'static dyn ResourceType, BTreeMap<String, Candidate>)> =
            BTreeMap::new();
        for (address, declaration) in &self.declared.resources {
            let (kind, name) = (declaration.kind, declaration.kind.name());
            let done = self.tried.contains(address) || self.state.at(address).next().is_some();
            if kind.taggable() || done {
                continue;
            }
            let candidates = self.candidates(address, declaration)?;
            if !candidates.is_empty() {
                self.tried.insert(address.clone());
                let (_, ids) = asked
                    .entry((declaration.place.clone(), name))
                    .or_insert_with(|| (kind, BTreeMap::new()));
                ids.extend(candidates);
            }
        }
        let before = self.fresh.len();
        let asked: Vec<_> = asked.into_iter().map(|((place, _), of)| (place, of)).collect();
        for (place, (kind, mut candidates)) in asked {
            let ids: Vec<String> = candidates.keys().cloned().collect();
            let unread = |source| Error::Cloud {
                what: format!("`{}` resources could not be read", kind.name()),
                source,
            };
            let cloud = places::reach(self.cloud, &place).await.map_err(unread)?;
            let found = read_with_retry(&*cloud, kind, &ids).await;
            let found = found.map_err(unread)?;
            for one in found {
                let Some(candidate) = candidates.remove(&one.id) else {
                    continue;
                };
                if self.is_recorded(&place, kind, &one.id) {
                    continue;
                }
                if self.is_ours(&candidate, &one) {
                    self.take(&place, kind, candidate.key, &one);
                } else {
                    self.out.doubtful.push(Doubtful {
                        address: candidate.key.address,
                        ids: vec![one.id],
                        kind: kind.name().into(),
                        doubt: Doubt::Untagged,
                    });
                }
            }
        }
        Ok(self.fresh.len() > before)
    }

    /// The ids that a resource may have, as far as what it refers to has been found.
    fn candidates(
        &self,
        address: &str,
        declaration: &Declaration,
    ) -> Result<BTreeMap<String, Candidate>, Error> {
        let generations = if named_by_us(declaration) { GENERATIONS } else { 1 };
        let lookup = |r: &Ref| known(&self.state, r);
        let mut out = BTreeMap::new();
        for generation in 0..generations {
            let want = desired_inputs(
                &self.declared,
                address,
                declaration,
                None,
                (generation, self.state.serial),
                &lookup,
            )?;
            let id = declaration.kind.identity(&want);
            let id = id.map_err(|source| Error::InvalidInputs {
                address: address.into(),
                source,
            })?;
            // A reference that is left is an object, and no text.
            if let Some(Value::String(id)) = id {
                let (key, inputs) = (RecordKey::new(address, generation), want);
                out.insert(id, Candidate { key, inputs });
            }
        }
        Ok(out)
    }

    /// `true` if something without tags shows that it is ours: by a name that only we make, or by belonging to something
    /// of ours, in a field that refers to it.
    fn is_ours(&self, candidate: &Candidate, found: &Observed) -> bool {
        let declaration = &self.declared.resources[&candidate.key.address];
        let belongs = declaration.kind.fields().iter().any(|field| {
            let (mut promised, mut left) = (BTreeSet::new(), BTreeSet::new());
            refs(&declaration.inputs[field.name], &mut promised);
            refs(&candidate.inputs[field.name], &mut left);
            !promised.is_empty()
                && left.is_empty()
                && candidate.inputs[field.name] == found.inputs[field.name]
        });
        belongs || named_by_us(declaration)
    }

    fn is_recorded(&self, place: &Place, kind: &'static dyn ResourceType, id: &str) -> bool {
        let place = anyone(place.clone().of(kind.name()));
        self.ids.contains(&(place, kind.name().to_owned(), id.to_owned()))
    }

    fn take(&mut self, place: &Place, kind: &'static dyn ResourceType, key: RecordKey, found: &Observed) {
        let mut record = record_from(kind, key.clone(), found, None);
        let place = place.clone().of(kind.name());
        record.place = recorded::place_value(&place);
        self.ids
            .insert((anyone(place), kind.name().to_owned(), found.id.clone()));
        self.state.insert(record);
        self.fresh.insert(key);
    }

    /// Completes the records of what was found: older generations are deposed, dependencies are filled in, and the rest is as
    /// declared.
    pub(super) fn finish(mut self) -> Result<Recovered, Error> {
        for key in &self.fresh {
            let newest = self.state.current(&key.address).map(Record::key);
            let record = &self.state.records[key];
            if record.phase != Phase::Deleting && newest.as_ref() != Some(key) {
                let record = Record {
                    phase: Phase::Deposed,
                    ..Record::clone(record)
                };
                self.state.insert(record);
            }
        }
        let users = Mentions::of(&self.state);
        for key in &self.fresh {
            let record = &self.state.records[key];
            let mut record = as_declared(&self.declared, &self.graph, &self.state, record)?;
            if record.declared.is_none() {
                record.dependencies = users.sources(&record);
            }
            self.out.records.push(record);
        }
        let state = &self.state;
        for (address, declaration) in &self.declared.resources {
            let doubted = self.out.doubtful.iter().any(|d| d.address == *address);
            if state.at(address).next().is_none() && !doubted {
                self.out.absent.push(Absent {
                    address: address.clone(),
                    kind: declaration.kind.name().into(),
                    declared: declaration.location.clone(),
                });
            }
        }
        self.out.outputs.clone_from(&state.outputs);
        for (name, value) in &self.declared.outputs {
            let mut value = value.clone();
            if simplify(&mut value, &|r| known(state, r)) == 0 {
                self.out.outputs.insert(name.clone(), value);
            }
        }
        Ok(self.out)
    }
}

/// The place, whoever works there.
fn anyone(place: Place) -> Place {
    Place { role: None, ..place }
}

/// `true` if the engine makes its name: nothing else makes one with that hash.
fn named_by_us(declaration: &Declaration) -> bool {
    let name = declaration.kind.name_field();
    name.is_some_and(|field| declaration.inputs[field.name].is_null())
}

/// The address and generation in the ownership tags of a resource.
fn key_of(found: &Observed) -> Option<RecordKey> {
    let tags = tags(found);
    let generation = tags.0.get(Owner::GENERATION)?.parse().ok()?;
    Some(RecordKey::new(tags.0.get(Owner::ADDRESS)?, generation))
}
