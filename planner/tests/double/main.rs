//! The engine over the double of Cloud Control, one symptom after the other: with what it does about it, and without.
//!
//! [`wire`] speaks to the double; the SDK's half does the same with AWS's client. What is without a remedy is a cloud that leaves it
//! out: if that ended well, too, the double would show nothing.
#![allow(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

mod canaries;
mod killed;
mod wire;

use cloudcontrol_double::{Failure, Schemas, Symptoms, World, router};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tenon_planner::{
    Declaration, Declared, Options,
    event::quiet,
    execute::{Executor, Settings, Summary},
    plan,
    refresh::refresh,
};
use tenon_resources::{
    call::Effect,
    cfn::{Handle, Resource},
    cloud::{CallError, Cloud, Observed, Progress, Reply, Request},
    forward::Forward,
    resource::{Declare, ResourceType},
};
use tenon_state::{Backend, Holder, Identity, Memory, Store};
use wire::Wire;

/// Runs a test in virtual time.
fn block_on<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(test)
}

fn schemas() -> Arc<Schemas> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../resources/cfn/data/types.br");
    Arc::new(Schemas::open(&path).unwrap())
}

fn any(declared: &mut Declared, address: &str, kind: &str, properties: Value) -> Handle {
    let (kind, inputs) = Resource::new(kind, properties).declare().unwrap();
    declared.add(address, Declaration::new(kind, inputs, "main.rs:1"));
    Resource::refs(address)
}

/// A function that reads a queue, whose failures go to another one.
fn stack(handler: &str) -> Declared {
    let mut d = Declared::new("double", "test", None);
    d.disposable = true;
    let dead = any(
        &mut d,
        "dead",
        "AWS::SQS::Queue",
        json!({ "MessageRetentionPeriod": 1_209_600 }),
    );
    let queue = json!({ "RedrivePolicy": { "deadLetterTargetArn": dead.get("Arn"), "maxReceiveCount": 5 } });
    let queue = any(&mut d, "queue", "AWS::SQS::Queue", queue);
    let policies = ["arn:aws:iam::aws:policy/B", "arn:aws:iam::aws:policy/A"];
    let role = json!({ "AssumeRolePolicyDocument": { "Statement": [] }, "ManagedPolicyArns": policies });
    let role = any(&mut d, "role", "AWS::IAM::Role", role);
    let worker = json!({
        "Role": role.get("Arn"),
        "Code": { "S3Bucket": "code", "S3Key": "worker.zip" },
        "Handler": handler,
        "Environment": { "Variables": { "QUEUE": queue.get("QueueUrl") } },
    });
    any(&mut d, "worker", "AWS::Lambda::Function", worker);
    d
}

/// A stack's state, and what is asked about it.
struct Site {
    cloud: Arc<dyn Cloud>,
    backend: Arc<dyn Backend>,
    settings: Settings,
}

impl Site {
    fn new(cloud: Arc<dyn Cloud>) -> Self {
        Self {
            cloud,
            backend: Arc::new(Memory::default()),
            settings: Settings::default(),
        }
    }

    async fn executor(&self, declared: &Declared) -> Executor {
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        let store = Store::open(self.backend.clone(), Holder::here("test").unwrap(), identity).await;
        let mut executor = Executor::new(self.cloud.clone(), store.unwrap(), quiet());
        executor.settings = self.settings.clone();
        executor
    }

    /// One whole run, as the CLI does it.
    async fn run(&self, declared: &Declared, destroy: bool) -> Result<Summary, tenon_planner::Error> {
        let executor = self.executor(declared).await;
        executor.settle().await?;
        let seen = refresh(self.cloud.as_ref(), &executor.store.state(), &quiet()).await?;
        let caller = self.cloud.caller().await.unwrap();
        let options = Options {
            destroy,
            consent: vec!["*".to_owned()],
            ..Options::default()
        };
        let made = plan(declared, &seen, &caller, &options)?;
        let summary = executor.apply(&made).await?;
        executor.store.close().await?;
        Ok(summary)
    }

    /// What the next plan would do, and what has drifted.
    async fn left(&self, declared: &Declared) -> Result<(), String> {
        let executor = self.executor(declared).await;
        executor.settle().await.map_err(|e| e.to_string())?;
        let seen = refresh(self.cloud.as_ref(), &executor.store.state(), &quiet()).await;
        let seen = seen.map_err(|e| e.to_string())?;
        let caller = self.cloud.caller().await.unwrap();
        let next = plan(declared, &seen, &caller, &Options::default()).map_err(|e| e.to_string())?;
        executor.store.close().await.map_err(|e| e.to_string())?;
        if next.is_empty() && seen.drift.is_empty() {
            return Ok(());
        }
        let what = next.decisions.iter().map(|d| (&d.address, d.action, &d.changes));
        Err(format!(
            "drift {:?}, plan {:?}",
            seen.drift,
            what.collect::<Vec<_>>()
        ))
    }
}

/// A stack's whole life: made, found unchanged, changed, found unchanged, destroyed. What went wrong, in words.
async fn life(site: &Site, world: &World) -> Result<(), String> {
    let complete = |summary: Result<Summary, tenon_planner::Error>| match summary {
        Ok(summary) if summary.complete() => Ok(()),
        Ok(summary) => Err(format!("{:?}", summary.failed)),
        Err(error) => Err(error.to_string()),
    };
    for handler in ["index.one", "index.two"] {
        let declared = stack(handler);
        complete(site.run(&declared, false).await)?;
        let found = world.inventory();
        if found.len() != declared.resources.len() {
            return Err(format!("there is {found:?}"));
        }
        site.left(&declared).await?;
    }
    complete(site.run(&stack("index.two"), true).await)?;
    let found = world.inventory();
    found
        .is_empty()
        .then_some(())
        .ok_or_else(|| format!("{found:?} is left"))
}

/// The life of the stack over a double with these symptoms, and over the same one as `without` leaves out what is done about them.
fn with_and_without(
    symptoms: Symptoms,
    without: impl FnOnce(Wire) -> (Arc<dyn Cloud>, Settings),
) -> (Result<(), String>, Result<(), String>) {
    let schemas = schemas();
    let over = |site: fn(Wire) -> Site| (site, Arc::new(World::new(symptoms.clone())));
    let (site, world) = over(|wire| Site::new(Arc::new(wire)));
    let right = block_on(life(
        &site(Wire::Here(router(schemas.clone(), world.clone()))),
        &world,
    ));
    let world = Arc::new(World::new(symptoms));
    let (cloud, settings) = without(Wire::Here(router(schemas, world.clone())));
    let site = Site {
        settings,
        ..Site::new(cloud)
    };
    (right, block_on(life(&site, &world)))
}

/// A way to leave out what is done about a symptom.
#[derive(Clone, Copy, PartialEq)]
enum Lacks {
    /// Takes a request that is on its way for one that failed.
    Waiting,
    /// Takes what a read does not show yet for something that is gone.
    Patience,
    /// Sends each call with a token of its own.
    Token,
    /// Sends of a patch only what changes.
    WriteOnly,
    /// Forgets the identifier of what a failed create left.
    Identifier,
}

struct Lacking {
    wire: Wire,
    lacks: Lacks,
    calls: AtomicUsize,
    /// Handles of creates, and the identifiers of what they have made.
    creates: Mutex<BTreeSet<String>>,
}

impl Lacking {
    fn cloud(lacks: Lacks) -> impl FnOnce(Wire) -> (Arc<dyn Cloud>, Settings) {
        move |wire| {
            let calls = AtomicUsize::new(0);
            let creates = Mutex::default();
            (
                Arc::new(Self {
                    wire,
                    lacks,
                    calls,
                    creates,
                }),
                Settings::default(),
            )
        }
    }
}

#[async_trait::async_trait]
impl Forward for Lacking {
    fn to(&self) -> &dyn Cloud {
        &self.wire
    }
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let mut params = request.params.clone();
        if self.lacks == Lacks::Token {
            let call = self.calls.fetch_add(1, Ordering::Relaxed);
            params["ClientToken"] = json!(format!("call-{call}"));
        }
        if let (Lacks::WriteOnly, Some(patch)) = (self.lacks, params.get_mut("PatchDocument")) {
            patch.as_array_mut().unwrap().truncate(1);
        }
        let request = Request {
            params: &params,
            ..request
        };
        let (effect, id) = (request.effect, request.id.map(ToOwned::to_owned));
        let reply = self.wire.send(request).await?;
        let mut creates = self.creates.lock().unwrap();
        match (effect, id) {
            (Effect::Create, _) => creates.extend(reply.handle.clone()),
            (Effect::Delete, Some(id)) => drop(creates.remove(&id)),
            _ => {}
        }
        Ok(reply)
    }
    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        let progress = self.wire.progress(kind, handle).await?;
        let mut creates = self.creates.lock().unwrap();
        if let (Progress::Done(id), true) = (&progress, creates.contains(handle)) {
            creates.insert(id.clone());
        }
        Ok(match (self.lacks, progress) {
            (Lacks::Waiting, Progress::Running(_)) => Progress::Failed {
                code: "NotYet".into(),
                message: "it is not done".into(),
                id: None,
            },
            (Lacks::Identifier, Progress::Failed { code, message, .. }) => Progress::Failed {
                code,
                message,
                id: None,
            },
            (_, progress) => progress,
        })
    }
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        let found = self.wire.read(kind, ids).await?;
        let made = ids.iter().any(|id| self.creates.lock().unwrap().contains(id));
        if self.lacks == Lacks::Patience && made && found.len() < ids.len() {
            return Err(CallError::refused(
                "cloudcontrol",
                "GetResource",
                "ResourceNotFoundException",
                "no such resource",
            ));
        }
        Ok(found)
    }
}

#[test]
fn nothing_goes_wrong_where_there_are_no_symptoms() {
    for lacks in [Lacks::Waiting, Lacks::Patience, Lacks::Token, Lacks::Identifier] {
        let (right, without) = with_and_without(Symptoms::default(), Lacking::cloud(lacks));
        assert_eq!((right, without), (Ok(()), Ok(())));
    }
}

#[test]
fn a_request_is_waited_for() {
    let symptoms = Symptoms {
        polls: (3, 20),
        ..Symptoms::default()
    };
    let (right, without) = with_and_without(symptoms, Lacking::cloud(Lacks::Waiting));
    assert_eq!(right, Ok(()));
    assert!(without.unwrap_err().contains("it is not done"));
}

#[test]
fn what_is_pending_for_a_minute_is_waited_for() {
    let symptoms = Symptoms {
        polls: (15, 5),
        ..Symptoms::default()
    };
    let (right, _) = with_and_without(symptoms, Lacking::cloud(Lacks::Waiting));
    assert_eq!(right, Ok(()));
}

#[test]
fn what_is_not_shown_yet_is_not_gone() {
    let symptoms = Symptoms {
        unseen: 3,
        ..Symptoms::default()
    };
    let (right, without) = with_and_without(symptoms, Lacking::cloud(Lacks::Patience));
    assert_eq!(right, Ok(()));
    assert!(without.unwrap_err().contains("no such resource"));
}

#[test]
fn what_is_throttled_is_sent_again() {
    let symptoms = Symptoms {
        throttled: 25,
        ..Symptoms::default()
    };
    let hasty = |wire: Wire| -> (Arc<dyn Cloud>, Settings) {
        let settings = Settings {
            throttled: Duration::ZERO,
            ..Settings::default()
        };
        (Arc::new(wire), settings)
    };
    let (right, without) = with_and_without(symptoms, hasty);
    assert_eq!(right, Ok(()));
    assert!(without.unwrap_err().contains("Throttling"));
}

/// A type without a name and without tags: nothing but the token says that a second call is the first one.
#[test]
fn a_lost_reply_makes_nothing_twice() {
    let made = |without: bool| {
        let world = Arc::new(World::new(Symptoms {
            lost: 1,
            ..Symptoms::default()
        }));
        let wire = Wire::Here(router(schemas(), world.clone()));
        let site = Site::new(if without {
            Lacking::cloud(Lacks::Token)(wire).0
        } else {
            Arc::new(wire)
        });
        let mut d = Declared::new("double", "test", None);
        d.disposable = true;
        let control = json!({
            "Name": "assets", "OriginAccessControlOriginType": "s3", "SigningBehavior": "always", "SigningProtocol": "sigv4",
        });
        let properties = json!({ "OriginAccessControlConfig": control });
        any(
            &mut d,
            "control",
            "AWS::CloudFront::OriginAccessControl",
            properties,
        );
        block_on(async {
            let summary = site.run(&d, false).await.unwrap();
            assert!(summary.complete(), "{:?}", summary.failed);
        });
        world.inventory().len()
    };
    assert_eq!((made(false), made(true)), (1, 2));
    // With names and tags there is nothing twice either.
    let symptoms = Symptoms {
        lost: 3,
        ..Symptoms::default()
    };
    let (right, _) = with_and_without(symptoms, Lacking::cloud(Lacks::Token));
    assert_eq!(right, Ok(()));
}

#[test]
fn what_aws_does_not_give_back_is_sent_with_every_change() {
    let (right, without) = with_and_without(Symptoms::default(), Lacking::cloud(Lacks::WriteOnly));
    assert_eq!(right, Ok(()));
    assert!(without.unwrap_err().contains("required key [Code] not found"));
}

/// What a create that failed leaves: the next run makes it, and nothing is there twice.
#[test]
fn what_a_failed_create_leaves_is_replaced_and_what_leaves_nothing_is_made_again() {
    let failing = |leaves, lacks: Option<Lacks>| {
        let failure = Some(Failure {
            code: "NotStabilized".into(),
            leaves,
        });
        let world = Arc::new(World::new(Symptoms {
            creates: [failure].into(),
            ..Symptoms::default()
        }));
        let wire = Wire::Here(router(schemas(), world.clone()));
        let site = Site::new(match lacks {
            Some(lacks) => Lacking::cloud(lacks)(wire).0,
            None => Arc::new(wire),
        });
        block_on(async {
            let declared = stack("index.one");
            let first = site.run(&declared, false).await.unwrap();
            assert!(!first.complete());
            let second = site.run(&declared, false).await.unwrap();
            assert!(second.complete(), "{:?}", second.failed);
            site.left(&declared).await.unwrap();
            world.inventory().len()
        })
    };
    assert_eq!(failing(false, None), 4);
    assert_eq!(failing(true, None), 4);
    assert_eq!(failing(true, Some(Lacks::Identifier)), 5);
}

/// A symptom by which what is read is not what was sent: no difference to the engine, and one to whoever compares the two.
#[test]
fn what_aws_writes_in_its_own_way_is_no_difference() {
    let all = Symptoms {
        shuffles: true,
        reformats: true,
        defaults: true,
        ..Symptoms::default()
    };
    let only = |shuffles, reformats, defaults| Symptoms {
        shuffles,
        reformats,
        defaults,
        ..Symptoms::default()
    };
    let each = [
        (only(true, false, false), "role", "/ManagedPolicyArns"),
        (only(false, true, false), "role", "/AssumeRolePolicyDocument"),
        (all, "role", ""),
    ];
    for (symptoms, address, pointer) in each {
        let world = Arc::new(World::new(symptoms));
        let site = Site::new(Arc::new(Wire::Here(router(schemas(), world.clone()))));
        assert_eq!(block_on(life(&site, &world)), Ok(()));
        // The naive comparison.
        block_on(async {
            let declared = stack("index.one");
            site.run(&declared, false).await.unwrap();
            let executor = site.executor(&declared).await;
            let record = executor.store.state().current(address).cloned().unwrap();
            executor.store.close().await.unwrap();
            let kind = declared.resources[address].kind;
            let found = site
                .cloud
                .read(kind, &[record.id.clone().unwrap()])
                .await
                .unwrap();
            let (sent, shown) = (record.inputs.pointer(pointer), found[0].inputs.pointer(pointer));
            assert_ne!(sent, shown);
        });
    }
}

/// Fifty at once, of which the double throttles the first hundred calls.
#[test]
fn fifty_creates_at_once_that_are_throttled_all_end_well() {
    let world = Arc::new(World::new(Symptoms {
        throttled: 100,
        polls: (2, 1),
        ..Symptoms::default()
    }));
    let site = Site::new(Arc::new(Wire::Here(router(schemas(), world.clone()))));
    block_on(async {
        let mut d = Declared::new("double", "test", None);
        d.disposable = true;
        for n in 0..50 {
            any(
                &mut d,
                &format!("queue-{n}"),
                "AWS::SQS::Queue",
                json!({ "DelaySeconds": n }),
            );
        }
        let summary = site.run(&d, false).await.unwrap();
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(world.inventory().len(), 50);
        site.left(&d).await.unwrap();
    });
}
