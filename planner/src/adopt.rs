//! Adoption of what exists: the record of a resource that was found, and not made by this state.
//!
//! Two come here: [`recover`](crate::recover), which knows a resource by its ownership tags, and [`import`], to which a person
//! names one. Neither changes anything in the cloud.

use crate::{
    Declaration, Declared, Error,
    decide::desired_inputs,
    execute::read_with_retry,
    graph::{self, Graph},
    known::known,
    ownership::{record_from, tags},
    places, recorded,
};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};
use tenon_resources::{
    cloud::{Caller, Cloud, Observed, Status},
    resource::{Field, ResourceType},
    value::{Owner, Ref, refs, secrets},
};
use tenon_state::{Record, RecordKey, State};

/// Brings in what only the program knows: where it is declared, what it depends on, and the fields that AWS does not
/// give back. A secret stays unset, because nobody can say which one AWS has: the next apply sets it again.
pub(crate) fn as_declared(
    declared: &Declared,
    graph: &Graph,
    state: &State,
    record: &Record,
) -> Result<Record, Error> {
    let mut now = record.clone();
    let Some((index, address, declaration)) = declared.resources.get_full(&record.address) else {
        return Ok(now);
    };
    now.declared = Some(declaration.location.clone());
    now.dependencies = dependencies(declared, graph, index);
    now.options = recorded::value(&declaration.options);
    if declaration.kind.name() != record.kind {
        return Ok(now);
    }
    let lookup = |r: &Ref| known(state, r);
    let want = desired_inputs(
        declared,
        address,
        declaration,
        Some(record),
        (record.generation, state.serial),
        &lookup,
    )?;
    for field in declaration.kind.fields() {
        let want = &want[field.name];
        if field.optional && want.is_null() {
            // What is left to AWS is AWS's: its choice is neither recorded nor compared.
            now.inputs[field.name] = Value::Null;
        } else if field.write_only {
            // A password is made when what keeps it is: one that exists already stays.
            if is_plain(want) || is_generated(want) {
                now.inputs[field.name] = want.clone();
            }
        } else if kind_means(declaration.kind, field, want, &now.inputs[field.name]) {
            // AWS has it, in another way to write it.
            now.inputs[field.name] = want.clone();
        }
    }
    Ok(now)
}

/// `true` if what AWS has of a field is what is wanted, by nothing but the two values.
fn kind_means(kind: &dyn ResourceType, field: &Field, want: &Value, found: &Value) -> bool {
    want != found && is_plain(want) && kind.drifted(field, want, &Value::Null, found).is_none()
}

/// `true` if a value is a password that is made where it is kept.
fn is_generated(value: &Value) -> bool {
    value.pointer("/$secret/generated").is_some()
}

/// `true` if a value has neither references nor secrets in it.
fn is_plain(value: &Value) -> bool {
    let (mut promised, mut secret) = (BTreeSet::new(), BTreeSet::new());
    refs(value, &mut promised);
    secrets(value, &mut secret);
    promised.is_empty() && secret.is_empty()
}

fn dependencies(declared: &Declared, graph: &Graph, index: usize) -> Vec<String> {
    let sources = graph.dependencies[index].iter();
    let sources = sources.filter_map(|d| Some(declared.resources.get_index(d.on)?.0.clone()));
    sources.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The reason why something that exists is not imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The address is not declared.
    #[error("`{address}` is not declared; declare it first, as it is, and import it then")]
    NotDeclared {
        /// The address.
        address: String,
    },
    /// Something is recorded there.
    #[error("`{address}` is recorded already, as {id}")]
    Recorded {
        /// The address.
        address: String,
        /// The id recorded there, or that there is none yet.
        id: String,
    },
    /// The resource is recorded elsewhere.
    #[error("{id} is recorded already, at `{address}`")]
    RecordedElsewhere {
        /// The id.
        id: String,
        /// The address at which it is recorded.
        address: String,
    },
    /// There is none.
    #[error(
        "there is no `{kind}` with the id {id}, and `{address}` is declared as one{shape}; look at the id, the account and the region"
    )]
    Absent {
        /// The type.
        kind: &'static str,
        /// The id.
        id: String,
        /// The address.
        address: String,
        /// A hint at the form of ids of that type.
        shape: String,
    },
    /// The resource is being deleted.
    #[error("{id} is being deleted ({status}); nothing is left to import")]
    Leaving {
        /// The id.
        id: String,
        /// AWS's word for where it is.
        status: String,
    },
    /// The resource has another owner.
    #[error("{id} belongs to {owner}: its ownership tags say so")]
    Anothers {
        /// The id.
        id: String,
        /// The owner: a stack and environment, or an address of this one.
        owner: String,
    },
    /// The cloud could not be asked, or the program cannot be.
    #[error(transparent)]
    Planner(#[from] Error),
}

/// Reads the resource `id`, which is declared at `address`, and makes the record that takes it up. With `mark`, the next plan gives it
/// the stack's ownership tags, by which a lost state finds it again; without, nothing of it changes.
///
/// # Errors
/// The address is not declared, the resource is not there or somebody else's, or one of the two is recorded already.
pub async fn import(
    cloud: &dyn Cloud,
    declared: &Declared,
    caller: &Caller,
    state: &State,
    address: &str,
    id: &str,
    mark: bool,
) -> Result<Record, ImportError> {
    let declared = &declared.with_caller(caller);
    let Some(Declaration { kind, place, .. }) = declared.resources.get(address) else {
        let address = address.into();
        return Err(ImportError::NotDeclared { address });
    };
    if let Some(record) = state.current(address) {
        let id = record.id.clone().unwrap_or_else(|| "one without an id".into());
        let address = address.into();
        return Err(ImportError::Recorded { address, id });
    }
    // Whichever role it is reached by.
    let there = |r: &Record| recorded::place(r).is_ok_and(|recorded| recorded.is_same(place));
    let same = |r: &&Arc<Record>| r.kind == kind.name() && r.id.as_deref() == Some(id) && there(r);
    if let Some(record) = state.records.values().find(same) {
        let (id, address) = (id.into(), record.address.clone());
        return Err(ImportError::RecordedElsewhere { id, address });
    }
    let unread = |source| Error::Cloud {
        what: format!("{id} could not be read"),
        source,
    };
    let reached = places::reach(cloud, place).await.map_err(unread)?;
    let seen = read_with_retry(&*reached, *kind, &[id.to_owned()]).await;
    let seen = seen.map_err(unread)?;
    let Some(found) = seen.into_iter().find(|o| o.id == id) else {
        let shape = kind.outputs().first().map(|o| like(o.shape)).unwrap_or_default();
        return Err(ImportError::Absent {
            kind: kind.name(),
            id: id.into(),
            address: address.into(),
            shape,
        });
    };
    if let Status::Leaving(status) = found.status {
        return Err(ImportError::Leaving {
            id: id.into(),
            status,
        });
    }
    let generation = generation(&found, declared, state, address)?;
    let mut record = record_from(*kind, RecordKey::new(address, generation), &found, None);
    record.place = recorded::place_value(place);
    record.unmarked = !mark && kind.taggable() && !tags(&found).0.contains_key(Owner::STACK);
    let graph = graph::build(declared);
    Ok(as_declared(declared, &graph, state, &record)?)
}

/// The form of ids of a shape: its literal text.
fn like(shape: &str) -> String {
    let mut text = String::new();
    for (at, part) in shape.split('{').enumerate() {
        match part.split_once('}') {
            Some((_, rest)) if at > 0 => text.push_str(&format!("…{rest}")),
            _ => text.push_str(part),
        }
    }
    if text == "…" {
        return String::new();
    }
    format!(", whose ids look like `{text}`")
}

/// The generation to record it as: the one in its tags, when they name this very address.
fn generation(
    found: &Observed,
    declared: &Declared,
    state: &State,
    address: &str,
) -> Result<u32, ImportError> {
    let (tags, owner) = (tags(found), declared.owner());
    let anothers = |owner: String| ImportError::Anothers {
        id: found.id.clone(),
        owner,
    };
    match (tags.0.get(Owner::STACK), tags.0.get(Owner::ADDRESS)) {
        (None, _) => {}
        (Some(stack), _) if *stack != owner.stack => return Err(anothers(stack.clone())),
        (Some(stack), Some(other)) if other != address => {
            return Err(anothers(format!("`{other}` of {stack}")));
        }
        (Some(_), _) => {
            let said = tags.0.get(Owner::GENERATION).and_then(|g| g.parse().ok());
            if let Some(said) = said.filter(|g| !state.records.contains_key(&RecordKey::new(address, *g))) {
                return Ok(said);
            }
        }
    }
    let last = state.at(address).map(|r| r.generation).max();
    Ok(last.map_or(0, |g| g + 1))
}
