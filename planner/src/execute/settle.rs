//! Settles the calls that an earlier run left open, before anything new is planned.
//!
//! A create whose outcome is not known is looked for as its [`Recovery`] says. If the lookup finds nothing, that is believed
//! at once for an id of our choice, because the same create may be repeated safely; otherwise only when AWS must have shown
//! the resource. The token of the call is not relied on: it would allow the very same request again, but the program may
//! have changed since, and then nobody would send that request and the resource would be orphaned. What does not carry our
//! ownership tags is never taken for ours.

use super::{
    executor::Executor,
    retry::{Backoff, read_with_retry},
};
use crate::{
    Error,
    declare::kind_of,
    event::Event,
    ownership::{Recovery, record_from},
};
use std::time::Duration;
use tenon_resources::{
    cloud::{CallError, Observed, Status},
    resource::ResourceType,
};
use tenon_state::{Intent, Outcome, Phase, Record, RecordKey, StateWrite};
use tokio::time::{Instant, sleep};

/// The finding about an open call.
pub(super) enum Verdict {
    /// The call was executed: the record writes, and the finding for people.
    Executed(Vec<StateWrite>, String),
    /// The call was not executed: the same.
    Not(Vec<StateWrite>, String),
}

/// Keeps the passwords that a create call has made.
fn keep_generated(kind: &'static dyn ResourceType, begun: &Record, record: &mut Record) {
    for field in kind.fields() {
        let sent = &begun.inputs[field.name];
        if sent.pointer("/$secret/generated").is_some() {
            record.inputs[field.name] = sent.clone();
        }
    }
}

impl Executor {
    /// Settles every call that an earlier run left open. Returns how many there were.
    ///
    /// # Errors
    /// A lookup fails; nothing is planned or sent then.
    pub async fn settle(&self) -> Result<usize, Error> {
        let open = self.store.open_intents();
        for intent in &open {
            self.settle_one(intent).await?;
        }
        Ok(open.len())
    }

    async fn settle_one(&self, intent: &Intent) -> Result<(), Error> {
        let call = format!("{}:{}", intent.service, intent.operation);
        let kind = kind_of(&intent.kind, &intent.address)?;
        let key = RecordKey::new(intent.address.clone(), intent.generation);
        let verdict = match intent.effect.as_str() {
            "create" if kind.repeats_request() => Ok(self.settle_request(intent, kind, &key).await?),
            "create" => self.settle_create(intent, kind, &key).await,
            "delete" => self.settle_delete(kind, &key).await,
            // The refresh shows what an update came to, and an update may be repeated.
            _ => Ok(Verdict::Not(
                vec![],
                "it will be seen when everything is read".into(),
            )),
        };
        let verdict = verdict.map_err(|source| Error::Cloud {
            what: format!("what became of {call} of `{}` could not be read", intent.address),
            source,
        })?;
        let found = match verdict {
            Verdict::Executed(changes, found) => {
                self.store.end(&intent.op, Outcome::Done, changes).await?;
                found
            }
            Verdict::Not(changes, found) => {
                let (code, message) = ("NotExecuted".into(), found.clone());
                self.store
                    .end(&intent.op, Outcome::Refused { code, message }, changes)
                    .await?;
                found
            }
        };
        (self.sink)(Event::Settled {
            address: intent.address.clone(),
            call,
            found,
        });
        Ok(())
    }

    async fn settle_create(
        &self,
        intent: &Intent,
        kind: &'static dyn ResourceType,
        key: &RecordKey,
    ) -> Result<Verdict, CallError> {
        let begun = self.store.get(key);
        let cloud = self.cloud_of(begun.as_deref()).await?;
        let inputs = begun.as_ref().map(|b| b.inputs.clone()).unwrap_or_default();
        let recovery = Recovery::with_id(kind, intent.key.as_deref(), &inputs);
        let owner = self.owner(&intent.address, intent.generation);
        let age_ms = (self.settings.now_ms)().saturating_sub(intent.at_ms);
        // The window counts from the call, not from now. An id of our choice needs none: it can be taken only once, and the
        // next create of it finds out whose it is. A name could be given up meanwhile, by a program that has changed, and
        // then nobody would ever look for what was made under it.
        let left = self
            .settings
            .visible
            .saturating_sub(Duration::from_millis(age_ms));
        let window = if recovery.id().is_some() {
            Duration::ZERO
        } else {
            left
        };
        let until = Instant::now() + window;
        let mut backoff = Backoff::new(2);
        loop {
            let found = recovery.find(cloud.as_ref(), kind, &inputs, &intent.op, &owner);
            let ours = |o: &Observed| {
                // Without tags, the intent is what says that the id is ours: it was free when that was written.
                recovery.is_ours(&owner, o, true) && !matches!(o.status, Status::Leaving(_))
            };
            if let Some(found) = found.await?.into_iter().find(ours) {
                let mut record = record_from(kind, key.clone(), &found, begun.as_deref());
                // The call that made it took the password with it, and another one would be made of what is unset. Only the call of this
                // intent can have made it: its name was free before.
                if let Some(begun) = &begun {
                    keep_generated(kind, begun, &mut record);
                }
                let text = format!("it was made: {}", found.id);
                return Ok(Verdict::Executed(vec![StateWrite::Put(record)], text));
            }
            if Instant::now() >= until {
                break;
            }
            sleep(backoff.next(None)).await;
        }
        let RecordKey { address, generation } = key.clone();
        Ok(Verdict::Not(
            vec![StateWrite::Remove { address, generation }],
            "it was not made".into(),
        ))
    }

    async fn settle_delete(
        &self,
        kind: &'static dyn ResourceType,
        key: &RecordKey,
    ) -> Result<Verdict, CallError> {
        let RecordKey { address, generation } = key.clone();
        let gone = vec![StateWrite::Remove { address, generation }];
        let record = self.store.get(key);
        let id = record.as_ref().and_then(|r| r.id.clone());
        // What no call makes is in the state alone.
        let Some(id) = id.filter(|_| !kind.is_local()) else {
            return Ok(Verdict::Executed(gone, "it is gone".into()));
        };
        let cloud = self.cloud_of(record.as_deref()).await?;
        let found = read_with_retry(cloud.as_ref(), kind, std::slice::from_ref(&id)).await?;
        Ok(match found.into_iter().find(|o| o.id == id).map(|o| o.status) {
            None => Verdict::Executed(gone, "it is gone".into()),
            Some(Status::Leaving(status)) => {
                let leaving = record.map(|r| {
                    StateWrite::Put(Record {
                        phase: Phase::Deleting,
                        ..Record::clone(&r)
                    })
                });
                Verdict::Executed(
                    leaving.into_iter().collect(),
                    format!("it is on its way out: {status}"),
                )
            }
            Some(_) => Verdict::Not(vec![], "it is still there".into()),
        })
    }
}
