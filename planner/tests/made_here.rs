//! Values that nobody types: random ids, which the executor makes, and passwords, which are made where they are kept.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Dying, Fixture, add, block_on};
use serde_json::json;
use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicI64},
};
use tenon_planner::{
    Action, Check, Declaration, Declared, Options,
    execute::Executor,
    permissions::{self, Purpose, StateAccess},
    render::{Look, text},
    sandbox::{Fault, FaultInjector, FaultTarget, SandboxConfig},
};
use tenon_resources::{
    cfn,
    ecs::Cluster,
    random,
    resource::Declare,
    s3::Bucket,
    secretsmanager::Secret,
    ssm::Parameter,
    text as joined,
    value::{Password, Secret as Value},
};

fn slow() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }
}

fn empty() -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    declared
}

/// A bucket whose name ends with a random id.
fn bucket(keeper: &str) -> Declared {
    let mut d = empty();
    let id = random::Id::new(4).keeper("generation", keeper);
    let id = add(&mut d, "suffix", id);
    add(
        &mut d,
        "logs",
        Bucket::new().bucket_name(joined!("shop-logs-{}", &id.hex)),
    );
    d.outputs.insert("suffix".into(), json!({"$ref": "suffix.hex"}));
    d
}

/// A secret and a parameter with passwords.
fn passwords(version: &str) -> Declared {
    let mut d = empty();
    let password = Password::new(32).exclude_punctuation().version(version);
    let login = password.clone().beside([("username", "shop")], "password");
    add(&mut d, "login", Secret::new().value(Value::generated(login)));
    add(
        &mut d,
        "token",
        Parameter::secure(Value::generated(password)).name("/shop/token"),
    );
    d
}

/// A cluster whose name ends with random words.
fn cluster(keeper: &str) -> Declared {
    let mut d = empty();
    let name = random::Pet::new().prefix("shop").keeper("generation", keeper);
    let name = add(&mut d, "name", name);
    add(
        &mut d,
        "cluster",
        Cluster::new().cluster_name(joined!("{}", &name.id)),
    );
    d.outputs.insert("name".into(), json!({"$ref": "name.id"}));
    d
}

/// What is named after a random value.
fn named(fixture: &Fixture) -> Vec<String> {
    let all = fixture.cloud.inventory().into_iter();
    all.filter(|(kind, _)| ["s3.bucket", "ecs.cluster"].contains(&kind.as_str()))
        .map(|(_, id)| id)
        .collect()
}

fn options(destroy: bool) -> Options {
    Options {
        destroy,
        ..Options::default()
    }
}

#[test]
fn an_id_is_made_once_and_used_in_a_name() {
    block_on(async {
        let fixture = Fixture::new(slow());
        let declared = bucket("1");
        declared.check().unwrap();
        let (plan, summary) = fixture.apply(&declared, &options(false)).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let shown = text(&plan, &Look::default());
        assert!(shown.contains("shop-logs-"), "{shown}");
        let [name] = named(&fixture).try_into().unwrap();
        let suffix = name.strip_prefix("shop-logs-").unwrap();
        assert_eq!(suffix.len(), 8);
        assert_eq!(summary.outputs["suffix"], suffix);
        // What makes it is no call of AWS's: it is not counted as one.
        let made: Vec<_> = plan.calls.iter().filter(|c| c.step.is_local()).collect();
        assert_eq!(made.len(), 1);
        assert_eq!(plan.counts().calls, plan.mutating().count() - 1);

        let next = fixture.next(&declared).await;
        assert!(next.is_empty(), "{:#?}", next.decisions);
        assert_eq!(named(&fixture), std::slice::from_ref(&name));

        // Another keeper makes another id, and what is named after it is replaced.
        let (plan, summary) = fixture
            .apply(
                &bucket("2"),
                &Options {
                    consent: vec!["logs".into()],
                    ..options(false)
                },
            )
            .await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(
            plan.decisions.iter().all(|d| d.action.replaces()),
            "{:#?}",
            plan.decisions
        );
        let [second] = named(&fixture).try_into().unwrap();
        assert_ne!(name, second);
        assert!(fixture.next(&bucket("2")).await.is_empty());

        let (_, summary) = fixture.apply(&bucket("2"), &options(true)).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(fixture.cloud.is_empty());
        assert!(fixture.next(&empty()).await.is_empty());
    });
}

#[test]
fn a_name_of_words_is_made_once_and_used_in_a_name() {
    block_on(async {
        let fixture = Fixture::new(slow());
        let declared = cluster("1");
        declared.check().unwrap();
        let (plan, summary) = fixture.apply(&declared, &options(false)).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        // Known after apply, and a promise before: what is before the words is known.
        let shown = text(&plan, &Look::default());
        assert!(shown.contains("(known after name is created)"), "{shown}");
        let clusters = |fixture: &Fixture| -> Vec<String> {
            let contents = fixture.cloud.contents().into_iter();
            contents
                .filter(|((kind, _), _)| kind == "ecs.cluster")
                .filter_map(|(_, inputs)| inputs["cluster_name"].as_str().map(ToOwned::to_owned))
                .collect()
        };
        let [name] = clusters(&fixture).try_into().unwrap();
        assert_eq!(summary.outputs["name"], name);
        let words: Vec<&str> = name.split('-').collect();
        assert!(words.len() == 3 && words[0] == "shop", "{name}");
        assert_eq!(plan.counts().calls, plan.mutating().count() - 1);
        assert!(fixture.next(&declared).await.is_empty());

        // Another keeper makes other words.
        let (_, summary) = fixture.apply(&cluster("2"), &options(false)).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let [second] = clusters(&fixture).try_into().unwrap();
        assert_ne!(name, second);
        let (_, summary) = fixture.apply(&cluster("2"), &options(true)).await;
        assert!(
            summary.complete() && fixture.cloud.is_empty(),
            "{:?}",
            summary.failed
        );
    });
}

#[test]
fn permissions_of_what_is_named_after_an_id_end_with_a_star() {
    block_on(async {
        let fixture = Fixture::new(slow());
        let plan = fixture.next(&bucket("1")).await;
        let needs = permissions::needs(&plan, Purpose::Apply, &StateAccess::default());
        let policy = format!("{needs:?}");
        assert!(policy.contains("arn:aws:s3:::shop-logs-*"), "{policy}");
        assert!(!policy.contains("random:"), "{policy}");
    });
}

/// Dies at each mutating call, before it and after it, then runs to the end.
async fn cut(declared: &Declared, call: i64, after: bool) -> (bool, Fixture, BTreeSet<String>) {
    let fixture = Fixture::new(slow());
    let cloud = Arc::new(Dying {
        cloud: fixture.cloud.clone(),
        left: AtomicI64::new(call),
        after,
        dead: tokio::sync::Notify::new(),
    });
    let mut executor: Executor = fixture.executor(declared).await;
    executor.cloud = cloud.clone();
    let plan = fixture.plan(&executor, declared, &options(false)).await.unwrap();
    let died = tokio::select! {
        done = executor.apply(&plan) => { assert!(done.unwrap().complete()); false }
        () = cloud.dead.notified() => true,
    };
    let seen = named(&fixture).into_iter().collect();
    drop(executor);
    fixture.release().await;
    let (_, summary) = fixture.apply(declared, &options(false)).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    assert!(fixture.next(declared).await.is_empty());
    (died, fixture, seen)
}

#[test]
fn no_death_makes_a_second_id_or_name() {
    for (declared, after) in [bucket("1"), cluster("1")]
        .iter()
        .flat_map(|declared| [(declared, false), (declared, true)])
    {
        for call in 0.. {
            let died = block_on(async {
                let (died, fixture, mut seen) = cut(declared, call, after).await;
                seen.extend(named(&fixture));
                assert_eq!(seen.len(), 1, "call {call}, after {after}: {seen:?}");
                died
            });
            if !died {
                break;
            }
        }
    }
}

fn value(fixture: &Fixture, kind: &str, id: &str, member: &str) -> String {
    let kept = fixture.cloud.kept(kind, id, member).unwrap();
    kept.as_str().unwrap().to_owned()
}

/// The id of the only one of a type.
fn only(fixture: &Fixture, kind: &str) -> String {
    let all = fixture.cloud.inventory().into_iter();
    let [(_, id)] = <[_; 1]>::try_from(all.filter(|(k, _)| k == kind).collect::<Vec<_>>()).unwrap();
    id
}

fn both(fixture: &Fixture) -> [String; 2] {
    let secret = only(fixture, "secretsmanager.secret");
    [
        value(fixture, "secretsmanager.secret", &secret, "secret_string"),
        value(fixture, "ssm.parameter", "/shop/token", "value"),
    ]
}

#[test]
fn a_password_is_made_where_it_is_kept_and_another_one_when_it_is_asked_for() {
    block_on(async {
        let fixture = Fixture::new(slow());
        let declared = passwords("1");
        declared.check().unwrap();
        let (plan, summary) = fixture.apply(&declared, &options(false)).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let first = both(&fixture);
        let login: serde_json::Value = serde_json::from_str(&first[0]).unwrap();
        assert_eq!(login["username"], "shop");
        let canaries = [login["password"].as_str().unwrap().to_owned(), first[1].clone()];
        assert!(canaries.iter().all(|text| text.len() == 32), "{canaries:?}");

        // Whoever has the plan, the state or the events does not have them.
        let executor = fixture.executor(&declared).await;
        let told = [
            plan.to_json(),
            text(&plan, &Look::default()),
            format!("{plan:?} {summary:?} {:?}", fixture.events.lock().unwrap()),
            format!("{:?}", executor.store.state()),
        ];
        executor.store.close().await.unwrap();
        for canary in &canaries {
            assert!(told.iter().all(|text| !text.contains(canary.as_str())));
        }
        assert!(fixture.next(&declared).await.is_empty());
        assert_eq!(both(&fixture), first);

        let (plan, summary) = fixture.apply(&passwords("2"), &options(false)).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let actions: Vec<_> = plan.decisions.iter().map(|d| d.action).collect();
        assert_eq!(actions, [Action::Update, Action::Update]);
        let second = both(&fixture);
        assert!(first[0] != second[0] && first[1] != second[1]);
        assert!(fixture.next(&passwords("2")).await.is_empty());
        assert_eq!(both(&fixture), second);
    });
}

#[test]
fn a_death_between_making_and_recording_a_password_makes_no_second_one() {
    for (call, after) in (0..2).flat_map(|call| [(call, false), (call, true)]) {
        block_on(async {
            let fixture = Fixture::new(slow());
            let declared = passwords("1");
            let cloud = Arc::new(Dying {
                cloud: fixture.cloud.clone(),
                left: AtomicI64::new(call),
                after,
                dead: tokio::sync::Notify::new(),
            });
            let mut executor = fixture.executor(&declared).await;
            executor.settings.parallelism = 1;
            executor.cloud = cloud.clone();
            let plan = fixture.plan(&executor, &declared, &options(false)).await.unwrap();
            tokio::select! {
                _ = executor.apply(&plan) => panic!("it did not die"),
                () = cloud.dead.notified() => {}
            }
            let secret = fixture.cloud.inventory().into_iter();
            let secret = secret.map(|(kind, id)| {
                let member = if kind == "ssm.parameter" {
                    "value"
                } else {
                    "secret_string"
                };
                (
                    kind.clone(),
                    id.clone(),
                    value(&fixture, &kind, &id, member),
                    member,
                )
            });
            let before: Vec<_> = secret.collect();
            drop(executor);
            fixture.release().await;
            let (_, summary) = fixture.apply(&declared, &options(false)).await;
            assert!(summary.complete(), "{:?}", summary.failed);
            for (kind, id, was, member) in before {
                assert_eq!(
                    value(&fixture, &kind, &id, member),
                    was,
                    "call {call}, after {after}: {kind}"
                );
            }
            assert!(fixture.next(&declared).await.is_empty());
        });
    }
}

#[test]
fn passwords_outlast_every_fault() {
    for version in ["1", "2"] {
        for (call, fault) in (0..2).flat_map(|call| Fault::ALL.map(|fault| (call, fault))) {
            block_on(async {
                let fixture = Fixture::new(slow());
                if version == "2" {
                    let (_, summary) = fixture.apply(&passwords("1"), &options(false)).await;
                    assert!(summary.complete());
                }
                let declared = passwords(version);
                let mut executor = fixture.executor(&declared).await;
                let target = FaultTarget::Call(call, fault);
                executor.cloud = Arc::new(FaultInjector::new(fixture.cloud.clone(), target));
                let plan = fixture.plan(&executor, &declared, &options(false)).await.unwrap();
                let summary = executor.apply(&plan).await.unwrap();
                assert!(
                    summary.complete(),
                    "{version} {call} {fault:?}: {:?}",
                    summary.failed
                );
                drop(executor);
                fixture.release().await;
                assert!(fixture.next(&declared).await.is_empty());
                both(&fixture);
            });
        }
    }
}

#[test]
fn a_password_that_nobody_could_read_or_that_aws_does_not_make_is_refused() {
    let mut d = empty();
    let short = Password::new(2);
    add(&mut d, "short", Secret::new().value(Value::generated(short)));
    let password = json!({ "MasterUserPassword": Value::generated(Password::new(32)) });
    let database = cfn::Resource::new("AWS::RDS::DBInstance", password);
    let (kind, inputs) = database.declare().unwrap();
    d.add("db", Declaration::new(kind, inputs, "main.rs:1"));
    let error = d.check().unwrap_err().to_string();
    assert!(error.contains("one of each of 4 kinds does not fit"), "{error}");
    assert!(
        error.contains("nobody can read from a `AWS::RDS::DBInstance`"),
        "{error}"
    );
}

#[test]
fn a_name_is_checked_as_far_as_it_is_known() {
    let mut d = empty();
    let id = add(&mut d, "suffix", random::Id::new(4));
    add(
        &mut d,
        "logs",
        Bucket::new().bucket_name(joined!("Shop_{}", &id.hex)),
    );
    let error = d.check().unwrap_err().to_string();
    assert!(error.contains("`bucket_name` has `S`"), "{error}");
}
