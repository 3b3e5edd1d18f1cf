//! Reads what the cloud has of the resources that the state records.
//!
//! Reads are batched per type, not per resource. A resource that does not appear is looked for again before it is
//! believed gone: right after a create, AWS may not show it yet.

use crate::{
    Error, FieldDiff,
    declare::kind_of,
    event::{Event, Sink},
    found::Found,
    places, recorded,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tenon_resources::{
    cloud::{CallError, Cloud, Observed, Status},
    declaration::{Place, ResourceOptions},
    resource::{Mutability, ResourceType},
    value::EXPIRES,
};
use tenon_state::{Phase, Record, RecordKey, State, StateWrite};
use tokio::time::sleep;

/// The number of times that a resource which does not appear is looked for again, and the pause in between.
const AGAIN: (usize, Duration) = (2, Duration::from_secs(2));

/// The number of resources of a type whose observations are held at the same time: enough for all reads that are sent side by side.
const AT_ONCE: usize = 1_000;

/// The state as the cloud has it.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The state with what was read in it.
    pub state: State,
    /// The record writes that lead there from the stored state.
    pub changes: Vec<StateWrite>,
    /// Resources that are not as they were left.
    pub drift: Vec<Drift>,
    /// The status of every resource that is stopped, impaired or failed.
    pub statuses: BTreeMap<RecordKey, Status>,
    /// The findings of the program's lookups.
    pub lookups: Vec<Found>,
    /// Addresses at which the program takes up what exists, and for the first time.
    pub adopted: BTreeSet<String>,
    /// Addresses under which something is recorded that somebody put into a resource that is exclusive.
    pub added: BTreeSet<String>,
    /// The number of fields and tags that have another value than recorded and that somebody else owns.
    pub owned_elsewhere: usize,
}

/// A resource that is not as it was left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The address.
    pub address: String,
    /// The type.
    pub kind: String,
    /// The id.
    pub id: Option<String>,
    /// The file and line of its declaration.
    pub declared: Option<String>,
    /// The account and region that it is in.
    #[serde(default, skip_serializing_if = "Place::is_home")]
    pub place: Place,
    /// The difference.
    pub what: DriftKind,
}

/// A difference between a resource and its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// The resource is no longer there.
    Gone,
    /// Somebody put a resource of this type and id into the one at this address.
    Added,
    /// Fields have other values: from what was recorded, to what is there.
    Changed(Vec<FieldDiff>),
    /// The resource is stopped, though it only serves; AWS's words.
    Stopped(String),
    /// The resource is impaired: AWS can recover it, or a person must; AWS's words.
    Impaired(String),
    /// The resource failed for good; AWS's words.
    Failed(String),
}

/// The state as it is recorded, unread: what `--no-refresh` plans from.
pub fn unrefreshed(state: &State) -> Refreshed {
    Refreshed {
        state: state.clone(),
        changes: vec![],
        drift: vec![],
        statuses: BTreeMap::new(),
        lookups: vec![],
        adopted: BTreeSet::new(),
        added: BTreeSet::new(),
        owned_elsewhere: 0,
    }
}

/// A type whose resources could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The type.
    pub kind: &'static str,
    /// The IAM actions that reading it takes.
    pub actions: &'static [&'static str],
    /// The call's error.
    pub error: CallError,
}

impl Unread {
    pub(crate) fn new(kind: &'static dyn ResourceType, error: CallError) -> Self {
        Self {
            kind: kind.name(),
            actions: kind.read().actions,
            error,
        }
    }
}

impl From<Unread> for Error {
    fn from(unread: Unread) -> Self {
        Self::Cloud {
            what: format!("`{}` resources could not be read", unread.kind),
            source: unread.error,
        }
    }
}

/// Reads everything that `state` records.
///
/// # Errors
/// A read fails, or the state has a type that is not known.
pub async fn refresh(cloud: &dyn Cloud, state: &State, sink: &Sink) -> Result<Refreshed, Error> {
    let reads = reads(cloud, state, sink)?;
    let mut out = unrefreshed(state);
    for readings in futures::future::try_join_all(reads).await? {
        out.take_over(readings);
    }
    Ok(out)
}

/// Reads what can be read of what `state` records; the records of a type that cannot be read stay as they are.
///
/// # Errors
/// The state has a type that is not known.
pub async fn refresh_readable(
    cloud: &dyn Cloud,
    state: &State,
    sink: &Sink,
) -> Result<(Refreshed, Vec<Unread>), Error> {
    let reads = reads(cloud, state, sink)?;
    let (mut out, mut unread) = (unrefreshed(state), vec![]);
    for readings in futures::future::join_all(reads).await {
        match readings {
            Ok(readings) => out.take_over(readings),
            Err(one) => unread.push(one),
        }
    }
    Ok((out, unread))
}

/// A record and its options.
type Recorded<'a> = (&'a Record, ResourceOptions);

/// A read for each type that `state` records in each account and region.
fn reads<'a>(
    cloud: &'a dyn Cloud,
    state: &'a State,
    sink: &'a Sink,
) -> Result<Vec<impl Future<Output = Result<Readings, Unread>>>, Error> {
    let mut by_kind: BTreeMap<(Place, &str), (&'static dyn ResourceType, Vec<Recorded<'_>>)> =
        BTreeMap::new();
    for record in state.records.values().filter(|r| r.id.is_some()) {
        let kind = kind_of(&record.kind, &record.address)?;
        // What no call makes is in the state alone.
        if kind.is_local() {
            continue;
        }
        by_kind
            .entry((recorded::place(record)?, kind.name()))
            .or_insert_with(|| (kind, vec![]))
            .1
            .push((record, recorded::options(record)?));
    }
    let total: usize = by_kind.values().map(|(_, records)| records.len()).sum();
    let done = Arc::new(AtomicUsize::new(0));
    sink(Event::Refreshing { done: 0, total });
    let read = |(place, kind, records): (Place, &'static dyn ResourceType, Vec<Recorded<'a>>)| {
        let done = done.clone();
        async move {
            let cloud = places::reach(cloud, &place).await;
            let cloud = cloud.map_err(|error| Unread::new(kind, error))?;
            let mut readings = Readings::default();
            for records in records.chunks(AT_ONCE) {
                let ids: Vec<String> = records.iter().filter_map(|(r, _)| r.id.clone()).collect();
                let observed = read_sure(&*cloud, kind, ids).await?;
                for (record, options) in records {
                    let id = record.id.as_deref().unwrap_or_default();
                    readings.apply_observation(kind, (record, options), observed.get(id));
                }
                let now = done.fetch_add(records.len(), Ordering::Relaxed) + records.len();
                sink(Event::Refreshing { done: now, total });
            }
            Ok(readings)
        }
    };
    let groups = by_kind.into_iter();
    let groups = groups.map(|((place, _), (kind, records))| (place, kind, records));
    Ok(groups.map(read).collect())
}

/// Reads `ids`, and those that do not appear again.
async fn read_sure(
    cloud: &dyn Cloud,
    kind: &'static dyn ResourceType,
    ids: Vec<String>,
) -> Result<BTreeMap<String, Observed>, Unread> {
    let mut observed = BTreeMap::new();
    let mut missing = ids;
    for round in 0..=AGAIN.0 {
        if round > 0 {
            sleep(AGAIN.1).await;
        }
        let found = crate::execute::read_with_retry(cloud, kind, &missing)
            .await
            .map_err(|error| Unread::new(kind, error))?;
        observed.extend(found.into_iter().map(|o| (o.id.clone(), o)));
        missing.retain(|id| !observed.contains_key(id));
        if missing.is_empty() {
            break;
        }
    }
    Ok(observed)
}

/// The differences that observations of one type make.
#[derive(Default)]
struct Readings {
    changes: Vec<StateWrite>,
    drift: Vec<Drift>,
    statuses: BTreeMap<RecordKey, Status>,
    owned_elsewhere: usize,
}

impl Readings {
    /// Takes one reading over; `None`: the resource was not found.
    // Long: one arm for each status that AWS can say.
    fn apply_observation(
        &mut self,
        kind: &'static dyn ResourceType,
        (record, options): (&Record, &ResourceOptions),
        observed: Option<&Observed>,
    ) {
        let drift = |what| Drift {
            address: record.address.clone(),
            kind: record.kind.clone(),
            id: record.id.clone(),
            declared: record.declared.clone(),
            // A record of a place that is not understood was not read.
            place: recorded::place(record).unwrap_or_default(),
            what,
        };
        let leaving = observed.is_some_and(|o| matches!(o.status, Status::Leaving(_)));
        if record.phase == Phase::Deleting && leaving {
            return;
        }
        let Some(observed) = observed.filter(|_| !leaving) else {
            // What we were deleting is gone: that is no drift.
            if record.phase != Phase::Deleting {
                self.drift.push(drift(DriftKind::Gone));
            }
            let RecordKey { address, generation } = record.key();
            self.changes.push(StateWrite::Remove { address, generation });
            return;
        };
        let (inputs, changes, elsewhere) = merge(kind, (record, options), &observed.inputs);
        self.owned_elsewhere += elsewhere;
        if !changes.is_empty() && record.phase != Phase::Deposed {
            self.drift.push(drift(DriftKind::Changed(changes)));
        }
        // What a create left behind although it failed says nothing of that itself.
        let broken = record
            .outputs
            .get(crate::ownership::FAILED)
            .and_then(Value::as_str);
        let broken = broken.map(|why| Status::Failed(why.to_owned()));
        let status = match broken.as_ref().unwrap_or(&observed.status) {
            Status::Stopped(_) if kind.wants_stopped(&record.inputs).unwrap_or(false) => &Status::Ready,
            other => other,
        };
        match status {
            // A person stopped it to save money, and the plan says so. What holds no data does nothing else than serve, and
            // that has ended.
            Status::Stopped(_) if kind.stateful() => {}
            Status::Stopped(why) => self.drift.push(drift(DriftKind::Stopped(why.clone()))),
            Status::Impaired(why) => self.drift.push(drift(DriftKind::Impaired(why.clone()))),
            Status::Failed(why) => self.drift.push(drift(DriftKind::Failed(why.clone()))),
            Status::Ready | Status::Pending(_) | Status::Leaving(_) => {}
        }
        if matches!(
            status,
            Status::Stopped(_) | Status::Impaired(_) | Status::Failed(_)
        ) {
            self.statuses.insert(record.key(), status.clone());
        }
        let mut now = Record {
            inputs,
            ..record.clone()
        };
        if *status == Status::Ready {
            now.outputs = observed.outputs.clone();
        }
        if record.phase == Phase::Deleting {
            now.phase = Phase::Deposed;
        }
        if now != *record {
            self.changes.push(StateWrite::Put(now));
        }
    }
}

/// Merges observed inputs into recorded ones; returns the result, the fields that drifted, and how many changed that somebody else owns.
pub(crate) fn merge(
    kind: &'static dyn ResourceType,
    (record, options): (&Record, &ResourceOptions),
    observed: &Value,
) -> (Value, Vec<FieldDiff>, usize) {
    let recorded = &record.inputs;
    let (mut inputs, mut changes, mut elsewhere) = (recorded.clone(), vec![], 0);
    for field in kind.fields() {
        let (have, now) = (&recorded[field.name], &observed[field.name]);
        // What AWS does not give back cannot drift, and what was left to AWS is AWS's.
        if field.write_only || (field.optional && have.is_null()) {
            continue;
        }
        // What somebody else owns is taken over as it is, whoever changed it.
        if options.owned_elsewhere.contains(field.name) {
            elsewhere += usize::from(have != now);
            inputs[field.name] = now.clone();
            continue;
        }
        let Some(now) = kind.drifted(field, have, &record.outputs, now) else {
            continue;
        };
        let (from, to) = match field.name {
            "tags" => (ours(options, have), ours(options, &now)),
            _ => (have.clone(), now.clone()),
        };
        if from == to {
            elsewhere += usize::from(field.name == "tags" && theirs(options, have) != theirs(options, &now));
            inputs[field.name] = now;
            continue;
        }
        // One whose creation was cut off may lack what comes last, such as an attachment: the next plan finishes it.
        if record.phase == Phase::Creating && field.change == Mutability::Replace {
            continue;
        }
        let change = FieldDiff {
            field: field.name.into(),
            from: from.into(),
            to: to.into(),
            replaces: false,
        };
        changes.push(change);
        inputs[field.name] = now;
    }
    (inputs, changes, elsewhere)
}

/// The tags that somebody else owns.
fn theirs<'a>(options: &ResourceOptions, tags: &'a Value) -> BTreeMap<&'a str, &'a Value> {
    let all = tags.as_object().into_iter().flatten();
    let all = all.filter(|(key, _)| options.owns_tag_elsewhere(key));
    all.map(|(key, value)| (key.as_str(), value)).collect()
}

/// Tags without those that somebody else owns, and without the time of expiry.
fn ours(options: &ResourceOptions, tags: &Value) -> Value {
    let mut tags = tags.clone();
    if let Some(map) = tags.as_object_mut() {
        map.retain(|key, _| key != EXPIRES && !options.owns_tag_elsewhere(key));
    }
    tags
}

impl Refreshed {
    fn take_over(&mut self, readings: Readings) {
        for change in &readings.changes {
            match change {
                StateWrite::Put(record) => self.state.insert(record.clone()),
                StateWrite::Remove { address, generation } => {
                    let key = RecordKey::new(address.clone(), *generation);
                    self.state.records.remove(&key);
                }
                StateWrite::Target { .. }
                | StateWrite::Outputs(_)
                | StateWrite::Expires { .. }
                | StateWrite::Deployed { .. } => {}
            }
        }
        self.changes.extend(readings.changes);
        self.drift.extend(readings.drift);
        self.statuses.extend(readings.statuses);
        self.owned_elsewhere += readings.owned_elsewhere;
    }

    /// The addresses of the resources that drifted.
    pub fn drifted(&self) -> BTreeSet<&str> {
        self.drift.iter().map(|d| d.address.as_str()).collect()
    }
}
