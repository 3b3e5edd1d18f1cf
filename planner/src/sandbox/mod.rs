//! A cloud in the process: what a newcomer's first apply runs on, and every test of the engine.
//!
//! It is generic over resource types: a create stores the inputs that the call sets and makes up outputs from their
//! [shapes](tenon_resources::resource::OutputField::shape); a delete is refused while something refers to the resource;
//! slow things are slow; names are taken once, and some are kept for a while; tokens are remembered for as long as AWS does;
//! new roles cannot be assumed yet; a tag filter finds what is tagged. What it knows of single types is in tables: [how
//! slow](slow), [who blocks a delete, what a second create says, how long a token lives](rules).
//!
//! What it is not: proof that a call's members are right. It takes a call's effect from the type, not from the wire;
//! that half is proven against emulators, and so is that lists are read to their last page: pages are below its door.
//! Its contents are kept on disk between runs, one line a change.

mod disk;
mod rules;
mod shape;
mod slow;
mod storm;
mod world;

pub use storm::{Aim, Fault, Storm};
pub use world::World;

use crate::Error;
use disk::Log;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Caller, Cloud, Executed, Observed, Reply, Request, Status},
    resource::ResourceType,
    value::{Owner, SecretSource, Tags},
};
use tokio::time::Instant;
use world::{Entry, Object};

/// The account of the sandbox.
pub const ACCOUNT: &str = "000000000000";
/// The region of the sandbox.
pub const REGION: &str = "eu-west-1";

/// A cloud in the process.
#[derive(Debug)]
pub struct Sandbox {
    world: World,
    started: Instant,
    inside: Mutex<Inside>,
}

/// What a token was used for.
#[derive(Clone, Debug)]
struct Used {
    kind: String,
    id: String,
    /// The request that it was used with.
    digest: String,
    at_ms: u64,
}

#[derive(Debug, Default)]
struct Inside {
    objects: HashMap<(String, String), Object>,
    /// Which objects' inputs mention a string: an id, an ARN or a name.
    mentions: HashMap<String, BTreeSet<(String, String)>>,
    tokens: HashMap<String, Used>,
    /// How many were made of equal inputs, so that their ids differ.
    made: HashMap<String, u32>,
    by_stack: BTreeMap<(String, String), BTreeSet<String>>,
    /// Names of what is gone that cannot be had again before a time.
    kept: HashMap<(String, String), u64>,
    log: Option<Log>,
    /// The virtual time that earlier runs used up, in milliseconds.
    past_ms: u64,
}

impl Sandbox {
    /// An empty sandbox that is forgotten when it is dropped.
    pub fn in_memory(world: World) -> Self {
        Self {
            world,
            started: Instant::now(),
            inside: Mutex::default(),
        }
    }

    /// The sandbox whose contents are kept in the folder `path`.
    ///
    /// # Errors
    /// The folder cannot be made, read or written, or what is in it is no sandbox.
    pub fn open(path: &Path, world: World) -> Result<Self, Error> {
        let (log, entries) = Log::open(path).map_err(|why| {
            Error::PlanUnreadable(format!(
                "the sandbox's contents in {} cannot be used ({why}); remove that folder to begin with an empty one",
                path.display()
            ))
        })?;
        let mut inside = Inside::default();
        for entry in entries {
            inside.replay(entry);
        }
        inside.log = Some(log);
        Ok(Self {
            world,
            started: Instant::now(),
            inside: Mutex::new(inside),
        })
    }

    /// A copy with the same contents, in memory: for a rehearsal, or to go from one point in several directions.
    #[must_use]
    pub fn fork(&self) -> Self {
        let inside = self.inside();
        let past_ms = self.now_ms(&inside);
        let copy = Inside {
            objects: inside.objects.clone(),
            mentions: inside.mentions.clone(),
            tokens: inside.tokens.clone(),
            made: inside.made.clone(),
            by_stack: inside.by_stack.clone(),
            kept: inside.kept.clone(),
            log: None,
            past_ms,
        };
        Self {
            world: self.world,
            started: Instant::now(),
            inside: Mutex::new(copy),
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sandbox's own clock, in milliseconds.
    fn now_ms(&self, inside: &Inside) -> u64 {
        inside
            .past_ms
            .saturating_add(self.world.scale(self.started.elapsed()))
    }

    /// How many objects exist, those on their way out included.
    pub fn len(&self) -> usize {
        let inside = self.inside();
        let now = self.now_ms(&inside);
        inside.objects.values().filter(|o| !o.gone(now)).count()
    }

    /// Whether nothing exists.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything that exists, as type and id, sorted: what tests hold a state against.
    pub fn inventory(&self) -> Vec<(String, String)> {
        let inside = self.inside();
        let now = self.now_ms(&inside);
        let mut all: Vec<_> = inside
            .objects
            .iter()
            .filter(|(_, o)| !o.gone(now))
            .map(|(k, _)| k.clone())
            .collect();
        all.sort();
        all
    }

    /// Everything that exists with its inputs, by type and id: tells whether what is somebody else's was touched.
    pub fn contents(&self) -> BTreeMap<(String, String), Value> {
        let inside = self.inside();
        let now = self.now_ms(&inside);
        let live = inside.objects.iter().filter(|(_, o)| !o.gone(now));
        live.map(|(k, o)| (k.clone(), o.inputs.clone())).collect()
    }

    /// Changes a field behind the engine's back, as a person in a console would. Returns whether there was such a resource.
    pub fn tamper(&self, kind: &str, id: &str, field: &str, value: Value) -> bool {
        let mut inside = self.inside();
        let key = (kind.to_owned(), id.to_owned());
        let Some(mut object) = inside.objects.get(&key).cloned() else {
            return false;
        };
        object.inputs[field] = value;
        inside.put(key, object);
        true
    }

    /// Removes a resource behind the engine's back. Returns whether there was such a resource.
    pub fn vanish(&self, kind: &str, id: &str) -> bool {
        self.inside().remove(&(kind.to_owned(), id.to_owned()))
    }

    fn observe(&self, object: &Object, id: &str, now: u64) -> Observed {
        let status = object.status(now);
        let outputs = match status {
            Status::Ready => object.outputs.clone(),
            _ => json!({ "id": id }),
        };
        Observed {
            id: id.into(),
            status,
            inputs: object.inputs.clone(),
            outputs,
        }
    }
}

impl Inside {
    fn replay(&mut self, entry: Entry) {
        match entry {
            Entry::Put { kind, id, object } => self.insert((kind, id), *object),
            Entry::Remove { kind, id } => drop(self.take(&(kind, id))),
            Entry::Token {
                op,
                kind,
                id,
                digest,
                at_ms,
            } => drop(self.tokens.insert(
                op,
                Used {
                    kind,
                    id,
                    digest,
                    at_ms,
                },
            )),
            Entry::Kept { kind, id, until_ms } => drop(self.kept.insert((kind, id), until_ms)),
            Entry::Made { of } => *self.made.entry(of).or_default() += 1,
            Entry::Time { ms } => self.past_ms = ms,
        }
    }

    fn write(&mut self, entry: &Entry) {
        if let Some(log) = &mut self.log {
            log.append(entry);
        }
    }

    fn put(&mut self, key: (String, String), object: Object) {
        let (kind, id) = key.clone();
        self.write(&Entry::Put {
            kind,
            id,
            object: Box::new(object.clone()),
        });
        self.insert(key, object);
    }

    fn insert(&mut self, key: (String, String), object: Object) {
        self.take(&key);
        for text in object.mentions() {
            self.mentions.entry(text).or_default().insert(key.clone());
        }
        if let Some(stack) = object.stack() {
            self.by_stack
                .entry((key.0.clone(), stack))
                .or_default()
                .insert(key.1.clone());
        }
        self.objects.insert(key, object);
    }

    fn take(&mut self, key: &(String, String)) -> Option<Object> {
        let object = self.objects.remove(key)?;
        for text in object.mentions() {
            if let Some(users) = self.mentions.get_mut(&text) {
                users.remove(key);
            }
        }
        if let Some(stack) = object.stack()
            && let Some(ids) = self.by_stack.get_mut(&(key.0.clone(), stack))
        {
            ids.remove(&key.1);
        }
        Some(object)
    }

    fn remove(&mut self, key: &(String, String)) -> bool {
        let there = self.take(key).is_some();
        if there {
            self.write(&Entry::Remove {
                kind: key.0.clone(),
                id: key.1.clone(),
            });
        }
        there
    }

    /// The id of what has the unique name in `inputs`.
    fn named(&self, kind: &'static dyn ResourceType, inputs: &Value, now: u64) -> Option<String> {
        let name = kind.unique_name(inputs).ok().flatten()?;
        let field = kind.name_field()?.name;
        let within = rules::name_is_unique_within(kind.name());
        let taken = self.mentions.get(&name)?.iter().find(|key| {
            let object = self.objects.get(*key).filter(|o| !o.gone(now));
            object.is_some_and(|o| {
                let same = |field: &str| o.inputs[field] == inputs[field];
                key.0 == kind.name() && same(field) && within.is_none_or(same)
            })
        });
        taken.map(|key| key.1.clone())
    }

    /// Lets go of what has gone by `now`.
    fn sweep(&mut self, key: &(String, String), now: u64) {
        if self.objects.get(key).is_some_and(|o| o.gone(now)) {
            self.remove(key);
        }
    }
}

/// A call at the sandbox's door.
struct Incoming<'a, 'r> {
    request: &'a Request<'r>,
    now: u64,
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
    fn create(&self, inside: &mut Inside, call: &Incoming<'_, '_>) -> Result<Reply, CallError> {
        let (request, kind) = (call.request, call.request.kind);
        let digest = request.params.to_string();
        let token = digest.contains(request.op);
        if let Some(used) = inside.tokens.get(request.op).filter(|_| token)
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
        self.check_role(inside, call)?;
        let id = match request.id {
            Some(id) => {
                let key = call.key(id);
                inside.sweep(&key, call.now);
                if inside.objects.contains_key(&key) {
                    if rules::upserts(kind.name()) {
                        let object = self.made(call, id);
                        inside.put(key, object);
                        return Ok(Reply { id: Some(id.into()) });
                    }
                    let code = rules::second_create(kind.name());
                    return Err(call.refuse(code, format!("`{id}` exists already")));
                }
                if inside.kept.get(&key).is_some_and(|until| call.now < *until) {
                    let (code, why) = rules::NAME_KEPT;
                    return Err(call.refuse(code, why));
                }
                id.to_owned()
            }
            None => match inside.named(kind, request.inputs, call.now) {
                // AWS's answer to a name that is taken: a refusal, or the resource that has it.
                Some(existing) => match rules::second_name(kind.name()) {
                    Some(code) => return Err(call.refuse(code, "the name is taken")),
                    None => return Ok(Reply { id: Some(existing) }),
                },
                None => self.new_id(inside, kind, request.inputs),
            },
        };
        let object = self.made(call, &id);
        inside.put(call.key(&id), object);
        if token {
            let used = Entry::Token {
                op: request.op.to_owned(),
                kind: kind.name().to_owned(),
                id: id.clone(),
                digest,
                at_ms: call.now,
            };
            inside.write(&used);
            inside.replay(used);
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
                .of(call.request.inputs)
                .check(name)
                .map_err(|why| call.refuse("ValidationError", format!("`{name}` {why}"))),
            _ => Ok(()),
        }
    }

    /// A role that was made a moment ago is not known everywhere: whoever is to assume it says so.
    fn check_role(&self, inside: &Inside, call: &Incoming<'_, '_>) -> Result<(), CallError> {
        let unknown = crate::execute::millis(self.world.takes(self.world.role_unknown));
        let young = |name: &str| {
            let role = inside.objects.get(&("iam.role".to_owned(), name.to_owned()));
            role.is_some_and(|role| call.now < role.made_ms.saturating_add(unknown))
        };
        if unknown == 0 || call.request.service == "iam" {
            return Ok(());
        }
        match rules::role_unknown(call.request) {
            Some((code, why))
                if world::strings(call.request.params)
                    .iter()
                    .any(|s| young(role_in(s))) =>
            {
                Err(call.refuse(&code, why))
            }
            _ => Ok(()),
        }
    }

    fn new_id(&self, inside: &mut Inside, kind: &'static dyn ResourceType, inputs: &Value) -> String {
        // The same inputs give the same id, whatever the order of calls: transcripts are stable.
        let of = format!("{} {inputs}", kind.name());
        let of = shape::hash(&[&self.world.seed.to_string(), &of]);
        let n = inside.made.get(&of).copied().unwrap_or(0);
        inside.write(&Entry::Made { of: of.clone() });
        inside.made.insert(of.clone(), n + 1);
        let shape = kind.outputs().first().map_or("{hex17}", |o| o.shape);
        shape::fill(shape, &shape::hash(&[&of, &n.to_string()]), "", inputs)
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
            self.world.takes(slow::create(kind.name()))
        } else {
            Duration::ZERO
        };
        let outputs = self.outputs(kind, id, request.inputs);
        Object::new(inputs, outputs, call.now, takes)
    }

    fn outputs(&self, kind: &'static dyn ResourceType, id: &str, inputs: &Value) -> Value {
        let seed = shape::hash(&[&self.world.seed.to_string(), kind.name(), id]);
        let mut outputs = serde_json::Map::new();
        for output in kind.outputs() {
            let value = match output.name {
                "id" => json!(id),
                _ => shape::value(output.shape, &seed, id, inputs),
            };
            outputs.insert(output.name.into(), value);
        }
        Value::Object(outputs)
    }

    fn change(&self, inside: &mut Inside, call: &Incoming<'_, '_>) -> Result<Reply, CallError> {
        let (request, kind) = (call.request, call.request.kind);
        let id = request.id.unwrap_or_default();
        let key = call.key(id);
        inside.sweep(&key, call.now);
        let Some(mut object) = inside.objects.get(&key).cloned() else {
            return Err(call.refuse(rules::not_found(kind.name()), format!("`{id}` does not exist")));
        };
        self.check_role(inside, call)?;
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
                object.busy(call.now, self.world.takes(slow::change(kind.name())));
            }
        }
        inside.put(key, object);
        Ok(Reply::default())
    }

    fn delete(&self, inside: &mut Inside, call: &Incoming<'_, '_>) -> Result<Reply, CallError> {
        let (request, kind) = (call.request, call.request.kind);
        let id = request.id.unwrap_or_default();
        let key = call.key(id);
        inside.sweep(&key, call.now);
        let Some(object) = inside.objects.get(&key).cloned() else {
            return Err(call.refuse(rules::not_found(kind.name()), format!("`{id}` does not exist")));
        };
        if let Some(code) = rules::blocks_delete(kind.name()) {
            let arn = object.outputs["arn"].as_str().unwrap_or_default().to_owned();
            let users: Vec<_> = [id, arn.as_str()]
                .iter()
                .filter(|text| !text.is_empty())
                .filter_map(|text| inside.mentions.get(*text))
                .flatten()
                .filter(|user| **user != key)
                .cloned()
                .collect();
            for user in users {
                inside.sweep(&user, call.now);
                if inside.objects.contains_key(&user) && rules::counts_as_use(&user.0, kind.name()) {
                    let why = format!("`{id}` is in use by {} `{}`", user.0, user.1);
                    return Err(call.refuse(code, why));
                }
            }
        }
        let kept = rules::keeps_name(kind.name(), request.params).map(|kept| self.world.takes(kept));
        if let Some(kept) = kept.filter(|kept| !kept.is_zero()) {
            let entry = Entry::Kept {
                kind: kind.name().to_owned(),
                id: id.to_owned(),
                until_ms: call.now.saturating_add(crate::execute::millis(kept)),
            };
            inside.write(&entry);
            inside.replay(entry);
        }
        let takes = self.world.takes(slow::delete(kind.name()));
        if takes.is_zero() {
            inside.remove(&key);
        } else {
            let mut object = object;
            object.leave(call.now, takes);
            inside.put(key, object);
        }
        Ok(Reply::default())
    }
}

/// The name of a role, from its ARN or as it is.
fn role_in(text: &str) -> &str {
    text.rsplit_once(":role/")
        .map_or(text, |(_, path)| path.rsplit('/').next().unwrap_or(path))
}

#[async_trait::async_trait]
impl Cloud for Sandbox {
    async fn caller(&self) -> Result<Caller, CallError> {
        Ok(Caller {
            account: ACCOUNT.into(),
            region: REGION.into(),
            arn: format!("arn:aws:iam::{ACCOUNT}:user/sandbox"),
        })
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        self.world.reply().await;
        let mut inside = self.inside();
        let now = self.now_ms(&inside);
        let call = Incoming {
            request: &request,
            now,
        };
        let reply = match request.effect {
            Effect::Create => self.create(&mut inside, &call),
            Effect::Update => self.change(&mut inside, &call),
            Effect::Delete if rules::last_delete(request.kind, request.inputs, request.operation) => {
                self.delete(&mut inside, &call)
            }
            // One of several calls that lead up to the delete.
            Effect::Delete => self.change(&mut inside, &call),
            Effect::Ready(_) | Effect::Gone(_) => Ok(Reply::default()),
        };
        inside.write(&Entry::Time { ms: now });
        reply
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.world.reply().await;
        let inside = self.inside();
        let now = self.now_ms(&inside);
        let name = kind.name().to_owned();
        let mut key = (name, String::new());
        let mut out = Vec::with_capacity(ids.len());
        for id in ids {
            key.1.clone_from(id);
            if let Some(object) = inside.objects.get(&key).filter(|o| !o.gone(now)) {
                out.push(self.observe(object, id, now));
            }
        }
        Ok(out)
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.world.reply().await;
        let inside = self.inside();
        let now = self.now_ms(&inside);
        let ids = inside
            .by_stack
            .get(&(kind.name().to_owned(), owner.stack.clone()));
        let objects = ids.into_iter().flatten().filter_map(|id| {
            let object = inside.objects.get(&(kind.name().to_owned(), id.clone()))?;
            let tags: Tags = serde_json::from_value(object.inputs["tags"].clone()).ok()?;
            (!object.gone(now) && owner.owns(&tags)).then(|| self.observe(object, id, now))
        });
        Ok(objects.collect())
    }

    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError> {
        let id = {
            let inside = self.inside();
            inside.named(kind, inputs, self.now_ms(&inside))
        };
        self.read(kind, &Vec::from_iter(id)).await
    }

    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        if !kind.keeps_token() {
            return Ok(vec![]);
        }
        let id = {
            let inside = self.inside();
            let used = inside.tokens.get(token).filter(|used| used.kind == kind.name());
            used.map(|used| used.id.clone())
        };
        self.read(kind, &Vec::from_iter(id)).await
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        match source {
            SecretSource::Env(name) => std::env::var(name).map_err(|_| CallError {
                outcome: Executed::No,
                ..CallError::refused(
                    "env",
                    "Read",
                    CallError::UNSENDABLE,
                    format!("{source} is not set"),
                )
            }),
            // What AWS would keep, the sandbox makes up: nothing in it is secret.
            other => Ok(format!("sandbox-{}", shape::hash(&[&other.to_string()]))),
        }
    }
}
