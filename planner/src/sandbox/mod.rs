//! A cloud in the process: what a newcomer's first apply runs on, and every test of the engine.
//!
//! The model of AWS (`sandbox/model`) says what a call of a service does: how long states last, what is refused and with which code,
//! which names and ranges only one resource may hold, what a second create answers, how long a token is known, what a new
//! role cannot do yet. It is written from AWS's documentation and reads nothing of what a resource type believes about AWS.
//!
//! Taken from the resource type is the form of the data: which fields hold their new value once a call is done, the
//! defaults of the others, and what outputs [look like](tenon_resources::resource::OutputField::shape). So the sandbox is
//! no proof that a call's members are right, nor that lists are read to their last page: emulators of the wire prove that.
//! The sandbox does not know either whether something exists that was never created in it: a stack may refer to resources of others.
//!
//! The contents are kept on disk between runs, one line a change.

mod accepted;
mod at;
mod calls;
mod cloudcontrol;
mod config;
mod connections;
mod contents;
mod create;
mod disk;
mod elsewhere;
mod faults;
mod history;
mod logs;
mod model;
mod object;
mod outside;
mod password;
mod reach;
mod requests;
mod schedule;
mod seed;
mod template;
mod worlds;

pub use at::{ACCOUNT, REGION};
pub use config::SandboxConfig;
pub use connections::Connection;
pub use faults::{Fault, FaultInjector, FaultTarget};
pub use requests::RequestPath;
pub use schedule::{Schedule, schedule};

use crate::Error;
use at::At;
use contents::Contents;
use model::View;
use object::{LogEntry, Object};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tenon_resources::{
    call::Effect,
    cfn::SERVICE,
    cloud::{
        AlarmState, CallError, Caller, Candidate, Cloud, Executed, LogPage, LogQuery, Observed, Progress,
        Reply, Request, Trace,
    },
    declaration::Place,
    resource::{LookupKind, ResourceType},
    value::{Owner, SecretSource, Tags},
};
use tokio::time::Instant;
use worlds::Worlds;

/// A cloud in the process, seen from one account and region of it.
#[derive(Debug)]
pub struct Sandbox {
    config: SandboxConfig,
    started: Instant,
    at: At,
    /// The contents of the region.
    contents: Arc<Mutex<Contents>>,
    /// The contents that the account has once, whatever the region; of the home region the same as `contents`.
    account: Arc<Mutex<Contents>>,
    worlds: Arc<Worlds>,
    /// The ARN under which calls are made, where it is another than the sandbox's own.
    actor: Option<String>,
}

impl Sandbox {
    /// An empty sandbox that is forgotten when it is dropped.
    pub fn in_memory(config: SandboxConfig) -> Self {
        Self::of(Worlds::in_memory(), config, Instant::now(), At::default())
            .unwrap_or_else(|_| unreachable!("nothing is read from a disk"))
    }

    /// The sandbox whose contents are kept in the folder `path`.
    ///
    /// # Errors
    /// The folder cannot be made, read or written, or what is in it is no sandbox.
    pub fn open(path: &Path, config: SandboxConfig) -> Result<Self, Error> {
        let opened =
            Worlds::open(path).and_then(|worlds| Self::of(worlds, config, Instant::now(), At::default()));
        opened.map_err(|why| Error::Sandbox {
            path: path.to_owned(),
            why,
        })
    }

    /// A copy with the same contents, in memory: for a rehearsal, or to go from one point in several directions.
    #[must_use]
    pub fn fork(&self) -> Self {
        let worlds = self.worlds.copy(|contents| self.now_ms(contents));
        let fork = Self::of(worlds, self.config, Instant::now(), self.at.clone())
            .unwrap_or_else(|_| unreachable!("nothing is read from a disk"));
        Self {
            actor: self.actor.clone(),
            ..fork
        }
    }

    /// The contents in which resources of type `kind` are: those of the region, or of the account.
    fn lock(&self, kind: &str) -> MutexGuard<'_, Contents> {
        let contents = if at::is_global(kind) {
            &self.account
        } else {
            &self.contents
        };
        contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A role, as the account has it; `contents` is what is locked.
    fn role<T>(&self, contents: &Contents, name: &str, of: impl FnOnce(&Object) -> T) -> Option<T> {
        let key = ("iam.role".to_owned(), name.to_owned());
        if contents.at == self.at.home_of_account() {
            return contents.objects.get(&key).map(of);
        }
        let account = self.account.lock().unwrap_or_else(PoisonError::into_inner);
        account.objects.get(&key).map(of)
    }

    /// The sandbox's own clock, in milliseconds.
    fn now_ms(&self, contents: &Contents) -> u64 {
        contents
            .past_ms
            .saturating_add(self.config.scale(self.started.elapsed()))
    }

    /// The count of resources that exist, those being deleted included; what no call of AWS's makes or removes, such as an image, is not
    /// counted.
    pub fn len(&self) -> usize {
        let count = |contents: &Contents| {
            let now = self.now_ms(contents);
            let counts = |(kind, _): &(String, String)| model::is_made(kind);
            let all = contents.objects.iter();
            all.filter(|(key, o)| !o.gone(now) && counts(key)).count()
        };
        self.worlds.each(count).into_iter().sum()
    }

    /// True if nothing exists.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything that exists, as type and id, sorted: what tests hold a state against.
    pub fn inventory(&self) -> Vec<(String, String)> {
        self.contents().into_keys().collect()
    }

    /// Everything that exists with its inputs, by type and id: tells whether what is somebody else's was touched. Ids outside of the
    /// home account and region have those before them.
    pub fn contents(&self) -> BTreeMap<(String, String), Value> {
        let live = |contents: &Contents| {
            let now = self.now_ms(contents);
            let live = contents.objects.iter().filter(|(_, o)| !o.gone(now));
            let named = live.map(|((kind, id), o)| ((kind.clone(), contents.at.named(id)), o.inputs.value()));
            named.collect::<Vec<_>>()
        };
        self.worlds.each(live).into_iter().flatten().collect()
    }

    /// The member of the calls that made or changed the resource `id`, as AWS keeps it; passwords among them, which no read gives back.
    pub fn kept(&self, kind: &str, id: &str, member: &str) -> Option<Value> {
        let contents = self.lock(kind);
        let object = contents.objects.get(&(kind.to_owned(), id.to_owned()))?;
        object.members.get(member).cloned()
    }

    /// The sandbox as it is seen from `at`.
    fn of(worlds: Arc<Worlds>, config: SandboxConfig, started: Instant, at: At) -> Result<Self, String> {
        Ok(Self {
            config,
            started,
            contents: worlds.get(&at)?,
            account: worlds.get(&at.home_of_account())?,
            at,
            worlds,
            actor: None,
        })
    }

    fn observe(&self, kind: &str, object: &Object, id: &str, now: u64) -> Observed {
        let states = model::find(kind).map_or(model::AT_ONCE, |entry| entry.states);
        Observed {
            id: id.into(),
            status: object.status(now, states),
            inputs: object.inputs_at(now).value(),
            outputs: object.shown(id, now, states),
        }
    }
}

#[async_trait::async_trait]
impl Cloud for Sandbox {
    async fn caller(&self) -> Result<Caller, CallError> {
        Ok(Caller {
            account: self.at.account.clone(),
            region: self.at.region.clone(),
            arn: self.who(),
            endpoints: BTreeMap::new(),
        })
    }

    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        let unreadable = |why| CallError::refused("sandbox", "Open", CallError::UNSENDABLE, why);
        let there = Self::of(
            Arc::clone(&self.worlds),
            self.config,
            self.started,
            self.at.moved(place),
        );
        Ok(Arc::new(Self {
            actor: self.actor.clone(),
            ..there.map_err(unreadable)?
        }))
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        self.config.reply().await;
        self.name_is_free_elsewhere(&request)?;
        let mut contents = self.lock(request.kind.name());
        let now = self.now_ms(&contents);
        let mut params = request.params.clone();
        password::make(&mut params, &[request.op, &now.to_string()]);
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html: what has another checksum is refused.
        tenon_resources::asset::receive(&mut params).map_err(|error| {
            CallError::refused(request.service, request.operation, "BadDigest", error.to_string())
        })?;
        let request = Request {
            params: &params,
            ..request
        };
        let reply = match request.effect {
            Effect::Create | Effect::Update | Effect::Delete if request.service == SERVICE => {
                self.cloud_control(&mut contents, &request, now)
            }
            Effect::Create | Effect::Update | Effect::Delete => {
                let reply = self.perform(&mut contents, &request, now);
                reply.inspect(|reply| logs::write(&mut contents, &request, reply))
            }
            Effect::Shown(_) | Effect::Ready(_) | Effect::Gone(_) => Ok(Reply::default()),
        };
        if let (Ok(reply), true) = (&reply, request.effect.mutates())
            && let Some(id) = reply.id.as_deref().or(request.id)
        {
            let key = (request.kind.name().to_owned(), id.to_owned());
            contents.note(key, now, self.who(), request.operation);
        }
        contents.write(&LogEntry::Time { ms: now });
        reply
    }

    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        self.config.reply().await;
        let contents = self.lock(kind.name());
        let now = self.now_ms(&contents);
        Ok(match Self::request_status(&contents, handle, now) {
            Progress::Running(left) => Progress::Running(left.map(|ms| self.config.unscale(ms))),
            ended => ended,
        })
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.config.reply().await;
        let contents = self.lock(kind.name());
        let now = self.now_ms(&contents);
        let name = kind.name().to_owned();
        let mut key = (name, String::new());
        let mut out = Vec::with_capacity(ids.len());
        for id in ids {
            key.1.clone_from(id);
            let visible = |o: &&Object| !(o.gone(now) || kind.schema().is_some() && o.unfinished(now));
            if let Some(object) = contents.objects.get(&key).filter(visible) {
                out.push(self.observe(kind.name(), object, id, now));
            }
        }
        Ok(out)
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.config.reply().await;
        let contents = self.lock(kind.name());
        let now = self.now_ms(&contents);
        // A family's stacks are those that begin alike.
        let prefix = owner.stack.trim_end_matches('*');
        let from = (kind.name().to_owned(), prefix.to_owned());
        let stacks = contents.by_stack.range(from..);
        let stacks = stacks.take_while(|((of, stack), _)| of == kind.name() && stack.starts_with(prefix));
        let stacks =
            stacks.filter(|((_, stack), _)| prefix.len() < owner.stack.len() || *stack == owner.stack);
        let objects = stacks.flat_map(|(_, ids)| ids).filter_map(|id| {
            let object = contents.objects.get(&(kind.name().to_owned(), id.clone()))?;
            let tags: Tags = serde_json::from_value(object.inputs.value()["tags"].take()).ok()?;
            let visible = !(object.gone(now) || kind.schema().is_some() && object.unfinished(now));
            (visible && owner.owns(&tags)).then(|| self.observe(kind.name(), object, id, now))
        });
        Ok(objects.collect())
    }

    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError> {
        let ids: Vec<_> = {
            let contents = self.lock(kind.name());
            let now = self.now_ms(&contents);
            let name = kind.unique_name(inputs).ok().flatten();
            let view = View {
                contents: &contents,
                now,
            };
            let named = name.map(|name| named(view, kind.name(), &name, inputs));
            named.unwrap_or_default()
        };
        self.read(kind, &ids).await
    }

    async fn parts(
        &self,
        kind: &'static dyn ResourceType,
        of: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        let Some(inside) = kind.inside() else {
            return Ok(vec![]);
        };
        let ids: Vec<String> = {
            let contents = self.lock(kind.name());
            let parent = |o: &Object| {
                o.inputs.value()[inside.field]
                    .as_str()
                    .is_some_and(|p| of.iter().any(|id| id == p))
            };
            let parts = contents
                .objects
                .iter()
                .filter(|((k, _), o)| k == kind.name() && parent(o));
            parts.map(|((_, id), _)| id.clone()).collect()
        };
        self.read(kind, &ids).await
    }

    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        let token_kept = model::find(kind.name()).and_then(|entry| entry.token);
        if !token_kept.is_some_and(|token| token.readable) {
            return Ok(vec![]);
        }
        let id = {
            let contents = self.lock(kind.name());
            let used = contents.tokens.get(token).filter(|used| used.kind == kind.name());
            used.map(|used| used.id.clone())
        };
        self.read(kind, &Vec::from_iter(id)).await
    }

    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        query: &Value,
    ) -> Result<Vec<Candidate>, CallError> {
        self.config.reply().await;
        let contents = self.lock(kind.name());
        let now = self.now_ms(&contents);
        let view = View {
            contents: &contents,
            now,
        };
        Ok(model::lookups::candidates(&view, kind.name(), query))
    }

    async fn log_events(&self, query: &LogQuery<'_>) -> Result<LogPage, CallError> {
        self.config.reply().await;
        self.log_page(query)
    }

    async fn alarm_state(&self, name: &str) -> Result<Option<AlarmState>, CallError> {
        self.config.reply().await;
        Ok(self.state_of_alarm(name))
    }

    async fn traces(&self, kind: &'static dyn ResourceType, id: &str) -> Result<Vec<Trace>, CallError> {
        self.config.reply().await;
        let contents = self.lock(kind.name());
        Ok(self.events_of(&contents, &(kind.name().into(), id.into())))
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
            // Each reading makes another, so there is none.
            SecretSource::Generated(_) => Err(CallError::refused(
                "secretsmanager",
                "GetRandomPassword",
                CallError::UNSENDABLE,
                "a password is made where it is kept",
            )),
            // What AWS would keep, the sandbox makes up: nothing in it is secret.
            other => Ok(format!("sandbox-{}", template::hash(&[&other.to_string()]))),
        }
    }
}

/// Ids of those of type `kind` with this name: a describe call with the filters that AWS has for it. Names of security groups are
/// looked up within a VPC, all others within the region.
fn named(view: View<'_>, kind: &str, name: &str, inputs: &Value) -> Vec<String> {
    let Some((member, _)) = model::find(kind).and_then(|entry| entry.name) else {
        return vec![];
    };
    let same_vpc = |object: &Object| kind != "ec2.security_group" || object.inputs["vpc"] == inputs["vpc"];
    let found = view.users(kind, member, name).into_iter();
    let found = found.filter(|(_, object)| same_vpc(object));
    found.map(|(id, _)| id.to_owned()).collect()
}
