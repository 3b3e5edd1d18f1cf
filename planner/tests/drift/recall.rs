//! A mutation of every readable field of every type, what vanishes, what fails, what is put into something, what is in no state,
//! what cannot be read.

use crate::common::{Fixture, block_on};
use serde_json::Value;
use std::sync::Arc;
use tenon_planner::{
    Declaration, Declared, Options,
    drift::{Class, Drifted, Survey, survey},
    event::quiet,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    cloud::{CallError, Caller, Cloud, Observed, Reply, Request, Status},
    registry::{self, TYPES},
    resource::ResourceType,
    value::{Owner, SecretSource},
};
use tenon_state::State;

type Type = &'static dyn ResourceType;

/// A resource with the inputs of its type's sample.
fn alone(kind: Type, sample: usize) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    let declaration = Declaration::new(kind, kind.samples()[sample].clone(), "main.rs:1");
    declared.add("it", declaration);
    declared
}

async fn state(fixture: &Fixture, declared: &Declared) -> State {
    let store = fixture.store(declared).await;
    let state = State::clone(&store.state());
    store.close().await.unwrap();
    state
}

async fn found(cloud: &dyn Cloud, state: &State) -> Survey {
    survey(cloud, state, &[], &quiet()).await.unwrap()
}

/// The classes that were found, and the fields.
fn said(survey: &Survey) -> Vec<(Class, Vec<&str>)> {
    let one = |d: &Drifted| d.fields.iter().map(|f| f.field.clone()).collect::<Vec<_>>();
    let all = survey.drifted.iter().map(|d| (d.class, one(d)));
    all.map(|(class, fields)| {
        let known = |f: String| TYPES.iter().find_map(|k| k.field(&f).map(|f| f.name)).unwrap();
        (class, fields.into_iter().map(known).collect())
    })
    .collect()
}

#[test]
// Long: each way to differ, one after the other, on the same resource.
fn a_mutation_of_every_readable_field_of_every_type_is_found() {
    let (mut mutations, mut left_to_aws, mut missed) = (0, 0, vec![]);
    for &kind in TYPES {
        for sample in [0, 1] {
            block_on(async {
                let declared = alone(kind, sample);
                let fixture = Fixture::new(SandboxConfig::instant());
                let (_, summary) = fixture.apply(&declared, &Options::default()).await;
                assert!(summary.complete(), "{}: {:?}", kind.name(), summary.failed);
                let state = state(&fixture, &declared).await;
                let record = state.current("it").unwrap().clone();
                let id = record.id.clone().unwrap();
                let clean = found(&*fixture.cloud, &state).await;
                assert_eq!(said(&clean), [], "{} {sample}: as it was left", kind.name());
                let other = kind.canonical(&kind.samples()[1 - sample]).unwrap();
                for field in kind.fields().iter().filter(|f| !f.write_only) {
                    let have = &record.inputs[field.name];
                    if field.optional && have.is_null() {
                        // AWS chooses it, and whatever it is, is right.
                        left_to_aws += 1;
                        continue;
                    }
                    let mut value = other[field.name].clone();
                    if field.name == "tags" {
                        value = have.clone();
                        value["added-by-hand"] = "yes".into();
                    }
                    if value == *have {
                        value = Value::Null;
                    }
                    assert!(fixture.cloud.tamper(kind.name(), &id, field.name, value));
                    mutations += 1;
                    let survey = found(&*fixture.cloud, &state).await;
                    if said(&survey) != [(Class::Changed, vec![field.name])] {
                        missed.push(format!("{}.{}: {:?}", kind.name(), field.name, said(&survey)));
                    }
                    fixture.cloud.tamper(kind.name(), &id, field.name, have.clone());
                }
                let clean = found(&*fixture.cloud, &state).await;
                assert_eq!(said(&clean), [], "{} {sample}: put back", kind.name());
                for (status, class) in [
                    (Status::Failed("failed".into()), Some(Class::Failed)),
                    (Status::Impaired("impaired".into()), Some(Class::Failed)),
                    (Status::Pending("updating".into()), None),
                ] {
                    fixture.cloud.set_status(kind.name(), &id, Some(status));
                    let survey = found(&*fixture.cloud, &state).await;
                    let classes: Vec<Class> = said(&survey).into_iter().map(|(c, _)| c).collect();
                    assert_eq!(classes, Vec::from_iter(class), "{}", kind.name());
                    fixture.cloud.set_status(kind.name(), &id, None);
                }
                assert!(fixture.cloud.vanish(kind.name(), &id));
                let survey = found(&*fixture.cloud, &state).await;
                assert_eq!(said(&survey), [(Class::Gone, vec![])], "{}", kind.name());
            });
        }
    }
    println!(
        "{} types: {mutations} mutations of readable fields, {} missed; {left_to_aws} fields left to AWS",
        TYPES.len(),
        missed.len()
    );
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(mutations > 400, "{mutations}");
}

#[test]
fn what_carries_our_tags_and_is_in_no_state_is_found_whatever_its_type() {
    let mut tried = 0;
    for &kind in TYPES.iter().filter(|k| k.taggable()) {
        block_on(async {
            let declared = alone(kind, 0);
            let fixture = Fixture::new(SandboxConfig::instant());
            fixture.apply(&declared, &Options::default()).await;
            let mut state = state(&fixture, &declared).await;
            let record = state.current("it").unwrap().clone();
            state.records.clear();
            let survey = found(&*fixture.cloud, &state).await;
            assert_eq!(said(&survey), [(Class::Unrecorded, vec![])], "{}", kind.name());
            assert_eq!(survey.drifted[0].id, record.id);
            // A create whose reply is not recorded yet is taken up by the next apply.
            let mut begun = record.clone();
            begun.id = None;
            state.insert(begun);
            assert_eq!(said(&found(&*fixture.cloud, &state).await), []);
            state.records.clear();
            let leaving = Some(Status::Leaving("deleting".into()));
            fixture
                .cloud
                .set_status(kind.name(), record.id.as_deref().unwrap(), leaving);
            assert_eq!(said(&found(&*fixture.cloud, &state).await), []);
        });
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
}

/// A cloud that refuses reads of some types, as IAM does.
struct Denied(Arc<Sandbox>, Vec<&'static str>);

impl Denied {
    fn check(&self, kind: Type) -> Result<(), CallError> {
        if !self.1.contains(&kind.name()) {
            return Ok(());
        }
        let read = kind.read();
        let why = format!("not authorized to perform {}", read.actions[0]);
        Err(CallError::refused(
            read.service,
            read.operation,
            "AccessDenied",
            why,
        ))
    }
}

#[async_trait::async_trait]
impl Cloud for Denied {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.0.caller().await
    }
    async fn send(&self, _: Request<'_>) -> Result<Reply, CallError> {
        panic!("drift changes nothing")
    }
    async fn read(&self, kind: Type, ids: &[String]) -> Result<Vec<Observed>, CallError> {
        self.check(kind)?;
        self.0.read(kind, ids).await
    }
    async fn find(&self, kind: Type, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.check(kind)?;
        self.0.find(kind, owner).await
    }
    async fn find_named(&self, _: Type, _: &Value) -> Result<Vec<Observed>, CallError> {
        panic!("drift looks for no names")
    }
    async fn made_with(&self, _: Type, _: &str) -> Result<Vec<Observed>, CallError> {
        panic!("drift looks for no tokens")
    }
    async fn parts(&self, kind: Type, of: &[String]) -> Result<Vec<Observed>, CallError> {
        self.check(kind)?;
        self.0.parts(kind, of).await
    }
    async fn secret(&self, _: &SecretSource) -> Result<String, CallError> {
        panic!("drift reads no secrets")
    }
}

#[test]
fn a_type_that_cannot_be_read_is_named_with_what_the_credentials_lack_and_hides_no_other() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        for name in ["ec2.vpc", "sqs.queue"] {
            let kind = registry::find(name).unwrap();
            declared.add(
                name,
                Declaration::new(kind, kind.samples()[0].clone(), "main.rs:1"),
            );
        }
        let fixture = Fixture::new(SandboxConfig::instant());
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let state = state(&fixture, &declared).await;
        let queue = state.current("sqs.queue").unwrap().id.clone().unwrap();
        assert!(fixture.cloud.vanish("sqs.queue", &queue));
        // One that the stack has, and one that it does not.
        let cloud = Denied(fixture.cloud.clone(), vec!["ec2.vpc", "rds.db_instance"]);
        let survey = found(&cloud, &state).await;
        assert_eq!(said(&survey), [(Class::Gone, vec![])]);
        assert_eq!(survey.unsearched, ["rds.db_instance"]);
        assert_eq!(survey.unreadable.len(), 1);
        assert_eq!(survey.unreadable[0].kind, "ec2.vpc");
        assert!(survey.unreadable[0].lacks.contains(&"ec2:DescribeVpcs".into()));
        // What one of two readings could not see is not known.
        let later = found(&*fixture.cloud, &state).await;
        let both = survey.clone().confirmed_by(later.clone());
        assert_eq!(
            (said(&both), both.unreadable.len()),
            (vec![(Class::Gone, vec![])], 1)
        );
        assert_eq!(later.confirmed_by(survey).unreadable.len(), 1);
    });
}
