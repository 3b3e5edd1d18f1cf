//! A lost state, rebuilt from what the cloud has.
//!
//! A resource with the stack's ownership tags says itself where it belongs: they hold its address and generation. What
//! takes no tags (a route, a role's policy) has an id that follows from its declaration, as soon as what that refers to has been
//! found; it is taken for ours when it shows that it is: it has a name that only this engine makes, or it belongs to
//! something of ours. Whatever else exists is reported and left alone.
//!
//! Nothing here is recorded: [`Recovered::changes`] is what to record when somebody has looked at it.

mod mentions;
mod search;

use crate::{Check, Declared, Error, lookups};
use search::Search;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use tenon_resources::cloud::{Caller, Cloud};
use tenon_state::{Record, State, StateWrite};

/// The resources of a stack that were found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Recovered {
    /// The records to write, by address. Those that the program does not declare are no longer declared.
    pub records: Vec<Record>,
    /// Resources that are declared and were not found.
    pub absent: Vec<Absent>,
    /// Resources that were found and are not to be recorded.
    pub doubtful: Vec<Doubtful>,
    /// The types that could not be searched. None of them is declared.
    pub unread: Vec<Unread>,
    /// The stack's outputs, as far as they are known.
    pub outputs: BTreeMap<String, Value>,
    /// The account and region that were searched.
    #[serde(skip)]
    caller: Option<Caller>,
}

/// A declared resource that was not found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Absent {
    /// The address.
    pub address: String,
    /// The type.
    pub kind: String,
    /// The file and line of its declaration.
    pub declared: String,
}

/// Something that exists and may or may not be ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubtful {
    /// The address that it may belong to.
    pub address: String,
    /// The ids: one, or several that say the same of themselves.
    pub ids: Vec<String>,
    /// The type.
    pub kind: String,
    /// Why it is in doubt.
    pub doubt: Doubt,
}

/// Why something is not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The type takes no tags, and nothing else shows that the resource is ours.
    Untagged,
    /// Several resources carry the same ownership tags.
    SameTags,
}

/// A type that could not be searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// The type.
    pub kind: String,
    /// The call's error.
    pub why: String,
}

impl Recovered {
    /// `true` if there is nothing to record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The writes that record it in `state`, from which the search began.
    pub fn changes(&self, state: &State) -> Vec<StateWrite> {
        let mut changes = vec![];
        if let Some(Caller { account, region, .. }) = &self.caller
            && (&state.account, &state.region) != (account, region)
        {
            let (account, region) = (account.clone(), region.clone());
            changes.push(StateWrite::Target { account, region });
        }
        changes.extend(self.records.iter().cloned().map(StateWrite::Put));
        if self.outputs != state.outputs {
            changes.push(StateWrite::Outputs(self.outputs.clone()));
        }
        changes
    }
}

/// Looks for everything that belongs to the stack and that `state` does not record.
///
/// # Errors
/// The program cannot be, or a type that it declares cannot be read.
pub async fn recover(
    cloud: &dyn Cloud,
    declared: &Declared,
    caller: &Caller,
    state: &State,
) -> Result<Recovered, Error> {
    let mut declared = declared.with_caller(caller);
    declared.check()?;
    let named = crate::places::all(&declared, state)?;
    crate::places::admit(cloud, caller, &declared.env, named).await?;
    let found = lookups::look_up(cloud, &declared, caller).await?;
    lookups::fill(&mut declared, &found)?;
    let mut search = Search::new(cloud, declared, state);
    search.by_tags().await?;
    while search.by_id().await? {}
    let found = search.finish()?;
    Ok(Recovered {
        caller: Some(caller.clone()),
        ..found
    })
}
