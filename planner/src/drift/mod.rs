//! Drift in classes: everything in which the cloud differs from a state, for a report that nobody has to read twice.
//!
//! No program is needed: what is compared is the state and the cloud. A type that cannot be read is no drift and no
//! silence, so it is named with the permissions that reading it takes. One reading may be behind what was written a moment
//! ago; what two readings with a pause between them [agree on](Survey::confirmed_by) is drift.

mod ignore;
mod left;
mod who;

pub use ignore::Ignore;
pub use left::{Left, of_aws, of_family};
pub use who::with_authors;

use crate::{
    Error, FieldDiff,
    additions::additions_readable,
    event::Sink,
    execute::find_with_retry,
    ownership::tags,
    places, recorded,
    refresh::{DriftKind, Unread, refresh_readable},
};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};
use tenon_resources::{
    cloud::{Cloud, Observed, Status, Trace},
    declaration::{Place, is_global},
    registry::TYPES,
    resource::ResourceType,
    value::Owner,
};
use tenon_state::{Intent, Record, RecordKey, State};

/// The number of types that are searched at once.
const AT_ONCE: usize = 8;

/// A class of drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Fields of a resource have other values than recorded.
    Changed,
    /// A recorded resource does not exist.
    Gone,
    /// A resource is stopped, impaired, or has failed.
    Failed,
    /// Somebody put something into a resource of the stack: a rule, a route, a policy.
    Added,
    /// A resource has the stack's ownership tags and is in no state.
    Unrecorded,
}

impl Class {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 5] = [
        Self::Gone,
        Self::Failed,
        Self::Changed,
        Self::Added,
        Self::Unrecorded,
    ];

    /// The word for it, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Failed => "failed",
            Self::Added => "added",
            Self::Unrecorded => "unrecorded",
        }
    }
}

/// A resource in which the cloud differs from the state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drifted {
    /// The class.
    pub class: Class,
    /// The address; of what was added, that of the resource it is in.
    pub address: String,
    /// The type.
    pub kind: String,
    /// The id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The file and line of the declaration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// The fields that changed, from what is recorded to what is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldDiff>,
    /// AWS's words for the status, of one that is stopped, impaired or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The account and region that it is in, where those are not the environment's.
    #[serde(default, skip_serializing_if = "Place::is_home")]
    pub place: Place,
    /// The last call that somebody made on it, where that was asked for and is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Trace>,
}

/// A type that could not be read, so that nothing is known of its resources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unreadable {
    /// The type.
    pub kind: String,
    /// The call's error.
    pub why: String,
    /// The IAM actions that the credentials lack, where that is the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
}

/// Everything in which the cloud differs from a state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// The resources of the state.
    pub resources: usize,
    /// The resources that differ, by address.
    pub drifted: Vec<Drifted>,
    /// The types of the state that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// The types that the state has none of and whose resources could not be searched by tags either.
    pub unsearched: Vec<String>,
    /// The number of differences that the command line ignores.
    pub ignored: usize,
    /// The number of fields that have another value and that somebody else owns, as the program says: they are no drift.
    #[serde(default)]
    pub owned_elsewhere: usize,
}

/// Reads everything that is to be known of the resources of `state`; `open` are the calls that are under way, whose
/// resources are not looked at.
///
/// # Errors
/// The state has a type that is not known.
pub async fn survey(cloud: &dyn Cloud, state: &State, open: &[Intent], sink: &Sink) -> Result<Survey, Error> {
    let (refreshed, mut unread) = refresh_readable(cloud, state, sink).await?;
    let mut drifted: Vec<Drifted> = refreshed.drift.into_iter().map(Drifted::of).collect();
    let (added, more) = additions_readable(cloud, state).await;
    drifted.extend(added.iter().map(|a| Drifted::of(a.drift())));
    unread.extend(more);
    let (unrecorded, more) = everywhere(cloud, state, state).await?;
    drifted.extend(unrecorded);
    let recorded: BTreeSet<&str> = state.records.values().map(|r| r.kind.as_str()).collect();
    let (more, unsearched): (Vec<_>, Vec<_>) = more.into_iter().partition(|u| recorded.contains(u.kind));
    unread.extend(more);
    let under_way: BTreeSet<&str> = open.iter().map(|i| i.address.as_str()).collect();
    drifted.retain(|d| !under_way.contains(d.address.as_str()));
    drifted.sort_by(|a, b| a.sorts().cmp(&b.sorts()));
    let mut unreadable: Vec<Unreadable> = unread.into_iter().map(Unreadable::of).collect();
    unreadable.sort();
    unreadable.dedup_by(|a, b| a.kind == b.kind);
    Ok(Survey {
        resources: state.records.len(),
        drifted,
        unreadable,
        unsearched: unsearched.into_iter().map(|u| u.kind.into()).collect(),
        ignored: 0,
        owned_elsewhere: refreshed.owned_elsewhere,
    })
}

/// Resources that carry the ownership tags of the stack and are in no record of `state`, in every account and region of what `before`
/// records: a destroy leaves no record that says where it was.
///
/// # Errors
/// A record says where it is in a form that this version does not know.
pub async fn left_over(cloud: &dyn Cloud, before: &State, state: &State) -> Result<Vec<Drifted>, Error> {
    Ok(everywhere(cloud, before, state).await?.0)
}

/// The census of every place of what `before` records, and of home.
async fn everywhere(
    cloud: &dyn Cloud,
    before: &State,
    state: &State,
) -> Result<(Vec<Drifted>, Vec<Unread>), Error> {
    let (mut found, mut unread) = (vec![], vec![]);
    let mut places = places::of_state(before)?;
    places.insert(Place::default());
    for place in places {
        let (unrecorded, unsearched) = census(cloud, state, &place).await;
        found.extend(unrecorded);
        unread.extend(unsearched);
    }
    Ok((found, unread))
}

/// Resources at `place` that carry the ownership tags of the stack and are in no record of it.
async fn census(cloud: &dyn Cloud, state: &State, place: &Place) -> (Vec<Drifted>, Vec<Unread>) {
    let cloud = match places::reach(cloud, place).await {
        Ok(cloud) => cloud,
        Err(error) => {
            let unread = |kind: &&'static dyn ResourceType| Unread::new(*kind, error.clone());
            return (vec![], TYPES.iter().map(unread).collect());
        }
    };
    let cloud = &*cloud;
    let owner = &Owner::of_stack(&state.stack, &state.env);
    // What is in no region is found from home.
    let here = |kind: &&dyn ResourceType| place.region.is_none() || !is_global(kind.name());
    let kinds = TYPES.iter().copied().filter(|kind| kind.taggable());
    let kinds = kinds.filter(here);
    let searches = kinds.map(|kind| async move { (kind, find_with_retry(cloud, kind, owner).await) });
    let all: Vec<_> = stream::iter(searches).buffered(AT_ONCE).collect().await;
    let there = |r: &&Arc<Record>| recorded::place(r).is_ok_and(|p| p.is_same(&place.clone().of(&r.kind)));
    let ids = state.records.values().filter(there);
    let ids: HashSet<(&str, &str)> = ids
        .filter_map(|r| Some((r.kind.as_str(), r.id.as_deref()?)))
        .collect();
    let (mut found, mut unread) = (vec![], vec![]);
    for (kind, result) in all {
        match result {
            Ok(observed) => {
                let strange = observed
                    .iter()
                    .filter(|o| !ids.contains(&(kind.name(), o.id.as_str())));
                found.extend(strange.filter_map(|o| unrecorded(kind, o, state, place)));
            }
            Err(error) => unread.push(Unread::new(kind, error)),
        }
    }
    (found, unread)
}

fn unrecorded(
    kind: &'static dyn ResourceType,
    observed: &Observed,
    state: &State,
    place: &Place,
) -> Option<Drifted> {
    let tags = tags(observed);
    let address = tags.0.get(Owner::ADDRESS)?;
    let generation = tags.0.get(Owner::GENERATION).and_then(|g| g.parse().ok());
    if matches!(observed.status, Status::Leaving(_)) {
        return None;
    }
    // A create whose reply is not recorded yet is one that the next apply takes up.
    let unknown_yet = state.get(&RecordKey::new(address.clone(), generation.unwrap_or_default()));
    if unknown_yet.is_some_and(|r| r.id.is_none()) {
        return None;
    }
    Some(Drifted {
        class: Class::Unrecorded,
        address: address.clone(),
        kind: kind.name().into(),
        id: Some(observed.id.clone()),
        declared: None,
        fields: vec![],
        status: None,
        place: place.clone().of(kind.name()),
        by: None,
    })
}

impl Unreadable {
    #[expect(clippy::needless_pass_by_value, reason = "the reading is handed over")]
    fn of(unread: Unread) -> Self {
        let code = &unread.error.code;
        let denied = ["AccessDenied", "Unauthorized", "NotAuthorized", "Forbidden"]
            .iter()
            .any(|word| code.contains(word));
        let lacks: &[&str] = if denied { unread.actions } else { &[] };
        Self {
            kind: unread.kind.into(),
            why: unread.error.to_string(),
            lacks: lacks.iter().map(|&action| action.into()).collect(),
        }
    }
}

impl Drifted {
    /// The class and the fields of what a refresh found.
    pub fn of(drift: crate::refresh::Drift) -> Self {
        let (class, fields, status) = match drift.what {
            DriftKind::Gone => (Class::Gone, vec![], None),
            DriftKind::Added => (Class::Added, vec![], None),
            DriftKind::Changed(fields) => (Class::Changed, fields, None),
            DriftKind::Stopped(why) => (Class::Failed, vec![], Some(format!("stopped: {why}"))),
            DriftKind::Impaired(why) => (Class::Failed, vec![], Some(format!("impaired: {why}"))),
            DriftKind::Failed(why) => (Class::Failed, vec![], Some(format!("failed: {why}"))),
        };
        Self {
            class,
            address: drift.address,
            kind: drift.kind,
            id: drift.id,
            declared: drift.declared,
            fields,
            status,
            place: drift.place,
            by: None,
        }
    }

    fn sorts(&self) -> (&str, Class, &str, Option<&str>) {
        (&self.address, self.class, &self.kind, self.id.as_deref())
    }

    fn is_same(&self, other: &Self) -> bool {
        self.sorts() == other.sorts()
    }
}

impl Survey {
    /// `true` if nothing differs; what could not be read may.
    pub fn is_clean(&self) -> bool {
        self.drifted.is_empty()
    }

    /// The number of resources of a class.
    pub fn count(&self, class: Class) -> usize {
        self.drifted.iter().filter(|d| d.class == class).count()
    }

    /// The differences that `later`, a survey after a pause, has as well: one that only one of them has is one of reading too early.
    /// Values are those of `later`. A type that could not be read in one of them is not known.
    #[must_use]
    pub fn confirmed_by(self, mut later: Self) -> Self {
        later.drifted.retain_mut(|new| {
            let Some(old) = self.drifted.iter().find(|old| old.is_same(new)) else {
                return false;
            };
            if new.class != Class::Changed {
                return true;
            }
            new.fields
                .retain(|f| old.fields.iter().any(|o| o.field == f.field));
            !new.fields.is_empty()
        });
        let missing = self
            .unreadable
            .into_iter()
            .filter(|u| !later.unreadable.contains(u));
        later.unreadable.extend(missing.collect::<Vec<_>>());
        later.unreadable.sort();
        later.unreadable.dedup_by(|a, b| a.kind == b.kind);
        later
    }
}
