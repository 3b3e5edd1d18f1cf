//! Calls that change the contents of a sandbox: create, change, delete.

use super::{
    Sandbox,
    contents::Contents,
    object::{self, LogEntry, Object},
    rules, slow, template,
};
use serde_json::{Value, json};
use std::time::Duration;
use tenon_resources::{
    cloud::{CallError, Reply, Request, Status},
    resource::ResourceType,
};

/// A call and the time at which it arrives.
pub(super) struct Incoming<'a, 'r> {
    pub(super) request: &'a Request<'r>,
    pub(super) now: u64,
}

impl Incoming<'_, '_> {
    fn refuse(&self, code: &str, message: impl Into<String>) -> CallError {
        CallError::refused(self.request.service, self.request.operation, code, message)
    }

    fn key(&self, id: &str) -> (String, String) {
        (self.request.kind.name().into(), id.into())
    }
}

impl Sandbox {
    pub(super) fn create(
        &self,
        contents: &mut Contents,
        call: &Incoming<'_, '_>,
    ) -> Result<Reply, CallError> {
        let (request, kind) = (call.request, call.request.kind);
        let digest = request.params.to_string();
        let token = digest.contains(request.op);
        if let Some(used) = contents.tokens.get(request.op).filter(|_| token)
            && rules::token_lives(kind.name()).is_none_or(|life| call.now < used.at_ms.saturating_add(life))
        {
            let same = used.kind == kind.name() && used.digest == digest;
            return match rules::used_token(kind.name()) {
                rules::Repeat::Answered(_) if same => Ok(Reply {
                    id: Some(used.id.clone()),
                }),
                rules::Repeat::Answered(code) | rules::Repeat::Refused(code) => {
                    Err(call.refuse(code, "the token was used before"))
                }
            };
        }
        self.check_name(call)?;
        self.check_role(contents, call)?;
        let id = match request.id {
            Some(id) => {
                let key = call.key(id);
                contents.sweep(&key, call.now);
                if contents.objects.contains_key(&key) {
                    if rules::upserts(kind.name()) {
                        let object = self.made(call, id);
                        contents.put(key, object);
                        return Ok(Reply { id: Some(id.into()) });
                    }
                    let code = rules::second_create(kind.name());
                    return Err(call.refuse(code, format!("`{id}` exists already")));
                }
                if contents.kept.get(&key).is_some_and(|until| call.now < *until) {
                    let (code, why) = rules::NAME_KEPT;
                    return Err(call.refuse(code, why));
                }
                id.to_owned()
            }
            None => self.new_id(contents, kind, request.inputs),
        };
        let object = self.made(call, &id);
        contents.put(call.key(&id), object);
        if token {
            let used = LogEntry::Token {
                op: request.op.to_owned(),
                kind: kind.name().to_owned(),
                id: id.clone(),
                digest,
                at_ms: call.now,
            };
            contents.write(&used);
            contents.replay(used);
        }
        Ok(Reply { id: Some(id) })
    }

    fn check_name(&self, call: &Incoming<'_, '_>) -> Result<(), CallError> {
        let kind = call.request.kind;
        let Some(field) = kind.name_field() else {
            return Ok(());
        };
        match (field.named, &call.request.inputs[field.name]) {
            (Some(rule), Value::String(name)) => rule
                .check(name)
                .map_err(|why| call.refuse("ValidationError", format!("`{name}` {why}"))),
            _ => Ok(()),
        }
    }

    /// A role that was made a moment ago is not known everywhere: whoever is to assume it says so.
    fn check_role(&self, contents: &Contents, call: &Incoming<'_, '_>) -> Result<(), CallError> {
        let unknown = crate::execute::millis(self.config.takes(self.config.role_unknown));
        let young = |name: &str| {
            let role = contents.objects.get(&("iam.role".to_owned(), name.to_owned()));
            role.is_some_and(|role| call.now < role.made_ms.saturating_add(unknown))
        };
        if unknown == 0 || call.request.service == "iam" {
            return Ok(());
        }
        match rules::role_unknown(call.request) {
            Some((code, why))
                if object::strings(call.request.params)
                    .iter()
                    .any(|s| young(role_in(s))) =>
            {
                Err(call.refuse(&code, why))
            }
            _ => Ok(()),
        }
    }

    fn new_id(&self, contents: &mut Contents, kind: &'static dyn ResourceType, inputs: &Value) -> String {
        // The same inputs give the same id, whatever the order of calls: transcripts are stable.
        let of = format!("{} {inputs}", kind.name());
        let of = template::hash(&[&self.config.seed.to_string(), &of]);
        let n = contents.made.get(&of).copied().unwrap_or(0);
        contents.write(&LogEntry::Made { of: of.clone() });
        contents.made.insert(of.clone(), n + 1);
        let shape = kind.outputs().first().map_or("{hex17}", |o| o.shape);
        template::fill(shape, &template::hash(&[&of, &n.to_string()]), "", inputs)
    }

    fn made(&self, call: &Incoming<'_, '_>, id: &str) -> Object {
        let (request, kind) = (call.request, call.request.kind);
        let mut inputs = request.inputs.clone();
        for field in kind
            .fields()
            .iter()
            .filter(|f| !request.sets.iter().any(|s| s == f.name))
        {
            inputs[field.name] = field.default.map_or(Value::Null, |d| d());
        }
        let takes = if kind.ready().is_some() {
            self.config.takes(slow::create(kind.name()))
        } else {
            Duration::ZERO
        };
        let outputs = self.outputs(kind, id, request.inputs);
        Object::new(inputs, outputs, call.now, takes)
    }

    fn outputs(&self, kind: &'static dyn ResourceType, id: &str, inputs: &Value) -> Value {
        let seed = template::hash(&[&self.config.seed.to_string(), kind.name(), id]);
        let mut outputs = serde_json::Map::new();
        for output in kind.outputs() {
            let value = match output.name {
                "id" => json!(id),
                _ => template::value(output.shape, &seed, id, inputs),
            };
            outputs.insert(output.name.into(), value);
        }
        Value::Object(outputs)
    }

    pub(super) fn change(
        &self,
        contents: &mut Contents,
        call: &Incoming<'_, '_>,
    ) -> Result<Reply, CallError> {
        let (request, kind) = (call.request, call.request.kind);
        let id = request.id.unwrap_or_default();
        let key = call.key(id);
        contents.sweep(&key, call.now);
        let Some(mut object) = contents.objects.get(&key).cloned() else {
            return Err(call.refuse(rules::not_found(kind.name()), format!("`{id}` does not exist")));
        };
        self.check_role(contents, call)?;
        // What is made in several calls need not be ready for the next of them, nor for tags.
        let alters = request.sets.iter().any(|f| f != "tags");
        if let (Status::Pending(status), true, Some(code)) =
            (object.status(call.now), alters, rules::not_ready(kind.name()))
        {
            return Err(call.refuse(code, format!("`{id}` is {status}")));
        }
        for field in request.sets {
            object.inputs[field] = request.inputs[field].clone();
        }
        if !request.sets.is_empty() {
            // What was made up when it was made stays; what echoes an input follows it.
            let fresh = self.outputs(kind, id, &object.inputs);
            object.outputs = fresh;
            if kind.ready().is_some() {
                object.busy(call.now, self.config.takes(slow::change(kind.name())));
            }
        }
        contents.put(key, object);
        Ok(Reply::default())
    }

    pub(super) fn delete(
        &self,
        contents: &mut Contents,
        call: &Incoming<'_, '_>,
    ) -> Result<Reply, CallError> {
        let (request, kind) = (call.request, call.request.kind);
        let id = request.id.unwrap_or_default();
        let key = call.key(id);
        contents.sweep(&key, call.now);
        let Some(object) = contents.objects.get(&key).cloned() else {
            return Err(call.refuse(rules::not_found(kind.name()), format!("`{id}` does not exist")));
        };
        if let Some(code) = rules::blocks_delete(kind.name()) {
            let arn = object.outputs["arn"].as_str().unwrap_or_default().to_owned();
            let users: Vec<_> = [id, arn.as_str()]
                .iter()
                .filter(|text| !text.is_empty())
                .filter_map(|text| contents.mentions.get(*text))
                .flatten()
                .filter(|user| **user != key)
                .cloned()
                .collect();
            for user in users {
                contents.sweep(&user, call.now);
                if contents.objects.contains_key(&user) && rules::counts_as_use(&user.0, kind.name()) {
                    let why = format!("`{id}` is in use by {} `{}`", user.0, user.1);
                    return Err(call.refuse(code, why));
                }
            }
        }
        let kept = rules::keeps_name(kind.name(), request.params).map(|kept| self.config.takes(kept));
        if let Some(kept) = kept.filter(|kept| !kept.is_zero()) {
            let entry = LogEntry::Kept {
                kind: kind.name().to_owned(),
                id: id.to_owned(),
                until_ms: call.now.saturating_add(crate::execute::millis(kept)),
            };
            contents.write(&entry);
            contents.replay(entry);
        }
        let takes = self.config.takes(slow::delete(kind.name()));
        if takes.is_zero() {
            contents.remove(&key);
        } else {
            let mut object = object;
            object.leave(call.now, takes);
            contents.put(key, object);
        }
        Ok(Reply::default())
    }
}

/// The name of a role, from its ARN or as it is.
fn role_in(text: &str) -> &str {
    text.rsplit_once(":role/")
        .map_or(text, |(_, path)| path.rsplit('/').next().unwrap_or(path))
}
