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

mod calls;
mod config;
mod contents;
mod disk;
mod faults;
mod object;
mod rules;
mod slow;
mod template;

pub use config::SandboxConfig;
pub use faults::{Fault, FaultInjector, FaultTarget};

use crate::Error;
use calls::Incoming;
use contents::Contents;
use disk::Log;
use object::{LogEntry, Object};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Caller, Cloud, Executed, Observed, Reply, Request, Status},
    resource::ResourceType,
    value::{Owner, SecretSource, Tags},
};
use tokio::time::Instant;

/// The account of the sandbox.
pub const ACCOUNT: &str = "000000000000";
/// The region of the sandbox.
pub const REGION: &str = "eu-west-1";

/// A cloud in the process.
#[derive(Debug)]
pub struct Sandbox {
    config: SandboxConfig,
    started: Instant,
    contents: Mutex<Contents>,
}

impl Sandbox {
    /// An empty sandbox that is forgotten when it is dropped.
    pub fn in_memory(config: SandboxConfig) -> Self {
        Self {
            config,
            started: Instant::now(),
            contents: Mutex::default(),
        }
    }

    /// The sandbox whose contents are kept in the folder `path`.
    ///
    /// # Errors
    /// The folder cannot be made, read or written, or what is in it is no sandbox.
    pub fn open(path: &Path, config: SandboxConfig) -> Result<Self, Error> {
        let (log, entries) = Log::open(path).map_err(|why| {
            Error::PlanUnreadable(format!(
                "the sandbox's contents in {} cannot be used ({why}); remove that folder to begin with an empty one",
                path.display()
            ))
        })?;
        let mut contents = Contents::default();
        for entry in entries {
            contents.replay(entry);
        }
        contents.log = Some(log);
        Ok(Self {
            config,
            started: Instant::now(),
            contents: Mutex::new(contents),
        })
    }

    /// A copy with the same contents, in memory: for a rehearsal, or to go from one point in several directions.
    #[must_use]
    pub fn fork(&self) -> Self {
        let contents = self.lock();
        let past_ms = self.now_ms(&contents);
        let copy = Contents {
            objects: contents.objects.clone(),
            mentions: contents.mentions.clone(),
            tokens: contents.tokens.clone(),
            made: contents.made.clone(),
            by_stack: contents.by_stack.clone(),
            kept: contents.kept.clone(),
            log: None,
            past_ms,
        };
        Self {
            config: self.config,
            started: Instant::now(),
            contents: Mutex::new(copy),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sandbox's own clock, in milliseconds.
    fn now_ms(&self, contents: &Contents) -> u64 {
        contents
            .past_ms
            .saturating_add(self.config.scale(self.started.elapsed()))
    }

    /// How many objects exist, those on their way out included.
    pub fn len(&self) -> usize {
        let contents = self.lock();
        let now = self.now_ms(&contents);
        contents.objects.values().filter(|o| !o.gone(now)).count()
    }

    /// Whether nothing exists.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything that exists, as type and id, sorted: what tests hold a state against.
    pub fn inventory(&self) -> Vec<(String, String)> {
        let contents = self.lock();
        let now = self.now_ms(&contents);
        let mut all: Vec<_> = contents
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
        let contents = self.lock();
        let now = self.now_ms(&contents);
        let live = contents.objects.iter().filter(|(_, o)| !o.gone(now));
        live.map(|(k, o)| (k.clone(), o.inputs.clone())).collect()
    }

    /// Changes a field behind the engine's back, as a person in a console would. Returns whether there was such a resource.
    pub fn tamper(&self, kind: &str, id: &str, field: &str, value: Value) -> bool {
        let mut contents = self.lock();
        let key = (kind.to_owned(), id.to_owned());
        let Some(mut object) = contents.objects.get(&key).cloned() else {
            return false;
        };
        object.inputs[field] = value;
        contents.put(key, object);
        true
    }

    /// Removes a resource behind the engine's back. Returns whether there was such a resource.
    pub fn vanish(&self, kind: &str, id: &str) -> bool {
        self.lock().remove(&(kind.to_owned(), id.to_owned()))
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
        self.config.reply().await;
        let mut contents = self.lock();
        let now = self.now_ms(&contents);
        let call = Incoming {
            request: &request,
            now,
        };
        let reply = match request.effect {
            Effect::Create => self.create(&mut contents, &call),
            Effect::Update => self.change(&mut contents, &call),
            Effect::Delete if rules::last_delete(request.kind, request.inputs, request.operation) => {
                self.delete(&mut contents, &call)
            }
            // One of several calls that lead up to the delete.
            Effect::Delete => self.change(&mut contents, &call),
            Effect::Ready(_) | Effect::Gone(_) => Ok(Reply::default()),
        };
        contents.write(&LogEntry::Time { ms: now });
        reply
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.config.reply().await;
        let contents = self.lock();
        let now = self.now_ms(&contents);
        let name = kind.name().to_owned();
        let mut key = (name, String::new());
        let mut out = Vec::with_capacity(ids.len());
        for id in ids {
            key.1.clone_from(id);
            if let Some(object) = contents.objects.get(&key).filter(|o| !o.gone(now)) {
                out.push(self.observe(object, id, now));
            }
        }
        Ok(out)
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.config.reply().await;
        let contents = self.lock();
        let now = self.now_ms(&contents);
        let ids = contents
            .by_stack
            .get(&(kind.name().to_owned(), owner.stack.clone()));
        let objects = ids.into_iter().flatten().filter_map(|id| {
            let object = contents.objects.get(&(kind.name().to_owned(), id.clone()))?;
            let tags: Tags = serde_json::from_value(object.inputs["tags"].clone()).ok()?;
            (!object.gone(now) && owner.owns(&tags)).then(|| self.observe(object, id, now))
        });
        Ok(objects.collect())
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
            let contents = self.lock();
            let used = contents.tokens.get(token).filter(|used| used.kind == kind.name());
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
            other => Ok(format!("sandbox-{}", template::hash(&[&other.to_string()]))),
        }
    }
}
