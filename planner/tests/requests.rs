//! A service that runs behind a load balancer while what stands between the two is replaced: no request is refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use tenon_planner::{
    Declared, Options, Plan, render,
    sandbox::{RequestPath, Sandbox, SandboxConfig},
};
use tenon_resources::{
    cloud::{CallError, Caller, Cloud, Observed, Reply, Request},
    ec2::{EgressRule, IngressRule, SecurityGroup, Traffic},
    ecs::{Balanced, Service},
    elb::{Action, Condition, Listener, ListenerProtocol, ListenerRule, LoadBalancer, TargetGroup},
    resource::ResourceType,
    value::{Owner, SecretSource},
};

/// A cloud with clients: before and after every call, and whenever something is read, each way that served before is taken.
struct Busy {
    cloud: Arc<Sandbox>,
    served: BTreeSet<String>,
    taken: Mutex<(usize, Vec<String>)>,
}

impl Busy {
    fn take(&self, at: &str) {
        let mut taken = self.taken.lock().unwrap();
        for RequestPath { way, refused, .. } in self.cloud.requests() {
            // A way that is new need not serve yet.
            if self.served.contains(&way) {
                taken.0 += 1;
                taken.1.extend(refused.map(|why| format!("{at}: {way}: {why}")));
            }
        }
    }
}

#[async_trait::async_trait]
impl Cloud for Busy {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.cloud.caller().await
    }
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        self.take(&format!("before {}", request.operation));
        let operation = format!("after {}", request.operation);
        let reply = self.cloud.send(request).await;
        self.take(&operation);
        reply
    }
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.take(&format!("read of {}", kind.name()));
        self.cloud.read(kind, ids).await
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

#[derive(Clone, Copy, Debug)]
struct Setting {
    /// The rule forwards, not the listener.
    rule: bool,
    /// The port of the target group, and, where it is the container's, of the tasks and of what lets packets through to them.
    port: u16,
    container: u16,
    task: u16,
    name: Option<&'static str>,
}

fn declare(s: Setting) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    let front = add(&mut d, "front", SecurityGroup::new("vpc-1", "The load balancer")).id;
    let tasks = add(&mut d, "tasks", SecurityGroup::new("vpc-1", "The tasks")).id;
    add(
        &mut d,
        "out",
        EgressRule::new(&front, &tasks, Traffic::tcp(s.container)),
    );
    add(
        &mut d,
        "in",
        IngressRule::new(&tasks, &front, Traffic::tcp(s.container)),
    );
    let balancer = LoadBalancer::new()
        .subnets(["subnet-1", "subnet-2"])
        .security_groups([&front]);
    let balancer = add(&mut d, "balancer", balancer).id;
    let mut group = TargetGroup::new("vpc-1", s.port);
    if let Some(name) = s.name {
        group = group.name(name);
    }
    let group = add(&mut d, "group", group).id;
    let action = if s.rule {
        Action::respond(404, "text/plain", "")
    } else {
        Action::forward(&group)
    };
    let listener = Listener::new(&balancer, 80, ListenerProtocol::Http, action);
    let listener = add(&mut d, "listener", listener);
    let routed = if s.rule {
        let rule = ListenerRule::new(&listener.id, 10, Action::forward(&group));
        add(&mut d, "rule", rule.conditions([Condition::path(["/api/*"])])).target_group
    } else {
        listener.target_group
    };
    let service = Service::new("cluster", format!("task:{}", s.task).as_str())
        .subnets(["subnet-1"])
        .security_groups([&tasks])
        .load_balancers([Balanced::new(&routed, "web", s.container)]);
    add(&mut d, "service", service);
    d
}

/// Applies `before`, then `after` while requests come. The plan, how many came, and which were refused.
async fn under_load(before: Setting, after: Setting) -> (Plan, usize, Vec<String>) {
    let fixture = Fixture::new(SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    });
    let (_, summary) = fixture.apply(&declare(before), &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let served: Vec<RequestPath> = fixture.cloud.requests();
    assert!(served.len() == 1 && served[0].refused.is_none(), "{served:#?}");
    let declared = declare(after);
    let mut executor = fixture.executor(&declared).await;
    let busy = Arc::new(Busy {
        cloud: fixture.cloud.clone(),
        served: served.into_iter().map(|path| path.way).collect(),
        taken: Mutex::default(),
    });
    executor.cloud = busy.clone();
    let plan = fixture
        .plan(&executor, &declared, &Options::default())
        .await
        .unwrap();
    let summary = executor.apply(&plan).await.unwrap();
    executor.store.close().await.unwrap();
    assert!(summary.complete(), "{:?}", summary.failed);
    busy.take("at the end");
    let next = fixture.next(&declared).await;
    assert!(next.is_empty(), "{:#?}", next.decisions);
    let (requests, refused) = std::mem::take(&mut *busy.taken.lock().unwrap());
    (plan, requests, refused)
}

const BEFORE: Setting = Setting {
    rule: false,
    port: 8080,
    container: 8080,
    task: 1,
    name: None,
};

/// <https://github.com/hashicorp/terraform-provider-aws/issues/16889>, <https://github.com/aprin-labs/archimedes/issues/1309>
#[test]
fn a_target_group_is_replaced_under_a_running_service_and_no_request_is_refused() {
    block_on(async {
        for rule in [false, true] {
            let before = Setting { rule, ..BEFORE };
            for after in [
                Setting { port: 9090, ..before },
                Setting {
                    port: 9090,
                    task: 2,
                    ..before
                },
                Setting {
                    name: Some("web"),
                    ..before
                },
                // The tasks listen on another port, too, and the security groups let that through.
                Setting {
                    port: 9090,
                    container: 9090,
                    task: 2,
                    ..before
                },
                Setting {
                    container: 9090,
                    task: 2,
                    ..before
                },
                Setting { task: 2, ..before },
            ] {
                let (plan, requests, refused) = under_load(before, after).await;
                let shown = render::text(&plan, &render::Look::default());
                assert!(requests > 20, "{after:?}: {requests} requests");
                assert!(
                    refused.is_empty(),
                    "{after:?}: of {requests}: {refused:#?}\n{shown}"
                );
            }
        }
    });
}

/// The clients would notice: all requests at once to a target group in which nothing is registered are refused.
#[test]
fn a_request_to_an_empty_target_group_counts_as_refused() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut declared = declare(BEFORE);
        declared.resources.shift_remove("service");
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let paths = fixture.cloud.requests();
        assert!(
            paths.iter().all(|path| path.refused.is_some()) && !paths.is_empty(),
            "{paths:?}"
        );
    });
}
