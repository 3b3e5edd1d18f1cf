//! Creates: tokens, keys that are taken, ids, and what a new resource looks like.

use super::{
    Sandbox,
    calls::Incoming,
    contents::Contents,
    model::{EVERY, Id, PUSHED, Repeat, Second, is_tag},
    object::{LogEntry, Object},
    template,
};
use serde_json::{Value, json};
use std::time::Duration;
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Reply},
    resource::ResourceType,
};

impl Sandbox {
    pub(super) fn create(
        &self,
        contents: &mut Contents,
        incoming: &Incoming<'_, '_>,
    ) -> Result<Reply, CallError> {
        let (entry, request) = (incoming.entry, incoming.request);
        let token = entry
            .token
            .and_then(|token| request.params[token.member].as_str());
        if let Some(answer) = token.and_then(|token| repeated(contents, incoming, token)) {
            return answer;
        }
        self.check(contents, incoming)?;
        let members = incoming.merged(&Value::Null);
        for key in entry.unique {
            let holder = incoming
                .view(contents)
                .holder(entry.kind, key, &members, None)
                .map(ToOwned::to_owned);
            if let Some(holder) = holder
                && let Some(answer) = self.second(contents, incoming, &holder, key.second)
            {
                return answer;
            }
        }
        let id = match (entry.id, request.id) {
            (Id::Member(member), _) => match request.params[member].as_str() {
                Some(id) => id.to_owned(),
                None => return Err(incoming.refuse("ValidationError", format!("`{member}` is missing"))),
            },
            (Id::Composite, Some(id)) => id.to_owned(),
            (Id::Composite | Id::Assigned, _) => self.new_id(contents, request.kind, request.inputs),
        };
        let key = incoming.key(&id);
        contents.sweep(&key, incoming.now);
        let held = contents.held.get(&key).is_some_and(|until| incoming.now < *until);
        if let Some(rule) = entry.held.filter(|_| held) {
            return Err(incoming.refuse(rule.code, rule.message));
        }
        let failed = (entry.fails)(&incoming.call, &incoming.view(contents));
        let mut object = self.made(incoming, &id);
        (object.members, object.failed) = (members, failed);
        if self.config.images && entry.kind == "ecr.repository" {
            object.members[PUSHED] = json!([EVERY]);
        }
        contents.put(key, object);
        if let Some(token) = token {
            let used = LogEntry::Token {
                op: token.to_owned(),
                kind: entry.kind.to_owned(),
                id: id.clone(),
                digest: request.params.to_string(),
                at_ms: incoming.now,
            };
            contents.write(&used);
            contents.replay(used);
        }
        Ok(Reply::of(id))
    }

    /// The answer to a create with a key that `holder` has; `None`: it may be created all the same.
    fn second(
        &self,
        contents: &mut Contents,
        incoming: &Incoming<'_, '_>,
        holder: &str,
        second: Second,
    ) -> Option<Result<Reply, CallError>> {
        let key = incoming.key(holder);
        let object = contents.objects.get(&key)?.clone();
        let refuse = |(code, message): (&str, &str)| {
            Some(Err(incoming.refuse(code, format!("{message} (`{holder}`)"))))
        };
        let found = || Some(Ok(Reply::of(holder)));
        match second {
            Second::Refused(code, message) => refuse((code, message)),
            Second::Returned(differs) if object.leaving() => differs.settings.and_then(refuse),
            Second::Returned(differs) => {
                let params = incoming.request.params;
                let mut settings = params
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(member, _)| !is_tag(member));
                let other_settings = settings.any(|(member, value)| object.members[member] != *value);
                let other_tags = params["tags"].is_object() && params["tags"] != object.inputs["tags"];
                let different = differs
                    .settings
                    .filter(|_| other_settings)
                    .or(differs.tags.filter(|_| other_tags));
                different.map_or_else(found, refuse)
            }
            Second::Overwritten if object.leaving() => None,
            Second::Overwritten => {
                let fields: Vec<_> = incoming
                    .request
                    .sets
                    .iter()
                    .filter(|field| *field != "tags")
                    .cloned()
                    .collect();
                self.apply(contents, incoming, key, object, &fields);
                found()
            }
        }
    }

    /// An id as AWS would make one up. The same inputs give the same id, whatever the order of calls, so that transcripts
    /// are stable.
    fn new_id(&self, contents: &mut Contents, kind: &'static dyn ResourceType, inputs: &Value) -> String {
        let of = format!("{} {inputs}", kind.name());
        let of = template::hash(&[&self.config.seed.to_string(), &contents.at.named(&of)]);
        let n = contents.made.get(&of).copied().unwrap_or(0);
        contents.write(&LogEntry::Made { of: of.clone() });
        contents.made.insert(of.clone(), n + 1);
        let shape = kind.outputs().first().map_or("{hex17}", |o| o.shape);
        template::fill(
            shape,
            &template::hash(&[&of, &n.to_string()]),
            "",
            inputs,
            &self.at,
        )
    }

    fn made(&self, incoming: &Incoming<'_, '_>, id: &str) -> Object {
        let (request, kind) = (incoming.request, incoming.request.kind);
        let mut inputs = request.inputs.clone();
        // An update that finds nothing to overwrite creates, and says everything.
        let whole = request.effect != Effect::Create;
        let unset = kind
            .fields()
            .iter()
            .filter(|f| !whole && !request.sets.iter().any(|s| s == f.name));
        for field in unset {
            inputs[field.name] = field.default.map_or(Value::Null, |d| d());
        }
        let takes = self
            .config
            .takes(Duration::from_secs(incoming.entry.states.until_ready()));
        let outputs = self.outputs(kind, id, request.inputs);
        Object::new(inputs, outputs, incoming.now, takes)
    }

    pub(super) fn outputs(&self, kind: &'static dyn ResourceType, id: &str, inputs: &Value) -> Value {
        let seed = template::hash(&[&self.config.seed.to_string(), kind.name(), id]);
        let mut outputs = serde_json::Map::new();
        for output in kind.outputs() {
            let value = match output.name {
                "id" => json!(id),
                _ => template::value(output.shape, &seed, id, inputs, &self.at),
            };
            outputs.insert(output.name.into(), value);
        }
        Value::Object(outputs)
    }
}

/// The answer to a create with a token that was used before.
fn repeated(
    contents: &Contents,
    incoming: &Incoming<'_, '_>,
    value: &str,
) -> Option<Result<Reply, CallError>> {
    let token = incoming.entry.token?;
    let used = contents
        .tokens
        .get(value)
        .filter(|used| used.kind == incoming.entry.kind)?;
    let ends = token
        .lives
        .map(|life| used.at_ms.saturating_add(life.saturating_mul(1000)));
    if ends.is_some_and(|ends| ends <= incoming.now) {
        return None;
    }
    let digest = incoming.request.params.to_string();
    let same = used.digest == digest;
    Some(match token.repeat {
        Repeat::Answered(_) if same => Ok(Reply::of(used.id.clone())),
        Repeat::Answered(code) | Repeat::Refused(code) => {
            Err(incoming.refuse(code, "the token was used before"))
        }
    })
}
