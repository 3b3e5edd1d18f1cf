//! A sandbox in which exists what a state records: for a rehearsal.

use super::{
    Sandbox, SandboxConfig,
    at::At,
    cloudcontrol,
    model::{self, Call, EVERY, PUSHED},
    object::Object,
    worlds::Worlds,
};
use crate::{Error, declare::kind_of, recorded};
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};
use tenon_resources::{
    cfn::{self, SHOWN},
    resource::{InvalidInputs, ResourceType},
    value::simplify,
};
use tenon_state::{Phase, Record, State};
use tokio::time::Instant;

impl Sandbox {
    /// A sandbox in memory, seen from the account and region of `state`, in which exists what is recorded there, ready. What somebody
    /// else has in the account is not in it.
    ///
    /// # Errors
    /// A record is of a type, or of a version of one, that this version does not know.
    pub fn recorded(state: &State, config: SandboxConfig) -> Result<Self, Error> {
        let home = At {
            account: state.account.clone(),
            region: state.region.clone(),
        };
        let of = |worlds: &Arc<Worlds>, at: At| {
            Self::of(Arc::clone(worlds), config, Instant::now(), at)
                .unwrap_or_else(|_| unreachable!("nothing is read from a disk"))
        };
        let worlds = Worlds::in_memory();
        for record in state.records.values() {
            // AWS accepted the delete of such a one: it is on its way out, and nothing refers to it any more.
            let Some(id) = record.id.as_deref().filter(|_| record.phase != Phase::Deleting) else {
                continue;
            };
            let kind = kind_of(&record.kind, &record.address)?;
            let object = object(kind, record, id).map_err(|source| Error::InvalidInputs {
                address: record.address.clone(),
                source,
            })?;
            let there = of(&worlds, home.moved(&recorded::place(record)?));
            there
                .lock(kind.name())
                .put((kind.name().to_owned(), id.to_owned()), object);
        }
        Ok(of(&worlds, home))
    }
}

/// The object of a record, with the members that the calls of a create would have left.
fn object(kind: &'static dyn ResourceType, record: &Record, id: &str) -> Result<Object, InvalidInputs> {
    let own = |output: &str| match &record.outputs[output] {
        Value::Null if output == "id" => Some(json!(id)),
        Value::Null => None,
        known => Some(known.clone()),
    };
    let steps = kind.create(&record.inputs)?;
    let mutating = steps.into_iter().filter(|step| step.effect.mutates());
    let calls = mutating.map(|mut step| {
        simplify(step.params.to_mut(), &|r| {
            own(&r.output).filter(|_| r.resource == "this")
        });
        step
    });
    if let Some(kind) = cfn::of(kind.name()) {
        // The model as AWS shows it, and what it was sent and does not show.
        let shown = record.outputs[SHOWN].as_object().cloned();
        let mut model: Map<String, Value> = shown.unwrap_or_default();
        for step in calls {
            let sent = step.params["DesiredState"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            for (name, value) in sent {
                model.entry(name).or_insert(value);
            }
        }
        return Ok(cloudcontrol::shown(kind, id, model, 0, Duration::ZERO));
    }
    let mut object = Object::new(record.inputs.clone(), record.outputs.clone(), 0, Duration::ZERO);
    object.members = json!({});
    if let Some(entry) = model::find(kind.name()) {
        for step in calls {
            let call = Call {
                operation: &step.operation,
                params: &step.params,
                id: Some(id),
            };
            (entry.merge)(&mut object.members, &call);
        }
    }
    if kind.name() == "ecr.repository" {
        object.members[PUSHED] = json!([EVERY]);
    }
    Ok(object)
}
