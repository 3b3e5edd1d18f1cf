//! The health of a stack: what each recorded resource says of itself, in AWS's words.
//!
//! Only what is read counts. A type that cannot be read is named, and is neither healthy nor not.

use crate::{Error, declare::kind_of, execute::read_with_retry, places, recorded, refresh::Unread};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use tenon_resources::{
    cloud::{Cloud, Status},
    declaration::Place,
    resource::ResourceType,
};
use tenon_state::{Phase, State};

/// The status that a resource says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The address.
    pub address: String,
    /// The generation.
    pub generation: u32,
    /// The type.
    pub kind: String,
    /// The id.
    pub id: String,
    /// The account and region that it is in, where those are not the environment's.
    #[serde(skip_serializing_if = "Place::is_home")]
    pub place: Place,
    /// The status; `None` where it is not there.
    pub status: Option<Status>,
    /// `true` if that is as it should be: it can be used, or is stopped because the program says so, or is on its way out because a
    /// run deletes it.
    pub healthy: bool,
}

/// Reads the status of everything that `state` records, by address, and says which types could not be read.
///
/// # Errors
/// The state has a type that is not known.
pub async fn health(cloud: &dyn Cloud, state: &State) -> Result<(Vec<Health>, Vec<Unread>), Error> {
    let mut groups: BTreeMap<(Place, &str), (&'static dyn ResourceType, Vec<String>)> = BTreeMap::new();
    for record in state.records.values() {
        let kind = kind_of(&record.kind, &record.address)?;
        if let Some(id) = &record.id {
            let group = groups.entry((recorded::place(record)?, kind.name()));
            let (_, ids) = group.or_insert_with(|| (kind, vec![]));
            ids.push(id.clone());
        }
    }
    let read = |((place, name), (kind, ids)): (
        (Place, &'static str),
        (&'static dyn ResourceType, Vec<String>),
    )| async move {
        let found = match places::reach(cloud, &place).await {
            Ok(cloud) => read_with_retry(&*cloud, kind, &ids).await,
            Err(error) => Err(error),
        };
        ((place, name), found.map_err(|error| Unread::new(kind, error)))
    };
    let groups = groups
        .into_iter()
        .map(|((place, _), of)| ((place, of.0.name()), of));
    let mut found: HashMap<(Place, &str), HashMap<String, Status>> = HashMap::new();
    let mut unread = vec![];
    for (group, result) in futures::future::join_all(groups.map(read)).await {
        match result {
            Ok(all) => {
                let all = all.into_iter().map(|one| (one.id, one.status));
                found.insert(group, all.collect());
            }
            Err(error) => unread.push(error),
        }
    }
    let mut out = vec![];
    for record in state.records.values() {
        let kind = kind_of(&record.kind, &record.address)?;
        let place = recorded::place(record)?;
        let Some((id, statuses)) = record.id.clone().zip(found.get(&(place.clone(), kind.name()))) else {
            continue;
        };
        let status = statuses.get(&id).cloned();
        let healthy = match &status {
            Some(Status::Ready) => true,
            Some(Status::Stopped(_)) => kind.wants_stopped(&record.inputs).unwrap_or(false),
            Some(Status::Leaving(_)) | None => record.phase == Phase::Deleting,
            Some(Status::Pending(_) | Status::Impaired(_) | Status::Failed(_)) => false,
        };
        out.push(Health {
            address: record.address.clone(),
            generation: record.generation,
            kind: record.kind.clone(),
            id,
            place,
            status,
            healthy,
        });
    }
    Ok((out, unread))
}
