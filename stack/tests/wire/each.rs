//! Every type, every mutable field: create, an empty plan, each change by its own call alone, an empty plan again,
//! delete, nothing left; and the mutating calls on the wire are the plan's. The reply to one of two creates is lost: what
//! was made is found, and nothing is made twice.
//!
//! The inputs are the type's own two samples, which differ in every field: each is made, and each of its fields changed
//! to the other's. Literal ids in them stand for resources of a [support](crate::support) stack.

use crate::{
    gaps::{self, Home},
    image,
    place::{Emulators, TestEnvironment},
    support,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};
use tenon_planner::{Action, Check, Declaration, Declared, Options, Plan};
use tenon_resources::{
    call::Effect,
    cloud::Cloud,
    registry::TYPES,
    resource::{Mutability, ResourceType},
};
use tokio::{sync::Semaphore, task::JoinSet};

/// How many types are tried at the same time.
const AT_ONCE: usize = 4;

/// How long one type may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// One type, made of one of its samples and standing on the support stack.
struct Subject {
    kind: &'static dyn ResourceType,
    environment: TestEnvironment,
    stack: String,
    inputs: Value,
    other: Value,
    /// The reply to the call that makes it is lost.
    unheard: bool,
}

impl Subject {
    fn declared(&self, inputs: &Value) -> Declared {
        let mut declared = Declared::new(&self.stack, "wire", None);
        declared.disposable = true;
        let inputs = self.kind.canonical(inputs).unwrap_or_else(|e| panic!("{e}"));
        let declaration = Declaration::new(self.kind, inputs, "each.rs:1");
        declared.add("it", declaration);
        declared
    }

    /// From nothing to nothing, with a change of each field; returns what is wrong. Those that were changed are added
    /// to `fields`.
    async fn live(mut self, fields: &mut BTreeSet<&'static str>) -> Vec<String> {
        let mut wrong = vec![];
        if self.unheard {
            self.environment.lose_a_reply();
        }
        if let Err(why) = self.step(&self.inputs, &Options::default(), "create").await {
            wrong.push(why);
            return wrong;
        }
        wrong.extend(self.settled(&self.inputs, "create").await.err());
        wrong.extend(self.found(1, "create").await.err());
        let mut left: Vec<_> = changeable(self.kind).collect();
        while !left.is_empty() {
            let first = left[0];
            let together = support::TOGETHER
                .iter()
                .find(|(kind, names)| *kind == self.kind.name() && names.contains(&first));
            let names = together.map_or_else(|| vec![first], |(_, names)| names.to_vec());
            left.retain(|name| !names.contains(name));
            match self.change(&names).await {
                Ok(true) => fields.extend(names),
                Ok(false) => {}
                Err(why) => wrong.push(why),
            }
        }
        if !gaps::undeletable(self.kind.name()) {
            wrong.extend(self.end().await.err());
        }
        wrong
    }

    /// Deletes it; nothing is left.
    async fn end(&self) -> Result<(), String> {
        let destroy = Options {
            destroy: true,
            consent: vec!["*".to_owned()],
            ..Options::default()
        };
        self.step(&self.inputs, &destroy, "delete").await?;
        if gaps::stays(self.kind.name()) {
            return Ok(());
        }
        self.found(0, "delete").await
    }

    /// By its owner's tags there are so many.
    async fn found(&self, count: usize, what: &str) -> Result<(), String> {
        let owner = self.declared(&self.inputs).owner();
        let found = self.environment.cloud.find(self.kind, &owner).await;
        let found = found.map_err(|e| e.to_string())?;
        // What takes no tags is not found by them, and S3 lists no objects by theirs.
        if !self.kind.taggable() || self.kind.name() == "s3.object" || found.len() == count {
            Ok(())
        } else {
            Err(format!("after {what} its owner's tags find {found:?}"))
        }
    }

    /// Changes fields to the other sample's: one, or those that AWS takes together. `false` when that is no change, or
    /// none that the type allows by itself.
    async fn change(&mut self, names: &[&'static str]) -> Result<bool, String> {
        let mut next = self.inputs.clone();
        for name in names
            .iter()
            .filter(|name| gaps::field(self.kind.name(), name).is_none())
        {
            next[*name] = self.other[*name].clone();
        }
        if next == self.inputs || self.declared(&next).check().is_err() {
            return Ok(false);
        }
        let chosen = |name: &&str| {
            let optional = self.kind.field(name).is_some_and(|f| f.optional);
            optional && next[*name].is_null()
        };
        if names.iter().any(chosen) {
            // Unset means that AWS chooses: there is nothing to send.
            return Ok(false);
        }
        let what = format!("change of {names:?}");
        let plan = self.step(&next, &Options::default(), &what).await?;
        self.inputs = next;
        let decision = &plan.decisions[0];
        if decision.action != Action::Update {
            return Err(format!(
                "{what}: planned {:?} because of {:?}",
                decision.action, decision.changes
            ));
        }
        let stray = plan.mutating().find(|c| {
            let within = |set: &tenon_resources::call::Name| names.contains(&set.as_ref());
            c.step.effect == Effect::Update && !c.step.sets.iter().all(within)
        });
        if let Some(stray) = stray {
            return Err(format!(
                "{what}: also plans {} for {:?}",
                stray.title(),
                stray.step.sets
            ));
        }
        self.settled(&self.inputs, &what).await?;
        Ok(true)
    }

    /// Plans and applies; the mutating calls on the wire are the plan's.
    async fn step(&self, inputs: &Value, options: &Options, what: &str) -> Result<Plan, String> {
        self.environment.mutating();
        let (plan, summary) = self.environment.apply(&self.declared(inputs), options).await;
        if !summary.complete() {
            let why: Vec<_> = summary
                .failed
                .iter()
                .map(|f| format!("{}: {}", f.title, f.why))
                .collect();
            return Err(format!("{what}: {}", why.join("; ")));
        }
        let (mut planned, mut seen) = (planned_calls(&plan), self.environment.mutating());
        // As many calls as there are objects in a bucket, or versions of a policy: none, or several.
        for call in ["s3:DeleteObjects", "iam:DeletePolicyVersion"] {
            planned.retain(|planned| planned != call || seen.iter().any(|seen| seen == call));
            seen.dedup_by(|one, other| one == other && one == call);
        }
        if planned == seen {
            Ok(plan)
        } else {
            Err(format!("{what}: planned {planned:?}, and the wire saw {seen:?}"))
        }
    }

    /// Nothing is left to do.
    async fn settled(&self, inputs: &Value, what: &str) -> Result<(), String> {
        let next = self.environment.plan(&self.declared(inputs)).await;
        let acts: Vec<_> = next
            .decisions
            .iter()
            .filter(|d| d.action != Action::None)
            .collect();
        if acts.is_empty() {
            return Ok(());
        }
        let changes = acts.iter().flat_map(|d| &d.changes);
        let changes: Vec<_> = changes
            .map(|c| format!("{}: {} -> {}", c.field, c.from, c.to))
            .collect();
        Err(format!(
            "after {what} it plans {:?}: {}",
            acts[0].action,
            changes.join("; ")
        ))
    }
}

/// The fields that change in place.
fn changeable(kind: &'static dyn ResourceType) -> impl Iterator<Item = &'static str> {
    let fields = kind.fields().iter();
    fields.filter(|f| f.change == Mutability::InPlace).map(|f| f.name)
}

/// The mutating calls of a plan, as the proxies write them down.
fn planned_calls(plan: &Plan) -> Vec<String> {
    let mut calls: Vec<String> = plan.mutating().map(tenon_planner::PlannedCall::title).collect();
    calls.sort();
    calls
}

/// Tries one type from both its samples; returns how many fields were changed.
async fn try_type(
    emulators: Arc<Emulators>,
    kind: &'static dyn ResourceType,
    ids: Arc<BTreeMap<String, Value>>,
) -> Result<usize, String> {
    let mut samples = kind.samples();
    support::adapt(kind.name(), &mut samples);
    for field in kind
        .fields()
        .iter()
        .filter(|f| gaps::as_first(kind.name(), f.name))
    {
        samples[1][field.name] = samples[0][field.name].clone();
    }
    let mut others = [samples[1].clone(), samples[0].clone()];
    for (n, other) in others.iter_mut().enumerate() {
        support::target(kind.name(), n, other);
        gaps::otherwise(kind.name(), n, other);
        support::stand_in(kind.name(), other, &ids);
        support::stand_in(kind.name(), &mut samples[n], &ids);
    }
    let (mut fields, mut wrong) = (BTreeSet::new(), vec![]);
    for n in [0, 1] {
        let subject = Subject {
            kind,
            environment: TestEnvironment::new(&emulators, gaps::home(kind.name())).await,
            stack: format!("my-{}-{n}", kind.name().replace(['.', '_'], "-")),
            inputs: samples[n].clone(),
            other: others[n].clone(),
            unheard: n == 1,
        };
        let found = subject.live(&mut fields).await;
        wrong.extend(found.into_iter().map(|why| format!("sample {n}: {why}")));
    }
    let missed: Vec<_> = changeable(kind)
        .filter(|name| !fields.contains(name) && gaps::field(kind.name(), name).is_none())
        .collect();
    if !missed.is_empty() {
        wrong.push(format!("never changed: {missed:?}"));
    }
    if wrong.is_empty() {
        Ok(fields.len())
    } else {
        Err(wrong.join("\n  "))
    }
}

// Long: one trial, from the start of the emulators to the report.
#[tokio::test(flavor = "multi_thread")]
async fn every_type_is_created_changed_field_by_field_and_deleted() {
    let emulators = Emulators::start(1);
    let mut ids = BTreeMap::new();
    for home in [Home::Moto, Home::Ministack] {
        let environment = TestEnvironment::new(&emulators, home).await;
        let support = support::stack(home);
        let options = Options::default();
        let made = tokio::time::timeout(PATIENCE, environment.apply(&support, &options)).await;
        let (_, summary) =
            made.unwrap_or_else(|_| panic!("{home:?}: the support stack was not made in {PATIENCE:?}"));
        assert!(summary.complete(), "{home:?}: {:#?}", summary.failed);
        let outputs = environment.outputs(&support).await;
        if home == Home::Moto {
            support::beside(&environment.cloud, &outputs).await;
        }
        ids.insert(home, Arc::new(outputs));
    }
    let only = std::env::var("TENON_WIRE_TYPE").ok();
    let (mut trials, turns) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for kind in TYPES
        .iter()
        .filter(|k| only.as_deref().is_none_or(|o| k.name().starts_with(o)))
    {
        let (emulators, turns) = (Arc::clone(&emulators), Arc::clone(&turns));
        let ids = Arc::clone(&ids[&gaps::home(kind.name())]);
        trials.spawn(async move {
            let _turn = turns.acquire().await;
            let began = Instant::now();
            // A panic is this type's result and not the end of all.
            let trial = if kind.awaited() {
                tokio::spawn(image::is_waited_for(emulators))
            } else {
                tokio::spawn(try_type(emulators, *kind, ids))
            };
            let result = match tokio::time::timeout(PATIENCE, trial).await {
                Ok(Ok(result)) => result,
                Ok(Err(panic)) => Err(panic.to_string()),
                Err(_) => Err(format!("was not done after {PATIENCE:?}")),
            };
            (kind.name(), result, began.elapsed())
        });
    }
    let (mut wrong, mut tried, mut changes) = (vec![], 0, 0);
    while let Some(trial) = trials.join_next().await {
        let (name, result, took) = trial.unwrap();
        tried += 1;
        match result {
            Ok(n) => {
                println!("{name}: {n} fields, {:.1} s", took.as_secs_f32());
                changes += n;
            }
            Err(why) => {
                println!("{name}: {why}");
                wrong.push(format!("{name}: {why}"));
            }
        }
    }
    println!("{tried} types created and deleted, {changes} fields changed one by one");
    if only.is_none() {
        wrong.extend(emulators.pages.wrong());
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
