//! Resources that are stopped, impaired or failed: what a plan must not conclude from it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use std::sync::{Arc, Mutex};
use tenon_planner::{
    Action, Declared, Note, Options, Plan, Reason, SavedPlan, plan, refresh::refresh, render,
    sandbox::SandboxConfig,
};
use tenon_resources::{
    cloud::{CallError, Caller, Cloud, Observed, Reply, Request, Status},
    ec2, ecs, rds,
    resource::ResourceType,
    value::{Owner, SecretSource},
};

/// A cloud in which every resource of one type has the given status; other types have their own.
struct Reporting {
    cloud: Arc<dyn Cloud>,
    kind: &'static str,
    status: Mutex<Status>,
}

#[async_trait::async_trait]
impl Cloud for Reporting {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.cloud.caller().await
    }
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        self.cloud.send(request).await
    }
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        let mut all = self.cloud.read(kind, ids).await?;
        for one in all.iter_mut().filter(|_| kind.name() == self.kind) {
            one.status = self.status.lock().unwrap().clone();
        }
        Ok(all)
    }
    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.cloud.find(kind, owner).await
    }
    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &serde_json::Value,
    ) -> Result<Vec<Observed>, CallError> {
        self.cloud.find_named(kind, inputs).await
    }
    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        self.cloud.made_with(kind, token).await
    }
    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        self.cloud.secret(source).await
    }
}

fn database(disposable: bool, team: Option<&str>) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = disposable;
    let mut db = rds::DbInstance::new("postgres", "17", "db.t4g.micro")
        .allocated_storage(20u32)
        .vpc_security_groups(["sg-1"]);
    if let Some(team) = team {
        db = db.tags([("team", team)]);
    }
    add(&mut d, "db", db);
    add(&mut d, "vpc", ec2::Vpc::new("10.0.0.0/16"));
    d
}

fn gateway() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    add(&mut d, "nat", ec2::NatGateway::new("subnet-1", "eipalloc-1"));
    d
}

/// The plan for `declared` after `before` was applied and every `kind` was found in `status`.
async fn planned(fixture: &Fixture, declared: &Declared, kind: &'static str, status: Status) -> Plan {
    let executor = fixture.executor(declared).await;
    let cloud = Reporting {
        cloud: fixture.cloud.clone(),
        kind,
        status: Mutex::new(status),
    };
    let refreshed = refresh(&cloud, &executor.store.state(), &tenon_planner::event::quiet())
        .await
        .unwrap();
    let caller = cloud.caller().await.unwrap();
    let made = plan(declared, &refreshed, &caller, &Options::default()).unwrap();
    executor.store.close().await.unwrap();
    made
}

async fn applied(declared: &Declared) -> Fixture {
    let fixture = Fixture::new(SandboxConfig::instant());
    let (_, summary) = fixture.apply(declared, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    fixture
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/29757>, <https://github.com/hashicorp/terraform/issues/31144>,
/// <https://github.com/terraform-aws-modules/terraform-aws-rds/issues/43>: a database that is stopped at night, full or
/// broken is not emptied by the next morning's deploy.
#[test]
fn no_database_is_replaced_for_its_status_in_any_environment() {
    block_on(async {
        for disposable in [true, false] {
            let declared = database(disposable, None);
            let fixture = applied(&declared).await;
            for (status, note) in [
                (Status::Stopped("stopped".into()), Note::Stopped("stopped".into())),
                (
                    Status::Impaired("storage full".into()),
                    Note::Impaired("storage full".into()),
                ),
                (Status::Failed("failed".into()), Note::Failed("failed".into())),
            ] {
                // Planning succeeds: no error may offer consent as the remedy.
                let plan = planned(&fixture, &declared, "rds.db_instance", status).await;
                assert!(plan.is_empty(), "{:#?}", plan.calls);
                let noted: Vec<_> = plan.noted().map(|(d, n)| (d.address.as_str(), n)).collect();
                assert_eq!(noted, [("db", &note)]);
            }
        }
    });
}

#[test]
fn a_stopped_database_keeps_nothing_else_from_being_planned() {
    block_on(async {
        let fixture = applied(&database(false, None)).await;
        let mut declared = database(false, None);
        add(&mut declared, "other", ec2::Vpc::new("10.1.0.0/16"));
        let status = Status::Stopped("stopped".into());
        let plan = planned(&fixture, &declared, "rds.db_instance", status).await;
        let actions: Vec<_> = plan
            .decisions
            .iter()
            .map(|d| (d.address.as_str(), d.action))
            .collect();
        assert_eq!(
            actions,
            [
                ("db", Action::None),
                ("vpc", Action::None),
                ("other", Action::Create)
            ]
        );
        let said = "is stopped: it stays as it is until somebody starts it";
        for shown in [
            render::text(&plan, &render::Look::default()),
            render::markdown(&plan),
        ] {
            assert!(shown.contains(said), "{shown}");
        }
        let document: serde_json::Value = serde_json::from_str(&render::json(&plan)).unwrap();
        assert_eq!(document["summary"]["notes"][0]["stopped"], "stopped");
        assert_eq!(SavedPlan::from_json(&plan.to_json()).unwrap().unverified(), &plan);
    });
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html>: what changes waits, and nothing fails meanwhile.
#[test]
fn a_stopped_database_is_not_asked_to_change() {
    let database = |size: u32, team: &str| {
        let mut d = Declared::new("shop", "test", None);
        let db = rds::DbInstance::new("postgres", "17", "db.t4g.micro")
            .allocated_storage(size)
            .vpc_security_groups(["sg-1"])
            .tags([("team", team)]);
        add(&mut d, "db", db);
        d
    };
    block_on(async {
        let fixture = applied(&database(20, "a")).await;
        let id = fixture.cloud.inventory().pop().unwrap().1;
        let stop = |status| assert!(fixture.cloud.set_status("rds.db_instance", &id, status));
        stop(Some(Status::Stopped("stopped".into())));
        let (plan, summary) = fixture.apply(&database(30, "b"), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let titles: Vec<_> = plan.mutating().map(tenon_planner::PlannedCall::title).collect();
        assert_eq!(titles, ["rds:AddTagsToResource"]);
        stop(None);
        let (plan, summary) = fixture.apply(&database(30, "b"), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(plan.mutating().count(), 1);
        // One that is full is mended by a change: that is not held back.
        stop(Some(Status::Impaired("storage full".into())));
        assert_eq!(fixture.next(&database(40, "b")).await.mutating().count(), 1);
    });
}

/// Report C2: a service that somebody scaled to nothing was called unchanged.
#[test]
fn a_service_that_somebody_scaled_to_no_tasks_is_seen() {
    let service = |count: Option<u32>| {
        let mut d = Declared::new("shop", "test", None);
        let mut service = ecs::Service::new("cluster", "task:1");
        if let Some(count) = count {
            service = service.desired_count(count);
        }
        add(&mut d, "svc", service);
        d
    };
    block_on(async {
        for (count, seen) in [(None, true), (Some(0), false)] {
            let declared = service(count);
            let fixture = applied(&declared).await;
            let id = fixture.cloud.inventory().pop().unwrap().1;
            let stopped = Status::Stopped("scaled to 0 tasks".into());
            assert!(fixture.cloud.set_status("ecs.service", &id, Some(stopped)));
            let executor = fixture.executor(&declared).await;
            let refreshed = refresh(
                fixture.cloud.as_ref(),
                &executor.store.state(),
                &tenon_planner::event::quiet(),
            )
            .await
            .unwrap();
            executor.store.close().await.unwrap();
            assert_eq!(refreshed.drift.len(), usize::from(seen), "{:?}", refreshed.drift);
            let plan = fixture.next(&declared).await;
            assert_eq!(plan.noted().count(), usize::from(seen));
            assert!(plan.is_empty());
        }
    });
}

#[test]
fn only_what_holds_no_data_and_failed_for_good_is_replaced() {
    block_on(async {
        let declared = gateway();
        let fixture = applied(&declared).await;
        let plan = planned(
            &fixture,
            &declared,
            "ec2.nat_gateway",
            Status::Failed("no".into()),
        )
        .await;
        assert_eq!(plan.decisions[0].reason, Some(Reason::Failed("no".into())));
        // Its address is given up first, which is all that there is to note.
        assert!(plan.decisions[0].action.replaces());
        assert!(matches!(plan.decisions[0].note, Some(Note::Gap(_))));
        for status in [Status::Stopped("no".into()), Status::Impaired("no".into())] {
            assert!(
                planned(&fixture, &declared, "ec2.nat_gateway", status)
                    .await
                    .is_empty()
            );
        }
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/19519>,
/// <https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/325>: the fix of a failed deployment is one
/// `UpdateService`, never a second service.
#[test]
fn a_failed_deployment_is_not_a_reason_to_replace_the_service() {
    let service = |task: &str| {
        let mut d = Declared::new("shop", "test", None);
        add(&mut d, "svc", ecs::Service::new("cluster", task));
        d
    };
    block_on(async {
        let task = |n: u8| format!("arn:aws:ecs:eu-west-1:000000000000:task-definition/web:{n}");
        let fixture = applied(&service(&task(1))).await;
        let status = Status::Impaired("tasks failed to start".into());
        let plan = planned(&fixture, &service(&task(2)), "ecs.service", status).await;
        let titles: Vec<_> = plan.mutating().map(tenon_planner::PlannedCall::title).collect();
        assert_eq!(titles, ["ecs:UpdateService"]);
    });
}

/// How the wait after a change of `declared` ends while every `kind` has `status`.
async fn waited(fixture: &Fixture, declared: &Declared, kind: &'static str, status: Status) -> Vec<String> {
    let mut executor = fixture.executor(declared).await;
    let plan = fixture
        .plan(&executor, declared, &Options::default())
        .await
        .unwrap();
    assert!(!plan.is_empty());
    executor.cloud = Arc::new(Reporting {
        cloud: fixture.cloud.clone(),
        kind,
        status: Mutex::new(status),
    });
    let summary = executor.apply(&plan).await.unwrap();
    executor.store.close().await.unwrap();
    summary.failed.into_iter().map(|f| f.why).collect()
}

#[test]
fn nobody_waits_for_a_stopped_database_to_be_ready() {
    block_on(async {
        let fixture = applied(&database(false, None)).await;
        let tagged = database(false, Some("shop"));
        let began = tokio::time::Instant::now();
        let stopped = Status::Stopped("stopped".into());
        assert_eq!(
            waited(&fixture, &tagged, "rds.db_instance", stopped.clone()).await,
            [""; 0]
        );

        let fixture = Fixture::new(SandboxConfig::instant());
        let failed = waited(&fixture, &tagged, "rds.db_instance", stopped).await;
        assert_eq!(
            failed,
            ["it is stopped, and was never ready: start it, then apply again"]
        );
        assert!(began.elapsed().as_secs() < 60);
    });
}

#[test]
fn an_impaired_database_is_waited_for_and_a_failed_deployment_is_not() {
    block_on(async {
        let fixture = applied(&database(false, None)).await;
        let impaired = Status::Impaired("storage full".into());
        let failed = waited(
            &fixture,
            &database(false, Some("shop")),
            "rds.db_instance",
            impaired.clone(),
        )
        .await;
        assert_eq!(
            failed,
            ["it was not ready after 60 minutes (last seen: storage full); the next apply waits again"]
        );
        let mut service = Declared::new("shop", "test", None);
        add(&mut service, "svc", ecs::Service::new("cluster", "task:1"));
        let fixture = Fixture::new(SandboxConfig::instant());
        let failed = waited(&fixture, &service, "ecs.service", impaired).await;
        assert_eq!(failed, ["it is impaired: storage full"]);
    });
}
