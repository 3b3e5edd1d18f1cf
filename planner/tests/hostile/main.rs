//! Plans that somebody else wrote: whatever is in them, they are refused, or make the calls of a fresh plan.
//!
//! The author of a hostile plan knows the format and the engine: every plan here has the digests of its own contents.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "as the test reads best")]

#[path = "../common/mod.rs"]
mod common;
mod mutation;

use common::{Fixture, add, block_on};
use mutation::{WAYS, mutate, places, put};
use serde_json::{Value, json};
use tenon_planner::{
    Declared, Error, Options, Plan, SavedPlan,
    event::quiet,
    execute::Executor,
    plan,
    refresh::Refreshed,
    sandbox::SandboxConfig,
    survey::{Extent, survey},
};
use tenon_resources::{
    cloud::{Caller, Cloud as _, Status},
    ec2, logs, rds, sns, sqs, ssm,
    value::Secret,
};
use tenon_state::{Record, RecordKey, StateWrite};

fn stack() -> Declared {
    Declared::new("shop", "test", None)
}

fn before() -> Declared {
    let mut d = stack();
    let vpc = add(&mut d, "network/vpc", ec2::Vpc::new("10.0.0.0/16"));
    add(
        &mut d,
        "network/a",
        ec2::Subnet::new(&vpc.id, "10.0.0.0/24", "eu-west-1a"),
    );
    add(&mut d, "door", ec2::SecurityGroup::new(&vpc.id, "the door"));
    add(&mut d, "bills", sns::Topic::new());
    add(&mut d, "kept", sns::Topic::new());
    d.resources["kept"].options.kept = true;
    add(&mut d, "lines", logs::LogGroup::new());
    add(&mut d, "jobs", sqs::Queue::new());
    add(&mut d, "token", ssm::Parameter::secure(Secret::env("SHOP_TOKEN")));
    let db = rds::DbInstance::new("postgres", "17", "db.t4g.micro").allocated_storage(20u32);
    add(&mut d, "db", db.vpc_security_groups(["sg-1"]));
    d
}

/// An edit of [`before`] with every action in it: created, changed, replaced, deleted, forgotten, taken up, moved, left alone.
fn after() -> Declared {
    let mut d = stack();
    add(
        &mut d,
        "existing",
        logs::LogGroup::new().log_group_name("existing"),
    );
    d.adopt("existing", "existing", "main.rs:1");
    let vpc = ec2::Vpc::new("10.0.0.0/16").enable_dns_hostnames(true);
    let vpc = add(&mut d, "network/vpc", vpc);
    add(
        &mut d,
        "network/a",
        ec2::Subnet::new(&vpc.id, "10.0.0.0/24", "eu-west-1a"),
    );
    add(&mut d, "door", ec2::SecurityGroup::new(&vpc.id, "the wide door"));
    d.resources["door"].options.exclusive = true;
    d.resources["network/vpc"].options.kept = true;
    d.resources["network/vpc"].options.time_limits.ready = Some(77);
    add(&mut d, "invoices", sns::Topic::new());
    d.rename("bills", "invoices", "main.rs:9");
    d.resources["invoices"].options.protected = true;
    add(&mut d, "jobs", sqs::Queue::new());
    add(&mut d, "key", ssm::Parameter::secure(Secret::env("SHOP_KEY")));
    let db = rds::DbInstance::new("postgres", "17", "db.t4g.micro").allocated_storage(20u32);
    add(&mut d, "db", db.vpc_security_groups(["sg-1"]));
    d.outputs.insert("door".into(), json!({"$ref": "door.id"}));
    d
}

/// A stack that was applied, a cloud in which somebody has changed three things since, and what the engine plans then.
struct Scene {
    fixture: Fixture,
    executor: Executor,
    caller: Caller,
    refreshed: Refreshed,
    options: Options,
    plan: Plan,
}

impl Scene {
    async fn new() -> Self {
        let fixture = Fixture::new(SandboxConfig::instant());
        let (_, summary) = fixture.apply(&before(), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let executor = fixture.executor(&before()).await;
        let id = |address: &str| {
            let state = executor.store.state();
            state.current(address).unwrap().id.clone().unwrap()
        };
        let cloud = &fixture.cloud;
        assert!(cloud.tamper(
            "ec2.subnet",
            &id("network/a"),
            "map_public_ip_on_launch",
            json!(true)
        ));
        assert!(cloud.vanish("sqs.queue", &id("jobs")));
        assert!(cloud.set_status(
            "rds.db_instance",
            &id("db"),
            Some(Status::Stopped("stopped".into()))
        ));
        let existing = serde_json::to_value(logs::LogGroup::new().log_group_name("existing")).unwrap();
        cloud.create_outside("logs.log_group", &existing).unwrap();
        let open = ec2::IngressRule::new(id("door").as_str(), "0.0.0.0/0", ec2::Traffic::tcp(22));
        let open = serde_json::to_value(open).unwrap();
        cloud.create_outside("ec2.ingress_rule", &open).unwrap();
        let caller = cloud.caller().await.unwrap();
        let state = executor.store.state();
        let refreshed = survey(&**cloud, &after(), &caller, &state, Extent::APPLY, &quiet())
            .await
            .unwrap();
        let options = Options {
            consent: vec!["lines".into()],
            ..Options::default()
        };
        let plan = plan(&after(), &refreshed, &caller, &options).unwrap();
        Self {
            fixture,
            executor,
            caller,
            refreshed,
            options,
            plan,
        }
    }

    async fn verified(&self, text: &str) -> Result<Plan, Error> {
        let saved = SavedPlan::from_json(text)?;
        self.executor.verify(&saved, &self.caller).await
    }

    /// What comes of `change` to the plan, with its digests computed anew.
    async fn changed(&self, change: impl FnOnce(&mut Value)) -> Result<Plan, Error> {
        let mut value = serde_json::to_value(&self.plan).unwrap();
        change(&mut value);
        self.verified(&sealed(value)).await
    }

    /// What comes of a plan that is made as the engine makes it, from readings that nobody has read.
    async fn forged(&self, forge: impl FnOnce(&mut Refreshed)) -> Result<Plan, Error> {
        let mut refreshed = self.refreshed.clone();
        forge(&mut refreshed);
        let plan = plan(&after(), &refreshed, &self.caller, &self.options).unwrap();
        self.verified(&plan.to_json()).await
    }

    fn record(&self, address: &str) -> Record {
        let state = self.executor.store.state();
        state.current(address).unwrap().clone()
    }
}

/// A changed plan with the digests that its author computes; as it is, when it is no plan any more.
fn sealed(value: Value) -> String {
    match serde_json::from_value::<Plan>(value.clone()) {
        Ok(plan) => plan.with_digest().to_json(),
        Err(_) => value.to_string(),
    }
}

fn observes(refreshed: &mut Refreshed, record: Record) {
    refreshed.state.insert(record.clone());
    refreshed.changes.push(StateWrite::Put(record));
}

#[test]
fn a_plan_of_ours_comes_back_as_it_was_and_applies() {
    block_on(async {
        let scene = Scene::new().await;
        let counts = scene.plan.counts();
        assert!(counts.create > 0 && counts.update > 0 && counts.replace > 0 && counts.delete > 0);
        assert!(counts.forget == 1 && scene.refreshed.adopted.len() == 1 && scene.refreshed.added.len() == 1);
        assert!(scene.plan.basis.observed > 1 && !scene.plan.basis.statuses.is_empty());
        assert!(
            scene.plan.refreshed.len() > scene.plan.basis.observed,
            "something moved"
        );
        let made = scene.verified(&scene.plan.to_json()).await.unwrap();
        assert_eq!(made, scene.plan);
        let summary = scene.executor.apply(&made).await.unwrap();
        assert!(summary.complete(), "{:?}", summary.failed);
    });
}

/// How many cases are tried: `TENON_HOSTILE_CASES`, or 1,000.
fn cases() -> usize {
    let cases = std::env::var("TENON_HOSTILE_CASES").ok();
    cases.and_then(|n| n.parse().ok()).unwrap_or(1000)
}

/// A number near `near` without a common divisor with `total`: steps of that many meet everything once.
fn stride(near: usize, total: usize) -> usize {
    let coprime = |n: usize| {
        let (mut a, mut b) = (n, total);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a == 1
    };
    (near.max(1)..=total + near).find(|n| coprime(*n)).unwrap()
}

#[test]
fn no_field_of_a_plan_can_be_changed_into_another_call() {
    block_on(async {
        let scene = Scene::new().await;
        let document = serde_json::to_value(&scene.plan).unwrap();
        let mut all = vec![];
        places(&document, "", &mut all);
        let total = all.len() * WAYS;
        let step = stride(total / cases(), total);
        let (mut refused, mut harmless) = (0, vec![]);
        for case in 0..cases() {
            let mut changed = document.clone();
            let mut what = vec![];
            // When every field was changed in every way, two are changed at once.
            for change in 0..=case / total {
                let number = (case + change * 7919) * step % total;
                let (place, way) = (&all[number / WAYS], number % WAYS);
                if changed.pointer(place).is_some() && mutate(&mut changed, place, way) {
                    what.push(format!("{place} {way}"));
                }
            }
            if what.is_empty() {
                continue;
            }
            match scene.verified(&sealed(changed)).await {
                Err(_) => refused += 1,
                Ok(made) => {
                    assert_eq!(made.calls, scene.plan.calls, "{what:?}");
                    assert_eq!(made.refreshed, scene.plan.refreshed, "{what:?}");
                    assert_eq!(made.decisions, scene.plan.decisions, "{what:?}");
                    harmless.extend(what);
                }
            }
        }
        // What is not refused says nothing: members that nobody reads, values that are left out when they are empty.
        assert!(
            refused > 10 * harmless.len(),
            "{refused} of {total} refused, not so {harmless:#?}"
        );
    });
}

/// All inputs of a resource at once are another value, also a reference, which planning fills in.
#[test]
fn inputs_that_are_no_inputs_are_refused() {
    block_on(async {
        let scene = Scene::new().await;
        let document: Value = serde_json::from_str(&scene.plan.to_json()).unwrap();
        let mut all = vec![];
        places(&document, "", &mut all);
        all.retain(|place| place.starts_with("/basis/") && place.ends_with("/inputs"));
        assert!(all.len() > 5, "{all:?}");
        let values = [
            json!(null),
            json!(7),
            json!("text"),
            json!([]),
            json!({"$ref": "network/vpc.id"}),
            json!({"$join": ["a", {"$ref": "network/vpc.id"}]}),
            json!({"$ref": "network/vpc.id", "tags": {}}),
        ];
        for (place, value) in all.iter().flat_map(|p| values.iter().map(move |v| (p, v))) {
            let mut changed = document.clone();
            *changed.pointer_mut(place).unwrap() = value.clone();
            if let Ok(made) = scene.verified(&sealed(changed)).await {
                assert_eq!(made.calls, scene.plan.calls, "{place} {value}");
            }
        }
    });
}

fn call(address: &str, kind: &str, operation: &str, effect: &str, params: Value) -> Value {
    let (service, operation) = operation.split_once(':').unwrap();
    let action = format!("{service}:{operation}");
    json!({"address": address, "generation": 0, "kind": kind, "service": service, "operation": operation,
        "params": params, "effect": effect, "actions": [action], "on": "*", "after": []})
}

fn refused_as_forged(result: Result<Plan, Error>) {
    match result {
        Err(Error::PlanForged { .. }) => {}
        other => panic!("{other:?}"),
    }
}

/// Finding 1 of the review: one file deleted a neighbour's VPC.
#[test]
fn a_plan_never_deletes_what_the_state_does_not_record() {
    block_on(async {
        let scene = Scene::new().await;
        let [vpc, _] = tenon_resources::registry::find("ec2.vpc").unwrap().samples();
        let neighbour = scene.fixture.cloud.create_outside("ec2.vpc", &vpc).unwrap();
        let delete = || {
            call(
                "y",
                "ec2.vpc",
                "ec2:DeleteVpc",
                "delete",
                json!({"vpc_id": neighbour}),
            )
        };
        refused_as_forged(
            scene
                .changed(|plan| {
                    plan["decisions"] = json!([]);
                    plan["calls"] = json!([delete()]);
                })
                .await,
        );
        // With a decision of its own, too: its id is still none of the state's.
        let decision = json!({"address": "y", "kind": "ec2.vpc", "action": "delete", "generation": 0, "id": neighbour,
            "removed": {"kind": "ec2.vpc", "generation": 0, "inputs": vpc}});
        let result = scene
            .changed(|plan| {
                let own = json!({"$ref": "this.id"});
                let mut call = call("y", "ec2.vpc", "ec2:DeleteVpc", "delete", json!({"vpc_id": own}));
                let of_ours = plan["calls"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|c| c["operation"] == "DeleteSecurityGroup");
                call["rules"] = of_ours.map(|c| c["rules"].clone()).unwrap_or_default();
                plan["decisions"].as_array_mut().unwrap().push(decision);
                plan["calls"].as_array_mut().unwrap().push(call);
            })
            .await;
        assert!(result.is_err(), "{result:?}");
        // The id of a live resource of ours is another's.
        for place in [
            "/decisions/0/id",
            "/refreshed/0/put/id",
            "/refreshed/0/put/outputs/id",
        ] {
            let result = scene.changed(|plan| put(plan, place, json!(neighbour))).await;
            assert!(result.is_err(), "{place}: {result:?}");
        }
        assert!(
            scene
                .fixture
                .cloud
                .inventory()
                .contains(&("ec2.vpc".into(), neighbour))
        );
    });
}

/// Finding 1 of the review: the same file copied the environment of whoever applied it into the account.
#[test]
fn a_plan_never_copies_the_environment_of_whoever_applies_it() {
    block_on(async {
        let scene = Scene::new().await;
        let secret = json!({"$secret": {"env": "GITHUB_TOKEN"}});
        let leak = json!({"name": "/leak", "type": "String", "value": secret});
        let result = scene.changed(|plan| {
            plan["decisions"] = json!([]);
            plan["calls"] = json!([call("x", "ssm.parameter", "ssm:PutParameter", "create", leak)]);
        });
        refused_as_forged(result.await);
        // Nor in a field of plain data that takes any JSON, however the rest of the plan fits it.
        let mut declared = after();
        let kind = tenon_resources::registry::find("sns.subscription").unwrap();
        let [mut topic, _] = kind.samples();
        topic["filter_policy"] = json!({"store": [secret]});
        declared.add("leak", tenon_planner::Declaration::new(kind, topic, "main.rs:1"));
        let made = plan(&declared, &scene.refreshed, &scene.caller, &scene.options);
        match made {
            Err(Error::Findings(findings)) => assert!(findings[0].why.contains("secret"), "{findings:?}"),
            other => panic!("{other:?}"),
        }
    });
}

/// Finding 2 of the review: the reviewer was shown a plan without the danger in it.
#[test]
fn a_plan_is_never_shown_without_the_data_that_it_loses() {
    block_on(async {
        let scene = Scene::new().await;
        let lossy = |plan: &mut Value| -> usize {
            let calls = plan["calls"].as_array().unwrap();
            calls.iter().position(|c| c.get("destroys").is_some()).unwrap()
        };
        // Read, not verified: this is what `show` does.
        let shown = |change: &dyn Fn(&mut Value)| {
            let mut value = serde_json::to_value(&scene.plan).unwrap();
            change(&mut value);
            SavedPlan::from_json(&sealed(value))
        };
        for member in ["destroys", "rules", "actions", "on"] {
            let result = shown(&|plan| {
                let call = lossy(plan);
                drop(plan["calls"][call].as_object_mut().unwrap().remove(member));
            });
            assert!(
                matches!(result, Err(Error::PlanForged { .. })),
                "{member}: {result:?}"
            );
        }
        let result = shown(&|plan| {
            let call = lossy(plan);
            plan["calls"][call]["effect"] = json!("update");
        });
        assert!(matches!(result, Err(Error::PlanForged { .. })), "{result:?}");
        // A call without a decision.
        let deletion = call(
            "db",
            "rds.db_instance",
            "rds:DeleteDBInstance",
            "delete",
            json!({}),
        );
        let result = shown(&|plan| plan["calls"].as_array_mut().unwrap().push(deletion.clone()));
        assert!(matches!(result, Err(Error::PlanForged { .. })), "{result:?}");
        // A decision that changes nothing, and a call all the same.
        let result = shown(&|plan| {
            for decision in plan["decisions"].as_array_mut().unwrap() {
                decision["action"] = json!("none");
            }
        });
        assert!(matches!(result, Err(Error::PlanForged { .. })), "{result:?}");
    });
}

/// Finding 1 of the review: what a plan says was read went into the state before the first call.
#[test]
fn a_forged_reading_never_rewrites_a_record() {
    block_on(async {
        let scene = Scene::new().await;
        let mut elsewhere = scene.record("network/vpc");
        elsewhere.id = Some("vpc-0neighbours".into());
        elsewhere.outputs["id"] = json!("vpc-0neighbours");
        let mut named = scene.record("network/vpc");
        named.outputs["id"] = json!("vpc-0neighbours");
        let mut unlinked = scene.record("network/a");
        unlinked.dependencies = vec![];
        let mut drifted = scene.record("door");
        drifted.inputs["description"] = json!("the wide door");
        for record in [elsewhere, named, unlinked, drifted] {
            let result = scene
                .forged(|refreshed| observes(refreshed, record.clone()))
                .await;
            assert!(
                matches!(result, Err(Error::PlanOutdated { .. })),
                "{record:?}: {result:?}"
            );
        }
        let result = scene.forged(|refreshed| {
            refreshed.state.records.remove(&RecordKey::new("network/a", 0));
            let (address, generation) = ("network/a".into(), 0);
            refreshed.changes.push(StateWrite::Remove { address, generation });
        });
        assert!(matches!(result.await, Err(Error::PlanOutdated { .. })));
        let result = scene.forged(|refreshed| {
            let status = Status::Failed("it is broken".into());
            refreshed.statuses.insert(RecordKey::new("network/a", 0), status);
        });
        assert!(matches!(result.await, Err(Error::PlanOutdated { .. })));
        // What the state does not record was never read.
        let mut stray = scene.record("network/vpc");
        stray.address = "stray".into();
        // With the id of what is recorded, no plan would be made: that is in use.
        stray.id = Some("vpc-0neighbours".into());
        stray.outputs = json!({"id": "vpc-0neighbours"});
        let result = scene.forged(|refreshed| observes(refreshed, stray)).await;
        assert!(result.is_err(), "{result:?}");
        // Other writes than those of records.
        for write in [
            StateWrite::Outputs([("door".to_owned(), json!("sg-0neighbours"))].into()),
            StateWrite::Target {
                account: "222222222222".into(),
                region: "us-east-1".into(),
            },
        ] {
            let result = scene.changed(|plan| {
                plan["refreshed"]
                    .as_array_mut()
                    .unwrap()
                    .insert(0, serde_json::to_value(&write).unwrap());
                plan["basis"]["observed"] = json!(scene.plan.basis.observed + 1);
            });
            refused_as_forged(result.await);
        }
    });
}

/// Finding 1 of the review: `lineage: ""` skipped the check of the lineage.
#[test]
fn an_empty_lineage_is_never_for_a_state_with_something_in_it() {
    block_on(async {
        let scene = Scene::new().await;
        let result = scene.changed(|plan| plan["lineage"] = json!("")).await;
        assert!(matches!(result, Err(Error::PlanElsewhere { .. })), "{result:?}");
        // The plan of a first apply has none, and is right.
        let fixture = Fixture::new(SandboxConfig::instant());
        let executor = fixture.executor(&before()).await;
        let mut state = tenon_state::State::clone(&executor.store.state());
        state.lineage = String::new();
        let caller = fixture.cloud.caller().await.unwrap();
        let seen = tenon_planner::refresh::unrefreshed(&state);
        let first = plan(&before(), &seen, &caller, &Options::default()).unwrap();
        let saved = SavedPlan::from_json(&first.to_json()).unwrap();
        let made = executor.verify(&saved, &caller).await.unwrap();
        assert!(executor.apply(&made).await.unwrap().complete());
    });
}

/// Without consent in it, a plan that loses data does not come out again; nor does one of another engine or place.
#[test]
fn a_plan_is_never_verified_without_its_consent_or_for_another_place() {
    block_on(async {
        let scene = Scene::new().await;
        let result = scene.changed(|plan| plan["basis"]["options"] = json!({}));
        refused_as_forged(result.await);
        for (member, value) in [
            ("engine", "0.0.1"),
            ("account", "222222222222"),
            ("region", "us-east-1"),
        ] {
            let result = scene.changed(|plan| plan[member] = json!(value)).await;
            assert!(result.is_err(), "{member}: {result:?}");
        }
        let elsewhere = Caller {
            region: "us-east-1".into(),
            ..scene.caller.clone()
        };
        let saved = SavedPlan::from_json(&scene.plan.to_json()).unwrap();
        let result = scene.executor.verify(&saved, &elsewhere).await;
        assert!(matches!(result, Err(Error::PlanElsewhere { .. })), "{result:?}");
        // Finding 3 of the review: the same account, as another server says.
        let redirected = Caller {
            endpoints: [("*".to_owned(), "http://localhost:1".to_owned())].into(),
            ..scene.caller.clone()
        };
        let result = scene.executor.verify(&saved, &redirected).await;
        assert!(matches!(result, Err(Error::PlanElsewhere { .. })), "{result:?}");
        let there = plan(&after(), &scene.refreshed, &redirected, &scene.options).unwrap();
        for shown in [
            tenon_planner::render::text(&there, &tenon_planner::render::Look::default()),
            tenon_planner::render::markdown(&there),
            tenon_planner::render::json(&there),
        ] {
            assert!(shown.contains("http://localhost:1"), "{shown}");
        }
    });
}

/// Two plans with one digest of calls do the same, in the same place; a moved state alone does not change it.
#[test]
fn the_digest_of_the_calls_says_whether_two_plans_do_the_same() {
    block_on(async {
        let scene = Scene::new().await;
        let mut later = scene.refreshed.clone();
        later.state.serial += 1;
        let again = plan(&after(), &later, &scene.caller, &scene.options).unwrap();
        assert_ne!(again.digest, scene.plan.digest);
        assert_eq!(again.calls_digest, scene.plan.calls_digest);
        let mut other = scene.plan.clone();
        other.account = "222222222222".into();
        assert_ne!(other.with_digest().calls_digest, scene.plan.calls_digest);
        let mut other = scene.plan.clone();
        other.calls.pop();
        assert_ne!(other.with_digest().calls_digest, scene.plan.calls_digest);
    });
}
