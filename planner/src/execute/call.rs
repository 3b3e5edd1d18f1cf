//! Mutating calls, each from its intent to its outcome.
//!
//! The order is what makes a crash harmless: first the intent is durable, then the call is sent, then the outcome is
//! durable, and only then does anything start that needs it. Whatever happens in between, the next run knows that the call
//! may have been sent, and finds out.

use super::{
    context::Context,
    executor::Executor,
    failed::Failed,
    prepare::Prepared,
    retry::read_with_retry,
    send::{SendError, explain},
};
use crate::{
    Action, PlannedCall,
    ownership::{self, Recovery, record_from},
    recorded,
};
use serde_json::{Value, json};
use std::sync::Arc;
use tenon_resources::{
    call::Effect,
    cloud::{Reply, Status},
    resource::SecondCreate,
};
use tenon_state::{Intent, Outcome, Phase, Record, RecordKey, StateWrite};

impl Executor {
    /// Makes one call. Returns the id, when the call made something.
    // Long: each step of a call is one arm, in the order in which the journal has it.
    pub(super) async fn call(
        &self,
        number: usize,
        planned: &PlannedCall,
        context: &Context<'_>,
    ) -> Result<Option<String>, Failed> {
        if self.stop.requested() {
            return Err(Failed::Stopped);
        }
        let prepared = self.prepare(planned, context).await?;
        let creates = planned.step.effect == Effect::Create;
        if creates && let Some(id) = self.check_name_free(planned, context, &prepared).await? {
            return Ok(Some(id));
        }
        self.begin(planned, context, &prepared).await?;
        match self.send(number, planned, &prepared).await {
            Ok(Reply { id, .. }) => {
                let id = id.or_else(|| prepared.id.clone());
                if creates && let Some(why) = self.handed_back(planned, &prepared, id.as_deref()).await {
                    let outcome = Outcome::Refused {
                        code: "Exists".into(),
                        message: why.clone(),
                    };
                    let nothing_made = StateWrite::Remove {
                        address: planned.address.clone(),
                        generation: planned.generation,
                    };
                    self.store.end(&prepared.op, outcome, vec![nothing_made]).await?;
                    return Err(Failed::Refused(why));
                }
                let writes = writes(planned, context, &prepared, id.clone());
                self.store.end(&prepared.op, Outcome::Done, writes).await?;
                Ok(id.filter(|_| creates))
            }
            Err(failed) => {
                let why = explain(planned, &failed);
                let (outcome, writes) = match failed {
                    SendError::NotExecuted(error) => {
                        let (code, message) = (error.code, error.message);
                        // The record that the intent brought with it is of something that was never made.
                        let nothing_made = StateWrite::Remove {
                            address: planned.address.clone(),
                            generation: planned.generation,
                        };
                        // Some creates fail and leave something behind, which is on record by then.
                        let left = self
                            .store
                            .get(&prepared.key)
                            .is_some_and(|record| record.id.is_some());
                        let writes = if creates && !left {
                            vec![nothing_made]
                        } else {
                            vec![]
                        };
                        (Outcome::Refused { code, message }, writes)
                    }
                    SendError::Unknown(_) => (Outcome::Unknown { reason: why.clone() }, vec![]),
                };
                self.store.end(&prepared.op, outcome, writes).await?;
                Err(Failed::Refused(why))
            }
        }
    }

    /// Why what a create returned is not ours. AWS answers a second create of some things with the one that exists, and where they have
    /// no name, nothing could be looked up before: a listener is known by its port. Its tags say whose it is.
    async fn handed_back(
        &self,
        planned: &PlannedCall,
        prepared: &Prepared,
        id: Option<&str>,
    ) -> Option<String> {
        let returned = prepared.kind.facts().second_create == SecondCreate::Returned;
        if !returned || prepared.recovery != Recovery::Tags || planned.step.effect != Effect::Create {
            return None;
        }
        let id = id?.to_owned();
        // One that does not show yet was made a moment ago, so it is ours.
        let found = read_with_retry(prepared.cloud.as_ref(), prepared.kind, std::slice::from_ref(&id)).await;
        let found = found.ok()?.into_iter().find(|observed| observed.id == id)?;
        let owner = self.owner(&planned.address, planned.generation);
        let ours = prepared.recovery.is_ours(&owner, &found, true);
        (!ours).then(|| ownership::taken(&id, &found))
    }

    /// Makes the intent durable; of a create, together with the record of what it is about to make. Should this run never
    /// be heard of again, that record tells the next one what to look for.
    async fn begin(
        &self,
        planned: &PlannedCall,
        context: &Context<'_>,
        prepared: &Prepared,
    ) -> Result<(), Failed> {
        let step = &planned.step;
        let intent = Intent {
            op: prepared.op.clone(),
            address: planned.address.clone(),
            generation: planned.generation,
            kind: planned.kind.clone(),
            service: step.service.to_string(),
            operation: step.operation.to_string(),
            effect: format!("{:?}", step.effect).to_lowercase(),
            digest: prepared.digest.clone(),
            key: prepared.id.clone(),
            at_ms: (self.settings.now_ms)(),
        };
        if step.effect == Effect::Create {
            let record = begun(planned, context, prepared, None);
            self.store
                .begin_with(intent, vec![StateWrite::Put(record)])
                .await?;
        } else {
            self.store.begin(intent).await?;
        }
        Ok(())
    }

    /// Looks whether the id or the name of what is to be made is free. Many create calls overwrite what somebody else made
    /// under it, or hand it back as if they had made it. What is ours already becomes the record, and is not made again.
    async fn check_name_free(
        &self,
        planned: &PlannedCall,
        context: &Context<'_>,
        prepared: &Prepared,
    ) -> Result<Option<String>, Failed> {
        let unique = prepared.recovery.unique();
        let Some(unique) = unique.filter(|_| !prepared.kind.awaited()) else {
            return Ok(None);
        };
        let found = self.find_made(planned, prepared).await;
        let found = found.map_err(|error| {
            Failed::Refused(format!("whether `{unique}` exists could not be read: {error}"))
        })?;
        // What is being deleted gives its name up by itself: if it is too early, AWS refuses the create.
        let mut staying = found
            .into_iter()
            .filter(|o| !matches!(o.status, Status::Leaving(_)));
        let Some(found) = staying.next() else {
            return Ok(None);
        };
        let owner = self.owner(&planned.address, planned.generation);
        if !prepared.recovery.is_ours(&owner, &found, false) {
            return Err(Failed::Refused(ownership::taken(unique, &found)));
        }
        let begun = begun(planned, context, prepared, None);
        let record = record_from(prepared.kind, prepared.key.clone(), &found, Some(&begun));
        self.store.record(vec![StateWrite::Put(record)]).await?;
        Ok(Some(found.id))
    }
}

/// The record writes of a call that is done. A resource is recorded as a call leaves it, not as its plan does: after a
/// create only the fields that this very call sets, after an update with those that it sets besides, and it stays recorded
/// until the last of its delete calls.
fn writes(
    planned: &PlannedCall,
    context: &Context<'_>,
    prepared: &Prepared,
    id: Option<String>,
) -> Vec<StateWrite> {
    let RecordKey { address, generation } = prepared.key.clone();
    match planned.step.effect {
        Effect::Create => vec![StateWrite::Put(begun(planned, context, prepared, id))],
        Effect::Update => {
            let Some(mut record) = context.record(&prepared.key).map(Arc::unwrap_or_clone) else {
                return vec![];
            };
            for field in &planned.step.sets {
                record.inputs[&**field] = prepared.inputs[&**field].clone();
            }
            let decision = context.decision(&planned.address);
            if decision.is_some_and(|d| d.action == Action::Forget) && context.is_last(planned) {
                return vec![StateWrite::Remove { address, generation }];
            }
            if let Some(d) = decision.filter(|d| d.generation == generation) {
                record.dependencies.clone_from(&d.dependencies);
                record.declared.clone_from(&d.declared);
            }
            vec![StateWrite::Put(record)]
        }
        Effect::Delete => {
            let Some(record) = context.record(&prepared.key).map(Arc::unwrap_or_clone) else {
                return vec![];
            };
            let steps = prepared.kind.delete(&record.inputs).unwrap_or_default();
            let takes_time = steps.iter().any(|s| matches!(s.effect, Effect::Gone(_)));
            let last = steps.iter().rfind(|s| s.effect == Effect::Delete);
            if last.is_some_and(|l| l.operation != planned.step.operation) {
                return vec![];
            }
            if takes_time {
                let phase = Phase::Deleting;
                return vec![StateWrite::Put(Record { phase, ..record })];
            }
            vec![StateWrite::Remove { address, generation }]
        }
        Effect::Shown(_) | Effect::Ready(_) | Effect::Gone(_) => vec![],
    }
}

/// The record of a resource that is about to be made, or was just made: only the fields that the call sets.
fn begun(planned: &PlannedCall, context: &Context<'_>, prepared: &Prepared, id: Option<String>) -> Record {
    let decision = context.decision(&planned.address);
    let mut inputs = prepared.inputs.clone();
    for field in prepared.kind.fields() {
        if !planned.step.sets.iter().any(|s| s == field.name) {
            inputs[field.name] = field.default.map_or(Value::Null, |d| d());
        }
    }
    let outputs = id.as_ref().map_or_else(|| json!({}), |id| json!({ "id": id }));
    // What is made here is ready, with all its outputs, as soon as it is made.
    let made = ownership::made_here(prepared.kind, &prepared.inputs, &prepared.op).filter(|_| id.is_some());
    let (outputs, phase) = made.map_or((outputs, Phase::Creating), |made| (made.outputs, Phase::Ready));
    Record {
        address: planned.address.clone(),
        kind: planned.kind.clone(),
        generation: planned.generation,
        id,
        inputs,
        outputs,
        dependencies: decision.map(|d| d.dependencies.clone()).unwrap_or_default(),
        phase,
        declared: decision.and_then(|d| d.declared.clone()),
        unmarked: false,
        options: decision.map(|d| recorded::value(&d.options)).unwrap_or_default(),
        place: recorded::place_value(&planned.place),
    }
}
