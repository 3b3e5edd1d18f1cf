//! Options of resources: each does what it says, and without it something else happens.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

#[path = "../common/mod.rs"]
mod common;
mod stays;

use common::{Fixture, add, block_on};
use serde_json::{Value, json};
use tenon_planner::{
    Action, Check, Declaration, Declared, Error, Options, Plan, Reason, SavedPlan,
    event::quiet,
    recover::recover,
    refresh::{DriftKind, refresh},
    render,
    sandbox::SandboxConfig,
};
use tenon_resources::{
    call::Effect,
    cloud::Cloud as _,
    declaration::{ReplaceOrder, ResourceOptions},
    ec2, logs,
    registry::{self, TYPES},
    sns,
};

fn stack() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    d
}

/// The option that `set` makes of the default.
fn option(set: impl FnOnce(&mut ResourceOptions)) -> ResourceOptions {
    let mut options = ResourceOptions::default();
    set(&mut options);
    options
}

fn with(mut declared: Declared, address: &str, options: &ResourceOptions) -> Declared {
    declared.resources[address].options = options.clone();
    declared
}

/// A topic with this display name.
fn topic(name: &str) -> Declared {
    let mut d = stack();
    add(&mut d, "news", sns::Topic::new().display_name(name));
    d
}

fn destroy() -> Options {
    Options {
        destroy: true,
        consent: vec!["*".into()],
        ..Options::default()
    }
}

async fn applied(declared: &Declared) -> Fixture {
    let fixture = Fixture::new(SandboxConfig::instant());
    apply(&fixture, declared).await;
    fixture
}

async fn apply(fixture: &Fixture, declared: &Declared) -> Plan {
    let (plan, summary) = fixture.apply(declared, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    assert!(fixture.next(declared).await.is_empty());
    plan
}

async fn planned(fixture: &Fixture, declared: &Declared, options: &Options) -> Result<Plan, Error> {
    let executor = fixture.executor(declared).await;
    let plan = fixture.plan(&executor, declared, options).await;
    executor.store.close().await.unwrap();
    plan
}

/// The same plan after it was a file, verified as one.
async fn verified(fixture: &Fixture, declared: &Declared, plan: &Plan) -> Result<Plan, Error> {
    let executor = fixture.executor(declared).await;
    let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
    let caller = fixture.cloud.caller().await.unwrap();
    let made = executor.verify(&saved, &caller).await;
    executor.store.close().await.unwrap();
    made
}

async fn id(fixture: &Fixture, declared: &Declared, address: &str) -> String {
    let executor = fixture.executor(declared).await;
    let id = executor.store.state().current(address).unwrap().id.clone();
    executor.store.close().await.unwrap();
    id.unwrap()
}

fn refused(result: Result<Plan, Error>, what: &str) {
    match result {
        Err(error) => assert!(error.to_string().contains(what), "{error} says not {what:?}"),
        Ok(plan) => panic!("{:?} was not refused", plan.decisions),
    }
}

#[test]
fn what_is_protected_goes_only_when_the_protection_went_before() {
    block_on(async {
        let protect = option(|o| o.protected = true);
        let declared = with(topic("a"), "news", &protect);
        let fixture = applied(&declared).await;
        refused(
            planned(&fixture, &declared, &destroy()).await,
            "`news` would be deleted, and is protected",
        );
        let replace = Options {
            replace: vec!["news".into()],
            consent: vec!["*".into()],
            ..Options::default()
        };
        refused(
            planned(&fixture, &declared, &replace).await,
            "`news` would be replaced, and is protected",
        );
        // Whoever takes out a whole file has not said that.
        refused(
            planned(&fixture, &stack(), &Options::default()).await,
            "declare it again without `protected`",
        );
        let without = topic("a");
        assert_eq!(
            planned(&fixture, &without, &replace)
                .await
                .unwrap()
                .counts()
                .replace,
            1,
            "the line is gone"
        );
        let plan = apply(&fixture, &without).await;
        assert_eq!((plan.counts().calls, plan.counts().update), (0, 1));
        assert!(render::text(&plan, &render::Look::default()).contains("options: protected → none"));
        let gone = planned(&fixture, &stack(), &Options::default()).await.unwrap();
        assert_eq!(gone.counts().delete, 1);
        assert_eq!(
            planned(&fixture, &without, &destroy())
                .await
                .unwrap()
                .counts()
                .delete,
            1
        );
    });
}

#[test]
fn what_failed_for_good_is_not_replaced_when_it_is_protected() {
    use tenon_resources::cloud::Status;
    block_on(async {
        for (protected, action) in [(false, Action::ReplaceCreateFirst), (true, Action::None)] {
            let declared = with(topic("a"), "news", &option(|o| o.protected = protected));
            let fixture = applied(&declared).await;
            let id = id(&fixture, &declared, "news").await;
            let failed = Status::Failed("for good".into());
            assert!(fixture.cloud.set_status("sns.topic", &id, Some(failed)));
            let plan = planned(&fixture, &declared, &Options::default()).await.unwrap();
            assert_eq!(plan.decisions[0].action, action);
        }
    });
}

#[test]
fn what_is_kept_stays_without_tags_and_is_not_found_again() {
    block_on(async {
        for kept in [true, false] {
            let declared = with(topic("a"), "news", &option(|o| o.kept = kept));
            let fixture = applied(&declared).await;
            for (next, options) in [(stack(), Options::default()), (declared.clone(), destroy())] {
                let plan = planned(&fixture, &next, &options).await.unwrap();
                let expected = if kept {
                    (Action::Forget, Some(Reason::Kept))
                } else if options.destroy {
                    (Action::Delete, Some(Reason::Asked))
                } else {
                    (Action::Delete, Some(Reason::NotDeclared))
                };
                assert_eq!(
                    (plan.decisions[0].action, plan.decisions[0].reason.clone()),
                    expected
                );
                assert_eq!(verified(&fixture, &next, &plan).await.unwrap(), plan);
            }
            let id = id(&fixture, &declared, "news").await;
            apply(&fixture, &stack()).await;
            let kind = registry::find("sns.topic").unwrap();
            let found = fixture.cloud.read(kind, &[id]).await.unwrap();
            assert_eq!(found.len(), usize::from(kept));
            if let Some(found) = found.first() {
                let tags = found.inputs["tags"].as_object().unwrap();
                assert!(tags.keys().all(|key| !key.starts_with("tenon:")), "{tags:?}");
            }
            // Nothing is left of it that a lost state would be rebuilt from.
            let nothing = Fixture {
                cloud: fixture.cloud.clone(),
                ..Fixture::new(SandboxConfig::instant())
            };
            let executor = nothing.executor(&stack()).await;
            let caller = fixture.cloud.caller().await.unwrap();
            let state = executor.store.state();
            let found = recover(&*fixture.cloud, &stack(), &caller, &state).await.unwrap();
            assert!(found.is_empty(), "{found:?}");
        }
    });
}

/// Every readable field of every type, changed outside: owned elsewhere it is no drift and no diff, and otherwise it is both.
#[test]
fn no_false_drift_and_none_missed() {
    let (mut owned, mut ours) = (0, 0);
    for kind in TYPES {
        let [sample, other] = kind.samples();
        let fields = kind.fields().iter();
        for field in fields.filter(|f| !f.write_only && f.name != "tags" && f.named.is_none()) {
            if sample[field.name] == other[field.name] || sample[field.name].is_null() {
                continue;
            }
            for elsewhere in [true, false] {
                block_on(async {
                    let mut declared = stack();
                    declared.add("it", Declaration::new(*kind, sample.clone(), "main.rs:1"));
                    let options = option(|o| {
                        if elsewhere {
                            o.owned_elsewhere.insert(field.name.into());
                        }
                    });
                    let declared = with(declared, "it", &options);
                    let fixture = applied(&declared).await;
                    let id = id(&fixture, &declared, "it").await;
                    let value = other[field.name].clone();
                    assert!(fixture.cloud.tamper(kind.name(), &id, field.name, value.clone()));
                    let executor = fixture.executor(&declared).await;
                    let state = executor.store.state();
                    let seen = refresh(&*fixture.cloud, &state, &quiet()).await.unwrap();
                    let what = format!("{}.{}, owned elsewhere: {elsewhere}", kind.name(), field.name);
                    let changed = seen.drift.iter().any(|d| matches!(&d.what, DriftKind::Changed(f) if f.iter().any(|f| f.field == field.name)));
                    assert_eq!(changed, !elsewhere, "{what}");
                    executor.store.close().await.unwrap();
                    if elsewhere {
                        owned += 1;
                        let plan = fixture.next(&declared).await;
                        assert!(plan.is_empty(), "{what}: {:?}", plan.decisions[0].changes);
                        assert_eq!(plan.decisions[0].inputs[field.name], value, "{what}");
                    } else {
                        ours += 1;
                    }
                });
            }
        }
    }
    assert!(owned == ours && owned > 100, "{owned} {ours}");
}

/// What somebody else owns is sent as it is, not as it once was, by calls that send everything.
// Long: one story, in its order.
#[test]
fn a_call_about_something_else_does_not_take_it_back() {
    block_on(async {
        let declared = |description: &str| {
            let mut d = stack();
            let group = logs::LogGroup::new().retention_in_days(7);
            add(&mut d, "lines", group.tags([("about", description)]));
            with(
                d,
                "lines",
                &option(|o| {
                    o.owned_elsewhere
                        .insert(logs::LogGroup::RETENTION_IN_DAYS.name().into());
                    o.tags_owned_elsewhere.insert("cost:*".into());
                }),
            )
        };
        let fixture = applied(&declared("a")).await;
        let id = id(&fixture, &declared("a"), "lines").await;
        assert!(
            fixture
                .cloud
                .tamper("logs.log_group", &id, "retention_in_days", json!(30))
        );
        let kind = registry::find("logs.log_group").unwrap();
        let read = async || {
            fixture
                .cloud
                .read(kind, std::slice::from_ref(&id))
                .await
                .unwrap()
                .remove(0)
                .inputs
        };
        let mut tags = read().await["tags"].clone();
        tags["cost:center"] = json!("42");
        assert!(fixture.cloud.tamper("logs.log_group", &id, "tags", tags));
        assert!(fixture.next(&declared("a")).await.is_empty());
        apply(&fixture, &declared("b")).await;
        let now = read().await;
        assert_eq!(
            (&now["retention_in_days"], &now["tags"]["cost:center"]),
            (&json!(30), &json!("42"))
        );
        assert_eq!(now["tags"]["about"], json!("b"));
        // Without the option it is taken back.
        let mut bare = declared("b");
        bare.resources["lines"].options = ResourceOptions::default();
        let plan = apply(&fixture, &bare).await;
        assert_eq!(
            plan.decisions[0].changes.len(),
            2,
            "{:?}",
            plan.decisions[0].changes
        );
        let now = read().await;
        assert_eq!(
            (&now["retention_in_days"], &now["tags"]["cost:center"]),
            (&json!(7), &Value::Null)
        );
    });
}

#[test]
fn what_is_replaced_with_another_follows_it() {
    block_on(async {
        let declared = |range: &str, with_it: bool| {
            let mut d = stack();
            add(&mut d, "vpc", ec2::Vpc::new(range));
            add(&mut d, "news", sns::Topic::new());
            let options = option(|o| {
                if with_it {
                    o.replaced_with.insert("vpc".into());
                }
            });
            with(d, "news", &options)
        };
        for with_it in [true, false] {
            let fixture = applied(&declared("10.0.0.0/16", with_it)).await;
            let next = declared("10.1.0.0/16", with_it);
            let plan = planned(&fixture, &next, &Options::default()).await.unwrap();
            assert_eq!(plan.counts().replace, 1 + usize::from(with_it));
            assert_eq!(verified(&fixture, &next, &plan).await.unwrap(), plan);
            if with_it {
                let news = plan.decisions.iter().find(|d| d.address == "news").unwrap();
                assert_eq!(news.reason, Some(Reason::With(vec!["vpc".into()])));
                let place = |address: &str| plan.calls.iter().position(|c| c.address == address).unwrap();
                assert!(place("vpc") < place("news"));
            }
            apply(&fixture, &next).await;
        }
        let mut missing = declared("10.0.0.0/16", true);
        missing.resources.shift_remove("vpc");
        assert!(
            missing
                .check()
                .unwrap_err()
                .to_string()
                .contains("`vpc`, which is not declared")
        );
    });
}

#[test]
fn the_order_of_a_replacement_is_set_by_hand() {
    let replaced = |order: Option<ReplaceOrder>, name: Option<&str>| {
        block_on(async {
            let topic = sns::Topic::new();
            let topic = match name {
                Some(name) => topic.topic_name(name),
                None => topic,
            };
            let mut d = stack();
            add(&mut d, "news", topic);
            let d = with(d, "news", &option(|o| o.replace_order = order));
            let fixture = applied(&d).await;
            let replace = Options {
                replace: vec!["news".into()],
                ..Options::default()
            };
            let plan = planned(&fixture, &d, &replace).await;
            plan.map(|plan| plan.decisions[0].action)
        })
    };
    let (create, delete) = (Some(ReplaceOrder::CreateFirst), Some(ReplaceOrder::DeleteFirst));
    assert_eq!(replaced(None, None).unwrap(), Action::ReplaceCreateFirst);
    assert_eq!(replaced(delete, None).unwrap(), Action::ReplaceDeleteFirst);
    assert_eq!(replaced(create, None).unwrap(), Action::ReplaceCreateFirst);
    assert_eq!(replaced(None, Some("news")).unwrap(), Action::ReplaceDeleteFirst);
    let error = replaced(create, Some("news")).unwrap_err().to_string();
    assert!(error.contains("making the new one first, and takes"), "{error}");
}

#[test]
fn waits_end_at_their_limit() {
    block_on(async {
        // A NAT gateway takes about two minutes.
        for (limit, completes) in [(None, true), (Some(20), false)] {
            let mut d = stack();
            add(&mut d, "nat", ec2::NatGateway::new("subnet-1", "eipalloc-1"));
            let d = with(d, "nat", &option(|o| o.time_limits.ready = limit));
            let fixture = Fixture::new(SandboxConfig {
                speed: 1.0,
                ..SandboxConfig::default()
            });
            let (plan, summary) = fixture.apply(&d, &Options::default()).await;
            assert_eq!(summary.complete(), completes, "{:?}", summary.failed);
            if let Some(limit) = limit {
                let waits = |e: Effect| matches!(e, Effect::Ready(s) if s == limit);
                assert!(plan.calls.iter().any(|c| waits(c.step.effect)));
            }
            let more = with(d.clone(), "nat", &option(|o| o.time_limits.gone = Some(1)));
            let (_, summary) = fixture.apply(&more, &Options::default()).await;
            assert!(summary.complete(), "{:?}", summary.failed);
            let plan = planned(&fixture, &more, &destroy()).await.unwrap();
            assert_eq!(verified(&fixture, &more, &plan).await.unwrap(), plan);
            let gone = plan.calls.iter().filter(|c| c.step.effect == Effect::Gone(1));
            assert_eq!(gone.count(), 1);
        }
    });
}

#[test]
fn an_optional_that_is_unset_is_said_to_stay() {
    block_on(async {
        let declared = |ami: bool| {
            let mut d = stack();
            let mut service = tenon_resources::ecs::Service::new("cluster-1", "task-1");
            if ami {
                service = service.platform_version("1.4.0");
            }
            add(&mut d, "web", service);
            d
        };
        let fixture = applied(&declared(true)).await;
        let plan = planned(&fixture, &declared(false), &Options::default())
            .await
            .unwrap();
        assert_eq!(
            (plan.counts().update, plan.counts().calls),
            (1, 0),
            "{:?}",
            plan.decisions
        );
        let text = render::text(&plan, &render::Look::default());
        assert!(
            text.contains("`platform_version` stays as it is in AWS"),
            "{text}"
        );
        assert_eq!(verified(&fixture, &declared(false), &plan).await.unwrap(), plan);
        apply(&fixture, &declared(false)).await;
        // From then on it is not looked at.
        let id = id(&fixture, &declared(false), "web").await;
        assert!(
            fixture
                .cloud
                .tamper("ecs.service", &id, "platform_version", json!("1.3.0"))
        );
        assert!(fixture.next(&declared(false)).await.is_empty());
    });
}

#[test]
fn what_no_option_can_mean_is_a_finding() {
    let said = |set: &dyn Fn(&mut ResourceOptions)| {
        let declared = with(topic("a"), "news", &option(set));
        declared.check().unwrap_err().to_string()
    };
    for (error, expected) in [
        (
            said(&|o| assert!(o.owned_elsewhere.insert("color".into()))),
            "a `sns.topic` has no such field",
        ),
        (
            said(&|o| assert!(o.owned_elsewhere.insert("tags".into()))),
            "the ownership tags",
        ),
        (
            said(&|o| assert!(o.tags_owned_elsewhere.insert("tenon:*".into()))),
            "the ownership tags",
        ),
        (
            said(&|o| assert!(o.tags_owned_elsewhere.insert("*".into()))),
            "the ownership tags",
        ),
        (
            said(&|o| assert!(o.tags_owned_elsewhere.insert("aws:x".into()))),
            "AWS's own",
        ),
        (
            said(&|o| o.time_limits.gone = Some(0)),
            "a limit is of 1 s to 24 hours",
        ),
    ] {
        assert!(error.contains(expected), "{error}");
    }
}
