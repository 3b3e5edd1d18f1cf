//! Everything that planning wants to know of the cloud: what the state records, what the program looks up and takes up, and what others
//! put into what is exclusive.
//!
//! All that is read here is in the plan, and is read again before a saved plan is believed.

use crate::{
    Declared, Error, Finding, additions,
    adopt::{ImportError, import},
    event::Sink,
    lookups, places, recorded,
    refresh::{Refreshed, refresh, unrefreshed},
};
use tenon_resources::cloud::{Caller, Cloud};
use tenon_state::{State, StateWrite};

/// The extent of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Every recorded resource is read; otherwise they are taken as recorded.
    pub refresh: bool,
    /// Everything is to be removed: nothing is taken up.
    pub destroy: bool,
}

impl Extent {
    /// The extent for an apply.
    pub const APPLY: Self = Self {
        refresh: true,
        destroy: false,
    };
    /// The extent for a destroy.
    pub const DESTROY: Self = Self {
        refresh: true,
        destroy: true,
    };
}

/// Reads everything that a plan of `declared` is made from.
///
/// # Errors
/// A read fails, the state has a type that is not known, or what the program takes up is not there or somebody else's.
pub async fn survey(
    cloud: &dyn Cloud,
    declared: &Declared,
    caller: &Caller,
    state: &State,
    extent: Extent,
    sink: &Sink,
) -> Result<Refreshed, Error> {
    let here = declared.with_caller(caller);
    places::admit(cloud, caller, &state.env, places::all(&here, state)?).await?;
    let mut seen = if extent.refresh {
        refresh(cloud, state, sink).await?
    } else {
        unrefreshed(state)
    };
    beside_records(cloud, declared, caller, &mut seen, extent.destroy).await?;
    Ok(seen)
}

/// Reads what a plan is made from besides the recorded resources.
///
/// # Errors
/// As [`survey`].
pub(crate) async fn beside_records(
    cloud: &dyn Cloud,
    declared: &Declared,
    caller: &Caller,
    seen: &mut Refreshed,
    destroy: bool,
) -> Result<(), Error> {
    if !destroy {
        seen.lookups = lookups::look_up(cloud, declared, caller).await?;
    }
    if !destroy && !declared.adopted.is_empty() {
        let mut declared = declared.with_caller(caller);
        lookups::fill(&mut declared, &seen.lookups)?;
        take_up(cloud, &declared, caller, seen).await?;
    }
    put_into_exclusive(cloud, declared, seen).await
}

/// Takes up what the program says exists, where nothing is recorded and nothing was a moment ago.
async fn take_up(
    cloud: &dyn Cloud,
    declared: &Declared,
    caller: &Caller,
    seen: &mut Refreshed,
) -> Result<(), Error> {
    let mut findings = vec![];
    for (address, adoption) in &declared.adopted {
        let gone =
            |change: &StateWrite| matches!(change, StateWrite::Remove { address: a, .. } if a == address);
        if !declared.resources.contains_key(address)
            || seen.state.at(address).next().is_some()
            || seen.changes.iter().any(gone)
        {
            continue;
        }
        let found = import(cloud, declared, caller, &seen.state, address, &adoption.id, true).await;
        match found {
            Ok(record) => {
                seen.adopted.insert(address.clone());
                seen.state.insert(record.clone());
                seen.changes.push(StateWrite::Put(record));
            }
            Err(ImportError::Planner(error)) => return Err(error),
            Err(error) => {
                let why = format!("takes up `{}`, and that cannot be: {error}", adoption.id);
                findings.push(Finding::at(address, &adoption.location, why));
            }
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
    }
}

/// Takes up what others put into what is exclusive, so that the plan removes it.
async fn put_into_exclusive(
    cloud: &dyn Cloud,
    declared: &Declared,
    seen: &mut Refreshed,
) -> Result<(), Error> {
    let mut exclusive = vec![];
    for record in seen.state.records.values() {
        let options = match declared.resources.get(&record.address) {
            Some(declaration) => declaration.options.clone(),
            None => recorded::options(record)?,
        };
        if options.exclusive && record.id.is_some() {
            exclusive.push(std::sync::Arc::clone(record));
        }
    }
    for record in exclusive {
        let unread = |source| Error::Cloud {
            what: format!("what is in `{}` could not be read", record.address),
            source,
        };
        let there = places::reach(cloud, &recorded::place(&record)?)
            .await
            .map_err(unread)?;
        let found = additions::inside_of(&*there, &record, &seen.state).await;
        let found = found.map_err(unread)?;
        for addition in found {
            let record = addition.record(&seen.state);
            seen.added.insert(record.address.clone());
            seen.state.insert(record.clone());
            seen.changes.push(StateWrite::Put(record));
        }
    }
    Ok(())
}

/// Says of every record that `changes` bring into `state` whether the program takes it up or somebody added it.
pub(crate) fn sort_new(declared: &Declared, state: &State, changes: &[StateWrite], seen: &mut Refreshed) {
    for change in changes {
        let StateWrite::Put(record) = change else { continue };
        if state.records.contains_key(&record.key()) {
            continue;
        }
        let set = if declared.adopted.contains_key(&record.address) {
            &mut seen.adopted
        } else {
            &mut seen.added
        };
        set.insert(record.address.clone());
    }
}
