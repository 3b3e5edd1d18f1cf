//! Calls that change the contents of a sandbox: create, change, delete.
//!
//! The model of AWS decides; what is taken from the resource type is which fields hold their new value once a call is
//! done, the defaults of those that no call sets, and what its outputs look like.

use super::{
    Sandbox,
    contents::{Contents, Key},
    model::{self, Call, Entry, Refusal, Second, Verb, View},
    object::{Failing, LogEntry, Object, Ran},
};
use crate::duration::millis;
use serde_json::{Value, json};
use std::time::Duration;
use tenon_resources::{
    call::Name,
    cloud::{CallError, Reply, Request, Status},
};

/// A call, the model of its resource type, and the time at which it arrives.
pub(super) struct Incoming<'a, 'r> {
    pub(super) request: &'a Request<'r>,
    pub(super) entry: &'static Entry,
    pub(super) call: Call<'a>,
    pub(super) now: u64,
}

impl Incoming<'_, '_> {
    pub(super) fn refuse(&self, code: &str, message: impl Into<String>) -> CallError {
        CallError::refused(self.request.service, self.request.operation, code, message)
    }

    fn refused(&self, refusal: Refusal) -> CallError {
        self.refuse(refusal.code, refusal.message)
    }

    pub(super) fn key(&self, id: &str) -> Key {
        (self.request.kind.name().into(), id.into())
    }

    pub(super) fn view<'c>(&self, contents: &'c Contents) -> View<'c> {
        View {
            contents,
            now: self.now,
        }
    }

    /// The members that are kept of a resource once the call is done.
    pub(super) fn merged(&self, members: &Value) -> Value {
        let mut members = if members.is_object() {
            members.clone()
        } else {
            json!({})
        };
        (self.entry.merge)(&mut members, &self.call);
        members
    }
}

/// The least time for which a deployment is shown as failed before what ran before is alone again, in milliseconds.
const SEEN_MS: u64 = 1_000;

impl Sandbox {
    /// Makes a call that creates, changes or deletes.
    pub(super) fn perform(
        &self,
        contents: &mut Contents,
        request: &Request<'_>,
        now: u64,
    ) -> Result<Reply, CallError> {
        let call = Call {
            operation: request.operation,
            params: request.params,
            id: request.id,
        };
        let Some(entry) = model::find(request.kind.name()) else {
            let why = format!("the sandbox has no model of {}", request.kind.name());
            return Err(CallError::refused(
                request.service,
                request.operation,
                CallError::UNSENDABLE,
                why,
            ));
        };
        let incoming = Incoming {
            request,
            entry,
            call,
            now,
        };
        if let Some(id) = request.id {
            contents.sweep(&incoming.key(id), now);
        }
        match entry.verb(&call) {
            Verb::Create => self.create(contents, &incoming),
            Verb::Change => self.change(contents, &incoming),
            Verb::Delete => self.delete(contents, &incoming),
        }
    }

    /// Refusals that do not depend on the verb: unknown roles, names that are too long, and the rules of the type.
    pub(super) fn check(&self, contents: &Contents, incoming: &Incoming<'_, '_>) -> Result<(), CallError> {
        let (entry, call, now) = (incoming.entry, &incoming.call, incoming.now);
        if let Some((member, most)) = entry.name
            && let Some(name) = call.params[member].as_str()
            && name.chars().count() > most
        {
            let why = format!("`{member}` `{name}` has more than {most} characters");
            return Err(incoming.refuse("ValidationError", why));
        }
        let unknown = millis(self.config.takes(self.config.role_unknown));
        let young = |text: &str| {
            let made_ms = self.role(contents, role_in(text), |role| role.made_ms);
            made_ms.is_some_and(|made_ms| now < made_ms.saturating_add(unknown))
        };
        if let Some(refusal) = entry.role_unseen(call, young) {
            return Err(incoming.refused(refusal));
        }
        (entry.refuse)(call, &incoming.view(contents)).map_err(|refusal| incoming.refused(refusal))
    }

    fn change(&self, contents: &mut Contents, incoming: &Incoming<'_, '_>) -> Result<Reply, CallError> {
        let (entry, request) = (incoming.entry, incoming.request);
        let id = request.id.unwrap_or_default();
        let key = incoming.key(id);
        let Some(object) = contents.objects.get(&key).cloned() else {
            return Err(incoming.refuse(entry.absent.code(), format!("`{id}` does not exist")));
        };
        let status = object.status(incoming.now, entry.states);
        if let Some(busy) = entry
            .busy
            .filter(|busy| busy.operations.contains(&request.operation))
            && !matches!(status, Status::Ready | Status::Impaired(_))
        {
            return Err(incoming.refuse(busy.code, format!("`{id}` is not in a valid state: {status:?}")));
        }
        self.check(contents, incoming)?;
        let members = incoming.merged(&object.members);
        for key in entry.unique {
            let holder = incoming
                .view(contents)
                .holder(entry.kind, key, &members, Some(id));
            let refusal = match key.second {
                Second::Refused(code, message) => Some((code, message)),
                Second::Returned(differs) => differs.settings,
                Second::Overwritten => None,
            };
            if let (Some(holder), Some((code, message))) = (holder, refusal) {
                return Err(incoming.refuse(code, format!("{message} (`{holder}`)")));
            }
        }
        self.apply(contents, incoming, key, object, request.sets);
        Ok(Reply::default())
    }

    /// Gives `fields` of an object their new value.
    pub(super) fn apply(
        &self,
        contents: &mut Contents,
        incoming: &Incoming<'_, '_>,
        key: Key,
        mut object: Object,
        fields: &[Name],
    ) {
        object.settle(incoming.now);
        let ran = object.inputs.clone();
        let members = incoming.merged(&object.members);
        let before = std::mem::replace(&mut object.members, members);
        for field in fields {
            object.inputs.to_mut()[&**field] = incoming.request.inputs[&**field].clone();
        }
        if !fields.is_empty() {
            // What was made up at the create stays; what echoes an input follows it.
            object.outputs = self.outputs(incoming.request.kind, &key.1, &object.inputs).into();
            object.inputs.rest();
        }
        // Tags do not change the state of anything. A call on the way to the last inputs sets no field, and changes it all the same.
        let on_the_way = fields.is_empty() && incoming.entry.states.change.1 > 0 && object.members != before;
        if on_the_way || fields.iter().any(|field| field != "tags") {
            let bakes = model::bakes(&key.0, &object.inputs);
            let takes = Duration::from_secs(incoming.entry.states.change.1 + bakes);
            let takes_ms = |real| crate::duration::millis(self.config.takes(real));
            object.failing =
                model::failing(&incoming.view(contents), &key.1, &object.inputs).map(|bad| Failing {
                    why: bad.why,
                    fails_ms: bad.fails.map(|real| incoming.now.saturating_add(takes_ms(real))),
                    // However fast the sandbox is, the failure lasts until somebody has read it, as it does at AWS.
                    back_ms: bad.back.zip(bad.fails).map(|(back, fails)| {
                        let back = takes_ms(back).max(takes_ms(fails).saturating_add(SEEN_MS));
                        incoming.now.saturating_add(back)
                    }),
                    inputs: ran.clone(),
                    members: before.clone(),
                });
            object.ran = (key.0 == "ecs.service").then(|| Ran {
                inputs: ran,
                members: before.clone(),
            });
            object.busy(incoming.now, self.config.takes(takes), before);
        }
        contents.put(key, object);
    }

    fn delete(&self, contents: &mut Contents, incoming: &Incoming<'_, '_>) -> Result<Reply, CallError> {
        let (entry, request) = (incoming.entry, incoming.request);
        let id = request.id.unwrap_or_default();
        let key = incoming.key(id);
        let Some(mut object) = contents.objects.get(&key).cloned() else {
            return match entry.absent {
                model::Absent::DeleteSucceeds(_) => Ok(Reply::default()),
                model::Absent::Refused(code) => Err(incoming.refuse(code, format!("`{id}` does not exist"))),
            };
        };
        if let Some(rule) = entry.in_use
            && let Some((kind, user)) = incoming.view(contents).user_of(id, &object, rule.by)
        {
            return Err(incoming.refuse(rule.code, format!("`{id}` is in use by {kind} `{user}`")));
        }
        self.check(contents, incoming)?;
        let held = entry
            .held
            .map(|held| self.config.takes((held.time)(request.params)));
        if let Some(held) = held.filter(|held| !held.is_zero()) {
            let until_ms = incoming.now.saturating_add(millis(held));
            let held = LogEntry::Kept {
                kind: key.0.clone(),
                id: key.1.clone(),
                until_ms,
            };
            contents.write(&held);
            contents.replay(held);
        }
        remove_owned(contents, entry, id, incoming.now);
        let takes = self.config.takes(Duration::from_secs(entry.states.delete.1));
        if takes.is_zero() {
            contents.remove(&key);
        } else {
            object.leave(incoming.now, takes);
            contents.put(key, object);
        }
        Ok(Reply::default())
    }
}

/// Removes what AWS deletes together with a resource, and what goes with that.
fn remove_owned(contents: &mut Contents, entry: &Entry, id: &str, now: u64) {
    for owned in entry.owns {
        let view = View { contents, now };
        let ids: Vec<String> = view
            .users(owned.kind, owned.member, id)
            .iter()
            .map(|(id, _)| (*id).to_owned())
            .collect();
        for child in ids {
            if let Some(entry) = model::find(owned.kind) {
                remove_owned(contents, entry, &child, now);
            }
            contents.remove(&(owned.kind.to_owned(), child));
        }
    }
}

/// The name of a role, from its ARN or as it is.
fn role_in(text: &str) -> &str {
    text.rsplit_once(":role/")
        .map_or(text, |(_, path)| path.rsplit('/').next().unwrap_or(path))
}
