//! Two stacks in one account that want the same name: the second must touch nothing of the first.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use std::sync::Arc;
use tenon_planner::{
    Declared, Options,
    sandbox::{Fault, FaultInjector, FaultTarget, SandboxConfig},
};
use tenon_resources::{
    cloud::{CallError, Caller, Cloud, Observed, Reply, Request},
    ec2, elb, logs,
    resource::ResourceType,
    sns,
    value::{Owner, SecretSource},
};
use tenon_state::Memory;

fn stack(name: &str, kind: &str) -> Declared {
    let mut d = Declared::new(name, "test", None);
    match kind {
        "logs.log_group" => drop(add(&mut d, "it", logs::LogGroup::new().log_group_name("shared"))),
        "sns.topic" => drop(add(&mut d, "it", sns::Topic::new().topic_name("shared"))),
        "elb.target_group" => drop(add(
            &mut d,
            "it",
            elb::TargetGroup::new("vpc-1", 8080u16).name("shared"),
        )),
        "elb.load_balancer" => drop(add(
            &mut d,
            "it",
            elb::LoadBalancer::new()
                .subnets(["subnet-1", "subnet-2"])
                .security_groups(["sg-1"])
                .name("shared"),
        )),
        _ => drop(add(
            &mut d,
            "it",
            ec2::SecurityGroup::new("vpc-1", "shared").group_name("shared"),
        )),
    }
    d
}

const KINDS: [&str; 5] = [
    "logs.log_group",
    "sns.topic",
    "elb.target_group",
    "elb.load_balancer",
    "ec2.security_group",
];

#[test]
fn no_create_takes_over_or_doubles_what_another_stack_has_named() {
    block_on(async {
        for kind in KINDS {
            let mut fixture = Fixture::new(SandboxConfig::instant());
            let first = stack("first", kind);
            let (_, summary) = fixture.apply(&first, &Options::default()).await;
            assert!(summary.complete(), "{kind}: {:?}", summary.failed);
            let before = fixture.cloud.contents();
            let backend = std::mem::replace(&mut fixture.backend, Arc::new(Memory::default()));

            let (_, summary) = fixture.apply(&stack("second", kind), &Options::default()).await;
            let whys: Vec<_> = summary.failed.iter().map(|f| f.why.as_str()).collect();
            let id = before
                .keys()
                .find(|(of, _)| of == kind)
                .map(|(_, id)| id.as_str())
                .unwrap();
            assert_eq!(
                whys,
                [format!(
                    "`shared` exists already and belongs to `it` of first/test; nothing was changed. Give the resource another name, or import that one: its id is `{id}`"
                )],
                "{kind}"
            );
            assert_eq!(fixture.cloud.contents(), before, "{kind}");

            fixture.backend = backend;
            assert!(fixture.next(&first).await.is_empty(), "{kind}");
        }
    });
}

/// A security group's name is taken in its VPC alone.
#[test]
fn the_same_name_in_another_vpc_is_free() {
    block_on(async {
        let mut d = Declared::new("shop", "test", None);
        for vpc in ["vpc-1", "vpc-2"] {
            add(
                &mut d,
                vpc,
                ec2::SecurityGroup::new(vpc, "shared").group_name("shared"),
            );
        }
        let fixture = Fixture::new(SandboxConfig::instant());
        let (_, summary) = fixture.apply(&d, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(fixture.cloud.len(), 2);
    });
}

#[test]
fn a_lost_reply_to_a_create_of_a_name_makes_no_second_one() {
    block_on(async {
        for kind in KINDS {
            for fault in [Fault::ErrorAfter, Fault::LostAndHidden] {
                let declared = stack("first", kind);
                let fixture = Fixture::new(SandboxConfig::instant());
                let mut executor = fixture.executor(&declared).await;
                executor.cloud = Arc::new(FaultInjector::new(
                    fixture.cloud.clone(),
                    FaultTarget::Call(0, fault),
                ));
                let plan = fixture
                    .plan(&executor, &declared, &Options::default())
                    .await
                    .unwrap();
                let summary = executor.apply(&plan).await.unwrap();
                assert!(summary.complete(), "{kind}: {:?}", summary.failed);
                executor.store.close().await.unwrap();
                assert_eq!(fixture.cloud.len(), 1, "{kind}");
                assert!(fixture.next(&declared).await.is_empty(), "{kind}");
            }
        }
    });
}

/// A cloud that answers a read by ids with a stranger's resource first, whatever was asked: some servers ignore the list
/// of ids, and the SDK passes on what they say.
struct AnswersWithMore {
    inner: Arc<tenon_planner::sandbox::Sandbox>,
    stranger: String,
}

#[async_trait::async_trait]
impl Cloud for AnswersWithMore {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.inner.caller().await
    }
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        self.inner.send(request).await
    }
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        let more: Vec<String> = std::iter::once(self.stranger.clone())
            .chain(ids.iter().cloned())
            .collect();
        self.inner.read(kind, &more).await
    }
    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.inner.find(kind, owner).await
    }
    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &serde_json::Value,
    ) -> Result<Vec<Observed>, CallError> {
        self.inner.find_named(kind, inputs).await
    }
    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        self.inner.made_with(kind, token).await
    }
    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        self.inner.secret(source).await
    }
}

#[test]
fn a_read_that_returns_a_strangers_resource_too_does_not_stop_a_create() {
    block_on(async {
        let mut fixture = Fixture::new(SandboxConfig::instant());
        let log_group = |stack: &str, name: &str| {
            let mut d = Declared::new(stack, "test", None);
            add(&mut d, "it", logs::LogGroup::new().log_group_name(name));
            d
        };
        let (_, summary) = fixture
            .apply(&log_group("first", "a-stranger"), &Options::default())
            .await;
        assert!(summary.complete(), "{:?}", summary.failed);
        fixture.backend = Arc::new(Memory::default());

        let declared = log_group("second", "ours");
        let mut executor = fixture.executor(&declared).await;
        executor.cloud = Arc::new(AnswersWithMore {
            inner: fixture.cloud.clone(),
            stranger: "a-stranger".into(),
        });
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        let summary = executor.apply(&plan).await.unwrap();
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(fixture.cloud.len(), 2);
    });
}

/// Without a `moved`, another address is another resource; the name must be free before that takes it.
#[test]
fn a_name_that_the_same_plan_gives_up_is_not_in_the_way() {
    block_on(async {
        for kind in ["sns.topic", "elb.target_group"] {
            let before = stack("shop", kind);
            let mut after = Declared::new("shop", "test", None);
            after.add("other", before.resources["it"].clone());
            let fixture = Fixture::new(SandboxConfig::instant());
            fixture.apply(&before, &Options::default()).await;
            let (_, summary) = fixture.apply(&after, &Options::default()).await;
            assert!(summary.complete(), "{kind}: {:?}", summary.failed);
            assert_eq!(fixture.cloud.len(), 1, "{kind}");
            assert!(fixture.next(&after).await.is_empty(), "{kind}");
        }
    });
}

/// What a second stack answers that declares the very same resource: it is refused and touches nothing, or there are two.
#[test]
fn no_type_takes_over_what_another_stack_has_made() {
    block_on(async {
        // What somebody else makes is no stack's.
        let kinds = tenon_resources::registry::TYPES
            .iter()
            .filter(|kind| !kind.awaited());
        for &kind in kinds {
            let [inputs, _] = kind.samples();
            let same = |stack: &str| {
                let mut d = Declared::new(stack, "test", None);
                let declaration = tenon_planner::Declaration::new(kind, inputs.clone(), "main.rs:1");
                d.add("it", declaration);
                d
            };
            let mut fixture = Fixture::new(SandboxConfig::instant());
            let (_, summary) = fixture.apply(&same("first"), &Options::default()).await;
            assert!(summary.complete(), "{}: {:?}", kind.name(), summary.failed);
            let before = fixture.cloud.contents();
            fixture.backend = Arc::new(Memory::default());
            let (_, summary) = fixture.apply(&same("second"), &Options::default()).await;
            let after = fixture.cloud.contents();
            let touched = before.iter().any(|(key, inputs)| after.get(key) != Some(inputs));
            assert!(!touched, "{}: the first was changed", kind.name());
            let another = kind.facts().second_create == tenon_resources::resource::SecondCreate::Another;
            // A second NAT gateway with the same address is made, and fails; AWS keeps it for an hour.
            assert_eq!(
                after.len(),
                before.len() + usize::from(another),
                "{}",
                kind.name()
            );
            assert!(another || !summary.complete(), "{}: taken over", kind.name());
        }
    });
}
