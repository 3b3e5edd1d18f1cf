//! Every type of AWS that Cloud Control makes: created, changed, replaced, destroyed; and killed at each moment of its create.
//!
//! The resources are examples made from the schemas. Every 25th type is taken, and those that are unlike the others; `TYPES=1` takes
//! all, and minutes.
#![allow(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

mod common;

use common::{Fixture, block_on, normalising::Normalising};
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tenon_planner::{
    Action, Check, Declaration, Declared, Options, Plan,
    event::quiet,
    execute::Executor,
    refresh::{DriftKind, refresh},
    sandbox::{Fault, FaultInjector, FaultTarget, Sandbox, SandboxConfig},
};
use tenon_resources::{
    cfn,
    cloud::{CallError, Cloud, Observed, Progress, Reply, Request},
    forward::Forward,
    resource::{Field, ResourceType},
};

/// Types that are unlike the others: AWS does not show their tags, their ARN follows from their name, AWS has members of its own in
/// what a person gives, or numbers them.
const UNLIKE: &[&str] = &[
    "AWS::AppRunner::Service",
    "AWS::ManagedBlockchain::Accessor",
    "AWS::Comprehend::Flywheel",
    "AWS::SageMaker::Project",
    "AWS::EKS::Capability",
    "AWS::QuickSight::RefreshSchedule",
    "AWS::ElasticLoadBalancingV2::TrustStoreRevocation",
];

fn types() -> Vec<&'static dyn ResourceType> {
    let step = std::env::var("TYPES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(25);
    let names = cfn::names().enumerate();
    let names = names.filter(|(n, name)| n % step == 0 || UNLIKE.contains(name));
    names.map(|(_, name)| cfn::find(name).unwrap()).collect()
}

fn slow() -> SandboxConfig {
    SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }
}

fn alone(kind: &'static dyn ResourceType, inputs: &Value) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    declared.add("it", Declaration::new(kind, inputs.clone(), "main.rs:1"));
    declared
}

fn options(destroy: bool) -> Options {
    Options {
        destroy,
        consent: vec!["it".to_owned()],
        ..Options::default()
    }
}

/// Whether what the example says could be declared: some rules of a schema no made-up example keeps.
fn declarable(kind: &'static dyn ResourceType, inputs: &Value) -> bool {
    alone(kind, inputs).check().is_ok()
}

#[derive(Default)]
struct Counts {
    created: usize,
    changed: usize,
    replaced: usize,
    skipped: usize,
}

async fn apply(fixture: &Fixture, declared: &Declared, what: &str) -> Result<Plan, String> {
    let (plan, summary) = fixture.apply(declared, &options(false)).await;
    if !summary.complete() {
        return Err(format!("{what}: {:?}", summary.failed));
    }
    let found = fixture.cloud.inventory();
    if found.len() != 1 {
        return Err(format!("{what}: there is {found:?}"));
    }
    let next = fixture.next(declared).await;
    if !next.is_empty() {
        return Err(format!(
            "{what}: the plan after it has {:?}",
            next.decisions[0].changes
        ));
    }
    Ok(plan)
}

/// One type's life.
async fn life(kind: &'static dyn ResourceType, counts: &mut Counts) -> Result<(), String> {
    let [first, second] = kind.samples();
    if !declarable(kind, &first) {
        counts.skipped += 1;
        return Ok(());
    }
    let fixture = Fixture::new(SandboxConfig::instant());
    let mut inputs = first.clone();
    apply(&fixture, &alone(kind, &inputs), "create").await?;
    counts.created += 1;
    let differ = |inputs: &Value, field: &str| !second[field].is_null() && second[field] != inputs[field];
    let replaces =
        |inputs: &Value, name: &str| kind.replaces(kind.field(name).unwrap(), &inputs[name], &second[name]);
    for field in kind.fields().iter().map(|f| f.name) {
        let mut next = inputs.clone();
        next[field] = second[field].clone();
        if !differ(&inputs, field) || replaces(&inputs, field) || !declarable(kind, &next) {
            continue;
        }
        let plan = apply(&fixture, &alone(kind, &next), field).await?;
        if plan.decisions[0].action != Action::Update {
            return Err(format!("{field}: {:?}", plan.decisions[0].action));
        }
        counts.changed += 1;
        inputs = next;
    }
    for field in kind.fields().iter().map(|f| f.name) {
        let mut next = inputs.clone();
        next[field] = second[field].clone();
        if !differ(&inputs, field) || !replaces(&inputs, field) || !declarable(kind, &next) {
            continue;
        }
        let plan = apply(&fixture, &alone(kind, &next), field).await?;
        if !matches!(
            plan.decisions[0].action,
            Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst
        ) {
            return Err(format!("{field}: {:?}", plan.decisions[0].action));
        }
        counts.replaced += 1;
        inputs = next;
        break;
    }
    let (_, summary) = fixture.apply(&alone(kind, &inputs), &options(true)).await;
    if !summary.complete() || !fixture.cloud.is_empty() {
        return Err(format!(
            "destroy: {:?}, there is {:?}",
            summary.failed,
            fixture.cloud.inventory()
        ));
    }
    Ok(())
}

#[test]
fn every_type_is_created_changed_replaced_and_destroyed() {
    let (mut counts, mut broken) = (Counts::default(), vec![]);
    let types = types();
    for kind in &types {
        if let Err(why) = block_on(life(*kind, &mut counts)) {
            broken.push(format!("{}: {why}", kind.name()));
        }
    }
    let Counts {
        created,
        changed,
        replaced,
        skipped,
    } = counts;
    println!(
        "{} types: {created} created, {changed} changes in place, {replaced} replaced, {skipped} without an example, {} broken",
        types.len(),
        broken.len()
    );
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(skipped * 50 < types.len(), "{skipped}");
}

/// A moment of a create.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    /// Before the call leaves.
    Before,
    /// After AWS has accepted it, before the handle is heard.
    Unheard,
    /// After the handle was heard, while AWS is at it.
    Heard,
    /// After it is done, before anything is read.
    Done,
}

/// A cloud that dies at a moment of its first create.
struct Dying {
    cloud: Arc<Sandbox>,
    moment: Moment,
    dead: tokio::sync::Notify,
    over: AtomicBool,
}

impl Dying {
    async fn dies<T>(&self) -> T {
        self.over.store(true, Ordering::SeqCst);
        self.dead.notify_one();
        std::future::pending().await
    }
}

#[async_trait::async_trait]
impl Forward for Dying {
    fn to(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        if self.moment == Moment::Before {
            return self.dies().await;
        }
        let reply = self.cloud.send(request).await;
        if self.moment == Moment::Unheard {
            return self.dies().await;
        }
        reply
    }
    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        if self.moment == Moment::Heard {
            return self.dies().await;
        }
        self.cloud.progress(kind, handle).await
    }
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        if self.moment == Moment::Done
            && !self.over.load(Ordering::SeqCst)
            && !ids.is_empty()
            && !self.cloud.is_empty()
        {
            return self.dies().await;
        }
        self.cloud.read(kind, ids).await
    }
}

/// Dies at a moment, and runs again: `kept` says whether the program still wants the resource.
async fn cut(
    kind: &'static dyn ResourceType,
    inputs: &Value,
    moment: Moment,
    kept: bool,
) -> Result<bool, String> {
    let fixture = Fixture::new(slow());
    let declared = alone(kind, inputs);
    let cloud = Arc::new(Dying {
        cloud: fixture.cloud.clone(),
        moment,
        dead: tokio::sync::Notify::new(),
        over: AtomicBool::new(false),
    });
    let mut executor = fixture.executor(&declared).await;
    executor.cloud = cloud.clone();
    let plan = fixture.plan(&executor, &declared, &options(false)).await.unwrap();
    let died = tokio::select! {
        done = executor.apply(&plan) => { assert!(done.unwrap().complete()); false }
        () = cloud.dead.notified() => true,
    };
    drop(executor);
    fixture.release().await;
    let mut wanted = declared.clone();
    if !kept {
        wanted.resources.shift_remove("it");
    }
    let (_, summary) = fixture.apply(&wanted, &options(false)).await;
    if !summary.complete() {
        return Err(format!("the next run failed: {:?}", summary.failed));
    }
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let found = fixture.cloud.inventory();
    if found.len() != usize::from(kept) {
        return Err(format!("there is {found:?}"));
    }
    let next = fixture.next(&wanted).await;
    if next.is_empty() {
        Ok(died)
    } else {
        Err(format!("the plan after it has {:?}", next.decisions[0].changes))
    }
}

#[test]
fn no_type_is_made_twice_lost_or_left_over_wherever_its_create_is_cut_off() {
    let (mut deaths, mut broken) = (0, vec![]);
    let types = types();
    for kind in &types {
        let [first, _] = kind.samples();
        if !declarable(*kind, &first) {
            continue;
        }
        for moment in [Moment::Before, Moment::Unheard, Moment::Heard, Moment::Done] {
            for kept in [true, false] {
                match block_on(cut(*kind, &first, moment, kept)) {
                    Ok(died) => deaths += usize::from(died),
                    Err(why) => broken.push(format!("{} {moment:?}, kept: {kept}: {why}", kind.name())),
                }
            }
        }
    }
    println!("{} types: {deaths} deaths, {} broken", types.len(), broken.len());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(deaths >= types.len() * 7, "{deaths}");
}

/// The fields of the one resource of an executor's state that have drifted.
async fn drifted(cloud: &dyn Cloud, executor: &Executor) -> Vec<String> {
    let seen = refresh(cloud, &executor.store.state(), &quiet()).await.unwrap();
    let fields = seen.drift.into_iter().flat_map(|drift| match drift.what {
        DriftKind::Changed(changes) => changes.into_iter().map(|c| c.field).collect(),
        other => vec![format!("{other:?}")],
    });
    fields.collect()
}

/// Applies a type's example to an AWS that writes it in its own way: whether the next plan is empty, and what is found to have
/// drifted when somebody changes a property that is declared, and one that is not. Returns whether there was one of each.
// Long: each step of the story stands after the other.
async fn written_otherwise(kind: &'static dyn ResourceType) -> Result<[bool; 2], String> {
    let [other, mut inputs] = kind.samples();
    if !declarable(kind, &inputs) {
        return Ok([false; 2]);
    }
    let schema = kind.schema().unwrap();
    let id = |name: &str| schema.id.iter().any(|path| path.split('/').next() == Some(name));
    let fields = || {
        let all = kind.fields().iter();
        all.filter(|f| f.name != "tags" && !f.write_only && !id(f.name))
    };
    // A property is left to AWS, if the others can stand without it.
    let undeclared = fields().rev().find(|f| {
        let mut without = inputs.clone();
        without[f.name] = Value::Null;
        !inputs[f.name].is_null() && declarable(kind, &without)
    });
    if let Some(field) = undeclared {
        inputs[field.name] = Value::Null;
    }
    let fixture = Fixture::new(SandboxConfig::instant());
    let declared = alone(kind, &inputs);
    let cloud = Arc::new(Normalising::new(fixture.cloud.clone()));
    let mut executor = fixture.executor(&declared).await;
    executor.cloud = cloud.clone();
    let plan = fixture.plan(&executor, &declared, &options(false)).await.unwrap();
    let summary = executor.apply(&plan).await.unwrap();
    if !summary.complete() {
        return Err(format!("create: {:?}", summary.failed));
    }
    let next = fixture.plan(&executor, &declared, &options(false)).await.unwrap();
    if !next.is_empty() {
        return Err(format!("the next plan has {:?}", next.decisions[0].changes));
    }
    let differs = |f: &&Field| {
        let (a, b) = (&inputs[f.name], &other[f.name]);
        // Structures may differ in nothing but what AWS does not give back.
        a != b && !b.is_null() && !a.is_null() && !b.is_object() && !b.is_array()
    };
    let declared_one = fields().find(differs);
    if let Some(field) = declared_one {
        cloud.tamper(Some((field.name, other[field.name].clone())));
        let found = drifted(cloud.as_ref(), &executor).await;
        if found != [field.name] {
            return Err(format!(
                "`{}` was changed, and {found:?} have drifted",
                field.name
            ));
        }
    }
    if let Some(field) = undeclared {
        cloud.tamper(Some((field.name, Value::from("tampered"))));
        let found = drifted(cloud.as_ref(), &executor).await;
        if !found.is_empty() {
            return Err(format!("`{}` is AWS's, and {found:?} have drifted", field.name));
        }
    }
    cloud.tamper(None);
    executor.store.close().await.unwrap();
    Ok([declared_one.is_some(), undeclared.is_some()])
}

#[test]
fn nothing_that_aws_writes_in_its_own_way_is_a_difference_and_a_change_is() {
    let (mut changed, mut theirs, mut broken) = (0, 0, vec![]);
    let types = types();
    for kind in &types {
        match block_on(written_otherwise(*kind)) {
            Ok([one, other]) => {
                changed += usize::from(one);
                theirs += usize::from(other);
            }
            Err(why) => broken.push(format!("{}: {why}", kind.name())),
        }
    }
    println!(
        "{} types: the drift of {changed} was found, {theirs} changes of what is AWS's were none, {} broken",
        types.len(),
        broken.len()
    );
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(
        changed * 3 >= types.len() && theirs * 10 >= types.len(),
        "{changed}, {theirs}"
    );
}

/// Examples as a person writes them, beside those that are made from the schemas: two of a type, of which an update leads from the
/// first to the second where none of their differences replaces it.
#[test]
fn examples_written_by_hand_live_as_well() {
    let all: serde_json::Map<String, Value> =
        serde_json::from_str(include_str!("../../resources/cfn/tests/examples.json")).unwrap();
    for (name, pair) in &all {
        let kind = cfn::of(name).unwrap();
        let [first, second] = [0, 1].map(|n| kind.canonical(&pair[n]).unwrap());
        let replaced = kind
            .fields()
            .iter()
            .any(|f| first[f.name] != second[f.name] && kind.replaces(f, &first[f.name], &second[f.name]));
        let done = block_on(async {
            let fixture = Fixture::new(SandboxConfig::instant());
            apply(&fixture, &alone(kind, &first), "create").await?;
            let plan = apply(&fixture, &alone(kind, &second), "change").await?;
            if replaced != plan.decisions[0].action.replaces() {
                return Err(format!("{:?}", plan.decisions[0].action));
            }
            let (_, summary) = fixture.apply(&alone(kind, &second), &options(true)).await;
            let gone = summary.complete() && fixture.cloud.is_empty();
            gone.then_some(()).ok_or_else(|| format!("{:?}", summary.failed))
        });
        assert_eq!(done, Ok(()), "{name}");
    }
    assert!(all.len() >= 30, "{}", all.len());
}

/// Of every fifth type that is taken.
#[test]
fn a_fault_at_its_create_leaves_no_type_twice_lost_or_left_over() {
    let (mut runs, mut broken) = (0, vec![]);
    for kind in types().into_iter().step_by(5) {
        let [first, _] = kind.samples();
        if !declarable(kind, &first) {
            continue;
        }
        for fault in Fault::ALL {
            let declared = alone(kind, &first);
            let outcome = block_on(async {
                let fixture = Fixture::new(slow());
                let mut executor = fixture.executor(&declared).await;
                let faults = FaultInjector::new(fixture.cloud.clone(), FaultTarget::Call(0, fault));
                executor.cloud = Arc::new(faults);
                let plan = fixture.plan(&executor, &declared, &options(false)).await.unwrap();
                let summary = executor.apply(&plan).await.unwrap();
                executor.store.close().await.unwrap();
                if !summary.complete() {
                    return Err(format!("{:?}", summary.failed));
                }
                let found = fixture.cloud.inventory();
                let next = fixture.next(&declared).await;
                let right = found.len() == 1 && next.is_empty();
                right
                    .then_some(())
                    .ok_or_else(|| format!("there is {found:?}, and to do {:?}", next.counts()))
            });
            runs += 1;
            if let Err(why) = outcome {
                broken.push(format!("{} {fault:?}: {why}", kind.name()));
            }
        }
    }
    println!("{runs} faults at a create, {} broken", broken.len());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
